/** Plant: a pot with earth, stems and arching leaves. House plants on the floor: 0.50-1.60 m high, 0.35-0.80 across. */
import * as exact from '../../exact-math';
import { LEAVES, POTS, shade, WOODS } from '../palette';
import type { Vec3 } from '../scene';
import type { Furniture } from './furniture';

export const plant: Furniture = {
  category: 'plant',
  size: { width: [0.35, 0.8], depth: [0.35, 0.8], height: [0.5, 1.6] },
  square: true,
  placement: { kind: 'corner' },
  rooms: {
    'living room': { probability: 0.65, count: [1, 4] },
    office: { probability: 0.5, count: [1, 4] },
    'dining room': { probability: 0.45, count: [1, 3] },
    bedroom: { probability: 0.3, count: [1, 2] },
    bathroom: { probability: 0.25, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const pot = Math.min(0.22, width * 0.3);
    const potHeight = Math.min(pot * 1.7, height * 0.4);
    const green = random.pick(LEAVES);
    mesh.lathe(
      [0, 0, 0],
      [pot, pot],
      [
        [0.7, 0],
        [0.97, 0.9 * potHeight],
        [1, 0.9 * potHeight],
        [1, potHeight],
        [0.9, potHeight],
        [0.88, 0.9 * potHeight],
        [0, 0.92 * potHeight],
      ],
      random.pick(POTS),
      { sides: 14 },
    );
    const stem = potHeight + 0.35 * (height - potHeight);
    mesh.bar([0, 0, 0.85 * potHeight], [0, 0, stem], 0.014, random.pick(WOODS), 6);
    const leaves = random.integer(14, 22);
    for (let k = 0; k < leaves; k++) {
      const angle = k * 2.399963 + random.uniform(-0.2, 0.2);
      const rise = k / leaves;
      const reach = width * random.uniform(0.34, 0.5) * (1 - 0.75 * rise);
      const from = 0.9 * potHeight + rise * (stem - 0.9 * potHeight);
      const tip: Vec3 = [
        reach * exact.cos(angle),
        reach * exact.sin(angle),
        stem + rise * (height - stem) - 0.25 * (1 - rise) * stem,
      ];
      const lift = 0.12 * height * (1 - 0.6 * rise);
      mesh.leaf(
        [0, 0, from],
        tip,
        random.uniform(0.2, 0.3) * width * (1 - 0.5 * rise),
        lift,
        shade(green, random.uniform(0.8, 1.25)),
      );
    }
    mesh.fit([width, depth, height]);
  },
};

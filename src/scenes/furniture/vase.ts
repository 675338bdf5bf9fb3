/** Vase with flowers. 0.28-0.55 m high with the flowers, 0.16-0.32 across (retail). */
import * as exact from '../../exact-math';
import { CERAMICS, FLOWERS, LEAVES, POTS, shade, WATER } from '../palette';
import type { Vec3 } from '../scene';
import type { Furniture } from './furniture';

export const vase: Furniture = {
  category: 'vase',
  size: { width: [0.16, 0.32], depth: [0.16, 0.32], height: [0.28, 0.55] },
  proportional: true,
  square: true,
  placement: { kind: 'on', hosts: ['table', 'coffee table', 'dresser', 'tv stand', 'counter'], anchor: 'anywhere' },
  rooms: {
    'living room': { probability: 0.5, count: [1, 3] },
    'dining room': { probability: 0.7, count: [1, 4] },
    kitchen: { probability: 0.3, count: [1, 2] },
    bedroom: { probability: 0.25, count: [1, 2] },
  },
  build(mesh, { width, depth, height }, random) {
    const r = width * 0.32;
    const body = height * 0.5;
    mesh.lathe(
      [0, 0, 0],
      [r, r],
      [
        [0.6, 0],
        [1, 0.35 * body],
        [0.9, 0.6 * body],
        [0.45, 0.88 * body],
        [0.6, body],
        [0.5, body],
        [0, 0.9 * body],
      ],
      random.pick([...CERAMICS, ...POTS, WATER]),
      { smooth: true },
    );
    const bloom = random.pick(FLOWERS);
    const flowers = random.integer(4, 7);
    for (let k = 0; k < flowers; k++) {
      const angle = k * 2.399963;
      const reach = (width / 2 - 0.03) * random.uniform(0.3, 1);
      const head: Vec3 = [
        reach * exact.cos(angle),
        reach * exact.sin(angle),
        height - 0.03 - 0.35 * body * random.next(),
      ];
      mesh.bar([0, 0, 0.85 * body], head, 0.004, LEAVES[1], 5);
      mesh.ellipsoid(head, [0.032, 0.032, 0.026], shade(bloom, random.uniform(0.85, 1.15)), 8);
      if (k % 2 === 0) {
        const leafTip: Vec3 = [head[0] * 1.1, head[1] * 1.1, body * 1.15];
        mesh.leaf([0, 0, 0.9 * body], leafTip, 0.04, 0.03, random.pick(LEAVES));
      }
    }
    mesh.fit([width, depth, height]);
  },
};

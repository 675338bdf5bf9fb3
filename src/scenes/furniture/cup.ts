/** Cup: a mug with a handle. 0.105-0.13 m wide with the handle, 0.075-0.09 across, 0.08-0.115 high (0.25-0.4 l, retail). */
import * as exact from '../../exact-math';
import { CERAMICS, FABRICS, POTS } from '../palette';
import type { Vec3 } from '../scene';
import type { Furniture } from './furniture';

export const cup: Furniture = {
  category: 'cup',
  size: { width: [0.105, 0.13], depth: [0.075, 0.09], height: [0.08, 0.115] },
  proportional: true,
  placement: { kind: 'on', hosts: ['table', 'desk', 'counter', 'coffee table', 'nightstand'], anchor: 'anywhere' },
  rooms: {
    kitchen: { probability: 0.55, count: [1, 5] },
    'dining room': { probability: 0.5, count: [1, 6] },
    office: { probability: 0.45, count: [1, 4] },
    'living room': { probability: 0.35, count: [1, 3] },
  },
  build(mesh, { width, depth, height }, random) {
    const glaze = random.pick([...CERAMICS, ...POTS, ...FABRICS]);
    const r = depth / 2;
    const foot = random.uniform(0.75, 1);
    mesh.lathe(
      [0, 0, 0],
      [r, r],
      [
        [foot * 0.94, 0],
        [foot, 0.1 * height],
        [1, 0.6 * height],
        [1, height],
        [0.9, height],
        [foot * 0.86, 0.1 * height],
        [0, 0.08 * height],
      ],
      glaze,
      { sides: 16 },
    );
    const reach = width - 2 * r;
    const point = (k: number): Vec3 => {
      const angle = Math.PI * (k / 6 - 0.5);
      return [0.95 * r + reach * exact.cos(angle), 0, 0.5 * height + 0.3 * height * exact.sin(angle)];
    };
    for (let k = 0; k < 6; k++) mesh.bar(point(k), point(k + 1), 0.005, glaze, 6);
    mesh.fit([width, depth, height]);
  },
};

/** Kettle: a jug with a spout, lid and handle on a base. 0.20-0.25 m wide, 0.14-0.18 deep, 0.20-0.27 high (1-1.7 l, data sheets). */
import * as exact from '../../exact-math';
import { BLACK, CERAMICS, DARK_STEEL, POTS, STEEL } from '../palette';
import type { Vec3 } from '../scene';
import type { Furniture } from './furniture';

export const kettle: Furniture = {
  category: 'kettle',
  size: { width: [0.2, 0.25], depth: [0.14, 0.18], height: [0.2, 0.27] },
  proportional: true,
  placement: { kind: 'on', hosts: ['counter', 'table', 'cabinet'], anchor: 'anywhere' },
  rooms: {
    kitchen: { probability: 0.65, count: [1, 1] },
    office: { probability: 0.15, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([STEEL, STEEL, DARK_STEEL, ...CERAMICS, ...POTS]);
    const r = depth / 2;
    mesh.cylinder(0, 0, 0, 0.02, r, BLACK);
    mesh.lathe(
      [0, 0, 0.02],
      [r, r],
      [
        [0.95, 0],
        [0.98, 0.2 * height],
        [0.75, 0.75 * height],
        [0.7, 0.8 * height],
        [0.15, 0.84 * height],
        [0, 0.85 * height],
      ],
      body,
      { sides: 18, smooth: true },
    );
    mesh.cylinder(0, 0, 0.85 * height, height, 0.012, BLACK, 0.018);
    mesh.bar([-0.6 * r, 0, 0.62 * height], [-1.25 * r, 0, 0.82 * height], 0.016, body);
    const point = (k: number): Vec3 => {
      const angle = Math.PI * (k / 6 - 0.5);
      return [0.75 * r + 0.6 * r * exact.cos(angle), 0, 0.5 * height + 0.28 * height * exact.sin(angle)];
    };
    for (let k = 0; k < 6; k++) mesh.bar(point(k), point(k + 1), 0.01, BLACK, 8);
    mesh.fit([width, depth, height]);
  },
};

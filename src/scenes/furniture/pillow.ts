/** Cushion, lying: a swollen square with a seam. 0.38-0.55 m wide, 0.30-0.40 deep, 0.10-0.17 thick (retail: 40 x 40 to 30 x 60 cm). */
import { FABRICS, LINENS } from '../palette';
import type { Furniture } from './furniture';

export const pillow: Furniture = {
  category: 'pillow',
  size: { width: [0.38, 0.55], depth: [0.3, 0.4], height: [0.1, 0.17] },
  placement: { kind: 'on', hosts: ['bench', 'ottoman'], anchor: 'anywhere' },
  rooms: {
    'living room': { probability: 0.5, count: [1, 2] },
    bedroom: { probability: 0.5, count: [1, 2] },
    'dining room': { probability: 0.3, count: [1, 2] },
  },
  build(mesh, { width, depth, height }, random) {
    mesh.lathe(
      [0, 0, 0],
      [width / 2, depth / 2],
      [
        [0, 0],
        [0.55, 0.05 * height],
        [0.88, 0.28 * height],
        [1, 0.5 * height],
        [0.88, 0.72 * height],
        [0.55, 0.95 * height],
        [0, height],
      ],
      random.pick([...FABRICS, ...LINENS]),
      { sides: 24, smooth: true, exponent: random.uniform(3, 5) },
    );
    mesh.fit([width, depth, height]);
  },
};

/**
 * TV: a flat screen on two feet. Diagonals of 32 to 55 in: 0.71-1.24 m wide with the frame, 0.46-0.78 high with feet,
 * 0.18-0.32 deep at the feet (data sheets). Wider ones than the stand are given up.
 */
import { BLACK, SCREEN } from '../palette';
import type { Furniture } from './furniture';

export const tv: Furniture = {
  category: 'tv',
  size: { width: [0.71, 1.24], depth: [0.18, 0.28], height: [0.46, 0.78] },
  proportional: true,
  placement: { kind: 'on', hosts: ['tv stand', 'dresser'], anchor: 'back' },
  rooms: {
    'living room': { probability: 0.95, count: [1, 1] },
    bedroom: { probability: 0.4, count: [1, 1] },
  },
  build(mesh, { width, depth, height }) {
    const x = width / 2;
    const foot = 0.05;
    for (const side of [-1, 1]) {
      const at = side * 0.6 * x;
      mesh.box([at - 0.02, -depth / 2, 0], [at + 0.02, depth / 2, 0.012], BLACK, 0.003);
      mesh.box([at - 0.015, -0.015, 0.012], [at + 0.015, 0.015, foot], BLACK, 0.003);
    }
    mesh.box([-x, -0.025, foot], [x, 0.03, height], BLACK, 0.006);
    mesh.box([-x + 0.015, -0.028, foot + 0.025], [x - 0.015, -0.02, height - 0.015], SCREEN, 0.002);
    mesh.box([-x * 0.6, 0.03, foot + 0.05], [x * 0.6, 0.055, foot + 0.5 * (height - foot)], BLACK, 0.01);
  },
};

/** Ottoman: an upholstered block with a cushion on short feet. 0.45-0.95 m wide, 0.42-0.65 deep, 0.37-0.46 high (retail). */
import { BLACK, FABRICS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const ottoman: Furniture = {
  category: 'ottoman',
  size: { width: [0.45, 0.95], depth: [0.42, 0.65], height: [0.37, 0.46] },
  surface: 0.86,
  placement: { kind: 'before', hosts: ['sofa', 'armchair', 'bed'] },
  rooms: {
    'living room': { probability: 0.45, count: [1, 2] },
    bedroom: { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const fabric = random.pick(FABRICS);
    const feet = random.pick([BLACK, ...WOODS]);
    const x = width / 2;
    const y = depth / 2;
    const legs = random.uniform(0.05, 0.12);
    const seam = height - random.uniform(0.08, 0.12);
    for (const sx of [-x + 0.07, x - 0.07])
      for (const sy of [-y + 0.07, y - 0.07]) mesh.cylinder(sx, sy, 0, legs, 0.018, feet, 0.024);
    mesh.box([-x + 0.008, -y + 0.008, legs], [x - 0.008, y - 0.008, seam], shade(fabric, 0.9), 0.015);
    mesh.box([-x, -y, seam], [x, y, height], fabric, 0.03);
  },
};

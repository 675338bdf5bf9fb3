/**
 * Monitor: a screen on a stand with a base. 22 to 34 in: 0.50-0.82 m wide, 0.40-0.55 high on the stand, base
 * 0.17-0.24 deep (data sheets).
 */
import { BLACK, DARK_STEEL, SCREEN, STEEL } from '../palette';
import type { Furniture } from './furniture';

export const monitor: Furniture = {
  category: 'monitor',
  size: { width: [0.5, 0.82], depth: [0.17, 0.24], height: [0.4, 0.55] },
  proportional: true,
  matching: true,
  placement: { kind: 'on', hosts: ['desk'], anchor: 'back' },
  rooms: {
    office: { probability: 0.95, count: [1, 7] },
    bedroom: { probability: 0.35, count: [1, 2] },
  },
  build(mesh, { width, depth, height }, random) {
    const metal = random.pick([BLACK, DARK_STEEL, STEEL]);
    const x = width / 2;
    const y = depth / 2;
    const bottom = height - Math.min(0.4, height - 0.09, width * 0.6);
    mesh.box([-0.12, -y, 0], [0.12, y, 0.012], metal, 0.004);
    mesh.box([-0.03, y - 0.06, 0.012], [0.03, y - 0.035, height - 0.12], metal, 0.004);
    mesh.box([-x, y - 0.1, bottom], [x, y - 0.06, height], BLACK, 0.005);
    mesh.box([-x + 0.01, y - 0.103, bottom + 0.018], [x - 0.01, y - 0.096, height - 0.01], SCREEN, 0.002);
  },
};

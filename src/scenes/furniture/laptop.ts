/** Laptop: base with keyboard and touchpad, lid opened to about 110 degrees. 13 to 17 in: 0.30-0.40 m wide (data sheets). */
import { BLACK, DARK_STEEL, SCREEN, STEEL } from '../palette';
import type { Furniture } from './furniture';

export const laptop: Furniture = {
  category: 'laptop',
  size: { width: [0.3, 0.4], depth: [0.28, 0.34], height: [0.2, 0.25] },
  proportional: true,
  placement: { kind: 'on', hosts: ['desk', 'table', 'coffee table'], anchor: 'anywhere' },
  rooms: {
    office: { probability: 0.5, count: [1, 3] },
    'living room': { probability: 0.25, count: [1, 1] },
    bedroom: { probability: 0.25, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([STEEL, DARK_STEEL, BLACK]);
    const x = width / 2;
    const y = depth / 2;
    const hinge = y - 0.085;
    mesh.box([-x, -y, 0], [x, hinge, 0.016], body, 0.004);
    mesh.box([-x + 0.02, -y + 0.09, 0.012], [x - 0.02, hinge - 0.02, 0.018], BLACK, 0.002);
    mesh.box([-0.05, -y + 0.015, 0.012], [0.05, -y + 0.075, 0.0175], STEEL, 0.001);
    mesh.leaningBox([-x, hinge - 0.008], [x, hinge], 0.01, height, [0, y - hinge], body);
    mesh.leaningBox(
      [-x + 0.012, hinge - 0.0095],
      [x - 0.012, hinge - 0.007],
      0.025,
      height - 0.012,
      [0, (y - hinge) * 0.94],
      SCREEN,
    );
  },
};

/** Mobile whiteboard: a framed board with a pen tray on a stand with castors. 0.90-1.80 m wide, 0.50-0.62 deep, 1.70-1.95 high (retail). */
import { BLACK, FABRICS, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const whiteboard: Furniture = {
  category: 'whiteboard',
  size: { width: [0.9, 1.8], depth: [0.5, 0.62], height: [1.7, 1.95] },
  placement: { kind: 'wall', clearance: 0.6 },
  rooms: { office: { probability: 0.45, count: [1, 2] } },
  build(mesh, { width, depth, height }, random) {
    const x = width / 2;
    const y = depth / 2;
    const post = x - 0.025;
    const bottom = height * random.uniform(0.4, 0.5);
    for (const side of [-post, post]) {
      mesh.box([side - 0.018, -0.02, 0.08], [side + 0.018, 0.02, height - 0.06], STEEL);
      mesh.box([side - 0.018, -y + 0.01, 0.06], [side + 0.018, y - 0.01, 0.1], STEEL);
      for (const at of [-y + 0.03, y - 0.03])
        mesh.bar([side - 0.012, at, 0.03], [side + 0.012, at, 0.03], 0.03, BLACK, 12);
    }
    mesh.box([-post, -0.012, 0.2], [post, 0.012, 0.23], STEEL);
    mesh.box([-x, -0.035, bottom], [x, -0.02, height], STEEL, 0.004);
    mesh.box([-x + 0.03, -0.039, bottom + 0.03], [x - 0.03, -0.033, height - 0.03], WHITE, 0.001);
    mesh.box([-x * 0.5, -0.1, bottom - 0.01], [x * 0.5, -0.033, bottom + 0.008], STEEL, 0.003);
    // A few lines of writing.
    for (let line = 0; line < 3; line++) {
      const z = height - 0.15 - line * 0.12;
      const from = -x + random.uniform(0.1, 0.2);
      mesh.box(
        [from, -0.041, z],
        [from + random.uniform(0.3, 0.8) * x, -0.0385, z + 0.018],
        random.pick(FABRICS),
        0.0005,
      );
    }
    mesh.fit([width, depth, height]);
  },
};

/** Dishwasher: a door with a panel and a bar handle. 0.45 or 0.60 m wide, 0.55-0.62 deep, 0.81-0.87 high (EN 1116 niches). */
import { BLACK, DARK_STEEL, SCREEN, shade, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const dishwasher: Furniture = {
  category: 'dishwasher',
  size: { width: [0.44, 0.6], depth: [0.55, 0.62], height: [0.81, 0.87] },
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: { kitchen: { probability: 0.5, count: [1, 1] } },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([WHITE, STEEL, DARK_STEEL]);
    const x = width / 2;
    const y = depth / 2;
    const front = -y + 0.045;
    mesh.box([-x + 0.01, front + 0.05, 0], [x - 0.01, y - 0.02, 0.09], BLACK);
    mesh.box([-x, front + 0.015, 0.09], [x, y, height], shade(body, 0.95), 0.008);
    mesh.box([-x + 0.004, front, 0.1], [x - 0.004, front + 0.015, height - 0.12], body);
    mesh.box([-x + 0.004, front, height - 0.115], [x - 0.004, front + 0.015, height - 0.01], shade(body, 0.85));
    mesh.box([-0.06, front - 0.003, height - 0.085], [0.06, front + 0.002, height - 0.045], SCREEN, 0.001);
    mesh.bar([-x + 0.07, -y + 0.01, height - 0.16], [x - 0.07, -y + 0.01, height - 0.16], 0.01, STEEL);
    for (const side of [-x + 0.09, x - 0.09])
      mesh.bar([side, -y + 0.01, height - 0.16], [side, front + 0.004, height - 0.16], 0.007, STEEL, 6);
  },
};

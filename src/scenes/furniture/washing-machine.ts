/** Washing machine: front loader with a round door and a panel. 0.60 m wide, 0.50-0.65 deep, 0.82-0.87 high (EU norm). */
import { BLACK, DARK_STEEL, SCREEN, shade, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const washingMachine: Furniture = {
  category: 'washing machine',
  size: { width: [0.58, 0.62], depth: [0.5, 0.65], height: [0.82, 0.87] },
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: {
    bathroom: { probability: 0.5, count: [1, 1] },
    kitchen: { probability: 0.3, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([WHITE, WHITE, STEEL]);
    const x = width / 2;
    const y = depth / 2;
    const front = -y + 0.04;
    for (const sx of [-x + 0.06, x - 0.06])
      for (const sy of [-y + 0.1, y - 0.06]) mesh.cylinder(sx, sy, 0, 0.03, 0.02, BLACK);
    mesh.box([-x, front, 0.02], [x, y, height], body, 0.012);
    const z = height * 0.46;
    mesh.bar([0, front + 0.002, z], [0, -y + 0.015, z], 0.2, STEEL, 24);
    mesh.bar([0, -y + 0.02, z], [0, -y, z], 0.15, SCREEN, 24);
    mesh.box([-x + 0.01, front - 0.006, height - 0.13], [x - 0.01, front, height - 0.015], shade(body, 0.92), 0.002);
    mesh.bar([0, front, height - 0.072], [0, front - 0.025, height - 0.072], 0.026, DARK_STEEL, 14);
    mesh.box(
      [-x + 0.03, front - 0.01, height - 0.11],
      [-x + 0.18, front - 0.004, height - 0.03],
      shade(body, 0.85),
      0.002,
    );
    mesh.box([x - 0.2, front - 0.009, height - 0.095], [x - 0.06, front - 0.004, height - 0.05], SCREEN, 0.001);
  },
};

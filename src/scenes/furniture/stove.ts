/**
 * Stove: oven door with window and handle, knobs, four hotplates. 0.50-0.76 m wide, 0.58-0.66 deep, 0.85-0.92 high
 * (EU 50/60 cm and US 30 in ranges).
 */
import { BLACK, DARK_STEEL, SCREEN, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const stove: Furniture = {
  category: 'stove',
  size: { width: [0.5, 0.76], depth: [0.58, 0.66], height: [0.85, 0.92] },
  placement: { kind: 'wall', clearance: 0.6 },
  rooms: { kitchen: { probability: 0.95, count: [1, 1] } },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([WHITE, STEEL, DARK_STEEL]);
    const x = width / 2;
    const y = depth / 2;
    const front = -y + 0.05;
    mesh.box([-x + 0.02, front + 0.05, 0], [x - 0.02, y - 0.03, 0.07], BLACK);
    mesh.box([-x, front, 0.06], [x, y, height - 0.03], body, 0.006);
    mesh.box([-x, front - 0.015, height - 0.03], [x, y, height - 0.01], BLACK, 0.004);
    for (const [sx, sy, r] of [
      [-0.5, -0.4, 0.085],
      [0.5, -0.4, 0.07],
      [-0.5, 0.45, 0.07],
      [0.5, 0.45, 0.085],
    ]) {
      mesh.cylinder(sx * x, 0.03 + sy * y, height - 0.012, height, r, DARK_STEEL);
    }
    mesh.box([-x + 0.02, front - 0.02, 0.2], [x - 0.02, front, height - 0.17], body);
    mesh.box([-x + 0.08, front - 0.024, 0.28], [x - 0.08, front - 0.018, height - 0.3], SCREEN, 0.002);
    const bar = height - 0.22;
    mesh.bar([-x + 0.06, -y + 0.01, bar], [x - 0.06, -y + 0.01, bar], 0.01, STEEL);
    for (const side of [-1, 1]) {
      mesh.box(
        [side * (x - 0.08) - 0.008, -y + 0.01, bar - 0.008],
        [side * (x - 0.08) + 0.008, front, bar + 0.008],
        STEEL,
      );
    }
    for (let k = 0; k < 5; k++) {
      const at = (k - 2) * (width / 6);
      mesh.bar([at, front + 0.005, height - 0.09], [at, front - 0.03, height - 0.09], 0.018, DARK_STEEL);
    }
    mesh.box([-x + 0.02, front - 0.016, 0.08], [x - 0.02, front, 0.185], body);
  },
};

/** Microwave oven: door with window, handle and panel. 0.44-0.54 m wide, 0.33-0.42 deep, 0.26-0.31 high (17-28 litres). */
import { BLACK, DARK_STEEL, SCREEN, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const microwave: Furniture = {
  category: 'microwave',
  size: { width: [0.44, 0.54], depth: [0.33, 0.42], height: [0.26, 0.31] },
  placement: { kind: 'on', hosts: ['counter'], anchor: 'back' },
  rooms: { kitchen: { probability: 0.75, count: [1, 1] } },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([WHITE, STEEL, BLACK]);
    const x = width / 2;
    const y = depth / 2;
    const front = -y + 0.035;
    for (const sx of [-x + 0.05, x - 0.05])
      for (const sy of [-y + 0.08, y - 0.05]) mesh.cylinder(sx, sy, 0, 0.015, 0.015, BLACK);
    mesh.box([-x, front, 0.012], [x, y, height], body, 0.008);
    mesh.box([-x + 0.012, front - 0.012, 0.025], [x - 0.13, front, height - 0.012], DARK_STEEL);
    mesh.box([-x + 0.05, front - 0.015, 0.065], [x - 0.18, front - 0.01, height - 0.05], SCREEN, 0.001);
    mesh.box([x - 0.158, -y, 0.05], [x - 0.142, front - 0.01, height - 0.04], STEEL);
    mesh.box([x - 0.12, front - 0.006, 0.03], [x - 0.015, front, height - 0.015], BLACK, 0.002);
    mesh.bar([x - 0.068, front, 0.07], [x - 0.068, front - 0.02, 0.07], 0.022, STEEL);
  },
};

/**
 * Kitchen counter: base cabinets with doors and drawers under a worktop. 0.90-2.40 m wide, 0.58-0.66 deep, 0.86-0.94
 * high (EN 1116: 0.60 deep, 0.85-0.90 high; US 36 in).
 */
import { BLACK, CERAMICS, DARK_STEEL, PAINTS, shade, WOODS } from '../palette';
import { addDoor, addDrawer } from './drawer';
import type { Furniture } from './furniture';

export const counter: Furniture = {
  category: 'counter',
  size: { width: [0.9, 2.4], depth: [0.58, 0.66], height: [0.86, 0.94] },
  surface: 0.92,
  placement: { kind: 'wall', clearance: 0.7 },
  rooms: { kitchen: { probability: 1, count: [1, 3] } },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([...PAINTS, ...WOODS]);
    const worktop = random.pick([...WOODS, ...CERAMICS, DARK_STEEL]);
    const x = width / 2;
    const y = depth / 2;
    const handle = 0.035;
    mesh.box([-x + 0.01, -y + 0.09, 0], [x - 0.01, y - 0.02, 0.1], BLACK);
    mesh.box([-x, -y + handle, 0.1], [x, y, height - 0.04], shade(body, 0.95));
    mesh.box([-x, -y, height - 0.04], [x, y, height], worktop, 0.006);
    const units = Math.max(2, Math.round(width / 0.5));
    const each = width / units;
    for (let k = 0; k < units; k++) {
      const [x0, x1] = [-x + k * each + 0.004, -x + (k + 1) * each - 0.004];
      addDrawer(mesh, [x0, x1], -y + handle, [height - 0.21, height - 0.05], handle - 0.005, body);
      const handleX = k % 2 === 0 ? x1 - 0.05 : x0 + 0.05;
      addDoor(mesh, [x0, x1], -y + handle, [0.11, height - 0.218], handle - 0.005, handleX, body);
    }
  },
};

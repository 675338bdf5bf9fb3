/**
 * Cabinet: a closed cupboard of doors over a drawer on short legs. 0.60-1.20 m wide, 0.36-0.50 deep, 0.75-1.50 high
 * (storage cabinets, retail; office ones after EN 14073's file heights).
 */
import { DARK_STEEL, PAINTS, shade, WOODS } from '../palette';
import { addDoor, addDrawer } from './drawer';
import type { Furniture } from './furniture';

export const cabinet: Furniture = {
  category: 'cabinet',
  size: { width: [0.6, 1.2], depth: [0.36, 0.5], height: [0.75, 1.5] },
  surface: 0.92,
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: {
    office: { probability: 0.5, count: [1, 3] },
    kitchen: { probability: 0.3, count: [1, 2] },
    'dining room': { probability: 0.35, count: [1, 2] },
    bathroom: { probability: 0.4, count: [1, 2] },
    'living room': { probability: 0.3, count: [1, 2] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([...WOODS, ...PAINTS, DARK_STEEL]);
    const front = random.next() < 0.5 ? body : random.pick([...WOODS, ...PAINTS]);
    const x = width / 2;
    const y = depth / 2;
    const handle = 0.03;
    const legs = random.uniform(0.06, 0.14);
    for (const sx of [-x + 0.05, x - 0.05])
      for (const sy of [-y + 0.08, y - 0.05]) mesh.leg(sx, sy, legs, 0.035, 0.025, shade(body, 0.6));
    mesh.box([-x + 0.005, -y + handle, legs], [x - 0.005, y, height - 0.022], body);
    mesh.box([-x, -y + 0.008, height - 0.022], [x, y, height], shade(body, 0.92), 0.006);
    const split = height - random.uniform(0.16, 0.24);
    for (const side of [-1, 1]) {
      const [x0, x1] = side < 0 ? [-x + 0.01, -0.003] : [0.003, x - 0.01];
      addDrawer(mesh, [x0, x1], -y + handle, [split + 0.005, height - 0.03], handle, front);
      addDoor(mesh, [x0, x1], -y + handle, [legs + 0.008, split], handle, side < 0 ? x1 - 0.04 : x0 + 0.04, front);
    }
  },
};

/**
 * Dresser: a chest of drawers. 0.80-1.60 m wide, 0.40-0.52 deep, 0.75-1.15 high (retail); drawers of 0.18-0.25 m.
 */
import { PAINTS, WOODS } from '../palette';
import { addDrawer } from './drawer';
import type { Furniture } from './furniture';

export const dresser: Furniture = {
  category: 'dresser',
  size: { width: [0.8, 1.6], depth: [0.4, 0.52], height: [0.75, 1.15] },
  surface: 0.95,
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: {
    bedroom: { probability: 0.6, count: [1, 2] },
    'dining room': { probability: 0.6, count: [1, 2] },
    'living room': { probability: 0.25, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick([...WOODS, ...PAINTS]);
    const front = random.next() < 0.4 ? random.pick(WOODS) : wood;
    const x = width / 2;
    const y = depth / 2;
    const handle = 0.028;
    const legs = 0.12;
    for (const sx of [-x + 0.05, x - 0.05])
      for (const sy of [-y + 0.08, y - 0.05]) mesh.leg(sx, sy, legs, 0.05, 0.035, wood);
    mesh.box([-x + 0.008, -y + handle, legs], [x - 0.008, y - 0.004, height - 0.025], wood);
    mesh.box([-x, -y + 0.01, height - 0.025], [x, y, height], wood, 0.006);
    const rows = Math.round((height - legs) / 0.23);
    const columns = width > 1.05 ? 2 : 1;
    const rise = (height - legs - 0.05) / rows;
    const pitch = (width - 0.05) / columns;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const x0 = -x + 0.025 + column * pitch;
        const z0 = legs + 0.015 + row * rise;
        addDrawer(mesh, [x0 + 0.005, x0 + pitch - 0.005], -y + handle, [z0, z0 + rise - 0.01], handle, front);
      }
    }
  },
};

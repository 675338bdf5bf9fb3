/**
 * TV stand: a low board with two doors and an open middle. 1.00-1.90 m wide, 0.36-0.48 deep, 0.38-0.58 high (retail).
 */
import { BLACK, PAINTS, shade, WOODS } from '../palette';
import { addDoor } from './drawer';
import type { Furniture } from './furniture';

export const tvStand: Furniture = {
  category: 'tv stand',
  size: { width: [1, 1.9], depth: [0.36, 0.48], height: [0.38, 0.58] },
  surface: 0.96,
  placement: { kind: 'wall', clearance: 0.6 },
  rooms: {
    'living room': { probability: 0.9, count: [1, 1] },
    bedroom: { probability: 0.3, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick([...WOODS, ...PAINTS]);
    const x = width / 2;
    const y = depth / 2;
    const handle = 0.025;
    const legs = 0.1;
    const third = width / 6;
    for (const sx of [-x + 0.08, x - 0.08])
      for (const sy of [-y + 0.08, y - 0.06]) mesh.leg(sx, sy, legs, 0.04, 0.025, shade(wood, 0.8));
    mesh.box([-x, -y + 0.005, height - 0.025], [x, y, height], wood);
    mesh.box([-x, -y + handle, legs], [x, y, legs + 0.022], wood);
    mesh.box([-x + 0.01, y - 0.012, legs + 0.022], [x - 0.01, y - 0.002, height - 0.025], shade(wood, 0.7), 0.002);
    for (const sx of [-1, 1]) {
      const [x0, x1] = sx < 0 ? [-x, -third] : [third, x];
      mesh.box([x0 + 0.002, -y + handle, legs + 0.022], [x1 - 0.002, y - 0.012, height - 0.025], wood);
      const handleX = sx < 0 ? x1 - 0.04 : x0 + 0.04;
      addDoor(mesh, [x0 + 0.008, x1 - 0.008], -y + handle, [legs + 0.03, height - 0.032], handle, handleX, wood);
    }
    mesh.box([-third + 0.04, -y + 0.08, legs + 0.022], [third - 0.04, y - 0.08, legs + 0.075], BLACK);
  },
};

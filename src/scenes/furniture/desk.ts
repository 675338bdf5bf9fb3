/**
 * Desk: top, two legs on one side and a pedestal of drawers on the other. 1.00-1.80 m wide, 0.55-0.80 deep, 0.72-0.76
 * high (DIN EN 527: 0.74 m fixed).
 */
import { DARK_STEEL, PAINTS, shade, WOODS } from '../palette';
import { addDrawer } from './drawer';
import type { Furniture } from './furniture';

export const desk: Furniture = {
  category: 'desk',
  size: { width: [1, 1.8], depth: [0.55, 0.8], height: [0.72, 0.76] },
  surface: 0.94,
  placement: { kind: 'wall', clearance: 0.8 },
  rooms: {
    office: { probability: 1, count: [1, 5] },
    bedroom: { probability: 0.45, count: [1, 1] },
    'living room': { probability: 0.15, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick(WOODS);
    const body = random.next() < 0.5 ? random.pick(PAINTS) : shade(wood, 0.92);
    const top = 0.03;
    const x = width / 2;
    const y = depth / 2;
    const side = random.next() < 0.5 ? -1 : 1;
    mesh.box([-x, -y, height - top], [x, y, height], wood, 0.006);
    for (const sy of [-y + 0.05, y - 0.05]) mesh.leg(-side * (x - 0.05), sy, height - top, 0.05, 0.045, DARK_STEEL);
    const pedestal = 0.4;
    const [x0, x1] = side < 0 ? [-x + 0.02, -x + 0.02 + pedestal] : [x - 0.02 - pedestal, x - 0.02];
    mesh.box([x0, -y + 0.04, 0], [x1, y - 0.03, height - top], body);
    const drawers = random.integer(2, 4);
    const each = (height - top - 0.07) / drawers;
    for (let k = 0; k < drawers; k++) {
      addDrawer(
        mesh,
        [x0 + 0.012, x1 - 0.012],
        -y + 0.04,
        [0.05 + k * each, 0.05 + (k + 1) * each - 0.012],
        0.018,
        wood,
      );
    }
    mesh.box([side < 0 ? x1 : -x + 0.05, y - 0.05, 0.35], [side < 0 ? x - 0.05 : x0, y - 0.034, height - top], body);
  },
};

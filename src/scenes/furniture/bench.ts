/**
 * Bench: a long seat on two frames with a rail between. 0.90-1.50 m wide, 0.33-0.42 deep, 0.42-0.48 high (seat heights
 * as of chairs, Neufert; lengths retail).
 */
import { FABRICS, PAINTS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const bench: Furniture = {
  category: 'bench',
  size: { width: [0.9, 1.5], depth: [0.33, 0.42], height: [0.42, 0.48] },
  surface: 0.94,
  placement: { kind: 'wall', clearance: 0.3 },
  rooms: {
    'dining room': { probability: 0.4, count: [1, 2] },
    bedroom: { probability: 0.25, count: [1, 1] },
    bathroom: { probability: 0.15, count: [1, 1] },
    'living room': { probability: 0.15, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick([...WOODS, ...PAINTS]);
    const seat = random.next() < 0.4 ? random.pick(FABRICS) : shade(wood, 1.05);
    const x = width / 2;
    const y = depth / 2;
    const thickness = random.uniform(0.035, 0.07);
    mesh.box([-x, -y, height - thickness], [x, y, height], seat, 0.012);
    for (const side of [-x + 0.09, x - 0.09]) {
      for (const sy of [-y + 0.045, y - 0.045]) mesh.leg(side, sy, height - thickness, 0.05, 0.04, wood);
      mesh.box([side - 0.018, -y + 0.06, 0.08], [side + 0.018, y - 0.06, 0.12], wood);
    }
    mesh.box([-x + 0.1, -0.015, 0.085], [x - 0.1, 0.015, 0.115], wood);
  },
};

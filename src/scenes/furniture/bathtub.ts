/** Bathtub: a hollow tub with a rim and a tap. 1.50-1.80 m long, 0.70-0.85 wide, 0.55-0.65 high (EN 232, retail). */
import { CERAMICS, STEEL } from '../palette';
import type { Furniture } from './furniture';

export const bathtub: Furniture = {
  category: 'bathtub',
  size: { width: [1.5, 1.8], depth: [0.7, 0.85], height: [0.62, 0.72] },
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: { bathroom: { probability: 0.8, count: [1, 1] } },
  build(mesh, { width, depth, height }, random) {
    const ceramic = random.pick(CERAMICS);
    const x = width / 2;
    const y = depth / 2;
    const rim = height - 0.12;
    const exponent = random.pick([3.5, 5, 8]);
    mesh.lathe(
      [0, 0, 0],
      [x, y],
      [
        [0.9, 0],
        [0.96, rim - 0.04],
        [1, rim - 0.04],
        [1, rim],
        [0.88, rim],
        [0.84, rim - 0.1],
        [0.74, 0.14],
        [0.6, 0.1],
        [0, 0.09],
      ],
      ceramic,
      { sides: 28, exponent },
    );
    const tap = x - 0.05;
    mesh.cylinder(tap, 0, rim - 0.01, height - 0.015, 0.02, STEEL);
    mesh.bar([tap + 0.01, 0, height - 0.03], [tap - 0.15, 0, height - 0.045], 0.014, STEEL);
    for (const side of [-0.07, 0.07]) {
      mesh.cylinder(tap, side, rim - 0.01, rim + 0.06, 0.018, STEEL);
      mesh.box([tap - 0.02, side - 0.005, rim + 0.06], [tap + 0.02, side + 0.005, rim + 0.075], STEEL);
    }
    mesh.box([tap - 0.012, -0.012, height - 0.02], [tap + 0.012, 0.012, height], STEEL);
  },
};

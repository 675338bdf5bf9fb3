/**
 * Sink: a wash basin on a pedestal with a tap. 0.48-0.70 m wide, 0.40-0.52 deep; rim at 0.80-0.88 m (EN 14688), the tap
 * rises 0.12-0.17 m above it.
 */
import { CERAMICS, STEEL } from '../palette';
import type { Furniture } from './furniture';

export const sink: Furniture = {
  category: 'sink',
  size: { width: [0.48, 0.7], depth: [0.4, 0.52], height: [0.94, 1.04] },
  matching: true,
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: { bathroom: { probability: 0.95, count: [1, 3] } },
  build(mesh, { width, depth, height }, random) {
    const ceramic = random.pick(CERAMICS);
    const x = width / 2;
    const y = depth / 2;
    const rim = height - random.uniform(0.13, 0.16);
    mesh.lathe(
      [0, 0.05, 0],
      [0.11, 0.1],
      [
        [1, 0],
        [0.7, 0.12],
        [0.75, rim - 0.2],
        [1.1, rim - 0.1],
      ],
      ceramic,
      { smooth: true },
    );
    mesh.lathe(
      [0, 0, 0],
      [x, y],
      [
        [0.4, rim - 0.18],
        [0.88, rim - 0.1],
        [1, rim - 0.03],
        [1, rim],
        [0.86, rim],
        [0.75, rim - 0.08],
        [0, rim - 0.12],
      ],
      ceramic,
      { sides: 24, exponent: random.pick([2.5, 4, 6]) },
    );
    const tap = y - 0.05;
    mesh.box([-0.1, y - 0.1, rim - 0.06], [0.1, y, rim + 0.006], ceramic, 0.008);
    mesh.cylinder(0, tap, rim, height - 0.02, 0.018, STEEL);
    mesh.bar([0, tap + 0.01, height - 0.045], [0, tap - 0.14, height - 0.06], 0.012, STEEL);
    mesh.box([-0.012, tap - 0.03, height - 0.02], [0.012, tap + 0.03, height], STEEL);
  },
};

/** Trash bin: an open, tapered vessel with a rim. 0.22-0.38 m across, 0.28-0.62 high (10 to 40 litres, retail). */
import { BLACK, DARK_STEEL, PAINTS, STEEL } from '../palette';
import type { Furniture } from './furniture';

export const trashBin: Furniture = {
  category: 'trash bin',
  size: { width: [0.22, 0.38], depth: [0.22, 0.38], height: [0.28, 0.62] },
  square: true,
  placement: { kind: 'wall', clearance: 0 },
  rooms: {
    kitchen: { probability: 0.8, count: [1, 3] },
    office: { probability: 0.7, count: [1, 4] },
    bathroom: { probability: 0.75, count: [1, 2] },
    bedroom: { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, height }, random) {
    const r = width / 2;
    const wall = 0.008 / r;
    const foot = random.uniform(0.72, 0.9);
    mesh.lathe(
      [0, 0, 0],
      [r, r],
      [
        [foot, 0],
        [0.96, height - 0.03],
        [1, height - 0.03],
        [1, height],
        [0.96 - wall, height],
        [foot - wall, 0.02],
        [0, 0.02],
      ],
      random.pick([BLACK, DARK_STEEL, STEEL, ...PAINTS]),
      { sides: 20, exponent: random.pick([2, 2, 5]) },
    );
  },
};

/** Bucket: a tapered pail with a rim and a raised handle. 0.26-0.33 m across, 0.30-0.42 high (8 to 15 litres, retail). */
import * as exact from '../../exact-math';
import { PAINTS, POTS, shade, STEEL } from '../palette';
import type { Vec3 } from '../scene';
import type { Furniture } from './furniture';

export const bucket: Furniture = {
  category: 'bucket',
  size: { width: [0.26, 0.33], depth: [0.26, 0.33], height: [0.3, 0.42] },
  square: true,
  proportional: true,
  placement: { kind: 'wall', clearance: 0 },
  rooms: {
    bathroom: { probability: 0.35, count: [1, 2] },
    kitchen: { probability: 0.3, count: [1, 1] },
  },
  build(mesh, { width, height }, random) {
    const r = width / 2;
    const rim = 0.72 * height;
    const plastic = random.pick([...PAINTS.slice(2), ...POTS, STEEL]);
    mesh.lathe(
      [0, 0, 0],
      [r, r],
      [
        [0.7, 0],
        [0.94, rim - 0.02],
        [1, rim - 0.02],
        [1, rim],
        [0.92, rim],
        [0.68, 0.012],
        [0, 0.012],
      ],
      plastic,
      { sides: 20 },
    );
    // The handle is an arch of bars between two eyes at the rim.
    const point = (k: number): Vec3 => {
      const angle = (k * Math.PI) / 8;
      return [0.93 * r * exact.cos(angle), 0, rim - 0.02 + (height - rim + 0.014) * exact.sin(angle)];
    };
    for (let k = 0; k < 8; k++) mesh.bar(point(k), point(k + 1), 0.004, shade(STEEL, 0.9), 6);
    mesh.box([-0.04, -0.01, height - 0.02], [0.04, 0.01, height], plastic, 0.006);
    mesh.fit([width, width, height]);
  },
};

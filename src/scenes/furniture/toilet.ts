/**
 * Toilet: bowl on a foot, seat with lid, cistern with a button. 0.35-0.42 m wide, 0.62-0.75 deep, 0.72-0.82 high
 * (EN 997; ASME A112.19.2), seat at about 0.41 m.
 */
import { CERAMICS, shade, STEEL } from '../palette';
import type { Furniture } from './furniture';

export const toilet: Furniture = {
  category: 'toilet',
  size: { width: [0.35, 0.42], depth: [0.62, 0.75], height: [0.72, 0.82] },
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: { bathroom: { probability: 0.95, count: [1, 1] } },
  build(mesh, { width, depth, height }, random) {
    const ceramic = random.pick(CERAMICS);
    const x = width / 2;
    const y = depth / 2;
    const seat = 0.4;
    const tank = 0.18;
    const length = (depth - tank + 0.02) / 2;
    const bowl = x * 0.95;
    mesh.lathe(
      [0, -y + length, 0],
      [bowl, length],
      [
        [0.55, 0],
        [0.5, 0.1],
        [0.6, 0.2],
        [0.95, 0.33],
        [0.97, seat - 0.02],
      ],
      ceramic,
      { sides: 20, smooth: true, exponent: 2.5 },
    );
    mesh.lathe(
      [0, -y + length, seat - 0.02],
      [bowl, length],
      [
        [0.98, 0],
        [1, 0.01],
        [1, 0.02],
        [0.97, 0.022],
        [0.97, 0.026],
        [1, 0.028],
        [0.99, 0.045],
        [0, 0.052],
      ],
      shade(ceramic, 0.96),
      { sides: 20, exponent: 2.5 },
    );
    mesh.box([-bowl * 0.55, y - tank - 0.06, 0], [bowl * 0.55, y - 0.01, seat - 0.02], ceramic, 0.02);
    mesh.box([-x * 0.97, y - tank + 0.01, seat - 0.03], [x * 0.97, y, height - 0.045], ceramic, 0.025);
    mesh.box([-x, y - tank, height - 0.05], [x, y, height - 0.008], shade(ceramic, 0.97), 0.012);
    mesh.cylinder(0, y - tank / 2, height - 0.012, height, 0.022, STEEL);
  },
};

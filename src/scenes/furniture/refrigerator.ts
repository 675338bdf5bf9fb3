/**
 * Refrigerator: freezer below, fridge above, two doors with handles. 0.54-0.92 m wide, 0.60-0.75 deep, 1.45-2.00 high
 * (EU 60 cm line to US side-by-side data sheets).
 */
import { BLACK, DARK_STEEL, shade, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const refrigerator: Furniture = {
  category: 'refrigerator',
  size: { width: [0.54, 0.92], depth: [0.6, 0.75], height: [1.45, 2] },
  placement: { kind: 'wall', clearance: 0.6 },
  rooms: { kitchen: { probability: 0.95, count: [1, 1] } },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([WHITE, WHITE, STEEL, DARK_STEEL]);
    const x = width / 2;
    const y = depth / 2;
    const door = -y + 0.035;
    const split = height * random.uniform(0.34, 0.42);
    mesh.box([-x + 0.02, door + 0.08, 0], [x - 0.02, y - 0.05, 0.05], BLACK);
    mesh.box([-x, door + 0.06, 0.04], [x, y, height], shade(body, 0.92), 0.008);
    mesh.box([-x, door, 0.06], [x, door + 0.055, split - 0.006], body, 0.012);
    mesh.box([-x, door, split + 0.006], [x, door + 0.055, height], body, 0.012);
    for (const [z0, z1] of [
      [split - 0.4, split - 0.08],
      [split + 0.08, split + 0.48],
    ]) {
      mesh.box([x - 0.07, -y, z0], [x - 0.045, -y + 0.014, z1], DARK_STEEL);
      for (const z of [z0 + 0.02, z1 - 0.04])
        mesh.box([x - 0.067, -y + 0.012, z], [x - 0.048, door, z + 0.02], DARK_STEEL);
    }
  },
};

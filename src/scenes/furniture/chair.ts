/**
 * Chair: four legs, seat, leaning back with slats. Dining chairs: seat height 0.43-0.48 m (BIFMA G1, Neufert),
 * overall 0.40-0.52 wide, 0.45-0.56 deep, 0.78-1.05 high at retailers.
 */
import { FABRICS, PAINTS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const chair: Furniture = {
  category: 'chair',
  size: { width: [0.4, 0.52], depth: [0.45, 0.56], height: [0.78, 1.05] },
  matching: true,
  placement: { kind: 'around', hosts: ['table', 'desk'] },
  rooms: {
    'dining room': { probability: 1, count: [1, 8] },
    kitchen: { probability: 0.8, count: [1, 6] },
    office: { probability: 0.95, count: [1, 8] },
    bedroom: { probability: 0.5, count: [1, 2] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick([...WOODS, ...PAINTS]);
    const cushion = random.pick([...FABRICS, wood]);
    const seat = random.uniform(0.43, 0.48);
    const leg = 0.036;
    const x = width / 2 - leg / 2;
    const front = -depth / 2 + leg / 2;
    const lean = random.uniform(0.04, 0.08);
    const back = depth / 2 - lean - leg / 2;
    for (const side of [-x, x]) {
      mesh.leg(side, front, seat - 0.03, leg, 0.026, wood);
      mesh.leg(side, back, seat - 0.03, leg, 0.03, wood);
      mesh.leaningBox(
        [side - leg / 2, back - leg / 2],
        [side + leg / 2, back + leg / 2],
        seat,
        height,
        [0, lean],
        wood,
      );
    }
    mesh.box([-width / 2, -depth / 2, seat - 0.05], [width / 2, back + leg / 2, seat - 0.02], shade(wood, 0.9));
    mesh.box([-width / 2, -depth / 2, seat - 0.02], [width / 2, back + leg / 2, seat + 0.012], cushion, 0.014);
    // The back rises from the seat to the top between the two posts and leans as they do.
    const at = (z: number) => back + (lean * (z - seat)) / (height - seat);
    const rail = (z0: number, z1: number) =>
      mesh.leaningBox([-x, at(z0) - 0.011], [x, at(z0) + 0.011], z0, z1, [0, at(z1) - at(z0)], wood);
    rail(height - 0.09, height - 0.01);
    if (random.next() < 0.5) {
      for (let k = 1; k <= 2; k++) rail(seat + (k * (height - seat)) / 3.4, seat + (k * (height - seat)) / 3.4 + 0.045);
    } else {
      const bottom = seat + 0.1;
      rail(bottom - 0.04, bottom);
      for (let k = -2; k <= 2; k++) {
        const center = (k * x) / 2.8;
        const shift = at(height - 0.09) - at(bottom);
        const [y0, y1] = [at(bottom) - 0.008, at(bottom) + 0.008];
        mesh.leaningBox([center - 0.012, y0], [center + 0.012, y1], bottom, height - 0.09, [0, shift], wood);
      }
    }
  },
};

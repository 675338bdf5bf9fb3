/**
 * Sofa: base, two arms, seat and back cushions. Two to four seats: 1.40-2.40 m wide, 0.80-1.00 deep, 0.72-0.95 high;
 * seat at 0.40-0.46 m (Neufert; retail).
 */
import { BLACK, FABRICS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const sofa: Furniture = {
  category: 'sofa',
  size: { width: [1.4, 2.4], depth: [0.8, 1], height: [0.72, 0.95] },
  placement: { kind: 'wall', clearance: 0.9 },
  rooms: {
    'living room': { probability: 0.95, count: [1, 3] },
    office: { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const fabric = random.pick(FABRICS);
    const feet = random.pick([BLACK, ...WOODS]);
    const arm = random.uniform(0.12, 0.2);
    const seat = random.uniform(0.4, 0.46);
    const foot = 0.08;
    const back = 0.18;
    const inner = width / 2 - arm;
    const y = depth / 2;
    for (const x of [-width / 2 + 0.06, width / 2 - 0.06]) {
      for (const at of [-y + 0.07, y - 0.07]) mesh.cylinder(x, at, 0, foot, 0.018, feet, 0.026);
    }
    mesh.box([-width / 2 + 0.01, -y + 0.02, foot], [width / 2 - 0.01, y, seat - 0.14], shade(fabric, 0.85), 0.01);
    for (const side of [-1, 1]) {
      const [x0, x1] = side < 0 ? [-width / 2, -inner] : [inner, width / 2];
      mesh.box([x0, -y, foot + 0.01], [x1, y, seat + 0.2], fabric, 0.05);
    }
    mesh.box([-inner, y - back, seat - 0.14], [inner, y, height - 0.05], fabric, 0.03);
    const seats = Math.max(2, Math.round((2 * inner) / 0.7));
    const pitch = (2 * inner) / seats;
    for (let k = 0; k < seats; k++) {
      const x = -inner + k * pitch;
      mesh.box([x + 0.004, -y + 0.01, seat - 0.14], [x + pitch - 0.004, y - back, seat], shade(fabric, 1.08), 0.035);
      const [low, high]: [number, number] = [seat + 0.005, height];
      mesh.box([x + 0.01, y - back - 0.14, low], [x + pitch - 0.01, y - back + 0.06, high], shade(fabric, 1.12), 0.05);
    }
  },
};

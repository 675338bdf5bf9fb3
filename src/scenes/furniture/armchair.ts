/**
 * Armchair: upholstered, one seat between two arms. 0.70-0.95 m wide, 0.75-0.92 deep, 0.75-1.02 high (retail); seat at
 * 0.40-0.45 m.
 */
import { FABRICS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const armchair: Furniture = {
  category: 'armchair',
  size: { width: [0.7, 0.95], depth: [0.75, 0.92], height: [0.75, 1.02] },
  matching: true,
  placement: { kind: 'wall', clearance: 0.4 },
  rooms: {
    'living room': { probability: 0.75, count: [1, 5] },
    bedroom: { probability: 0.3, count: [1, 2] },
  },
  build(mesh, { width, depth, height }, random) {
    const fabric = random.pick(FABRICS);
    const wood = random.pick(WOODS);
    const seat = random.uniform(0.4, 0.45);
    const arm = 0.13;
    const inner = width / 2 - arm;
    const y = depth / 2;
    for (const x of [-width / 2 + 0.06, width / 2 - 0.06]) {
      for (const at of [-y + 0.06, y - 0.08]) mesh.cylinder(x, at, 0, 0.16, 0.014, wood, 0.024);
    }
    mesh.box(
      [-width / 2 + 0.015, -y + 0.02, 0.16],
      [width / 2 - 0.015, y - 0.03, seat - 0.1],
      shade(fabric, 0.85),
      0.015,
    );
    for (const side of [-1, 1]) {
      const [x0, x1] = side < 0 ? [-width / 2, -inner] : [inner, width / 2];
      mesh.box([x0, -y, 0.17], [x1, y - 0.06, seat + 0.18], fabric, 0.045);
    }
    mesh.box([-inner, -y + 0.01, seat - 0.1], [inner, y - 0.16, seat + 0.02], shade(fabric, 1.1), 0.035);
    mesh.leaningBox([-inner, y - 0.2], [inner, y - 0.06], seat - 0.1, height - 0.04, [0, 0.06], fabric);
    mesh.box([-inner - 0.02, y - 0.15, height - 0.12], [inner + 0.02, y, height], shade(fabric, 0.97), 0.04);
  },
};

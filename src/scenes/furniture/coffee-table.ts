/**
 * Coffee table: low top on four splayed legs, with a shelf. 0.35-0.48 m high, 0.75-1.30 long, 0.45-0.70 deep (retail;
 * as high as a sofa's seat or a little lower).
 */
import { shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const coffeeTable: Furniture = {
  category: 'coffee table',
  size: { width: [0.75, 1.3], depth: [0.45, 0.7], height: [0.35, 0.48] },
  surface: 0.85,
  placement: { kind: 'before', hosts: ['sofa'] },
  rooms: { 'living room': { probability: 0.85, count: [1, 2] } },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick(WOODS);
    const top = 0.03;
    const x = width / 2 - 0.06;
    const y = depth / 2 - 0.06;
    mesh.box([-width / 2, -depth / 2, height - top], [width / 2, depth / 2, height], wood, 0.01);
    for (const sx of [-x, x]) for (const sy of [-y, y]) mesh.leg(sx, sy, height - top, 0.05, 0.032, shade(wood, 0.85));
    if (random.next() < 0.6) mesh.box([-x, -y, 0.12], [x, y, 0.14], shade(wood, 0.92));
  },
};

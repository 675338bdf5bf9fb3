/**
 * Table for dining: top on four legs with an apron. Height 0.72-0.78 m (standard 29-30 in), 0.70-1.10 deep, 0.80 m
 * (for two) to 2.40 m (for eight to ten) long.
 */
import { PAINTS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const table: Furniture = {
  category: 'table',
  size: { width: [0.8, 2.4], depth: [0.7, 1.1], height: [0.72, 0.78] },
  surface: 0.8,
  placement: { kind: 'center', clearance: 0.6 },
  rooms: {
    'dining room': { probability: 1, count: [1, 2] },
    kitchen: { probability: 0.75, count: [1, 1] },
    office: { probability: 0.35, count: [1, 2] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick(WOODS);
    const base = random.next() < 0.4 ? random.pick(PAINTS) : shade(wood, 0.9);
    const top = random.uniform(0.025, 0.045);
    const leg = random.uniform(0.05, 0.08);
    const inset = 0.05 + leg / 2;
    const x = width / 2 - inset;
    const y = depth / 2 - inset;
    mesh.box([-width / 2, -depth / 2, height - top], [width / 2, depth / 2, height], wood, 0.008);
    for (const sx of [-x, x]) for (const sy of [-y, y]) mesh.leg(sx, sy, height - top, leg, leg * 0.65, base);
    const [low, high] = [height - top - 0.08, height - top];
    for (const side of [-1, 1]) {
      mesh.box([-x, side * y - 0.011, low], [x, side * y + 0.011, high], base);
      mesh.box([side * x - 0.011, -y, low], [side * x + 0.011, y, high], base);
    }
  },
};

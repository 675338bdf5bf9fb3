/**
 * Stool: a round seat on four splayed legs with rungs. Low stools and bar stools: 0.42-0.78 m high (DIN 68885: bar seats
 * at 0.65-0.80), 0.30-0.42 across.
 */
import { FABRICS, PAINTS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const stool: Furniture = {
  category: 'stool',
  size: { width: [0.3, 0.42], depth: [0.3, 0.42], height: [0.42, 0.78] },
  square: true,
  matching: true,
  placement: { kind: 'around', hosts: ['counter', 'dresser'] },
  rooms: {
    kitchen: { probability: 0.7, count: [1, 6] },
    bathroom: { probability: 0.4, count: [1, 2] },
    bedroom: { probability: 0.3, count: [1, 2] },
  },
  build(mesh, { width, height }, random) {
    const wood = random.pick([...WOODS, ...PAINTS]);
    const r = width / 2;
    const foot = r / Math.SQRT2 - 0.012;
    const head = foot * 0.65;
    const leg = 0.028;
    const corners = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ];
    for (const [sx, sy] of corners) {
      const [x, y] = [sx * foot, sy * foot];
      const shift: [number, number] = [sx * (head - foot), sy * (head - foot)];
      mesh.leaningBox([x - leg / 2, y - leg / 2], [x + leg / 2, y + leg / 2], 0, height - 0.035, shift, wood);
    }
    const rung = 0.38 * height;
    const at = foot + ((head - foot) * rung) / (height - 0.035);
    for (const [k, [sx, sy]] of corners.entries()) {
      const [nx, ny] = corners[(k + 1) % 4];
      mesh.bar([sx * at, sy * at, rung], [nx * at, ny * at, rung], 0.009, shade(wood, 0.9), 6);
    }
    const seat = random.pick([...FABRICS, wood]);
    mesh.lathe(
      [0, 0, height - 0.045],
      [r, r],
      [
        [0.92, 0],
        [1, 0.012],
        [1, 0.035],
        [0.94, 0.045],
      ],
      seat,
      { sides: 16 },
    );
  },
};

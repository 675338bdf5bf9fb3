/** Table clock: a round case on a foot, with a dial and two hands. 0.13-0.24 m wide, 0.05-0.09 deep, 0.15-0.27 high (retail). */
import * as exact from '../../exact-math';
import { BLACK, BRASS, PAINTS, shade, WHITE, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const clock: Furniture = {
  category: 'clock',
  size: { width: [0.13, 0.24], depth: [0.05, 0.09], height: [0.15, 0.27] },
  proportional: true,
  placement: { kind: 'on', hosts: ['dresser', 'cabinet', 'tv stand', 'nightstand', 'desk'], anchor: 'back' },
  rooms: {
    'living room': { probability: 0.35, count: [1, 1] },
    bedroom: { probability: 0.45, count: [1, 2] },
    office: { probability: 0.3, count: [1, 1] },
    'dining room': { probability: 0.35, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([...WOODS, ...PAINTS, BRASS, BLACK]);
    const r = width / 2;
    const z = height - r;
    const y = depth / 2;
    mesh.bar([0, y, z], [0, -y + 0.006, z], r, body, 24);
    mesh.bar([0, -y + 0.006, z], [0, -y + 0.004, z], r * 0.86, WHITE, 24);
    const hand = (angle: number, length: number) =>
      mesh.bar(
        [0, -y + 0.002, z],
        [length * exact.sin(angle), -y + 0.002, z + length * exact.cos(angle)],
        0.002,
        BLACK,
        6,
      );
    hand(random.uniform(0, 2 * Math.PI), 0.48 * r);
    hand(random.uniform(0, 2 * Math.PI), 0.74 * r);
    mesh.box([-r * 0.7, -y, 0], [r * 0.7, y, Math.max(0.012, z - r * 0.8)], shade(body, 0.85), 0.004);
    mesh.fit([width, depth, height]);
  },
};

/**
 * Pedestal fan: a round foot, a pole, a motor, blades within a wire guard. Guards of 0.40-0.48 m, 0.34-0.42 deep,
 * 1.00-1.35 high (data sheets).
 */
import * as exact from '../../exact-math';
import { BLACK, DARK_STEEL, shade, WHITE } from '../palette';
import type { Vec3 } from '../scene';
import type { Furniture } from './furniture';

export const fan: Furniture = {
  category: 'fan',
  size: { width: [0.4, 0.48], depth: [0.34, 0.42], height: [1, 1.35] },
  placement: { kind: 'corner' },
  rooms: {
    bedroom: { probability: 0.25, count: [1, 1] },
    office: { probability: 0.3, count: [1, 2] },
    'living room': { probability: 0.25, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([WHITE, BLACK, DARK_STEEL]);
    const r = width / 2 - 0.006;
    const z = height - width / 2;
    mesh.cylinder(0, 0, 0, 0.03, depth / 2, body, depth / 2 - 0.02);
    mesh.cylinder(0, 0, 0.03, z, 0.016, shade(body, 0.9));
    mesh.bar([0, 0.13, z], [0, -0.02, z], 0.055, body, 14);
    mesh.bar([0, -0.02, z], [0, -0.1, z], 0.03, shade(body, 0.8), 12);
    const on = (radius: number, angle: number, y: number): Vec3 => [
      radius * exact.cos(angle),
      y,
      z + radius * exact.sin(angle),
    ];
    for (let k = 0; k < 3; k++) {
      const angle = (k * 2 * Math.PI) / 3 + 0.4;
      mesh.bar(on(0.02, angle, -0.06), on(0.8 * r, angle, -0.07), 0.035, shade(body, 1.1), 6);
    }
    const spokes = 16;
    for (let k = 0; k < spokes; k++) {
      const [angle, next] = [(k * 2 * Math.PI) / spokes, ((k + 1) * 2 * Math.PI) / spokes];
      mesh.bar(on(r, angle, -0.06), on(r, next, -0.06), 0.006, body, 6);
      mesh.bar(on(0.03, angle, -0.12), on(r, angle, -0.06), 0.003, body, 4);
      mesh.bar(on(r, angle, -0.06), on(0.05, angle, 0.01), 0.003, body, 4);
    }
    mesh.fit([width, depth, height]);
  },
};

/** Coat rack: a pole on four feet with two tiers of hooks. 0.42-0.56 m across, 1.65-1.90 high (retail). */
import * as exact from '../../exact-math';
import { BLACK, DARK_STEEL, WHITE, WOODS } from '../palette';
import type { Vec3 } from '../scene';
import type { Furniture } from './furniture';

export const coatRack: Furniture = {
  category: 'coat rack',
  size: { width: [0.42, 0.56], depth: [0.42, 0.56], height: [1.65, 1.9] },
  square: true,
  placement: { kind: 'corner' },
  rooms: {
    office: { probability: 0.35, count: [1, 2] },
    bedroom: { probability: 0.2, count: [1, 1] },
    'living room': { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, height }, random) {
    const wood = random.pick([BLACK, DARK_STEEL, WHITE, ...WOODS]);
    const r = width / 2;
    mesh.cylinder(0, 0, 0.04, height - 0.04, 0.022, wood, 0.018);
    mesh.ellipsoid([0, 0, height - 0.035], [0.032, 0.032, 0.035], wood);
    for (let k = 0; k < 4; k++) {
      const angle = (k * Math.PI) / 2;
      const out = (radius: number, z: number, turn = 0): Vec3 => [
        radius * exact.cos(angle + turn),
        radius * exact.sin(angle + turn),
        z,
      ];
      mesh.bar(out(0.01, 0.22), out(r - 0.02, 0.014), 0.014, wood);
      for (const [z, turn] of [
        [height - 0.12, Math.PI / 4],
        [height - 0.45, 0],
      ]) {
        mesh.bar(out(0.01, z, turn), out(0.13, z + 0.09, turn), 0.009, wood, 6);
        mesh.ellipsoid(out(0.13, z + 0.09, turn), [0.014, 0.014, 0.014], wood, 8);
      }
    }
    mesh.fit([width, width, height]);
  },
};

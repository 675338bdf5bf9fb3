/**
 * Nightstand: a small chest on short legs with one or two drawers. 0.38-0.60 m wide, 0.35-0.45 deep, 0.45-0.65 high
 * (about the height of the mattress; retail).
 */
import { PAINTS, WOODS } from '../palette';
import { addDrawer } from './drawer';
import type { Furniture } from './furniture';

export const nightstand: Furniture = {
  category: 'nightstand',
  size: { width: [0.38, 0.6], depth: [0.35, 0.45], height: [0.45, 0.65] },
  matching: true,
  surface: 0.9,
  placement: { kind: 'beside', hosts: ['bed'] },
  rooms: { bedroom: { probability: 0.9, count: [1, 3] } },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick([...WOODS, ...PAINTS]);
    const legs = random.uniform(0.1, 0.18);
    const x = width / 2;
    const y = depth / 2;
    const handle = 0.025;
    for (const sx of [-x + 0.03, x - 0.03])
      for (const sy of [-y + handle + 0.03, y - 0.03]) mesh.leg(sx, sy, legs, 0.035, 0.025, wood);
    mesh.box([-x + 0.01, -y + handle, legs], [x - 0.01, y - 0.005, height - 0.02], wood);
    mesh.box([-x, -y + 0.008, height - 0.02], [x, y, height], wood);
    const drawers = height - legs > 0.38 ? 2 : 1;
    const each = (height - legs - 0.04) / drawers;
    for (let k = 0; k < drawers; k++) {
      const z = legs + 0.012 + k * each;
      addDrawer(mesh, [-x + 0.022, x - 0.022], -y + handle, [z, z + each - 0.01], handle, wood);
    }
  },
};

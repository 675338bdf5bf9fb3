/**
 * Wardrobe: a tall cabinet with two to four doors on a plinth. 0.80-2.00 m wide, 0.50-0.62 deep (hangers need 0.55
 * inside), 1.80-2.25 high (retail).
 */
import { PAINTS, shade, WOODS } from '../palette';
import { addDoor } from './drawer';
import type { Furniture } from './furniture';

export const wardrobe: Furniture = {
  category: 'wardrobe',
  size: { width: [0.8, 2], depth: [0.5, 0.62], height: [1.8, 2.25] },
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: { bedroom: { probability: 0.85, count: [1, 2] } },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([...WOODS, ...PAINTS]);
    const x = width / 2;
    const y = depth / 2;
    const handle = 0.04;
    mesh.box([-x + 0.02, -y + handle + 0.03, 0], [x - 0.02, y - 0.02, 0.08], shade(body, 0.6));
    mesh.box([-x + 0.008, -y + handle, 0.08], [x - 0.008, y, height - 0.04], body);
    mesh.box([-x, -y + 0.012, height - 0.04], [x, y, height], shade(body, 0.95), 0.01);
    const doors = Math.max(2, Math.round(width / 0.48));
    const each = (width - 0.02) / doors;
    for (let k = 0; k < doors; k++) {
      const x0 = -x + 0.01 + k * each;
      const handleX = k % 2 === 0 ? x0 + each - 0.05 : x0 + 0.05;
      addDoor(mesh, [x0 + 0.003, x0 + each - 0.003], -y + handle, [0.09, height - 0.05], handle, handleX, body);
    }
  },
};

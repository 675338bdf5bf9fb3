/**
 * Bed: frame, mattress, duvet, pillows, headboard. Mattresses are 0.90-1.80 m wide and 1.90-2.00 m long (EU sizes);
 * frames add 0.05-0.15 m; headboards end at 0.85-1.25 m.
 */
import { FABRICS, LINENS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const bed: Furniture = {
  category: 'bed',
  size: { width: [0.95, 1.95], depth: [2, 2.15], height: [0.85, 1.25] },
  matching: true,
  placement: { kind: 'wall', clearance: 0.5 },
  rooms: { bedroom: { probability: 1, count: [1, 2] } },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick(WOODS);
    const linen = random.pick(LINENS);
    const duvet = random.pick(FABRICS);
    const x = width / 2;
    const y = depth / 2;
    const rail = random.uniform(0.28, 0.36);
    const mattress = rail + random.uniform(0.14, 0.22);
    for (const sx of [-x + 0.05, x - 0.05])
      for (const sy of [-y + 0.05, y - 0.03]) mesh.leg(sx, sy, 0.16, 0.06, 0.05, wood);
    mesh.box([-x, -y, 0.14], [x, y - 0.05, rail], wood, 0.01);
    mesh.box([-x, y - 0.06, 0.14], [x, y, height], shade(wood, 0.92), 0.015);
    mesh.box([-x + 0.03, -y + 0.03, rail], [x - 0.03, y - 0.06, mattress], linen, 0.04);
    const fold = y - random.uniform(0.6, 0.8);
    mesh.box([-x + 0.012, -y + 0.012, mattress - 0.12], [x - 0.012, fold, mattress + 0.045], duvet, 0.04);
    mesh.box(
      [-x + 0.014, fold - 0.2, mattress - 0.1],
      [x - 0.014, fold + 0.02, mattress + 0.055],
      shade(linen, 0.97),
      0.03,
    );
    const pillows = width > 1.3 ? 2 : 1;
    for (let k = 0; k < pillows; k++) {
      const center = pillows === 1 ? 0 : (k - 0.5) * (width / 2);
      const half = Math.min(0.34, width / 2 / pillows - 0.07);
      mesh.box([center - half, y - 0.52, mattress], [center + half, y - 0.1, mattress + 0.13], linen, 0.055);
    }
  },
};

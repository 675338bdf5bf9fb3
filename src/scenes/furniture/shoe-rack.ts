/** Shoe rack: two or three shelves of slats with pairs of shoes. 0.50-0.90 m wide, 0.26-0.34 deep, 0.34-0.70 high (retail). */
import { BLACK, DARK_STEEL, FABRICS, PAINTS, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const shoeRack: Furniture = {
  category: 'shoe rack',
  size: { width: [0.5, 0.9], depth: [0.26, 0.34], height: [0.34, 0.7] },
  surface: 0.9,
  placement: { kind: 'wall', clearance: 0.3 },
  rooms: {
    bedroom: { probability: 0.35, count: [1, 2] },
    'living room': { probability: 0.15, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick([BLACK, DARK_STEEL, ...WOODS, ...PAINTS]);
    const x = width / 2;
    const y = depth / 2;
    for (const sx of [-x + 0.015, x - 0.015])
      for (const sy of [-y + 0.015, y - 0.015]) mesh.leg(sx, sy, height - 0.01, 0.03, 0.03, wood);
    const tiers = height > 0.5 ? 3 : 2;
    const pitch = (height - 0.08 - 0.018) / (tiers - 1);
    for (let k = 0; k < tiers; k++) {
      const z = 0.08 + k * pitch;
      mesh.box([-x, -y, z], [x, y, z + 0.018], wood);
      if (k === tiers - 1) break;
      for (let at = -x + 0.05; at + 0.2 < x - 0.03; at += 0.24) {
        if (random.next() < 0.25) continue;
        const leather = random.pick([BLACK, ...WOODS, ...FABRICS]);
        for (const shift of [0, 0.1]) {
          mesh.box([at + shift, -y + 0.01, z + 0.018], [at + shift + 0.085, y - 0.02, z + 0.06], leather, 0.02);
          mesh.box([at + shift + 0.008, 0, z + 0.05], [at + shift + 0.077, y - 0.03, z + 0.1], leather, 0.015);
        }
      }
    }
    mesh.fit([width, depth, height]);
  },
};

/**
 * Bookshelf: sides, back and shelves, partly filled with books. 0.40-1.20 m wide, 0.24-0.38 deep, 1.10-2.10 high;
 * shelves 0.30-0.38 m apart (retail).
 */
import { FABRICS, PAINTS, shade, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const bookshelf: Furniture = {
  category: 'bookshelf',
  size: { width: [0.4, 1.2], depth: [0.24, 0.38], height: [1.1, 2.1] },
  placement: { kind: 'wall', clearance: 0.4 },
  rooms: {
    'living room': { probability: 0.6, count: [1, 3] },
    office: { probability: 0.8, count: [1, 5] },
    bedroom: { probability: 0.3, count: [1, 2] },
    'dining room': { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const wood = random.pick([...WOODS, ...PAINTS.slice(0, 3)]);
    const x = width / 2;
    const y = depth / 2;
    const board = 0.022;
    for (const side of [-1, 1]) {
      const [x0, x1] = side < 0 ? [-x, -x + board] : [x - board, x];
      mesh.box([x0, -y, 0], [x1, y, height], wood);
    }
    mesh.box([-x + board, y - 0.008, 0.05], [x - board, y, height - board], shade(wood, 0.8), 0.001);
    const shelves = Math.max(3, Math.round((height - 0.05) / 0.34));
    const pitch = (height - 0.05 - board) / shelves;
    for (let k = 0; k <= shelves; k++) {
      const z = 0.05 + k * pitch;
      mesh.box([-x + board, -y + 0.004, z], [x - board, y - 0.008, z + board], wood);
      if (k === shelves) continue;
      // Books stand in rows of a few widths and colours; each row ends somewhere along the shelf.
      const end = -x + board + random.uniform(0.3, 1) * (width - 2 * board);
      let at = -x + board + 0.004;
      for (;;) {
        const thickness = random.uniform(0.035, 0.1);
        if (at + thickness > end) break;
        const tall = Math.min(pitch - board - 0.03, random.uniform(0.18, 0.29));
        const cover = shade(random.pick(FABRICS), random.uniform(0.6, 1.1));
        mesh.leaningBox([at, -y + 0.04], [at + thickness, y - 0.02], z + board, z + board + tall, [0, 0], cover);
        at += thickness + 0.003;
      }
    }
  },
};

/**
 * Book: two boards, a spine and a block of pages, lying. 0.125-0.22 m wide, 0.19-0.28 deep (from the B format, 129 x
 * 198 mm, to ISO 216 A4 less its margins), 0.015-0.05 thick.
 */
import { FABRICS, LINENS, shade } from '../palette';
import type { Furniture } from './furniture';

export const book: Furniture = {
  category: 'book',
  size: { width: [0.125, 0.22], depth: [0.19, 0.28], height: [0.015, 0.05] },
  placement: {
    kind: 'on',
    hosts: ['desk', 'table', 'coffee table', 'nightstand', 'dresser', 'tv stand', 'ottoman'],
    anchor: 'anywhere',
  },
  rooms: {
    'living room': { probability: 0.5, count: [1, 4] },
    office: { probability: 0.55, count: [1, 5] },
    bedroom: { probability: 0.45, count: [1, 3] },
  },
  build(mesh, { width, depth, height }, random) {
    const cover = shade(random.pick(FABRICS), random.uniform(0.6, 1.15));
    const [x, y] = [width / 2, depth / 2];
    const board = Math.min(0.003, height / 5);
    for (const z of [0, height - board]) mesh.box([-x, -y, z], [x, y, z + board], cover, 0.001);
    mesh.box([-x, -y, board], [-x + board, y, height - board], cover, 0.001);
    mesh.box([-x + board, -y + 0.004, board], [x - 0.005, y - 0.004, height - board], random.pick(LINENS), 0.001);
  },
};

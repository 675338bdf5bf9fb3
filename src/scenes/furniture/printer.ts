/** Printer: case with a paper tray below, an output shelf and a panel. 0.36-0.48 m wide, 0.30-0.42 deep, 0.16-0.34 high (data sheets). */
import { BLACK, DARK_STEEL, LINENS, SCREEN, shade, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const printer: Furniture = {
  category: 'printer',
  size: { width: [0.36, 0.48], depth: [0.3, 0.42], height: [0.16, 0.34] },
  proportional: true,
  placement: { kind: 'on', hosts: ['desk', 'cabinet', 'table'], anchor: 'back' },
  rooms: {
    office: { probability: 0.5, count: [1, 2] },
    bedroom: { probability: 0.1, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([WHITE, BLACK, DARK_STEEL]);
    const x = width / 2;
    const y = depth / 2;
    const shelf = 0.55 * height;
    mesh.box([-x, -y + 0.04, 0], [x, y, shelf], body, 0.008);
    mesh.box([-x, -y + 0.16, shelf], [x, y, height], shade(body, 0.95), 0.012);
    mesh.box([-x + 0.03, -y, 0.02], [x - 0.03, -y + 0.04, 0.3 * height], shade(body, 0.85), 0.004);
    mesh.box([-0.1, -y + 0.06, shelf], [0.1, -y + 0.17, shelf + 0.008], random.pick(LINENS), 0.001);
    mesh.box([x - 0.13, -y + 0.15, shelf + 0.15 * height], [x - 0.03, -y + 0.165, height - 0.015], SCREEN, 0.002);
  },
};

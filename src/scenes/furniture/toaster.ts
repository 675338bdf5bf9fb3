/** Toaster: a rounded case with two slots, a lever and a dial. 0.26-0.40 m wide, 0.16-0.20 deep, 0.17-0.21 high (data sheets). */
import { BLACK, DARK_STEEL, PAINTS, STEEL } from '../palette';
import type { Furniture } from './furniture';

export const toaster: Furniture = {
  category: 'toaster',
  size: { width: [0.26, 0.4], depth: [0.16, 0.2], height: [0.17, 0.21] },
  placement: { kind: 'on', hosts: ['counter', 'table'], anchor: 'back' },
  rooms: { kitchen: { probability: 0.6, count: [1, 1] } },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([STEEL, STEEL, BLACK, ...PAINTS]);
    const x = width / 2;
    const y = depth / 2;
    mesh.box([-x + 0.03, -y + 0.005, 0], [x - 0.01, y - 0.005, 0.02], BLACK);
    mesh.box([-x + 0.02, -y, 0.018], [x, y, height - 0.002], body, 0.02);
    for (const side of [-0.035, 0.035])
      mesh.box([-x + 0.06, side - 0.014, height - 0.006], [x - 0.05, side + 0.014, height], BLACK, 0.001);
    mesh.box([-x, -0.018, 0.6 * height], [-x + 0.03, 0.018, 0.6 * height + 0.022], DARK_STEEL, 0.004);
    mesh.bar([-x + 0.022, 0.04, 0.3 * height], [-x + 0.006, 0.04, 0.3 * height], 0.014, DARK_STEEL, 12);
    mesh.fit([width, depth, height]);
  },
};

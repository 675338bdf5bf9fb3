/** Desk telephone: a sloping case with keys and a display, the receiver at its side. 0.17-0.24 m wide, 0.17-0.23 deep, 0.08-0.13 high (data sheets). */
import { BLACK, DARK_STEEL, SCREEN, shade, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const telephone: Furniture = {
  category: 'telephone',
  size: { width: [0.17, 0.24], depth: [0.17, 0.23], height: [0.08, 0.13] },
  proportional: true,
  placement: { kind: 'on', hosts: ['desk', 'cabinet', 'nightstand'], anchor: 'anywhere' },
  rooms: {
    office: { probability: 0.4, count: [1, 3] },
    bedroom: { probability: 0.1, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([BLACK, DARK_STEEL, WHITE]);
    const x = width / 2;
    const y = depth / 2;
    const [low, high] = [0.3 * height, 0.75 * height];
    const slope = (at: number) => low + ((at + y) / depth) * (high - low);
    mesh.block(
      [
        [-x, -y, 0],
        [x, -y, 0],
        [x, y, 0],
        [-x, y, 0],
      ],
      [
        [-x, -y, low],
        [x, -y, low],
        [x, y, high],
        [-x, y, high],
      ],
      body,
    );
    const cradle = -x + 0.035;
    mesh.bar([cradle, -y + 0.02, slope(-y) + 0.03], [cradle, y - 0.02, slope(y) + 0.01], 0.012, shade(body, 0.8));
    for (const at of [-y + 0.035, y - 0.035])
      mesh.ellipsoid([cradle, at, slope(at) + 0.015], [0.026, 0.032, 0.022], shade(body, 0.8));
    const left = -x + 0.075;
    mesh.box([left, y - 0.06, slope(y - 0.06)], [x - 0.015, y - 0.01, height], SCREEN, 0.004);
    const cell = (x - 0.015 - left) / 3;
    for (let row = 0; row < 4; row++) {
      for (let column = 0; column < 3; column++) {
        const y0 = -y + 0.015 + row * 0.024;
        const x0 = left + column * cell;
        const z = slope(y0 + 0.01);
        mesh.box([x0 + 0.003, y0, z - 0.01], [x0 + cell - 0.003, y0 + 0.018, z + 0.008], STEEL, 0.002);
      }
    }
    mesh.fit([width, depth, height]);
  },
};

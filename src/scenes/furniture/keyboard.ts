/**
 * Keyboard: rows of keys on a flat case, six rows at the standard pitch of 19 mm (ISO 9241-410). 0.30-0.46 m wide,
 * 0.12-0.16 deep, 0.018-0.035 high (data sheets).
 */
import { BLACK, DARK_STEEL, shade, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const keyboard: Furniture = {
  category: 'keyboard',
  size: { width: [0.3, 0.46], depth: [0.12, 0.16], height: [0.018, 0.035] },
  proportional: true,
  placement: { kind: 'on', hosts: ['desk'], anchor: 'front' },
  rooms: {
    office: { probability: 0.7, count: [1, 4] },
    bedroom: { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const body = random.pick([BLACK, DARK_STEEL, STEEL, WHITE]);
    const keys = body === WHITE || body === STEEL ? WHITE : shade(body, 1.6);
    const [x, y] = [width / 2, depth / 2];
    const deck = 0.65 * height;
    mesh.box([-x, -y, 0], [x, y, deck], body, 0.004);
    const rows = 5;
    const pitch = (depth - 0.012) / rows;
    for (let row = 0; row < rows; row++) {
      const y0 = -y + 0.006 + row * pitch;
      // The space bar is one long key; other rows are shown in blocks of four keys.
      const cuts = row === 0 ? [0, 0.25, 0.62, 1] : [0, 0.2, 0.4, 0.6, 0.8, 1];
      for (let k = 0; k + 1 < cuts.length; k++) {
        const [x0, x1] = [cuts[k], cuts[k + 1]].map((t) => -x + 0.008 + t * (width - 0.016));
        mesh.box([x0 + 0.001, y0 + 0.001, deck - 0.001], [x1 - 0.001, y0 + pitch - 0.001, height], keys, 0.002);
      }
    }
  },
};

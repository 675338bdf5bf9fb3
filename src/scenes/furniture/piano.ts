/** Upright piano: case, keyboard shelf, keys, music desk and pedals. 1.40-1.53 m wide, 0.55-0.65 deep, 1.05-1.32 high (makers' sheets). */
import { BLACK, BRASS, shade, WHITE, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const piano: Furniture = {
  category: 'piano',
  size: { width: [1.4, 1.53], depth: [0.55, 0.65], height: [1.05, 1.32] },
  surface: 0.3,
  placement: { kind: 'wall', clearance: 0.8 },
  rooms: {
    'living room': { probability: 0.2, count: [1, 1] },
    'dining room': { probability: 0.1, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const lacquer = random.pick([BLACK, BLACK, WHITE, ...WOODS.slice(1)]);
    const x = width / 2;
    const y = depth / 2;
    const shelf = 0.64;
    const body = -y + 0.25;
    mesh.box([-x, body, 0.02], [x, y, height - 0.03], lacquer, 0.006);
    mesh.box([-x, body - 0.03, height - 0.03], [x, y, height], shade(lacquer, 0.95), 0.008);
    mesh.box([-x, -y, shelf - 0.05], [x, body, shelf], lacquer, 0.006);
    for (const side of [-1, 1]) {
      const [x0, x1] = side < 0 ? [-x, -x + 0.06] : [x - 0.06, x];
      mesh.box([x0, -y, shelf], [x1, body, shelf + 0.1], lacquer, 0.01);
      mesh.leg(side * (x - 0.045), -y + 0.05, shelf - 0.05, 0.07, 0.05, lacquer);
      mesh.box([x0, -y, 0], [x1, body, 0.06], lacquer, 0.008);
    }
    // 52 white keys of 23.5 mm, shown by the octave; black ones in between.
    const octaves = 7;
    const each = (width - 0.13) / octaves;
    for (let k = 0; k < octaves; k++) {
      const x0 = -x + 0.065 + k * each;
      mesh.box([x0 + 0.001, -y + 0.015, shelf], [x0 + each - 0.001, body, shelf + 0.02], WHITE, 0.002);
      for (const t of [1, 2, 4, 5, 6]) {
        const at = x0 + (t * each) / 7;
        mesh.box([at - 0.006, -y + 0.07, shelf + 0.02], [at + 0.006, body, shelf + 0.032], BLACK, 0.002);
      }
    }
    mesh.box(
      [-0.35, body - 0.02, shelf + 0.14],
      [0.35, body, Math.min(height - 0.06, shelf + 0.4)],
      shade(lacquer, 1.1),
    );
    for (const side of [-0.06, 0, 0.06])
      mesh.box([side - 0.012, body - 0.08, 0.04], [side + 0.012, body, 0.055], BRASS, 0.003);
    mesh.fit([width, depth, height]);
  },
};

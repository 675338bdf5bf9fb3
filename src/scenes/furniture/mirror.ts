/** Standing mirror: a framed pane between two posts on feet. 0.42-0.70 m wide, 0.36-0.48 deep, 1.45-1.85 high (retail). */
import { BLACK, BRASS, PAINTS, WATER, WOODS } from '../palette';
import type { Furniture } from './furniture';

export const mirror: Furniture = {
  category: 'mirror',
  size: { width: [0.42, 0.7], depth: [0.36, 0.48], height: [1.45, 1.85] },
  placement: { kind: 'wall', clearance: 0.4 },
  rooms: {
    bedroom: { probability: 0.4, count: [1, 1] },
    bathroom: { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const frame = random.pick([BLACK, BRASS, ...WOODS, ...PAINTS]);
    const x = width / 2;
    const y = depth / 2;
    for (const side of [-1, 1]) {
      const post = side * (x - 0.016);
      mesh.box([post - 0.016, -0.016, 0.03], [post + 0.016, 0.016, 0.62 * height], frame);
      mesh.box([post - 0.016, -y, 0], [post + 0.016, y, 0.035], frame, 0.008);
    }
    const inner = x - 0.04;
    const bar = 0.035;
    mesh.box([-inner, -0.015, 0.08], [inner, 0.015, 0.08 + bar], frame);
    mesh.box([-inner, -0.015, height - bar], [inner, 0.015, height], frame);
    for (const side of [-1, 1]) {
      const [x0, x1] = side < 0 ? [-inner, -inner + bar] : [inner - bar, inner];
      mesh.box([x0, -0.015, 0.08 + bar], [x1, 0.015, height - bar], frame);
      mesh.bar([side * (inner - 0.005), 0, 0.58 * height], [side * (x - 0.02), 0, 0.58 * height], 0.01, frame);
    }
    mesh.box([-inner + bar, -0.006, 0.08 + bar], [inner - bar, 0.008, height - bar], WATER, 0.001);
  },
};

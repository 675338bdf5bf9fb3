/**
 * Backpack: a packed bag with a front pocket, lid, two straps and a grip. 0.28-0.36 m wide, 0.16-0.25 deep, 0.42-0.55
 * high (daypacks of 18 to 30 litres, data sheets).
 */
import { BLACK, FABRICS, shade } from '../palette';
import type { Furniture } from './furniture';

export const backpack: Furniture = {
  category: 'backpack',
  size: { width: [0.28, 0.36], depth: [0.16, 0.25], height: [0.42, 0.55] },
  proportional: true,
  placement: { kind: 'beside', hosts: ['desk', 'bed', 'sofa', 'wardrobe'] },
  rooms: {
    office: { probability: 0.4, count: [1, 3] },
    bedroom: { probability: 0.35, count: [1, 2] },
    'living room': { probability: 0.2, count: [1, 1] },
  },
  build(mesh, { width, depth, height }, random) {
    const cloth = random.pick(FABRICS);
    const accent = shade(cloth, random.uniform(0.55, 0.8));
    const x = width / 2;
    const y = depth / 2;
    mesh.lathe(
      [0, 0.02, 0],
      [x, y * 0.75],
      [
        [0.92, 0],
        [1, 0.25 * height],
        [0.96, 0.6 * height],
        [0.8, 0.88 * height],
        [0.5, 0.96 * height],
        [0, 0.97 * height],
      ],
      cloth,
      { sides: 20, smooth: true, exponent: 3.5 },
    );
    mesh.box([-x * 0.7, -y, 0.05 * height], [x * 0.7, -y * 0.45, 0.45 * height], accent, 0.03);
    mesh.box([-x * 0.6, -y * 0.8, 0.52 * height], [x * 0.6, -y * 0.4, 0.72 * height], shade(cloth, 0.9), 0.02);
    for (const side of [-0.5, 0.5]) {
      mesh.box([side * x - 0.03, y * 0.7, 0.12 * height], [side * x + 0.03, y, 0.85 * height], BLACK, 0.01);
    }
    mesh.box([-0.035, y * 0.2, 0.93 * height], [0.035, y * 0.35, height], BLACK, 0.006);
    mesh.fit([width, depth, height]);
  },
};

/** Laundry basket: an open, ribbed vessel with two grips. 0.34-0.52 m across, 0.38-0.66 high (30 to 70 litres, retail). */
import { LINENS, shade, WOODS } from '../palette';
import type { Vec2 } from '../scene';
import type { Furniture } from './furniture';

export const basket: Furniture = {
  category: 'basket',
  size: { width: [0.34, 0.52], depth: [0.34, 0.52], height: [0.38, 0.66] },
  square: true,
  placement: { kind: 'wall', clearance: 0 },
  rooms: {
    bathroom: { probability: 0.55, count: [1, 2] },
    bedroom: { probability: 0.35, count: [1, 2] },
    'living room': { probability: 0.25, count: [1, 2] },
  },
  build(mesh, { width, height }, random) {
    const r = width / 2;
    const wicker = random.pick([...WOODS.slice(0, 4), ...LINENS]);
    const foot = random.uniform(0.76, 0.92);
    const rings = 6;
    // Woven rows swell and draw in by a little.
    const outside = Array.from({ length: 2 * rings + 1 }, (_, k): Vec2 => {
      const t = k / (2 * rings);
      return [(foot + (0.97 - foot) * t) * (k % 2 === 0 ? 0.965 : 1), t * (height - 0.03)];
    });
    const inside: Vec2[] = [
      [0.9, height],
      [foot - 0.08, 0.03],
      [0, 0.03],
    ];
    mesh.lathe([0, 0, 0], [r, r], [...outside, [1, height - 0.03], [1, height], ...inside], wicker, {
      sides: 20,
      exponent: random.pick([2, 4]),
    });
    for (const side of [-1, 1]) {
      mesh.box(
        [-0.06, side * r * 0.97 - 0.008, height - 0.12],
        [0.06, side * r * 0.97 + 0.008, height - 0.07],
        shade(wicker, 0.6),
        0.004,
      );
    }
    mesh.fit([width, width, height]);
  },
};

/** Table lamp: a turned foot with a shade. 0.32-0.60 m high, shades 0.18-0.34 across (retail). */
import { CERAMICS, POTS, SHADES } from '../palette';
import type { Furniture } from './furniture';
import { addLampshade } from './lampshade';

export const tableLamp: Furniture = {
  category: 'table lamp',
  size: { width: [0.18, 0.34], depth: [0.18, 0.34], height: [0.32, 0.6] },
  square: true,
  matching: true,
  placement: { kind: 'on', hosts: ['nightstand', 'dresser', 'desk'], anchor: 'back' },
  rooms: {
    bedroom: { probability: 0.8, count: [1, 3] },
    office: { probability: 0.35, count: [1, 2] },
    'dining room': { probability: 0.25, count: [1, 2] },
  },
  build(mesh, { width, height }, random) {
    const r = width * 0.36;
    const foot = height * 0.55;
    mesh.lathe(
      [0, 0, 0],
      [r, r],
      [
        [0.8, 0],
        [0.85, 0.02 * height],
        [0.62, 0.08 * height],
        [1, 0.28 * height],
        [0.55, 0.44 * height],
        [0.12, 0.48 * height],
        [0.1, foot + 0.12 * height],
      ],
      random.pick([...CERAMICS, ...POTS]),
      { smooth: true },
    );
    addLampshade(mesh, width / 2, foot, height, random.uniform(0.55, 0.9), random.pick(SHADES));
  },
};

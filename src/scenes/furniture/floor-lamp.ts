/** Floor lamp: base, pole and shade. 1.35-1.80 m high, shades 0.28-0.48 across (retail). */
import { BLACK, BRASS, SHADES, STEEL } from '../palette';
import type { Furniture } from './furniture';
import { addLampshade } from './lampshade';

export const floorLamp: Furniture = {
  category: 'floor lamp',
  size: { width: [0.28, 0.48], depth: [0.28, 0.48], height: [1.35, 1.8] },
  square: true,
  placement: { kind: 'corner' },
  rooms: {
    'living room': { probability: 0.6, count: [1, 3] },
    office: { probability: 0.35, count: [1, 2] },
    'dining room': { probability: 0.35, count: [1, 2] },
  },
  build(mesh, { width, height }, random) {
    const metal = random.pick([BLACK, BRASS, STEEL]);
    const shadeHeight = random.uniform(0.2, 0.3);
    mesh.cylinder(0, 0, 0, 0.025, 0.13, metal, 0.12);
    mesh.cylinder(0, 0, 0.02, height - 0.06, 0.012, metal);
    addLampshade(mesh, width / 2, height - shadeHeight, height, random.uniform(0.6, 0.95), random.pick(SHADES));
  },
};

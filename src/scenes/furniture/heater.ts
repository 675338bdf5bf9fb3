/** Heater: a ribbed radiator on feet. 0.60-1.40 m wide, 0.10-0.15 deep, 0.45-0.65 high (EN 442 panel and column types). */
import { shade, STEEL, WHITE } from '../palette';
import type { Furniture } from './furniture';

export const heater: Furniture = {
  category: 'heater',
  size: { width: [0.6, 1.4], depth: [0.1, 0.15], height: [0.45, 0.65] },
  matching: true,
  placement: { kind: 'wall', clearance: 0 },
  rooms: {
    'living room': { probability: 0.35, count: [1, 2] },
    bedroom: { probability: 0.4, count: [1, 2] },
    office: { probability: 0.4, count: [1, 3] },
    bathroom: { probability: 0.35, count: [1, 1] },
    'dining room': { probability: 0.35, count: [1, 2] },
  },
  build(mesh, { width, depth, height }) {
    const x = width / 2;
    const y = depth / 2;
    const valve = 0.06;
    const ribs = Math.round((width - valve) / 0.08);
    const pitch = (width - valve) / ribs;
    for (let k = 0; k < ribs; k++) {
      const x0 = -x + k * pitch;
      const z0 = k === 1 || k === ribs - 2 ? 0 : 0.08;
      mesh.box([x0, -y, z0], [x0 + pitch * 0.72, y, height], WHITE, 0.016);
    }
    for (const z of [0.13, height - 0.07]) mesh.bar([-x + 0.01, 0, z], [x - valve, 0, z], 0.02, shade(WHITE, 0.9));
    mesh.bar([x - valve - 0.005, 0, height - 0.07], [x, 0, height - 0.07], 0.018, STEEL);
  },
};

/** Derived channels against distances measured in space, and ids counted by hand. */
import { describe, expect, it } from 'vitest';
import { categoryIds, distanceToCamera } from '../../src/rendering/derived-channels';
import { renderInstances } from '../../src/rendering/software';
import { lookAt, SAMPLE_ROOM } from './fixtures';

describe('distanceToCamera', () => {
  it('is the length of the way from the eye to the point that the pixel shows', () => {
    const camera = { ...lookAt([-2.2, -1.7, 1.5], [0.5, 0.5, 0.8], 40, 30, 1.4) };
    const K = [...camera.K];
    [K[2], K[5], K[4]] = [17.3, 16.1, 1.2 * K[4]]; // Off centre, and pixels that are not square.
    const frame = renderInstances(SAMPLE_ROOM, { ...camera, K });
    const distance = distanceToCamera(frame, { K });
    const m = camera.cameraToWorld;
    for (let pixel = 0; pixel < distance.length; pixel++) {
      const z = frame.depth[pixel];
      const [x, y] = [((pixel % 40) + 0.5 - 17.3) / K[0], (Math.floor(pixel / 40) + 0.5 - 16.1) / K[4]];
      const point = [0, 4, 8].map((r) => m[r] * x * z + m[r + 1] * y * z + m[r + 2] * z + m[r + 3]);
      const way = Math.hypot(...point.map((p, axis) => p - m[4 * axis + 3]));
      expect(Math.abs(distance[pixel] - way)).toBeLessThan(1e-5);
    }
  });

  it('equals the depth on the axis and is infinite where nothing is', () => {
    const K = [2, 0, 0.5, 0, 2, 0.5, 0, 0, 1];
    const depth = Float32Array.from([3, Infinity]);
    expect([...distanceToCamera({ width: 2, height: 1, depth }, { K })]).toEqual([3, Infinity]);
  });
});

describe('categoryIds', () => {
  const objects = [
    { id: 4, category: 'lamp' },
    { id: 7, category: 'chair' },
    { id: 9, category: 'chair' },
  ];

  it('is the place of the category, from 1 on, and 0 on the shell', () => {
    const instances = Uint32Array.from([0, 4, 7, 9, 0]);
    expect([...categoryIds(instances, objects, ['bed', 'chair', 'lamp'])]).toEqual([0, 3, 2, 2, 0]);
  });

  it('refuses what it has no id for', () => {
    expect(() => categoryIds(Uint32Array.of(5), objects, ['chair', 'lamp'])).toThrow(/instance 5 is none/);
    expect(() => categoryIds(Uint32Array.of(4), objects, ['chair'])).toThrow(/'lamp' is not among the 1 categories/);
  });
});

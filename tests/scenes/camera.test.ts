/** Cameras: the pinhole model, and views that show something. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import { cameraLookingAt, cameraPosition, chooseCamera, projectPoint } from '../../src/scenes/camera';
import { pointToBoxDistance } from '../../src/scenes/geometry';
import { insidePolygon } from '../../src/scenes/plan';
import { synthesizeRoom } from '../../src/scenes/room';

describe('cameraLookingAt', () => {
  it('projects known points: the target to the centre, right to the right, up to the top', () => {
    const camera = cameraLookingAt([0, 0, 1.5], [0, 4, 1.5], Math.PI / 2, 640, 480);
    expect(projectPoint(camera, [0, 4, 1.5])).toEqual([320, 240, 4]);
    // 90 degrees across 640 pixels: the focal length is 320 pixels.
    const [x, y, depth] = projectPoint(camera, [1, 2, 1])!;
    expect(x).toBeCloseTo(320 + 160, 9);
    expect(y).toBeCloseTo(240 + 80, 9);
    expect(depth).toBeCloseTo(2, 9);
    expect(projectPoint(camera, [0, -1, 1.5])).toBeNull();
    expect(cameraPosition(camera)).toEqual([0, 0, 1.5]);
  });

  it('has a right-handed orthonormal pose that looks along the target, upright', () => {
    const coordinate = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(coordinate, coordinate, coordinate),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (eye, yaw) => {
          const target = [eye[0] + Math.cos(yaw), eye[1] + Math.sin(yaw), eye[2] - 0.3] as const;
          const m = cameraLookingAt(eye, target, 1.2, 320, 240).cameraToWorld;
          const column = (k: number) => [m[k], m[4 + k], m[8 + k]];
          const product = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
          for (let i = 0; i < 3; i++) {
            for (let j = 0; j < 3; j++) expect(product(column(i), column(j))).toBeCloseTo(i === j ? 1 : 0, 9);
          }
          const [r, d, f] = [column(0), column(1), column(2)];
          const determinant =
            r[0] * (d[1] * f[2] - d[2] * f[1]) -
            d[0] * (r[1] * f[2] - r[2] * f[1]) +
            f[0] * (r[1] * d[2] - r[2] * d[1]);
          expect(determinant).toBeCloseTo(1, 9);
          // x stays level and y points down.
          expect(column(0)[2]).toBeCloseTo(0, 9);
          expect(column(1)[2]).toBeLessThan(0);
        },
      ),
      { seed: 3 },
    );
  });

  it('refuses a view without a direction or an angle', () => {
    expect(() => cameraLookingAt([0, 0, 0], [0, 0, 1], 1, 64, 64)).toThrow(/straight above or below/);
    expect(() => cameraLookingAt([0, 0, 0], [1, 0, 0], 4, 64, 64)).toThrow(/field of view of 4/);
  });
});

describe('chooseCamera', () => {
  const views = Array.from({ length: 120 }, (_, seed) => {
    const { room } = synthesizeRoom(seed);
    return { room, camera: chooseCamera(room, stream(seed, 'camera'), { width: 256, height: 192 }) };
  });

  it('stands in the room at eye height, clear of the furniture', () => {
    for (const { room, camera } of views) {
      const eye = cameraPosition(camera);
      expect(insidePolygon([eye[0], eye[1]], room.polygon)).toBe(true);
      expect(eye[2]).toBeGreaterThanOrEqual(1.2);
      expect(eye[2]).toBeLessThanOrEqual(1.8);
      for (const { box } of room.objects) expect(pointToBoxDistance(eye, box)).toBeGreaterThan(0.05);
      const fieldOfView = 2 * Math.atan(camera.width / 2 / camera.K[0]);
      expect(fieldOfView).toBeGreaterThanOrEqual(Math.PI / 3 - 1e-9);
      expect(fieldOfView).toBeLessThanOrEqual(Math.PI / 2 + 1e-9);
    }
  });

  it('has most objects of most rooms in the image', () => {
    const shares = views.map(({ room, camera }) => {
      const seen = room.objects.filter(({ box }) => {
        const pixel = projectPoint(camera, box.centroid);
        return pixel !== null && pixel[0] >= 0 && pixel[0] < 256 && pixel[1] >= 0 && pixel[1] < 192;
      });
      expect(seen.length).toBeGreaterThanOrEqual(Math.min(2, room.objects.length));
      return seen.length / room.objects.length;
    });
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.6);
  });

  it('is fixed by its stream', () => {
    const { room } = views[0];
    const choose = (seed: number) => chooseCamera(room, stream(seed, 'camera'), { width: 256, height: 192 });
    expect(choose(1)).toEqual(choose(1));
    expect(choose(1)).not.toEqual(choose(2));
  });
});

/** Walk-throughs: smooth, clear of everything, and past most of what there is to see. */
import { describe, expect, it } from 'vitest';
import { renderInstances } from '../../src/rendering/software';
import { stream } from '../../src/random';
import { cameraPosition } from '../../src/scenes/camera';
import { pointToBoxDistance } from '../../src/scenes/geometry';
import { insidePolygon } from '../../src/scenes/plan';
import { synthesizeRoom } from '../../src/scenes/room';
import { roomMesh } from '../../src/scenes/room-mesh';
import { ROOM_TYPES } from '../../src/scenes/room-types';
import { walkThrough } from '../../src/scenes/walk-through';

const OPTIONS = { width: 64, height: 48, frames: 48, framesPerSecond: 2, maxSpeed: 1, maxTurnRate: Math.PI / 3 };
const walks = Array.from({ length: 60 }, (_, seed) => {
  const { room } = synthesizeRoom(seed, { roomType: ROOM_TYPES[seed % ROOM_TYPES.length].name });
  return { room, walk: walkThrough(room, stream(seed, 'walk'), OPTIONS) };
});
const yawOf = ({ cameraToWorld: m }: { cameraToWorld: readonly number[] }) => Math.atan2(m[6], m[2]);

describe('walkThrough', () => {
  it('gives the frames asked for, at their times, at one eye height', () => {
    for (const { walk } of walks) {
      expect(walk.map(({ time }) => time)).toEqual(Array.from({ length: 48 }, (_, k) => k / 2));
      const heights = new Set(walk.map(({ camera }) => cameraPosition(camera)[2]));
      expect(heights.size).toBe(1);
      for (const { camera } of walk) expect([camera.width, camera.height]).toEqual([64, 48]);
    }
  });

  it('moves and turns no faster than allowed', () => {
    for (const { walk } of walks) {
      for (const [k, { camera, time }] of walk.slice(1).entries()) {
        const seconds = time - walk[k].time;
        const [a, b] = [cameraPosition(walk[k].camera), cameraPosition(camera)];
        expect(Math.hypot(b[0] - a[0], b[1] - a[1]) / seconds).toBeLessThanOrEqual(1 + 1e-9);
        const turn = yawOf(camera) - yawOf(walk[k].camera);
        const angle = Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
        expect(angle / seconds).toBeLessThanOrEqual(Math.PI / 3 + 1e-9);
      }
    }
  });

  it('keeps clear of walls and of everything that stands on the floor', () => {
    for (const { room, walk } of walks) {
      for (const { camera } of walk) {
        const [x, y, z] = cameraPosition(camera);
        for (let k = 0; k < 8; k++) {
          const [px, py] = [x + 0.14 * Math.cos((k * Math.PI) / 4), y + 0.14 * Math.sin((k * Math.PI) / 4)];
          expect(insidePolygon([px, py], room.polygon)).toBe(true);
        }
        // Nothing within 0.14 m of the whole upright line from the floor to the eye.
        for (const { box } of room.objects) {
          const [low, high] = [box.centroid[2] - box.axesLengths[2] / 2, box.centroid[2] + box.axesLengths[2] / 2];
          if (low > z) continue;
          expect(pointToBoxDistance([x, y, Math.min(high, z)], box)).toBeGreaterThan(0.14);
        }
      }
    }
  });

  it('walks some metres where there is room', () => {
    const lengths = walks.map(({ walk }) =>
      walk.slice(1).reduce((sum, { camera }, k) => {
        const [a, b] = [cameraPosition(walk[k].camera), cameraPosition(camera)];
        return sum + Math.hypot(b[0] - a[0], b[1] - a[1]);
      }, 0),
    );
    expect(lengths.toSorted((a, b) => a - b)[30]).toBeGreaterThan(4);
  });

  it('shows most objects at some time, as rendered', () => {
    const shares = walks.slice(0, 18).map(({ room, walk }) => {
      const mesh = roomMesh(room);
      const pixels = new Map<number, number>();
      for (const { camera } of walk) {
        const counts = new Map<number, number>();
        for (const id of renderInstances(mesh, camera).instances) counts.set(id, (counts.get(id) ?? 0) + 1);
        for (const [id, count] of counts) pixels.set(id, Math.max(pixels.get(id) ?? 0, count));
      }
      return room.objects.filter(({ id }) => (pixels.get(id) ?? 0) >= 12).length / room.objects.length;
    });
    expect(Math.min(...shares)).toBeGreaterThan(0.6);
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.93);
  });

  it('is fixed by its stream, and holds one pose when asked for one', () => {
    const { room } = walks[0];
    const again = (seed: number) => walkThrough(room, stream(seed, 'walk'), OPTIONS);
    expect(again(0)).toEqual(walks[0].walk);
    expect(again(1)).not.toEqual(walks[0].walk);
    expect(walkThrough(room, stream(0, 'walk'), { ...OPTIONS, frames: 1 })).toHaveLength(1);
  });

  it('refuses senseless numbers and a room without floor', () => {
    const { room } = walks[0];
    const walk = (change: object) => walkThrough(room, stream(0, 'walk'), { ...OPTIONS, ...change });
    expect(() => walk({ frames: 0 })).toThrow(/0 frames; give a whole number/);
    expect(() => walk({ maxSpeed: 0 })).toThrow(/maxSpeed is 0/);
    const closet = [
      [0, 0],
      [0.3, 0],
      [0.3, 2],
      [0, 2],
    ] as const;
    expect(() => walkThrough({ ...room, polygon: closet }, stream(0, 'walk'), OPTIONS)).toThrow(/no free floor/);
  });
});

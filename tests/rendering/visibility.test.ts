/** Visible pixels and 2D boxes counted by hand; silhouettes against rooms from which all else was taken. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import { renderInstances } from '../../src/rendering/software';
import { amodalMask, amodalVisibilityOf, visibilityOf } from '../../src/rendering/visibility';
import { chooseCamera } from '../../src/scenes/camera';
import { synthesizeRoom } from '../../src/scenes/room';
import { roomMesh } from '../../src/scenes/room-mesh';
import type { Room } from '../../src/scenes/scene';

it('counts the pixels and bounds the box of every instance but the shell', () => {
  // prettier-ignore
  const instances = Uint32Array.from([
    0, 0, 4, 0,
    2, 4, 0, 0,
    0, 4, 4, 4,
  ]);
  expect(visibilityOf({ width: 4, height: 3, instances })).toEqual([
    { object: 2, pixels: 1, bbox: [0, 1, 1, 1] },
    { object: 4, pixels: 5, bbox: [1, 0, 3, 3] },
  ]);
});

describe('amodalVisibilityOf', () => {
  const views = [1, 2, 3, 4, 5, 6].map((seed) => {
    const { room } = synthesizeRoom(seed);
    const camera = chooseCamera(room, stream(seed, 'view'), { width: 96, height: 72, candidates: 2 });
    const frame = renderInstances(roomMesh(room), camera);
    return { room, camera, frame, amodal: amodalVisibilityOf(frame, camera, room.objects) };
  });

  it('counts the silhouette that the whole frame shows of a room with nothing else in it', () => {
    for (const { room, camera, amodal } of views) {
      for (const object of room.objects) {
        const bare: Room = { ...room, objects: [object] };
        // The shell must not hide what stands outside of it either: a silhouette has nothing in front of it.
        const { shell: _, ...rest } = bare;
        const empty = { ...rest, shell: { ...object.mesh, indices: new Uint32Array(0) } };
        const [alone] = visibilityOf(renderInstances(roomMesh(empty), camera));
        const measured = amodal.find((entry) => entry.object === object.id);
        if (!alone) {
          expect(measured).toBeUndefined();
          continue;
        }
        expect(measured).toMatchObject({ silhouettePixels: alone.pixels, silhouetteBox: alone.bbox });
      }
    }
  });

  it('keeps what is seen as it was, within the silhouette', () => {
    let [hidden, whole] = [0, 0];
    for (const { frame, amodal } of views) {
      const seen = visibilityOf(frame);
      expect(
        amodal.filter(({ pixels }) => pixels > 0).map(({ object, pixels, bbox }) => ({ object, pixels, bbox })),
      ).toEqual(seen);
      for (const { pixels, silhouettePixels, visibleFraction, bbox, silhouetteBox } of amodal) {
        expect(pixels).toBeLessThanOrEqual(silhouettePixels);
        expect(visibleFraction).toBe(pixels / silhouettePixels);
        if (pixels < silhouettePixels) hidden++;
        else whole++;
        if (pixels === 0) continue;
        expect(bbox[0]).toBeGreaterThanOrEqual(silhouetteBox[0]);
        expect(bbox[1]).toBeGreaterThanOrEqual(silhouetteBox[1]);
        expect(bbox[0] + bbox[2]).toBeLessThanOrEqual(silhouetteBox[0] + silhouetteBox[2]);
        expect(bbox[1] + bbox[3]).toBeLessThanOrEqual(silhouetteBox[1] + silhouetteBox[3]);
      }
    }
    expect(hidden).toBeGreaterThan(3);
    expect(whole).toBeGreaterThan(3);
  });

  it('masks the silhouette: all of the visible pixels, as many as are counted, within the box', () => {
    for (const { room, camera, frame, amodal } of views) {
      for (const object of room.objects) {
        const mask = amodalMask(object, camera);
        expect(frame.instances.every((id, pixel) => id !== object.id || mask[pixel] === 1)).toBe(true);
        const instances = Uint32Array.from(mask);
        const [measured] = visibilityOf({ ...frame, instances });
        const { silhouettePixels, silhouetteBox } = amodal.find((entry) => entry.object === object.id) ?? {};
        expect([measured?.pixels, measured?.bbox]).toEqual([silhouettePixels, silhouetteBox]);
      }
    }
  });

  it('gives an object behind another its silhouette and a fraction of 0, and one behind the eye nothing', () => {
    const quad = (z: number, half: number, id: number) => ({
      id,
      box: {
        centroid: [0, 0, z] as const,
        axesLengths: [2 * half, 2 * half, 0] as const,
        axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      },
      mesh: {
        positions: Float32Array.from([-half, -half, z, half, -half, z, half, half, z, -half, half, z]),
        normals: new Float32Array(12),
        colors: new Float32Array(12),
        indices: Uint32Array.from([0, 2, 1, 0, 3, 2]),
      },
    });
    const camera = {
      width: 16,
      height: 16,
      K: [8, 0, 8, 0, 8, 8, 0, 0, 1],
      cameraToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    };
    // At 2 m, 1 m is 4 pixels: the nearer quad covers 8 x 8 pixels; the farther, at 4 m, 4 x 4 behind it.
    const instances = new Uint32Array(256);
    for (let y = 4; y < 12; y++) instances.fill(1, 16 * y + 4, 16 * y + 12);
    const objects = [quad(2, 1, 1), quad(4, 1, 2), quad(-3, 1, 3)];
    expect(amodalVisibilityOf({ width: 16, height: 16, instances }, camera, objects)).toEqual([
      {
        object: 1,
        pixels: 64,
        bbox: [4, 4, 8, 8],
        silhouettePixels: 64,
        silhouetteBox: [4, 4, 8, 8],
        visibleFraction: 1,
      },
      {
        object: 2,
        pixels: 0,
        bbox: [0, 0, 0, 0],
        silhouettePixels: 16,
        silhouetteBox: [6, 6, 4, 4],
        visibleFraction: 0,
      },
    ]);
  });
});

/** Hand-made views: boxes put where a test wants them, seen as the test says. */
import type { Observation } from '../../src/tasks/family';
import type { Camera, SceneObject, Vec3 } from '../../src/scenes/scene';

const NO_MESH = {
  positions: new Float32Array(0),
  normals: new Float32Array(0),
  colors: new Float32Array(0),
  indices: new Uint32Array(0),
};

/** At (0, 0, 1), looking along +y: +x is to the right. */
export const CAMERA: Camera = {
  width: 64,
  height: 64,
  K: [32, 0, 32, 0, 32, 32, 0, 0, 1],
  cameraToWorld: [1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1, 0, 0, 0, 1],
};

/** A box of the given sides around `centroid`, turned by `yaw` radians. */
export function piece(id: number, category: string, centroid: Vec3, sides: Vec3 = [1, 1, 1], yaw = 0): SceneObject {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const box = { centroid, axesLengths: sides, axes: [c, s, 0, -s, c, 0, 0, 0, 1] };
  return { id, category, box, support: 0, mesh: NO_MESH };
}

/** The view of `objects` from CAMERA; `pixels` by id, 500 where not said, not listed as visible at 0. */
export function viewOf(
  objects: readonly SceneObject[],
  { pixels = {}, area = 20 }: { pixels?: Readonly<Record<number, number>>; area?: number } = {},
): Observation {
  const room = { seed: 0, type: 'office', polygon: [], height: 3, area, objects, shell: NO_MESH };
  const visible = objects
    .map(({ id }) => ({ object: id, pixels: pixels[id] ?? 500, bbox: [0, 0, 1, 1] as const }))
    .filter((seen) => seen.pixels > 0);
  return { room, camera: CAMERA, visible };
}

/** Hand-made views: boxes put where a test wants them, seen as the test says. */
import type { Observation, ObservedFrame } from '../../src/tasks/family';
import type { Camera, Room, SceneObject, Vec3 } from '../../src/scenes/scene';

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

/** How a test wants a view to be; pixels, boxes and visible fractions by id. */
interface ViewOptions {
  /** 500 where not said; not listed as visible at 0. */
  readonly pixels?: Readonly<Record<number, number>>;
  readonly boxes?: Readonly<Record<number, readonly [number, number, number, number]>>;
  readonly fractions?: Readonly<Record<number, number>>;
  readonly area?: number;
  readonly camera?: Camera;
  readonly time?: number;
}

/** One frame of `objects`, seen as the options say. Its image is empty. */
export function frameOf(objects: readonly SceneObject[], options: ViewOptions = {}): ObservedFrame {
  const { pixels = {}, boxes = {}, fractions = {}, camera = CAMERA, time = 0 } = options;
  const visible = objects
    .map(({ id }) => ({
      object: id,
      pixels: pixels[id] ?? 500,
      bbox: boxes[id] ?? ([0, 0, 1, 1] as const),
      ...(id in fractions ? { visibleFraction: fractions[id] } : {}),
    }))
    .filter((seen) => seen.pixels > 0);
  const size = camera.width * camera.height;
  return { camera, time, visible, instances: new Uint32Array(size), depth: new Float32Array(size).fill(Infinity) };
}

/** A room of 5 by 4 metres, or of `area` square metres, that holds `objects`. */
export function roomOf(objects: readonly SceneObject[], area = 20): Room {
  const polygon = [
    [0, 0],
    [5, 0],
    [5, area / 5],
    [0, area / 5],
  ] as const;
  return { seed: 0, type: 'office', polygon, height: 3, area, objects, shell: NO_MESH };
}

/** The still of `objects` from CAMERA, seen as the options say. */
export function viewOf(objects: readonly SceneObject[], options: ViewOptions = {}): Observation {
  return { room: roomOf(objects, options.area), frames: [frameOf(objects, options)] };
}

/**
 * The facts that questions are made of: which objects a view shows well enough to be asked about, where they lie as
 * seen from the camera, and how such facts are put into words. Every family draws its numbers from here, so that the
 * same fact has the same value and the same rounding in every answer and every chain of thought.
 *
 * In chains of thought a fact stands right behind the name of what it is about, and a side before its degrees: a policy
 * looks at an object where it reads its name, and learns to say there what it sees much sooner than words later.
 */
import * as exact from '../exact-math';
import { cameraPosition } from '../scenes/camera';
import { pointToBoxDistance } from '../scenes/geometry';
import type { Camera, SceneObject } from '../scenes/scene';
import type { Observation, ObservedFrame } from './family';

/** Share of the frame that an object must fill before a question may name it: 12 pixels of 64 x 64. */
const SMALLEST_SHARE = 12 / (64 * 64);

/** Pixels of `camera`'s frame that an object must show before a question may name it. */
export function pixelMinimum({ width, height }: Pick<Camera, 'width' | 'height'>): number {
  return SMALLEST_SHARE * width * height;
}

/** The objects of which some frame shows at least the pixel minimum. */
export function clearObjects({ room, frames }: Observation): SceneObject[] {
  const clear = new Set(
    frames.flatMap(({ camera, visible }) => {
      const minimum = pixelMinimum(camera);
      return visible.filter(({ pixels }) => pixels >= minimum).map(({ object }) => object);
    }),
  );
  return room.objects.filter(({ id }) => clear.has(id));
}

/** Objects by category, in their order. */
export function byCategory(objects: readonly SceneObject[]): Map<string, SceneObject[]> {
  const categories = new Map<string, SceneObject[]>();
  for (const object of objects) categories.set(object.category, [...(categories.get(object.category) ?? []), object]);
  return categories;
}

/**
 * Instances by category, of the categories that can be asked about: every instance in the room is clear in some frame.
 * One that is hidden would make the true count, or the true closest one, unknowable.
 */
export function shownCategories(observation: Observation): Map<string, SceneObject[]> {
  const clear = new Set(clearObjects(observation));
  const all = [...byCategory(observation.room.objects)];
  return new Map(all.filter(([, instances]) => instances.every((instance) => clear.has(instance))));
}

/** The objects that are the only one of their category in the room and show at least the pixel minimum. */
export function shownSingles(observation: Observation): SceneObject[] {
  return [...shownCategories(observation).values()].flatMap((instances) => (instances.length === 1 ? instances : []));
}

/** The frame of a still; null for a video, which has no one view that a question could be about. */
export function stillOf({ frames }: Observation): ObservedFrame | null {
  return frames.length === 1 ? frames[0] : null;
}

/** Distance from the camera's centre to the closest point of the object's box, metres. */
export function distanceToCamera(camera: Pick<Camera, 'cameraToWorld'>, { box }: Pick<SceneObject, 'box'>): number {
  return pointToBoxDistance(cameraPosition(camera), box);
}

/**
 * Direction of the object's centre on the floor plane, radians from the camera's forward axis: positive to the left
 * (counter-clockwise seen from above), in (-pi, pi].
 */
export function bearing(camera: Pick<Camera, 'cameraToWorld'>, { box }: Pick<SceneObject, 'box'>): number {
  const [x, y] = cameraPosition(camera);
  const { cameraToWorld: m } = camera;
  const [forwardX, forwardY] = [m[2], m[6]];
  const [toX, toY] = [box.centroid[0] - x, box.centroid[1] - y];
  return exact.atan2(forwardX * toY - forwardY * toX, forwardX * toX + forwardY * toY);
}

/**
 * Standing at `at`, facing `facing`: how far to turn on the floor plane to face `to`, between centres. Radians,
 * counter-clockwise (to the left) positive, in (-pi, pi].
 */
export function turnBetween(at: SceneObject, facing: SceneObject, to: SceneObject): number {
  const [p, o, q] = [at.box.centroid, facing.box.centroid, to.box.centroid];
  const [forwardX, forwardY, toX, toY] = [o[0] - p[0], o[1] - p[1], q[0] - p[0], q[1] - p[1]];
  return exact.atan2(forwardX * toY - forwardY * toX, forwardX * toX + forwardY * toY);
}

/** Distance of two objects' centres on the floor plane, metres. */
export function floorDistance({ box: a }: SceneObject, { box: b }: SceneObject): number {
  return exact.hypot(a.centroid[0] - b.centroid[0], a.centroid[1] - b.centroid[1]);
}

/** An angle in degrees from 0 to below 360. */
export function fullDegrees(radians: number): number {
  return ((((radians * 180) / Math.PI) % 360) + 360) % 360;
}

/** Metres to one decimal: '1.4'. */
export function inMetres(metres: number): string {
  return metres.toFixed(1);
}

/** Whole centimetres: '85'. */
export function inCentimetres(metres: number): string {
  return (100 * metres).toFixed(0);
}

/** A bearing in whole degrees: 'left 15', 'right 40', 'ahead'; with `unit`, 'left 15 degrees'. */
export function inDegrees(radians: number, unit = ''): string {
  const degrees = Math.round((Math.abs(radians) * 180) / Math.PI);
  return degrees === 0 ? 'ahead' : `${radians > 0 ? 'left' : 'right'} ${degrees}${unit}`;
}

/** 'The chair left 15 degrees, 2.3 m away.', with the two values that it rests on. */
export function locate(camera: Camera, object: SceneObject): { sentence: string; values: Record<string, number> } {
  const distance = distanceToCamera(camera, object);
  const direction = bearing(camera, object);
  return {
    sentence: `The ${object.category} ${inDegrees(direction, ' degrees')}, ${inMetres(distance)} m away.`,
    values: { [`distance_to_camera_${object.id}`]: distance, [`bearing_${object.id}`]: direction },
  };
}

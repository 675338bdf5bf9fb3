/** Straight ways between objects on the floor plane, and what stands in them. */
import { boxAxis } from '../scenes/geometry';
import type { SceneObject } from '../scenes/scene';

/** Whether the segment between the centres of `from` and `to` crosses the footprint of any other object on the floor. */
export function footprintsCrossed(from: SceneObject, to: SceneObject, objects: readonly SceneObject[]): boolean {
  return objects.some(
    (object) =>
      object !== from && object !== to && object.support === 0 && crosses(from.box.centroid, to.box.centroid, object),
  );
}

type Point = readonly [number, number, ...number[]];

/** Whether the segment p-q meets the rectangle under an upright box (the method of slabs, in the rectangle's axes). */
function crosses(p: Point, q: Point, { box }: SceneObject): boolean {
  let [enter, leave] = [0, 1];
  for (const k of [0, 1, 2]) {
    const axis = boxAxis(box, k);
    if (Math.abs(axis[2]) > 0.5) continue;
    const along = (point: Point) => (point[0] - box.centroid[0]) * axis[0] + (point[1] - box.centroid[1]) * axis[1];
    const [start, step, half] = [along(p), along(q) - along(p), box.axesLengths[k] / 2];
    if (step === 0) {
      if (Math.abs(start) >= half) return false;
      continue;
    }
    const [a, b] = [(-half - start) / step, (half - start) / step];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
  }
  return enter < leave;
}

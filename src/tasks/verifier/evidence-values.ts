/**
 * The numbers of a sample's evidence, recomputed from the scene file by their names: 'bearing_7', 'distance_3_5'. A name
 * that is not here is not evidence.
 */
import * as exact from '../../exact-math';
import { firstSeen, namedCameras, turnOf } from './camera-answers';
import { routeTurns } from './direction-answers';
import {
  areaOf,
  directionTo,
  distanceBetween,
  distanceToPoint,
  eyeOf,
  floorDistance,
  headingOf,
  passage,
  rayThrough,
  wrapped,
} from './geometry';
import { Disagreement, need, type Records } from './records';

type Recompute = (records: Records, parts: readonly number[], stated: number) => number;

const span = (records: Records, axis: 0 | 1) => {
  const along = records.scene.room.polygon.map((corner) => corner[axis]);
  return Math.max(...along) - Math.min(...along);
};
const firstObject = (records: Records) => records.object(records.sample.evidence.objects[0]);
/** Middle of what the image shows of an object, as a share of the image. */
const imageMiddle = (records: Records, id: number, axis: 0 | 1) => {
  const seen = records.seen(records.camera, records.object(id));
  need(seen !== null, `the image does not show object ${id}`);
  return (
    (seen.bbox_visib[axis] + seen.bbox_visib[axis + 2] / 2) /
    (axis === 0 ? records.camera.width : records.camera.height)
  );
};
/** How far the camera moved along a direction that lies `left` radians to the left of its first heading. */
const movedAlong = (records: Records, left: number) => {
  const cameras = namedCameras(records);
  const [a, b] = cameras.map(eyeOf);
  return floorDistance(a, b) * exact.cos(wrapped(directionTo(a, b) - headingOf(cameras[0]) - left));
};

const TABLE: readonly (readonly [RegExp, Recompute])[] = [
  [/^count$/, ({ sample }) => sample.evidence.objects.length],
  [
    /^bearing_(\d+)$/,
    (records, [id]) => {
      const [camera] = records.cameras;
      return wrapped(directionTo(eyeOf(camera), records.object(id).centroid) - headingOf(camera));
    },
  ],
  [/^distance_to_camera_(\d+)$/, (records, [id]) => distanceToPoint(records.object(id), eyeOf(records.cameras[0]))],
  [
    /^distance_to_center_(\d+)$/,
    (records, [id]) => {
      const eye = eyeOf(records.cameras[0]);
      return exact.hypot(...records.object(id).centroid.map((value, k) => value - eye[k]));
    },
  ],
  [
    /^distance$/,
    (records) => {
      const [a, b] = records.sample.evidence.objects.map((id) => records.object(id));
      return distanceBetween(a, b);
    },
  ],
  [/^distance_(\d+)_(\d+)$/, (records, [a, b]) => distanceBetween(records.object(a), records.object(b))],
  [/^side_x$/, (records) => firstObject(records).axes_lengths[0]],
  [/^side_y$/, (records) => firstObject(records).axes_lengths[1]],
  [/^side_z$/, (records) => firstObject(records).axes_lengths[2]],
  [/^longest$/, (records) => Math.max(...firstObject(records).axes_lengths)],
  [/^longest_(\d+)$/, (records, [id]) => Math.max(...records.object(id).axes_lengths)],
  [/^span_x$/, (records) => span(records, 0)],
  [/^span_y$/, (records) => span(records, 1)],
  [/^area$/, (records) => areaOf(records.scene.room.polygon)],
  [
    /^turn_(\d+)_(\d+)_(\d+)$/,
    (records, parts) => {
      const [at, facing, to] = parts.map((id) => records.object(id).centroid);
      return wrapped(directionTo(at, to) - directionTo(at, facing));
    },
  ],
  [
    /^route_turn_(\d+)$/,
    (records, [k]) => routeTurns(records.sample.evidence.objects.map((id) => records.object(id)))[k - 1],
  ],
  [/^image_x_(\d+)$/, (records, [id]) => imageMiddle(records, id, 0)],
  [/^image_y_(\d+)$/, (records, [id]) => imageMiddle(records, id, 1)],
  [
    /^visible_fraction_(\d+)$/,
    (records, [id]) => {
      const seen = records.seen(records.camera, records.object(id));
      need(seen !== null, `the image does not show object ${id}`);
      return seen.px_count_visib / seen.px_count_all;
    },
  ],
  [
    // The surface itself is not in the scene file; the object's box bounds where the point can be.
    /^point_distance_([12])$/,
    (records, [which], stated) => {
      const { camera } = records;
      const places = records.parse(/P at \((\d+), (\d+)\) or Q at \((\d+), (\d+)\)/).map(Number);
      const [x, y] = places.slice(2 * which - 2, 2 * which);
      const ray = rayThrough(camera, (x / 100) * camera.width, (y / 100) * camera.height);
      const range = passage(records.object(records.sample.evidence.objects[which - 1]), eyeOf(camera), ray);
      need(range !== null, 'a point lies beside its object');
      const [enter, leave] = [range[0] - 0.03, range[1] + 0.03];
      return Math.min(leave, Math.max(enter, stated));
    },
  ],
  [/^moved_forward$/, (records) => movedAlong(records, 0)],
  [/^moved_left$/, (records) => movedAlong(records, Math.PI / 2)],
  [
    /^displacement$/,
    (records) => {
      const [a, b] = namedCameras(records).map(eyeOf);
      return exact.hypot(...a.map((value, k) => b[k] - value));
    },
  ],
  [/^turned$/, (records) => turnOf(namedCameras(records))],
  [/^first_seen_(\d+)$/, (records, [id]) => firstSeen(records, records.object(id).category)?.shown ?? NaN],
];

/** The value called `name`, from the scene. `stated` is what the sample says: a point's distance is known in bounds. */
export function evidenceValue(records: Records, name: string, stated: number): number {
  for (const [pattern, recompute] of TABLE) {
    const match = pattern.exec(name);
    if (match) return recompute(records, match.slice(1).map(Number), stated);
  }
  throw new Disagreement(`the evidence names '${name}', which is no known value`);
}

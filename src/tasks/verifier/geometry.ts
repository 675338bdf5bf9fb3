/**
 * The verifier's own geometry, on the numbers of a scene file. It shares no code with the families, so that a mistake
 * there cannot hide here.
 */
import * as exact from '../../exact-math';
import type { CameraRecord, ObjectRecord } from '../../datasets/canonical';

type Numbers = readonly number[];

/** Where `camera` stands. */
export function eyeOf({ camera_to_world: m }: CameraRecord): number[] {
  return [m[3], m[7], m[11]];
}

/** Direction of the camera's optical axis on the floor plane, radians counter-clockwise from x. */
export function headingOf({ camera_to_world: m }: CameraRecord): number {
  return exact.atan2(m[6], m[2]);
}

/** Direction from one point to another on the floor plane, radians counter-clockwise from x. */
export function directionTo(from: Numbers, to: Numbers): number {
  return exact.atan2(to[1] - from[1], to[0] - from[0]);
}

/** The same angle in (-pi, pi]. */
export function wrapped(angle: number): number {
  const turns = Math.ceil(angle / (2 * Math.PI) - 0.5);
  return angle - 2 * Math.PI * turns;
}

/** Floor-plane distance of two points, metres. */
export function floorDistance(a: Numbers, b: Numbers): number {
  return exact.hypot(b[0] - a[0], b[1] - a[1]);
}

/** Area within a polygon by the shoelace formula, square metres. */
export function areaOf(polygon: readonly Numbers[]): number {
  const doubled = polygon.map(([x, y], index) => {
    const [nextX, nextY] = polygon[(index + 1) % polygon.length];
    return x * nextY - nextX * y;
  });
  return Math.abs(doubled.reduce((sum, value) => sum + value, 0)) / 2;
}

/** `point` in the box's own axes, from its centre. */
function inBox({ centroid, axes }: ObjectRecord, point: Numbers): number[] {
  return [0, 3, 6].map((first) => [0, 1, 2].reduce((sum, k) => sum + axes[first + k] * (point[k] - centroid[k]), 0));
}

/** Distance from `point` to the solid box, metres. */
export function distanceToPoint(box: ObjectRecord, point: Numbers): number {
  const beyond = inBox(box, point).map((along, k) => Math.max(0, Math.abs(along) - box.axes_lengths[k] / 2));
  return exact.hypot(...beyond);
}

/** The box's corners. */
export function cornersOf({ centroid, axes, axes_lengths: sides }: ObjectRecord): number[][] {
  const signs = [-0.5, 0.5];
  return signs.flatMap((i) =>
    signs.flatMap((j) =>
      signs.map((k) =>
        [0, 1, 2].map(
          (c) => centroid[c] + i * sides[0] * axes[c] + j * sides[1] * axes[3 + c] + k * sides[2] * axes[6 + c],
        ),
      ),
    ),
  );
}

/**
 * Smallest distance of two solid boxes, metres. A point of each is moved along one edge direction at a time to where
 * the two are closest: minimizing a convex function within bounds by coordinate descent, which reaches the minimum.
 */
export function distanceBetween(a: ObjectRecord, b: ObjectRecord): number {
  // The offset between the points, a's minus b's, is `offset` + sum of u[k] times steps[k], |u[k]| <= bounds[k].
  const steps = [a, b].flatMap(({ axes }, index) =>
    [0, 3, 6].map((first) => axes.slice(first, first + 3).map((value) => (index === 0 ? value : -value))),
  );
  const bounds = [...a.axes_lengths, ...b.axes_lengths].map((side) => side / 2);
  const offset = a.centroid.map((value, k) => value - b.centroid[k]);
  const u = bounds.map(() => 0);
  for (let sweep = 0; sweep < 20000; sweep++) {
    let moved = 0;
    for (const [k, step] of steps.entries()) {
      const wanted = u[k] - (offset[0] * step[0] + offset[1] * step[1] + offset[2] * step[2]);
      const next = Math.min(bounds[k], Math.max(-bounds[k], wanted));
      const change = next - u[k];
      for (let c = 0; c < 3; c++) offset[c] += change * step[c];
      u[k] = next;
      moved = Math.max(moved, Math.abs(change));
    }
    if (moved < 1e-12) break;
  }
  return exact.hypot(...offset);
}

/** The unit vector, in room coordinates, along which `camera` sees the pixel position (x, y). */
export function rayThrough({ K, camera_to_world: m }: CameraRecord, x: number, y: number): number[] {
  const right = (x - K[2]) / K[0];
  const down = (y - K[5]) / K[4];
  const ray = [0, 1, 2].map((row) => m[4 * row] * right + m[4 * row + 1] * down + m[4 * row + 2]);
  const length = exact.hypot(...ray);
  return ray.map((value) => value / length);
}

/** Where a ray of unit `direction` enters and leaves the box, metres from `origin`; null when it misses it. */
export function passage(box: ObjectRecord, origin: Numbers, direction: Numbers): readonly [number, number] | null {
  const start = inBox(box, origin);
  const towards = inBox(
    box,
    direction.map((value, k) => value + box.centroid[k]),
  );
  let [enter, leave] = [0, Infinity];
  for (let k = 0; k < 3; k++) {
    const half = box.axes_lengths[k] / 2;
    if (Math.abs(towards[k]) < 1e-15) {
      if (Math.abs(start[k]) > half) return null;
      continue;
    }
    const hits = [-half, half].map((side) => (side - start[k]) / towards[k]);
    enter = Math.max(enter, Math.min(...hits));
    leave = Math.min(leave, Math.max(...hits));
  }
  return enter <= leave ? [enter, leave] : null;
}

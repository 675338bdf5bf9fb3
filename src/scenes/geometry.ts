/**
 * Measuring oriented boxes: corners, exact smallest distances, and the box around an object's vertices. These are the
 * ground truth of the distance and size questions (VSI-Bench measures between the closest points of two oriented
 * boxes).
 */
import * as exact from '../exact-math';
import type { Bounds } from './mesh-builder';
import type { OrientedBox, TriangleMesh, Vec3 } from './scene';
import { combine, cross, distance, dot, subtract } from './vectors';

/** The 12 edges of a box as pairs of corners: corner i lies on the positive side of axis k where bit k of i is set. */
export const BOX_EDGES: readonly (readonly [number, number])[] = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
  [1, 2, 4].filter((bit) => !(corner & bit)).map((bit) => [corner, corner | bit] as const),
);

/** The box `local` (x, y, z extents around the object's origin) turned by `yaw` radians and moved to `position`. */
export function uprightBox(local: Bounds, position: Vec3, yaw: number): OrientedBox {
  const c = exact.cos(yaw);
  const s = exact.sin(yaw);
  const [x, y, z] = combine(local.min, 0.5, local.max, 0.5);
  return {
    centroid: [c * x - s * y + position[0], s * x + c * y + position[1], z + position[2]],
    axesLengths: subtract(local.max, local.min),
    axes: [c, s, 0, -s, c, 0, 0, 0, 1],
  };
}

/** Unit vector along axis `k` (0, 1 or 2) of `box`. */
export function boxAxis(box: OrientedBox, k: number): Vec3 {
  return [box.axes[3 * k], box.axes[3 * k + 1], box.axes[3 * k + 2]];
}

/** The 8 corners of `box`, metres; corner i lies on the positive side of axis k where bit k of i is set. */
export function boxCorners(box: OrientedBox): Vec3[] {
  const half = [0, 1, 2].map((k) => combine(boxAxis(box, k), box.axesLengths[k] / 2, [0, 0, 0], 0));
  return Array.from({ length: 8 }, (_, corner) => {
    let point = box.centroid;
    for (let k = 0; k < 3; k++) point = combine(point, 1, half[k], (corner >> k) & 1 ? 1 : -1);
    return point;
  });
}

/** Distance from `point` to the solid `box`, metres; 0 inside. */
export function pointToBoxDistance(point: Vec3, box: OrientedBox): number {
  const offset = subtract(point, box.centroid);
  const outside = (k: number) => Math.max(0, Math.abs(dot(offset, boxAxis(box, k))) - box.axesLengths[k] / 2);
  return exact.hypot(outside(0), outside(1), outside(2));
}

/** The point of the solid `box` that is closest to `point`, metres; `point` itself inside. */
export function closestPointInBox(point: Vec3, box: OrientedBox): Vec3 {
  const offset = subtract(point, box.centroid);
  let closest = box.centroid;
  for (let k = 0; k < 3; k++) {
    const axis = boxAxis(box, k);
    const half = box.axesLengths[k] / 2;
    closest = combine(closest, 1, axis, Math.min(half, Math.max(-half, dot(offset, axis))));
  }
  return closest;
}

/** Smallest distance between the two solid boxes, metres; 0 when they touch or intersect. */
export function boxDistance(a: OrientedBox, b: OrientedBox): number {
  return closestPoints(a, b)?.distance ?? 0;
}

/** Two points, one of either body, and how far apart they are, metres. */
export interface ClosestPoints {
  readonly from: Vec3;
  readonly to: Vec3;
  readonly distance: number;
}

/**
 * A point of `a` and one of `b` that are as close as the two solid boxes are; null when these touch or intersect. Exact:
 * two disjoint convex polyhedra are closest at a corner of one and a point of the other, or at two edges.
 */
export function closestPoints(a: OrientedBox, b: OrientedBox): ClosestPoints | null {
  if (boxOverlap(a, b) >= 0) return null;
  const cornersA = boxCorners(a);
  const cornersB = boxCorners(b);
  let closest: ClosestPoints | null = null;
  const offer = (length: number, pair: () => readonly [Vec3, Vec3]) => {
    if (closest !== null && length >= closest.distance) return;
    const [from, to] = pair();
    closest = { from, to, distance: length };
  };
  for (const corner of cornersA) offer(pointToBoxDistance(corner, b), () => [corner, closestPointInBox(corner, b)]);
  for (const corner of cornersB) offer(pointToBoxDistance(corner, a), () => [closestPointInBox(corner, a), corner]);
  for (const [p, q] of BOX_EDGES) {
    for (const [r, s] of BOX_EDGES) {
      const pair = closestOnSegments(cornersA[p], cornersA[q], cornersB[r], cornersB[s]);
      offer(distance(...pair), () => pair);
    }
  }
  return closest;
}

/**
 * How deeply two boxes interpenetrate, metres: the shortest move that parts them (separating axis theorem).
 * Negative when they are disjoint; its size is then only a lower bound of their distance.
 */
export function boxOverlap(a: OrientedBox, b: OrientedBox): number {
  const axesA = [0, 1, 2].map((k) => boxAxis(a, k));
  const axesB = [0, 1, 2].map((k) => boxAxis(b, k));
  const offset = subtract(b.centroid, a.centroid);
  const reach = (box: OrientedBox, axes: readonly Vec3[], direction: Vec3) =>
    axes.reduce((sum, axis, k) => sum + (Math.abs(dot(axis, direction)) * box.axesLengths[k]) / 2, 0);
  let smallest = Infinity;
  const test = (direction: Vec3) => {
    const squared = dot(direction, direction);
    // Two edges that are nearly parallel span no plane; the face normals decide for them.
    if (squared < 1e-10) return;
    const overlap = reach(a, axesA, direction) + reach(b, axesB, direction) - Math.abs(dot(offset, direction));
    smallest = Math.min(smallest, overlap / Math.sqrt(squared));
  };
  for (const axis of [...axesA, ...axesB]) test(axis);
  for (const u of axesA) for (const v of axesB) test(cross(u, v));
  return smallest;
}

/** Distance along the ray from `origin` along `direction` (any length, in units of it) to `box`, or null for a miss. */
export function rayBoxDistance(origin: Vec3, direction: Vec3, box: OrientedBox): number | null {
  const offset = subtract(origin, box.centroid);
  let near = 0;
  let far = Infinity;
  for (let k = 0; k < 3; k++) {
    const axis = boxAxis(box, k);
    const start = dot(offset, axis);
    const step = dot(direction, axis);
    const half = box.axesLengths[k] / 2;
    if (step === 0) {
      if (Math.abs(start) > half) return null;
      continue;
    }
    const t0 = (-half - start) / step;
    const t1 = (half - start) / step;
    near = Math.max(near, Math.min(t0, t1));
    far = Math.min(far, Math.max(t0, t1));
  }
  return near <= far ? near : null;
}

/** The bounds of the mesh's vertices in the frame of `box`: a tight box gives ± half its side lengths. */
export function meshBoundsIn(box: OrientedBox, mesh: TriangleMesh): Bounds {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  const axes = [0, 1, 2].map((k) => boxAxis(box, k));
  for (let i = 0; i < mesh.positions.length; i += 3) {
    const offset = subtract([mesh.positions[i], mesh.positions[i + 1], mesh.positions[i + 2]], box.centroid);
    for (let k = 0; k < 3; k++) {
      const along = dot(offset, axes[k]);
      min[k] = Math.min(min[k], along);
      max[k] = Math.max(max[k], along);
    }
  }
  return { min, max };
}

/** Closest points of the segments p-q and r-s, neither of length 0, one of either. */
function closestOnSegments(p: Vec3, q: Vec3, r: Vec3, s: Vec3): readonly [Vec3, Vec3] {
  const d1 = subtract(q, p);
  const d2 = subtract(s, r);
  const between = subtract(p, r);
  const a = dot(d1, d1);
  const e = dot(d2, d2);
  const b = dot(d1, d2);
  const c = dot(d1, between);
  const f = dot(d2, between);
  const denominator = a * e - b * b;
  // Parallel segments have many closest pairs; any start on the first one leads to one of them or to a corner.
  let u = denominator > 1e-12 * a * e ? clamp((b * f - c * e) / denominator) : 0;
  const v = clamp((b * u + f) / e);
  u = clamp((b * v - c) / a);
  return [combine(p, 1, d1, u), combine(r, 1, d2, v)];
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

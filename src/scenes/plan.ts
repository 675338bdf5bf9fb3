/**
 * Floor plans: simple polygons, counter-clockwise, in metres; and the upright rectangles that stand on them.
 */
import * as exact from '../exact-math';
import type { Vec2 } from './scene';

/** One wall of a plan: it runs from `start` along the unit vector `along`; `inward` points into the room. */
export interface Wall {
  readonly start: Vec2;
  readonly length: number;
  readonly along: Vec2;
  readonly inward: Vec2;
}

/** An upright box: a rectangle turned by `yaw` (radians) that reaches from z0 to z1. */
export interface Footprint {
  readonly center: Vec2;
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly yaw: number;
  readonly z0: number;
  readonly z1: number;
}

/** Area of a simple counter-clockwise polygon (shoelace formula), square metres. */
export function polygonArea(polygon: readonly Vec2[]): number {
  return (
    polygon.reduce((sum, [x, y], i) => {
      const [nextX, nextY] = polygon[(i + 1) % polygon.length];
      return sum + x * nextY - nextX * y;
    }, 0) / 2
  );
}

export function wallsOf(polygon: readonly Vec2[]): Wall[] {
  return polygon.map((start, i) => {
    const end = polygon[(i + 1) % polygon.length];
    const length = exact.hypot(end[0] - start[0], end[1] - start[1]);
    const along: Vec2 = [(end[0] - start[0]) / length, (end[1] - start[1]) / length];
    return { start, length, along, inward: [-along[1], along[0]] };
  });
}

/** The point `distance` metres along `wall` and `depth` metres into the room. */
export function wallPoint(wall: Wall, distance: number, depth: number): Vec2 {
  return [
    wall.start[0] + wall.along[0] * distance + wall.inward[0] * depth,
    wall.start[1] + wall.along[1] * distance + wall.inward[1] * depth,
  ];
}

/** Whether `point` lies inside `polygon` (even-odd rule). */
export function insidePolygon([x, y]: Vec2, polygon: readonly Vec2[]): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i];
    const [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Whether the straight line from `from` to `to` passes through a wall of `polygon`. */
export function wallBetween(from: Vec2, to: Vec2, polygon: readonly Vec2[]): boolean {
  const side = (u: Vec2, v: Vec2, w: Vec2) => (v[0] - u[0]) * (w[1] - u[1]) - (v[1] - u[1]) * (w[0] - u[0]) > 0;
  return polygon.some((a, i) => {
    const b = polygon[(i + 1) % polygon.length];
    return side(from, to, a) !== side(from, to, b) && side(a, b, from) !== side(a, b, to);
  });
}

/** The corners of `footprint`, grown by `margin` metres, counter-clockwise. */
function footprintCorners({ center, halfWidth, halfDepth, yaw }: Footprint, margin = 0): Vec2[] {
  const c = exact.cos(yaw);
  const s = exact.sin(yaw);
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([sx, sy]): Vec2 => {
    const x = sx * (halfWidth + margin);
    const y = sy * (halfDepth + margin);
    return [center[0] + c * x - s * y, center[1] + s * x + c * y];
  });
}

/** Whether `footprint`, grown by `margin` metres, lies inside `polygon`. */
export function footprintInside(footprint: Footprint, polygon: readonly Vec2[], margin: number): boolean {
  if (!footprintCorners(footprint, margin).every((corner) => insidePolygon(corner, polygon))) return false;
  // Walls may still cut through between the corners, at a reflex corner of the room.
  const half = [footprint.halfWidth + margin, footprint.halfDepth + margin];
  return polygon.every((start, i) => {
    const from = inFrame(start, footprint);
    const to = inFrame(polygon[(i + 1) % polygon.length], footprint);
    return !segmentEnters(from, to, half);
  });
}

/** Whether the segment between two points passes through the open rectangle |x| < half[0], |y| < half[1]. */
function segmentEnters(from: Vec2, to: Vec2, half: readonly number[]): boolean {
  let [enter, leave] = [0, 1];
  for (const axis of [0, 1] as const) {
    const step = to[axis] - from[axis];
    if (step === 0) {
      if (Math.abs(from[axis]) >= half[axis]) return false;
      continue;
    }
    const t0 = (-half[axis] - from[axis]) / step;
    const t1 = (half[axis] - from[axis]) / step;
    enter = Math.max(enter, Math.min(t0, t1));
    leave = Math.min(leave, Math.max(t0, t1));
  }
  return enter < leave;
}

/** `point` in the frame of `footprint`: x along its width, y along its depth, metres. */
function inFrame([x, y]: Vec2, { center, yaw }: Footprint): Vec2 {
  const c = exact.cos(yaw);
  const s = exact.sin(yaw);
  const [dx, dy] = [x - center[0], y - center[1]];
  return [c * dx + s * dy, -s * dx + c * dy];
}

/** The room coordinates of a point in the frame of `footprint`. */
export function fromFrame([x, y]: Vec2, { center, yaw }: Pick<Footprint, 'center' | 'yaw'>): Vec2 {
  const c = exact.cos(yaw);
  const s = exact.sin(yaw);
  return [center[0] + c * x - s * y, center[1] + s * x + c * y];
}

/** Whether two upright boxes come closer than `margin` metres sideways while their heights overlap. */
export function footprintsCollide(a: Footprint, b: Footprint, margin: number): boolean {
  const touch = 1e-6;
  if (a.z0 >= b.z1 - touch || b.z0 >= a.z1 - touch) return false;
  const dx = b.center[0] - a.center[0];
  const dy = b.center[1] - a.center[1];
  const cosine = Math.abs(exact.cos(a.yaw - b.yaw));
  const sine = Math.abs(exact.sin(a.yaw - b.yaw));
  // Separating axes: the two side directions of each rectangle.
  const apart = (of: Footprint, other: Footprint) => {
    const c = exact.cos(of.yaw);
    const s = exact.sin(of.yaw);
    const reachWidth = of.halfWidth + other.halfWidth * cosine + other.halfDepth * sine + margin;
    const reachDepth = of.halfDepth + other.halfWidth * sine + other.halfDepth * cosine + margin;
    return Math.abs(c * dx + s * dy) >= reachWidth || Math.abs(-s * dx + c * dy) >= reachDepth;
  };
  return !apart(a, b) && !apart(b, a);
}

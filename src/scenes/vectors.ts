/** Arithmetic on 3-vectors. */
import * as exact from '../exact-math';
import type { Vec3 } from './scene';

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** a * s + b * t. */
export function combine(a: Vec3, s: number, b: Vec3, t: number): Vec3 {
  return [a[0] * s + b[0] * t, a[1] * s + b[1] * t, a[2] * s + b[2] * t];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

export function distance(a: Vec3, b: Vec3): number {
  return exact.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The unit vector along `a`. Throws RangeError on the zero vector, which has no direction. */
export function normalized(a: Vec3): Vec3 {
  const length = exact.hypot(a[0], a[1], a[2]);
  if (length === 0) throw new RangeError('normalized: the zero vector has no direction');
  return [a[0] / length, a[1] / length, a[2] / length];
}

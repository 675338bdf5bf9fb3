/** Exact box distances, against an oracle that knows nothing of corners and edges. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxAxis,
  boxCorners,
  boxDistance,
  boxOverlap,
  pointToBoxDistance,
  rayBoxDistance,
} from '../../src/scenes/geometry';
import type { OrientedBox, Vec3 } from '../../src/scenes/scene';
import { add, combine, cross, distance, dot, normalized, subtract } from '../../src/scenes/vectors';

// fc.double favours tiny values, where boxes line up or touch; the even grid has them apart at all angles.
const within = (min: number, max: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: 1e6 }).map((k) => min + ((max - min) * k) / 1e6),
    fc.double({ min, max, noNaN: true }),
  );
const coordinate = within(-3, 3);
const side = within(0.05, 2.5);
const angle = within(-Math.PI, Math.PI);
const point = fc.tuple(coordinate, coordinate, coordinate);

/** A box of any orientation (half of them upright, as furniture is). */
const orientedBox = fc
  .tuple(point, fc.tuple(side, side, side), angle, fc.option(fc.tuple(angle, angle)))
  .map(([centroid, axesLengths, yaw, tilt]): OrientedBox => {
    const [pitch, roll] = tilt ?? [0, 0];
    const forward: Vec3 = [Math.cos(yaw) * Math.cos(pitch), Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch)];
    const helper: Vec3 = [-Math.sin(yaw), Math.cos(yaw), 0];
    const up = cross(forward, helper);
    const left = combine(helper, Math.cos(roll), up, Math.sin(roll));
    return { centroid, axesLengths, axes: [...forward, ...left, ...cross(forward, left)] };
  });

function closestPoint(p: Vec3, box: OrientedBox): Vec3 {
  let result = box.centroid;
  for (let k = 0; k < 3; k++) {
    const half = box.axesLengths[k] / 2;
    const along = dot(subtract(p, box.centroid), boxAxis(box, k));
    result = combine(result, 1, boxAxis(box, k), Math.min(half, Math.max(-half, along)));
  }
  return result;
}

/**
 * Alternating projections between the two convex sets (Cheney and Goldstein, 1959): converges to a closest pair from
 * above. Returns the distance reached, and the lower bound that the separating plane through the pair proves.
 */
function bracketDistance(a: OrientedBox, b: OrientedBox): { lower: number; upper: number } {
  let p = a.centroid;
  let q = closestPoint(p, b);
  for (let k = 0; k < 20000; k++) {
    const next = closestPoint(q, a);
    q = closestPoint(next, b);
    if (distance(next, p) < 1e-13) break;
    p = next;
  }
  const upper = distance(p, q);
  if (upper < 1e-9) return { lower: 0, upper };
  const direction = normalized(subtract(q, p));
  const highest = Math.max(...boxCorners(a).map((corner) => dot(corner, direction)));
  const lowest = Math.min(...boxCorners(b).map((corner) => dot(corner, direction)));
  return { lower: Math.max(0, lowest - highest), upper };
}

describe('boxDistance', () => {
  it('lies between the bounds that alternating projections prove', () => {
    let tight = 0;
    fc.assert(
      fc.property(orientedBox, orientedBox, (a, b) => {
        const { lower, upper } = bracketDistance(a, b);
        const measured = boxDistance(a, b);
        expect(measured).toBeGreaterThanOrEqual(lower - 1e-9);
        expect(measured).toBeLessThanOrEqual(upper + 1e-9);
        if (upper > 1e-6 && upper - lower < 1e-6) tight++;
      }),
      { numRuns: 400, seed: 11 },
    );
    // The bracket must have pinned the distance down in most of the disjoint cases, or this shows nothing.
    expect(tight).toBeGreaterThan(150);
  });

  it('is symmetric and does not change when both boxes move together', () => {
    fc.assert(
      fc.property(orientedBox, orientedBox, point, (a, b, shift) => {
        const measured = boxDistance(a, b);
        expect(boxDistance(b, a)).toBeCloseTo(measured, 9);
        const moved = (box: OrientedBox) => ({ ...box, centroid: add(box.centroid, shift) });
        expect(boxDistance(moved(a), moved(b))).toBeCloseTo(measured, 9);
      }),
      { numRuns: 200, seed: 12 },
    );
  });

  it('knows simple cases: a gap between faces, between edges, contact, containment', () => {
    const cube = (centroid: Vec3, axesLengths: Vec3 = [1, 1, 1]): OrientedBox => ({
      centroid,
      axesLengths,
      axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    expect(boxDistance(cube([0, 0, 0]), cube([3, 0.2, 0.3]))).toBeCloseTo(2, 12);
    expect(boxDistance(cube([0, 0, 0]), cube([4, 5, 0]))).toBeCloseTo(5, 12);
    expect(boxDistance(cube([0, 0, 0]), cube([1, 0, 0]))).toBe(0);
    expect(boxDistance(cube([0, 0, 0], [4, 4, 4]), cube([0.5, 0, 0]))).toBe(0);
    expect(boxOverlap(cube([0, 0, 0]), cube([0.9, 0, 0]))).toBeCloseTo(0.1, 12);
  });
});

describe('pointToBoxDistance', () => {
  it('is the distance to the closest point of the box', () => {
    fc.assert(
      fc.property(orientedBox, point, (box, p) => {
        expect(pointToBoxDistance(p, box)).toBeCloseTo(distance(p, closestPoint(p, box)), 9);
      }),
      { seed: 13 },
    );
  });
});

describe('rayBoxDistance', () => {
  it('meets the surface of the box, or the ray stays clear of it', () => {
    fc.assert(
      fc.property(orientedBox, point, point, (box, origin, target) => {
        fc.pre(distance(origin, target) > 1e-3);
        const direction = subtract(target, origin);
        const hit = rayBoxDistance(origin, direction, box);
        if (hit === null) {
          for (let t = 0; t < 20; t += 0.05) {
            expect(pointToBoxDistance(combine(origin, 1, direction, t), box)).toBeGreaterThan(0);
          }
        } else {
          expect(pointToBoxDistance(combine(origin, 1, direction, hit), box)).toBeLessThan(1e-9);
          if (hit > 1e-3) expect(pointToBoxDistance(combine(origin, 1, direction, hit - 1e-3), box)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200, seed: 14 },
    );
  });
});

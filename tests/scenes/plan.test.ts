/** Floor plans and footprints, against the three-dimensional box test and against sampled points. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { boxOverlap, uprightBox } from '../../src/scenes/geometry';
import { openingSpace, placeOpenings } from '../../src/scenes/openings';
import { placeFurniture } from '../../src/scenes/placement';
import {
  footprintInside,
  footprintsCollide,
  fromFrame,
  insidePolygon,
  polygonArea,
  wallPoint,
  wallsOf,
} from '../../src/scenes/plan';
import type { Footprint } from '../../src/scenes/plan';
import type { Vec2 } from '../../src/scenes/scene';

const L_SHAPE: readonly Vec2[] = [
  [0, 0],
  [5, 0],
  [5, 2.3],
  [2.1, 2.3],
  [2.1, 4],
  [0, 4],
];

// fc.double favours tiny values; an even grid fills the range.
const number = (min: number, max: number) => fc.integer({ min: 0, max: 1e6 }).map((k) => min + ((max - min) * k) / 1e6);
const footprint = fc
  .record({
    center: fc.tuple(number(0, 5), number(0, 4)),
    halfWidth: number(0.1, 1),
    halfDepth: number(0.1, 1),
    yaw: number(-4, 4),
    z0: number(0, 1),
    height: number(0.1, 2),
  })
  .map(({ height, ...rest }): Footprint => ({ ...rest, z1: rest.z0 + height }));

const boxOf = ({ center, halfWidth, halfDepth, yaw, z0, z1 }: Footprint) =>
  uprightBox(
    { min: [-halfWidth, -halfDepth, 0], max: [halfWidth, halfDepth, z1 - z0] },
    [center[0], center[1], z0],
    yaw,
  );

describe('footprintsCollide', () => {
  it('agrees with the separating axes of the solid boxes', () => {
    let collisions = 0;
    fc.assert(
      fc.property(footprint, footprint, (a, b) => {
        const overlap = boxOverlap(boxOf(a), boxOf(b));
        fc.pre(Math.abs(overlap) > 1e-5);
        expect(footprintsCollide(a, b, 0)).toBe(overlap > 0);
        if (overlap > 0) collisions++;
      }),
      { numRuns: 1500, seed: 21 },
    );
    expect(collisions).toBeGreaterThan(50);
  });
});

describe('footprintInside', () => {
  it('agrees with points sampled all over the rectangle, on an L-shaped plan', () => {
    let inside = 0;
    fc.assert(
      fc.property(footprint, (rectangle) => {
        const steps = Array.from({ length: 41 }, (_, k) => k / 20 - 1);
        const sampled = steps.every((u) =>
          steps.every((v) =>
            insidePolygon(fromFrame([u * rectangle.halfWidth, v * rectangle.halfDepth], rectangle), L_SHAPE),
          ),
        );
        // A micrometre keeps rectangles that touch a wall, where rounding decides, out of the comparison.
        const claimed = footprintInside(rectangle, L_SHAPE, 1e-6);
        if (claimed) expect(sampled).toBe(true);
        // Samples miss a corner that pokes in by less than their spacing, so the converse needs some room.
        if (sampled) expect(footprintInside(rectangle, L_SHAPE, -0.06)).toBe(true);
        if (claimed) inside++;
      }),
      { numRuns: 300, seed: 22 },
    );
    expect(inside).toBeGreaterThan(20);
  });
});

describe('wallsOf', () => {
  it('gives walls whose inward side lies in the room', () => {
    expect(polygonArea(L_SHAPE)).toBeCloseTo(5 * 2.3 + 2.1 * 1.7, 9);
    for (const wall of wallsOf(L_SHAPE)) {
      expect(insidePolygon(wallPoint(wall, wall.length / 2, 0.01), L_SHAPE)).toBe(true);
      expect(insidePolygon(wallPoint(wall, wall.length / 2, -0.01), L_SHAPE)).toBe(false);
    }
  });
});

describe('openings', () => {
  it('give each room one door and a window, which furniture leaves free, on an L-shaped plan too', () => {
    for (let seed = 0; seed < 40; seed++) {
      const walls = wallsOf(L_SHAPE);
      const openings = placeOpenings(walls, 2.5, stream(seed, 'openings'));
      expect(openings.filter(({ kind }) => kind === 'door')).toHaveLength(1);
      expect(openings.filter(({ kind }) => kind === 'window').length).toBeGreaterThanOrEqual(1);
      const wanted = FURNITURE.map((furniture) => {
        const [width, depth, height] = [furniture.size.width[0], furniture.size.depth[0], furniture.size.height[0]];
        return { furniture, size: { width, depth, height } };
      });
      const plan = { polygon: L_SHAPE, height: 2.5, walls, openings, passages: [] };
      const { placed } = placeFurniture(wanted, plan, stream(seed, 'placement'));
      expect(placed.length).toBeGreaterThan(3);
      for (const piece of placed) {
        expect(footprintInside(piece.footprint, L_SHAPE, 0)).toBe(true);
        for (const opening of openings)
          expect(boxOverlap(boxOf(piece.footprint), boxOf(openingSpace(opening)))).toBeLessThan(1e-6);
      }
    }
  });
});

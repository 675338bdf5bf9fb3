/** Shapes on pictures: where the camera puts them, cut before the eye, with labels that can be read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeLabels } from '../../../src/app/proof/labels';
import { ontoPlan, type Point, throughCamera } from '../../../src/app/proof/projection';
import type { RoomShape } from '../../../src/app/proof/proof';
import { cameraLookingAt, projectPoint } from '../../../src/scenes/camera';
import type { Vec3 } from '../../../src/scenes/scene';
import { stillOfRoom } from '../../tasks/records';

const line = (points: readonly Vec3[]): RoomShape => ({
  kind: 'line',
  points,
  label: 'x',
  tone: 'plain',
  arrow: false,
});
const camera = cameraLookingAt([0, 0, 1.5], [0, 2, 1.2], 1.2, 64, 64);
const distanceToStroke = ([x, y]: Point, stroke: readonly Point[]) =>
  Math.min(
    ...stroke.slice(1).map(([x1, y1], k) => {
      const [x0, y0] = stroke[k];
      const [dx, dy] = [x1 - x0, y1 - y0];
      const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
    }),
  );

test('a line’s image holds the image of every point of it before the eye, and is empty behind', () => {
  const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
  const point = fc.tuple(coordinate, coordinate, coordinate);
  fc.assert(
    fc.property(point, point, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, share) => {
      const [{ strokes }] = throughCamera(camera, [line([from, to])]);
      const between: Vec3 = [0, 1, 2].map((k) => from[k] + share * (to[k] - from[k])) as [number, number, number];
      const seen = projectPoint(camera, between);
      if (strokes.length === 0 || seen === null || seen[2] < 0.06) return;
      const scale = 1 + Math.hypot(seen[0], seen[1]);
      expect(distanceToStroke([seen[0], seen[1]], strokes[0])).toBeLessThan(1e-6 * scale);
    }),
  );
  const [{ strokes, anchor }] = throughCamera(camera, [
    line([
      [0, -1, 1],
      [1, -2, 1],
    ]),
  ]);
  expect(strokes).toEqual([]);
  expect(anchor).toBeNull();
});

test('a line along the line of sight is no line in the image, but is one on the plan', () => {
  const sight = line([
    [0, 0, 1.5],
    [0, 2, 1.2],
  ]);
  expect(throughCamera(camera, [sight])[0].strokes).toEqual([]);
  expect(ontoPlan([sight])[0].strokes).toEqual([
    [
      [0, -0],
      [0, -2],
    ],
  ]);
});

test('a box’s image holds all that is seen of the object', () => {
  for (const seed of [1, 2, 3]) {
    const { room, frames } = stillOfRoom(seed);
    for (const { object, bbox } of frames[0].visible) {
      const { box } = room.objects.find(({ id }) => id === object)!;
      const [{ strokes }] = throughCamera(frames[0].camera, [{ kind: 'box', box, label: '', tone: 'plain' }]);
      const points = strokes.flat();
      const [x, y, w, h] = bbox;
      expect(Math.min(...points.map(([px]) => px))).toBeLessThanOrEqual(x + 0.5);
      expect(Math.max(...points.map(([px]) => px))).toBeGreaterThanOrEqual(x + w - 0.5);
      expect(Math.min(...points.map(([, py]) => py))).toBeLessThanOrEqual(y + 0.5);
      expect(Math.max(...points.map(([, py]) => py))).toBeGreaterThanOrEqual(y + h - 0.5);
    }
  }
});

test('labels stay in the picture and off each other, however crowded their places', () => {
  const label = fc.record({
    text: fc.string({ minLength: 1, maxLength: 14 }),
    tone: fc.constant('plain' as const),
    at: fc.tuple(fc.double({ min: -20, max: 320, noNaN: true }), fc.double({ min: -20, max: 320, noNaN: true })),
  });
  fc.assert(
    // Over these, there may be no place left within five lines.
    fc.property(fc.array(label, { maxLength: 4 }), (labels) => {
      const placed = placeLabels(labels, 12, 300, 300);
      placed.forEach((a, index) => {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= 300.001 && a.y + a.height <= 300.001).toBe(true);
        for (const b of placed.slice(index + 1)) {
          const gaps = [b.x - a.x - a.width, a.x - b.x - b.width, b.y - a.y - a.height, a.y - b.y - b.height];
          expect(Math.max(...gaps)).toBeGreaterThan(-1e-3);
        }
      });
    }),
  );
});

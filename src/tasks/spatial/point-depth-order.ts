/** Point-to-point depth: which of two marked points of an image is closer to the camera. */
import * as exact from '../../exact-math';
import type { RandomStream } from '../../random';
import { cameraPosition } from '../../scenes/camera';
import { rayBoxDistance } from '../../scenes/geometry';
import type { OrientedBox, SceneObject, Vec3 } from '../../scenes/scene';
import { combine, normalized } from '../../scenes/vectors';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { clearObjects, inMetres, stillOf } from '../facts';
import { defineFamily, type Draft, type ObservedFrame } from '../family';

/** Smallest gap between what the two boxes allow as distances, metres. */
const SMALLEST_GAP = 0.1;
/** Largest difference of depth among a point's pixel and its neighbours, metres: no edges. */
const SMOOTH = 0.15;
/** How far outside its object's box a point may be measured, metres: a pixel is not a point. */
const TOLERANCE = 0.02;
const TRIES = 4;
/** Beyond every room, metres. */
const FAR = 1000;

/**
 * The points are whole percents of the image's width and height, each on an object, away from its edges. The ground
 * truth compares their distances to the camera's centre. On its way to a point a ray meets the box of the point's object
 * first, and one point's object ends, along its ray, before the other's begins along the other: so the boxes alone prove
 * the order. The chain of thought states what each point lies on and how far away it is.
 */
export const pointDepthOrder = defineFamily({
  name: 'point_depth_order',
  title: 'Depth of two points',
  description: 'Which of two points of the image is closer to the camera.',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    const still = stillOf(observation);
    if (!still) return [];
    const drafts: Draft[] = [];
    const points = random
      .shuffle(clearObjects(observation))
      .flatMap((object) => drawPoint(object, still, observation.room.objects, random) ?? []);
    points.forEach((first, index) => {
      for (const second of points.slice(index + 1)) {
        const gap = Math.max(first.nearest - second.farthest, second.nearest - first.farthest);
        if (gap < SMALLEST_GAP) continue;
        const [p, q] = random.shuffle([first, second]);
        const [closer, answer] = p.distance < q.distance ? ['P', letterOf(0)] : ['Q', letterOf(1)];
        drafts.push({
          question:
            `Which point is closer to the camera, P at (${p.place.join(', ')}) or Q at (${q.place.join(', ')})? ` +
            'Both are in percent of the image from its left and its top.',
          options: ['point P', 'point Q'],
          answer,
          reasoning:
            `P on the ${p.object.category} ${inMetres(p.distance)} m away. Q on the ${q.object.category} ` +
            `${inMetres(q.distance)} m away. The closest is ${closer}, ${answer}.`,
          evidence: {
            objects: [p.object.id, q.object.id],
            values: { point_distance_1: p.distance, point_distance_2: q.distance },
          },
          clarity: clarityOf(gap, SMALLEST_GAP, 1),
        });
      }
    });
    return random.shuffle(drafts);
  },
});

interface MarkedPoint {
  readonly object: SceneObject;
  /** Percent of the width from the left, of the height from the top. */
  readonly place: readonly [number, number];
  /** To the camera, metres. */
  readonly distance: number;
  /** The distances at which the point's ray enters and leaves the object's box, metres. */
  readonly nearest: number;
  readonly farthest: number;
}

function drawPoint(
  object: SceneObject,
  frame: ObservedFrame,
  objects: readonly SceneObject[],
  random: RandomStream,
): MarkedPoint | null {
  const { camera } = frame;
  const [left, top, width, height] = frame.visible.find((entry) => entry.object === object.id)!.bbox;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const place = [
      Math.round((100 * (left + random.uniform(0, width))) / camera.width),
      Math.round((100 * (top + random.uniform(0, height))) / camera.height),
    ] as const;
    const [x, y] = [(place[0] * camera.width) / 100, (place[1] * camera.height) / 100];
    const depth = smoothDepth(object.id, frame, Math.floor(x), Math.floor(y));
    if (depth === null) continue;
    const { K, cameraToWorld: m } = camera;
    const ray: Vec3 = [(x - K[2]) / K[0], (y - K[5]) / K[4], 1];
    const distance = depth * exact.hypot(...ray);
    const along = (k: number) => m[4 * k] * ray[0] + m[4 * k + 1] * ray[1] + m[4 * k + 2] * ray[2];
    const direction = normalized([along(0), along(1), along(2)]);
    const ranges = objects.flatMap(({ id, box }) => {
      const range = rangeInside(cameraPosition(camera), direction, box);
      return range === null ? [] : [{ id, ...range }];
    });
    const [first] = ranges.sort((a, b) => a.nearest - b.nearest);
    if (first?.id !== object.id) continue;
    const { nearest, farthest } = first;
    if (distance < nearest - TOLERANCE || distance > farthest + TOLERANCE) continue;
    return { object, place, distance, nearest, farthest };
  }
  return null;
}

/** Where the ray enters and leaves `box`, metres along the unit `direction`; null for a miss. */
function rangeInside(
  origin: Vec3,
  direction: Vec3,
  box: OrientedBox,
): Pick<MarkedPoint, 'nearest' | 'farthest'> | null {
  const nearest = rayBoxDistance(origin, direction, box);
  // The way back from behind everything enters where the way there leaves.
  const back = rayBoxDistance(combine(origin, 1, direction, FAR), combine(direction, -1, direction, 0), box);
  return nearest === null || back === null ? null : { nearest, farthest: FAR - back };
}

/** Planar depth of a pixel that shows `object` with all its neighbours, at nearly one depth; null elsewhere. */
function smoothDepth(object: number, { camera, instances, depth }: ObservedFrame, x: number, y: number): number | null {
  let [nearest, farthest] = [Infinity, -Infinity];
  for (let row = y - 1; row <= y + 1; row++) {
    for (let column = x - 1; column <= x + 1; column++) {
      if (row < 0 || column < 0 || row >= camera.height || column >= camera.width) return null;
      const pixel = row * camera.width + column;
      if (instances[pixel] !== object) return null;
      nearest = Math.min(nearest, depth[pixel]);
      farthest = Math.max(farthest, depth[pixel]);
    }
  }
  return farthest - nearest <= SMOOTH ? depth[y * camera.width + x] : null;
}

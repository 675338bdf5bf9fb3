/**
 * How hard a question is, from what makes it so: an answer close to being another, objects that are small in the image
 * or hidden in part, many objects to relate, a full room. Each reason is a number from 0 (easy) to 1 (hard), and the
 * difficulty is their weighted mean. The weights are a starting point for a curriculum, which measures the rest.
 */
import * as exact from '../exact-math';
import type { Difficulty, Observation } from './family';

const WEIGHTS = { narrow_margin: 3, small_objects: 3, occlusion: 2, objects_to_relate: 2, clutter: 1 } as const;

/** Shares of the frame at which an object is as small as a question may name, and as large as need be. */
const [SMALLEST_SHARE, AMPLE_SHARE] = [12 / (64 * 64), 0.06];
/** Objects at which a question relates many, and a room is full. */
const [MANY_RELATED, MANY_IN_ROOM] = [5, 20];

/**
 * The difficulty of a question about `objects` (ids). `clarity` in [0, 1] says how far its answer is from another one;
 * left out for a measurement, which has no margin. An object counts as the frame shows it that shows it best.
 */
export function difficultyOf(
  { room, frames }: Observation,
  objects: readonly number[],
  clarity: number | undefined,
): Difficulty {
  const views = objects.map((id) => {
    const shown = frames.flatMap(({ camera, visible }) =>
      visible
        .filter(({ object }) => object === id)
        .map(({ pixels, visibleFraction }) => ({ share: pixels / (camera.width * camera.height), visibleFraction })),
    );
    return shown.reduce((best, view) => (view.share > best.share ? view : best), { share: 0, visibleFraction: 1 });
  });
  const reasons: Partial<Record<keyof typeof WEIGHTS, number>> = {
    objects_to_relate: inUnit(objects.length / MANY_RELATED),
    clutter: inUnit(room.objects.length / MANY_IN_ROOM),
  };
  if (clarity !== undefined) reasons.narrow_margin = 1 - inUnit(clarity);
  if (views.length > 0) {
    const smallest = Math.max(SMALLEST_SHARE, Math.min(...views.map(({ share }) => share)));
    reasons.small_objects = inUnit(exact.log(AMPLE_SHARE / smallest) / exact.log(AMPLE_SHARE / SMALLEST_SHARE));
    const fractions = views.flatMap(({ visibleFraction }) => visibleFraction ?? []);
    if (fractions.length > 0) reasons.occlusion = 1 - inUnit(Math.min(...fractions));
  }
  const weighted = Object.entries(WEIGHTS).flatMap(([reason, weight]) => {
    const amount = reasons[reason as keyof typeof WEIGHTS];
    return amount === undefined ? [] : [{ weight, amount }];
  });
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return { value: weighted.reduce((sum, { weight, amount }) => sum + weight * amount, 0) / total, reasons };
}

/** Where `value` lies between `smallest` (0: a filter just passed) and `ample` (1). */
export function clarityOf(value: number, smallest: number, ample: number): number {
  return inUnit((value - smallest) / (ample - smallest));
}

function inUnit(value: number): number {
  return Math.min(1, Math.max(0, value));
}

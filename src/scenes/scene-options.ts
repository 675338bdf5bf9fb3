/**
 * Randomization as a config: what may vary from scene to scene, each as a range [lowest, highest] that a scene draws
 * from. Left out, a scene is as real rooms are. Widening the ranges is the usual domain randomization (Tobin et al.,
 * 2017).
 */
import type { OwnObject } from './own-object';
import { PLAN_SHAPES, type PlanShape } from './floor-plan';
import { ROOM_TYPES, type Range, type RoomTypeName } from './room-types';

/** What a room is drawn from. */
export interface RoomOptions {
  /** Left out: drawn from the seed. */
  readonly roomType?: RoomTypeName;
  /** Left out: drawn from the seed, most often a rectangle. */
  readonly shape?: PlanShape;
  /** At most this many pieces of furniture; left out: as many as the room type asks for. */
  readonly maxObjects?: number;
  /** Objects that a user brings (`ownObject`): each is placed once, wherever a part of the plan has a place for it. */
  readonly own?: readonly OwnObject[];
  /** Factor on how many pieces of a category a room holds; left out: 1. */
  readonly count?: Range;
  /** Factor on how often small things stand on tables, desks and counters; 0 for none; left out: 1. */
  readonly clutter?: Range;
  /** Factor on the light that surfaces return, as if the lamp were dimmed; left out: 1. */
  readonly light?: Range;
  /** Tint of the light from -1 (cold, blue) to 1 (warm, orange); left out: 0. */
  readonly warmth?: Range;
  /** Factor on the contrast between neighbouring boards, tiles and carpet squares; 0 for a plain floor; left out: 1. */
  readonly texture?: Range;
}

/** What a room and its cameras are drawn from. */
export interface SceneOptions extends RoomOptions {
  /** Height of the eye above the floor, metres. */
  readonly eyeHeight?: Range;
  /** Horizontal field of view, radians. */
  readonly fieldOfView?: Range;
}

/** The least and the largest value that makes sense. */
const LIMITS = {
  count: [0.1, 4],
  clutter: [0, 4],
  light: [0.1, 1.5],
  warmth: [-1, 1],
  texture: [0, 4],
  eyeHeight: [0.3, 2],
  fieldOfView: [0.35, 2.4],
} as const satisfies Partial<Record<keyof SceneOptions, Range>>;

/** Throws RangeError on an unknown room type or shape, a senseless limit, or a range beyond what makes sense. */
export function checkSceneOptions(options: SceneOptions): void {
  const { roomType, shape, maxObjects } = options;
  const types = ROOM_TYPES.map(({ name }) => name);
  if (roomType !== undefined && !types.includes(roomType)) {
    throw new RangeError(`no room type '${roomType}'; give one of ${types.join(', ')}`);
  }
  if (shape !== undefined && !PLAN_SHAPES.includes(shape)) {
    throw new RangeError(`no plan of shape '${shape}'; give one of ${PLAN_SHAPES.join(', ')}`);
  }
  if (maxObjects !== undefined && maxObjects !== Infinity && !(Number.isInteger(maxObjects) && maxObjects >= 1)) {
    throw new RangeError(`maxObjects is ${maxObjects}; give a whole number of at least 1`);
  }
  for (const [name, [least, most]] of Object.entries(LIMITS)) {
    const range = options[name as keyof typeof LIMITS];
    if (range === undefined) continue;
    const [low, high] = range;
    if (!(low >= least && low <= high && high <= most)) {
      throw new RangeError(`${name} is [${range.join(', ')}]; give [lowest, highest] within ${least} to ${most}`);
    }
  }
}

/**
 * Seeded random streams. Every random choice of the lab comes from one of these, never from `Math.random`, so that a
 * seed and a config fix a run.
 *
 * A stream is forked by name (`stream(seed, 'layout', 3)`): subsystems draw from streams of their own, and one more
 * draw in one of them changes nothing in the others.
 */
import * as exact from './exact-math';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A source of random numbers. Drawing from it moves it on. */
export interface RandomStream {
  /** A double in [0, 1). */
  next(): number;
  /** A double in [low, high). */
  uniform(low: number, high: number): number;
  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** A standard normal variate. */
  normal(): number;
  /** An element of `items`. Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A copy of `items` in random order. */
  shuffle<T>(items: readonly T[]): T[];
}

/** 32-bit FNV-1a hash of a path of names and numbers: the seed of a forked stream. */
export function hashSeed(...path: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of path.join('\u0000')) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash >>> 0;
}

/** The stream that `seed` and the names of `path` fix. */
export function stream(seed: number, ...path: readonly (string | number)[]): RandomStream {
  const generator = xoroshiro128plus(hashSeed(seed, ...path));
  const next = () => uniformFloat64(generator);
  return {
    next,
    uniform: (low, high) => low + (high - low) * next(),
    integer: (low, high) => uniformInt(generator, low, high),
    // Box-Muller; 1 - u keeps the logarithm away from 0.
    normal: () => Math.sqrt(-2 * exact.log(1 - next())) * exact.cos(2 * Math.PI * next()),
    pick: (items) => {
      if (items.length === 0) throw new RangeError('pick: the list is empty');
      return items[uniformInt(generator, 0, items.length - 1)];
    },
    shuffle: (items) => {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = uniformInt(generator, 0, i);
        [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
      }
      return shuffled;
    },
  };
}

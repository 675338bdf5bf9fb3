/**
 * Rooms that pass the whole inspection: a room that fails is drawn anew, a bounded number of times, and what was wrong
 * with each draw is told.
 */
import { hashSeed } from '../random';
import { inspectRoom } from './inspection';
import { synthesizeRoom, type SynthesizedRoom } from './room';
import type { RoomOptions } from './scene-options';
import type { Validation } from './validation';

/** Draws of one seed. About two rooms in three pass at once. */
const DRAWS = 10;

export interface InspectedRoom extends SynthesizedRoom {
  readonly validation: Validation;
  /** The problems of the draws before this one, in order. */
  readonly discarded: readonly (readonly string[])[];
}

/**
 * The first room of `seed` that passes `inspectRoom`; when none of `draws` does, the last one with its problems. The
 * room's own seed makes it again with `synthesizeRoom`. Throws as `synthesizeRoom` does.
 */
export function synthesizeInspectedRoom(seed: number, options: RoomOptions = {}, draws = DRAWS): InspectedRoom {
  const discarded: (readonly string[])[] = [];
  for (let draw = 0; ; draw++) {
    const synthesized = synthesizeRoom(draw === 0 ? seed : hashSeed(seed, 'redraw', draw), options);
    const validation = inspectRoom(synthesized.room);
    if (validation.ok || draw + 1 >= draws) return { ...synthesized, validation, discarded };
    discarded.push(validation.problems);
  }
}

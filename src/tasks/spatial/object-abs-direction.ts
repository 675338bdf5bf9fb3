/** How far to turn to face an object: the absolute form of VSI-Bench's relative direction. */
import { fullDegrees, inDegrees, turnBetween } from '../facts';
import { defineFamily } from '../family';
import { standpoints } from './object-rel-direction';

/** Turns closer to none than this are hard to tell from a full one, degrees. */
const SMALLEST_TURN = 10;

/**
 * The ground truth is the clockwise angle on the floor plane between centres, whole degrees. The three objects obey the
 * filters of the relative direction. The chain of thought states the shorter turn, then the clockwise one.
 */
export const objectAbsDirection = defineFamily({
  name: 'object_abs_direction',
  title: 'Absolute direction',
  description: 'Standing by one object and facing another: how many degrees clockwise is a third?',
  kind: 'number',
  unit: 'degrees',
  frames: 'image',
  strata: [40, 80, 130, 180, 240, 300],
  draft(observation, random) {
    return random.shuffle(standpoints(observation)).flatMap(({ at, facing, to }) => {
      const turn = turnBetween(at, facing, to);
      const clockwise = fullDegrees(-turn);
      if (clockwise < SMALLEST_TURN || clockwise > 360 - SMALLEST_TURN) return [];
      const answer = clockwise.toFixed(0);
      return [
        {
          question:
            `If I am standing by the ${at.category} and facing the ${facing.category}, ` +
            `by how many degrees do I have to turn clockwise to face the ${to.category}?`,
          answer,
          reasoning:
            `By the ${at.category}, facing the ${facing.category}, the ${to.category} ` +
            `${inDegrees(turn, ' degrees')}. Clockwise that is ${answer}.`,
          evidence: { objects: [at.id, facing.id, to.id], values: { [`turn_${at.id}_${facing.id}_${to.id}`]: turn } },
        },
      ];
    });
  },
});

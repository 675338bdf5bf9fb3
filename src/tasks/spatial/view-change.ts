/** View change: how the camera's heading changed between two frames of a video. */
import { betweenFrames, cameraMotions } from '../camera-motion';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { inDegrees } from '../facts';
import { defineFamily } from '../family';

/** Smaller turns are none, and larger ones could go either way round, degrees. */
const [SMALLEST_TURN, LARGEST_TURN] = [15, 165];
/** Any two options differ by at least this, degrees. */
const SMALLEST_DIFFERENCE = 20;
const OPTIONS = 4;

/**
 * The ground truth is the change of heading on the floor plane, the shorter way round, whole degrees. The options are
 * four turns to either side drawn alike, the truth among them, at least 20 degrees apart. The chain of thought names the
 * turn.
 */
export const viewChange = defineFamily({
  name: 'view_change',
  title: 'View change',
  description: 'By how much and to which side the camera turned between two frames.',
  kind: 'choice',
  unit: null,
  frames: 'video',
  strata: [],
  draft(observation, random) {
    return random.shuffle(cameraMotions(observation)).flatMap((motion) => {
      const { turned } = motion;
      const degrees = Math.round((turned * 180) / Math.PI);
      if (Math.abs(degrees) < SMALLEST_TURN || Math.abs(degrees) > LARGEST_TURN) return [];
      const turns = [degrees];
      while (turns.length < OPTIONS) {
        const turn = random.pick([-1, 1]) * random.integer(SMALLEST_TURN, LARGEST_TURN);
        if (turns.every((other) => Math.abs(other - turn) >= SMALLEST_DIFFERENCE)) turns.push(turn);
      }
      const shuffled = random.shuffle(turns);
      const answer = letterOf(shuffled.indexOf(degrees));
      const nearest = Math.min(...turns.slice(1).map((turn) => Math.abs(turn - degrees)));
      return [
        {
          question: `How did the camera turn ${betweenFrames(motion)}?`,
          options: shuffled.map((turn) => `${Math.abs(turn)} degrees ${turn > 0 ? 'left' : 'right'}`),
          answer,
          reasoning: `It turned ${inDegrees(turned, ' degrees')}. That is ${answer}.`,
          evidence: { objects: [], values: { turned } },
          clarity: clarityOf(nearest, SMALLEST_DIFFERENCE, 90),
        },
      ];
    });
  },
});

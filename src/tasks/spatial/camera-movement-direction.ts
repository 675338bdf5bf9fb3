/** In which direction the camera moved between two frames of a video, as VSTI-Bench asks for it. */
import * as exact from '../../exact-math';
import { betweenFrames, cameraMotions } from '../camera-motion';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { inMetres } from '../facts';
import { defineFamily } from '../family';
import { spread } from '../spread';

/** Shorter motions have no direction worth asking about, metres. */
const SHORTEST = 0.3;
/** Degrees from a boundary between two directions within which there is no question. */
const AMBIGUOUS = 10;
const DIRECTIONS = ['forward', 'left', 'backward', 'right'] as const;

/**
 * The ground truth is the direction of the motion on the floor plane relative to the first frame's heading: forward,
 * left, backward or right, a quarter turn each around its axis. Motions within 10 degrees of a boundary are dropped. The
 * chain of thought states the motion along the heading and across it.
 */
export const cameraMovementDirection = defineFamily({
  name: 'camera_movement_direction',
  title: 'Camera movement',
  description: 'In which direction the camera moved between two frames.',
  kind: 'choice',
  unit: null,
  frames: 'video',
  strata: [],
  draft(observation, random) {
    const drafts = cameraMotions(observation).flatMap((motion) => {
      const { forward, left } = motion;
      if (exact.hypot(forward, left) < SHORTEST) return [];
      const degrees = (exact.atan2(left, forward) * 180) / Math.PI;
      const quarter = Math.round(degrees / 90);
      const margin = 45 - Math.abs(degrees - 90 * quarter);
      if (margin < AMBIGUOUS) return [];
      const direction = DIRECTIONS[(quarter + 4) % 4];
      const options = random.shuffle(DIRECTIONS);
      const answer = letterOf(options.indexOf(direction));
      return [
        {
          question:
            `In which direction did the camera move ${betweenFrames(motion)}, ` +
            'relative to where it looked at the start?',
          options,
          answer,
          reasoning:
            `It moved ${inMetres(Math.abs(forward))} m ${forward >= 0 ? 'forward' : 'backward'} and ` +
            `${inMetres(Math.abs(left))} m ${left >= 0 ? 'left' : 'right'}. That is ${direction}, ${answer}.`,
          evidence: { objects: [], values: { moved_forward: forward, moved_left: left } },
          clarity: clarityOf(margin, AMBIGUOUS, 45),
        },
      ];
    });
    // People mostly walk forward.
    return spread(drafts, ({ options, answer }) => options[answer.charCodeAt(0) - 65], random);
  },
});

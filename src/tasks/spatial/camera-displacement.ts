/** How far the camera moved between two frames of a video, as VSTI-Bench asks for it. */
import { betweenFrames, cameraMotions } from '../camera-motion';
import { inMetres } from '../facts';
import { defineFamily } from '../family';

/** Smaller motions are none, larger ones leave the room, metres. */
const [SHORTEST, LONGEST] = [0.2, 10];

/**
 * The ground truth is the straight distance between the camera's centres, metres to one decimal. The chain of thought
 * states the motion along the first frame's heading and across it.
 */
export const cameraDisplacement = defineFamily({
  name: 'camera_displacement',
  title: 'Camera displacement',
  description: 'How far the camera moved between two frames, in metres.',
  kind: 'number',
  unit: 'm',
  frames: 'video',
  strata: [0.5, 0.9, 1.4, 2, 2.8],
  draft(observation, random) {
    return random.shuffle(cameraMotions(observation)).flatMap((motion) => {
      const { forward, left, displacement } = motion;
      if (displacement < SHORTEST || displacement > LONGEST) return [];
      const answer = inMetres(displacement);
      return [
        {
          question: `Approximately how far (in meters) did the camera move ${betweenFrames(motion)}?`,
          answer,
          reasoning:
            `It moved ${inMetres(Math.abs(forward))} m ${forward >= 0 ? 'forward' : 'backward'} and ` +
            `${inMetres(Math.abs(left))} m ${left >= 0 ? 'left' : 'right'}. That is ${answer} m.`,
          evidence: { objects: [], values: { moved_forward: forward, moved_left: left, displacement } },
        },
      ];
    });
  },
});

/**
 * How a camera moved between two frames of a video, as seen from the first of them: the facts of the questions about
 * the camera itself.
 */
import * as exact from '../exact-math';
import { cameraPosition } from '../scenes/camera';
import type { Observation } from './family';

export interface CameraMotion {
  /** Numbers of the two frames, from 1, and of all. */
  readonly from: number;
  readonly to: number;
  readonly of: number;
  /** On the floor plane along the first frame's heading and to its left; and upwards; metres. */
  readonly forward: number;
  readonly left: number;
  readonly up: number;
  /** Straight from centre to centre, metres. */
  readonly displacement: number;
  /** Change of heading, radians in (-pi, pi], to the left positive. */
  readonly turned: number;
}

/** The motions between every two frames; none in a still, which must not be asked about motion. */
export function cameraMotions({ frames }: Observation): CameraMotion[] {
  return frames.flatMap((first, i) =>
    frames.slice(i + 1).map((second, k): CameraMotion => {
      const [a, b] = [cameraPosition(first.camera), cameraPosition(second.camera)];
      const [headingA, headingB] = [first.camera, second.camera].map(({ cameraToWorld: m }) => exact.atan2(m[6], m[2]));
      const [dx, dy, up] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
      const [cos, sin] = [exact.cos(headingA), exact.sin(headingA)];
      return {
        from: i + 1,
        to: i + k + 2,
        of: frames.length,
        forward: dx * cos + dy * sin,
        left: dy * cos - dx * sin,
        up,
        displacement: exact.hypot(dx, dy, up),
        turned: exact.atan2(exact.sin(headingB - headingA), exact.cos(headingB - headingA)),
      };
    }),
  );
}

/** The number of frames that a question counts them by, 32 in 'between frame 3 and frame 15 of 32'; null where it counts none. */
export function framesCounted(question: string): number | null {
  const counted = /\bframe \d+ of (\d+)\b/.exec(question);
  return counted && Number(counted[1]);
}

/** 'between frame 3 and frame 15 of 32' */
export function betweenFrames({ from, to, of }: CameraMotion): string {
  return `between frame ${from} and frame ${to} of ${of}`;
}

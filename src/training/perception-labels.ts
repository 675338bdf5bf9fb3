/**
 * What frames are known to show, in classes: what a policy's pretraining teaches (perception.ts). Of each patch, its
 * category and distance; of each category that a prompt names, how many of it are seen, and where the only one is.
 */
import type { Picture } from './report';

/** Classes of a length: of equal ratio, from the shortest to the longest, metres; outer ones hold what lies beyond. */
interface Lengths {
  readonly classes: number;
  readonly shortest: number;
  readonly longest: number;
}

/** Distances from the camera: from the nearest to the farthest that rooms have. */
export const DISTANCES: Lengths = { classes: 24, shortest: 0.4, longest: 12 };

/** Longest sides of objects. */
export const SIZES: Lengths = { classes: 24, shortest: 0.1, longest: 4 };

/** Class of a length in metres. */
export function lengthClass(metres: number, { classes, shortest, longest }: Lengths): number {
  const share = Math.log(metres / shortest) / Math.log(longest / shortest);
  return Math.min(classes - 1, Math.max(0, Math.floor(share * classes)));
}

/**
 * Classes of a bearing: of `fine` degrees up to `wide` degrees on either side, where a frame shows what it shows, and of
 * `coarse` ones beyond.
 */
export const BEARINGS = { fine: 4, wide: 60, coarse: 15, classes: 46 } as const;

/** Class of a bearing in radians, positive to the left: from the right of what is behind to its left. */
export function bearingClass(radians: number): number {
  const { fine, wide, coarse, classes } = BEARINGS;
  const degrees = (radians * 180) / Math.PI;
  const beyond = (180 - wide) / coarse;
  if (degrees < -wide) return Math.max(0, Math.floor((degrees + 180) / coarse));
  if (degrees < wide) return beyond + Math.floor((degrees + wide) / fine);
  return Math.min(classes - 1, classes - beyond + Math.floor((degrees - wide) / coarse));
}

/** Class of the same bearing in a mirror. */
export function mirroredBearing(bearing: number): number {
  return BEARINGS.classes - 1 - bearing;
}

/** Classes of a share, equally wide. */
export const SHARES = 20;

/** Class of a share, from 0 to 1. */
export function shareClass(share: number): number {
  return Math.min(SHARES - 1, Math.floor(share * SHARES));
}

/** Class of what lies as far from the right as something of this class does from the left. */
export function mirroredShare(share: number): number {
  return SHARES - 1 - share;
}

/** Classes of a count: 0 to 3, and more. */
export const COUNTS = 5;

/** What a category's name is to tell, in classes; null is what the frames leave open, or what there is not one of. */
export interface NamedCategory {
  /** Class of the category. */
  readonly category: number;
  /** How many of it are seen. */
  readonly count: number | null;
  /** Where the only one of it is, from the first frame's camera, and how long its longest side is. */
  readonly bearing: number | null;
  readonly distance: number | null;
  readonly size: number | null;
  /** Of a still: how far from its left and its top the middle of the only one is, and how much of that is not hidden. */
  readonly across: number | null;
  readonly down: number | null;
  readonly visible: number | null;
}

/** One frame or several of a room, in order, with what they show. */
export interface LabelledView {
  readonly pictures: readonly Picture[];
  /** Class of each patch's category, frame by frame, row by row; 0 is the room itself. */
  readonly categories: Int32Array;
  /** Class of each patch's distance. */
  readonly distances: Int32Array;
  /** What a prompt names, in its order. */
  readonly named: readonly NamedCategory[];
}

/** Categories that a prompt of pretraining names. */
export const NAMED = 24;

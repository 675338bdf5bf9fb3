/**
 * The size of an object in words that people use: length and width along the floor, height above it.
 */
import type { OrientedBox } from '../scenes/scene';

export interface TrueSize {
  /** Metres; length is the longer of the two horizontal sides. */
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly longest: number;
}

/** Reads the size off a box: its height lies along the axis that is nearest to the vertical. */
export function trueSize({ axes, axesLengths }: OrientedBox): TrueSize {
  const steepness = [axes[2], axes[5], axes[8]].map(Math.abs);
  const vertical = steepness.indexOf(Math.max(...steepness));
  const [width, length] = axesLengths.filter((_, axis) => axis !== vertical).toSorted((a, b) => a - b);
  return { length, width, height: axesLengths[vertical], longest: Math.max(...axesLengths) };
}

/** Labels on a picture: each near its place, inside the picture, and beside the labels before it. */
import type { Tone } from './proof';
import type { Point } from './projection';

export interface Label {
  readonly text: string;
  readonly tone: Tone;
  readonly at: Point;
}

export interface PlacedLabel extends Label {
  /** Top left corner and size. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Width of a letter and height of a line, over the size of the type. */
const [LETTER, LINE] = [0.58, 1.35];
/** Rounding that is no overlap. */
const SLACK = 1e-6;
/** Moves that are tried, in lines: where it belongs, above, below, farther. */
const MOVES = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5];

/**
 * Places labels of `size` (height of the type) in a picture of `width` and `height`, all in its units. A label that has no
 * free place within a few lines is put where it belongs, over others.
 */
export function placeLabels(labels: readonly Label[], size: number, width: number, height: number): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  const line = LINE * size;
  for (const label of labels) {
    const wide = (label.text.length + 1) * LETTER * size;
    const x = clamp(label.at[0] - wide / 2, 0, width - wide);
    const y = clamp(label.at[1] - line / 2, 0, height - line);
    const candidates = MOVES.map((move) => ({ ...label, x, y: y + move * line, width: wide, height: line })).filter(
      (candidate) => candidate.y >= 0 && candidate.y + line <= height + SLACK,
    );
    placed.push(
      candidates.find((candidate) => placed.every((other) => apart(candidate, other))) ?? {
        ...label,
        x,
        y,
        width: wide,
        height: line,
      },
    );
  }
  return placed;
}

function apart(a: PlacedLabel, b: PlacedLabel): boolean {
  const [right, below] = [a.x + a.width, a.y + a.height];
  const beside = right <= b.x + SLACK || b.x + b.width <= a.x + SLACK;
  return beside || below <= b.y + SLACK || b.y + b.height <= a.y + SLACK;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

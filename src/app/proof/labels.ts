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
/** Moves that are tried: in lines up and down, in shares of the label's width to the sides. */
const MOVES = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5];
const SHIFTS = [0, -0.6, 0.6];
/** What a line up or down, and a label's width aside, cost; a covered point costs 1. */
const [MOVE_COST, SHIFT_COST] = [0.7, 1];

/**
 * Places labels of `size` (height of the type) in a picture of `width` and `height`, all in its units: as near to where
 * they belong as covers few of the points `kept`. A label that has no free place is put where it belongs, over others.
 */
export function placeLabels(
  labels: readonly Label[],
  size: number,
  width: number,
  height: number,
  kept: readonly Point[] = [],
): PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  const line = LINE * size;
  for (const label of labels) {
    const wide = (label.text.length + 1) * LETTER * size;
    const place = (move: number, shift: number): PlacedLabel => ({
      ...label,
      x: clamp(label.at[0] + (shift - 0.5) * wide, 0, width - wide),
      y: clamp(label.at[1] - line / 2, 0, height - line) + move * line,
      width: wide,
      height: line,
    });
    const free = MOVES.flatMap((move) =>
      SHIFTS.map((shift) => {
        const candidate = place(move, shift);
        const cost = MOVE_COST * Math.abs(move) + SHIFT_COST * Math.abs(shift) + covered(candidate, kept);
        return { candidate, cost };
      }),
    ).filter(
      ({ candidate }) =>
        candidate.y >= 0 && candidate.y + line <= height + SLACK && placed.every((other) => apart(candidate, other)),
    );
    const best = free.toSorted((a, b) => a.cost - b.cost).at(0);
    placed.push(best ? best.candidate : place(0, 0));
  }
  return placed;
}

function covered({ x, y, width, height }: PlacedLabel, points: readonly Point[]): number {
  return points.filter(([px, py]) => px > x && px < x + width && py > y && py < y + height).length;
}

function apart(a: PlacedLabel, b: PlacedLabel): boolean {
  const [right, below] = [a.x + a.width, a.y + a.height];
  const beside = right <= b.x + SLACK || b.x + b.width <= a.x + SLACK;
  return beside || below <= b.y + SLACK || b.y + b.height <= a.y + SLACK;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

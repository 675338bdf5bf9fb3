/** Which groups of a step are shown: as many as may be read back. */
import { expect, test } from 'vitest';
import { shownFrames } from '../../src/training/completions';

/** 64x64 pixels, as the shipped policy sees them. */
const sizes = { generations: 8, max_completion_length: 72, bytesPerFrame: 3 * 64 ** 2 };

function bytes(shown: readonly (readonly number[])[], { generations, max_completion_length, bytesPerFrame } = sizes) {
  return shown.length * generations * max_completion_length * 4 + shown.flat().length * bytesPerFrame;
}

test('four groups of stills are shown, of videos one with all four frames', () => {
  expect(shownFrames([1, 1, 1, 1, 1, 1, 1, 1], sizes)).toEqual([[0], [0], [0], [0]]);
  expect(shownFrames([4, 1, 4], sizes)).toEqual([[0, 1, 2, 3]]);
  expect(shownFrames([1, 2, 4, 1], sizes)).toEqual([[0], [0, 1]]);
});

test('a question without pictures is shown by its words', () => {
  expect(shownFrames([0, 4, 0], sizes)).toEqual([[], [0, 1, 2, 3], []]);
});

test('of a video that is too large the frames that fit are shown, spread over time', () => {
  const larger = { ...sizes, bytesPerFrame: 3 * 96 ** 2 };
  expect(shownFrames([4, 1], larger)).toEqual([[0, 2]]);
  expect(shownFrames([4, 1], { ...sizes, bytesPerFrame: 1e6 })).toEqual([[]]);
});

test('whatever a step is like, what is shown stays within 64 KiB', () => {
  for (const prompts of [1, 8, 64]) {
    for (const generations of [2, 8, 32]) {
      for (const side of [16, 64, 128]) {
        for (const count of [0, 1, 4]) {
          const own = { generations, max_completion_length: 96, bytesPerFrame: 3 * side ** 2 };
          const shown = shownFrames(Array<number>(prompts).fill(count), own);
          const figures = prompts * generations * 6 * 4;
          if (shown.length > 0) expect(bytes(shown, own) + figures).toBeLessThanOrEqual(63 * 1024);
        }
      }
    }
  }
});

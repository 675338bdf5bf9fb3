/** The metrics and the guesser against sums done by hand. */
import { describe, expect, it } from 'vitest';
import { BlindBaseline, type BlindSample } from '../../src/datasets/blind-baseline';
import { meanRelativeAccuracy } from '../../src/datasets/metrics';

function number(split: string, value: number, categories: string[] = [], task = 'size'): BlindSample {
  return { task, kind: 'number', options: null, answer: String(value), answer_value: value, split, categories };
}

function choice(split: string, answer: string, options: string[]): BlindSample {
  return { task: 'pick', kind: 'choice', options, answer, answer_value: null, split, categories: [] };
}

function scoresOf(samples: readonly BlindSample[]) {
  const baseline = new BlindBaseline();
  for (const sample of samples) baseline.add(sample);
  return baseline.scores();
}

describe('meanRelativeAccuracy', () => {
  it.each([
    [10, 10, 1],
    // 5 % off is within all ten bounds, the smallest included; 10 % within nine.
    [9.5, 10, 1],
    [9, 10, 0.9],
    [11, 10, 0.9],
    [7, 10, 0.5],
    [5, 10, 0.1],
    [4.99, 10, 0],
    [16, 10, 0],
  ])('of %d for %d is %d', (prediction, truth, expected) => {
    expect(meanRelativeAccuracy(prediction, truth)).toBeCloseTo(expected, 12);
  });
});

describe('BlindBaseline', () => {
  it('answers the constant that is best on train and scores it on test', () => {
    const [score] = scoresOf([
      number('train', 2),
      number('train', 2),
      number('train', 8),
      number('test', 2),
      number('test', 8),
    ]);
    expect(score).toEqual({ task: 'size', train: 3, test: 2, byTask: 0.5, byCategories: 0.5 });
  });

  it('takes a constant between the truths where that is better', () => {
    // 1.05 of 100 and 0.95 of 110.5 are close: one number within 5 % of both earns all.
    const [score] = scoresOf([number('train', 100), number('train', 110), number('test', 100), number('test', 110)]);
    expect(score.byTask).toBeCloseTo(1, 12);
  });

  it('answers by the categories named, and by the task where train lacks them', () => {
    const train = [number('train', 200, ['sofa']), number('train', 40, ['lamp']), number('train', 200, ['bed'])];
    const [score] = scoresOf([...train, number('test', 40, ['lamp']), number('test', 200, ['desk'])]);
    expect(score.byTask).toBeCloseTo(0.5, 12);
    expect(score.byCategories).toBeCloseTo(1, 12);
  });

  it('guesses a letter or the text of an option, whichever is better', () => {
    const [byText] = scoresOf([
      choice('train', 'A', ['left', 'right']),
      choice('train', 'B', ['right', 'left']),
      choice('test', 'B', ['right', 'left']),
    ]);
    expect(byText.byTask).toBe(1);
    const [byLetter] = scoresOf([
      choice('train', 'A', ['bed', 'sofa']),
      choice('train', 'A', ['lamp', 'sofa']),
      choice('test', 'A', ['desk', 'sofa']),
    ]);
    expect(byLetter.byTask).toBe(1);
  });

  it('leaves out tasks that one of the splits lacks', () => {
    expect(scoresOf([number('train', 2), number('test', 2, [], 'other'), number('validation', 3)])).toEqual([]);
  });
});

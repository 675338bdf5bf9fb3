/** Intervals over seeds and scenes: cases that can be worked out by hand, and coverage where the truth is known. */
import { describe, expect, test } from 'vitest';
import { estimate } from '../../../src/evaluation/reproduction/bootstrap';
import { type RandomStream, stream } from '../../../src/random';

const apart = (count: number) => Array.from({ length: count }, (_, question) => `scene ${question}`);
const width = ({ interval: [low, high] }: ReturnType<typeof estimate>) => high - low;

/** Scores of seeds and questions: a normal effect of each seed, of each question and of each answer. */
function crossed(
  random: RandomStream,
  seeds: number,
  questions: number,
  effects: Record<'seed' | 'question' | 'answer', number>,
) {
  const ofQuestion = Array.from({ length: questions }, () => effects.question * random.normal());
  return Array.from({ length: seeds }, () => {
    const ofSeed = effects.seed * random.normal();
    return ofQuestion.map((effect) => ofSeed + effect + effects.answer * random.normal());
  });
}

describe('estimate', () => {
  test('without spread has no width', () => {
    const { mean, interval } = estimate(
      [0.5, 0.5, 0.5].map((score) => apart(7).map(() => score)),
      apart(7),
    );
    expect([mean, ...interval]).toEqual([0.5, 0.5, 0.5]);
  });
  test('two scenes of one seed: a quarter of the draws is either one alone', () => {
    expect(estimate([[0, 1]], apart(2))).toEqual({ mean: 0.5, interval: [0, 1] });
  });
  test('of two seeds one is drawn, and questions that are alike add nothing', () => {
    const scores = [apart(5).map(() => 0.25), apart(5).map(() => 0.75)];
    expect(estimate(scores, apart(5))).toEqual({ mean: 0.5, interval: [0.25, 0.75] });
  });
  test('questions about one scene are drawn together', () => {
    const scores = [Array.from({ length: 200 }, (_, question) => Number(question < 100))];
    expect(
      estimate(
        scores,
        scores[0].map((_, question) => `scene ${Math.floor(question / 100)}`),
      ).interval,
    ).toEqual([0, 1]);
    // Each by itself: half, by the binomial's standard deviation.
    expect(width(estimate(scores, apart(200)))).toBeCloseTo(2 * 1.96 * Math.sqrt(0.25 / 200), 1);
  });
  test('a scene counts by its questions', () => {
    expect(estimate([[1, 1, 1, 0]], ['a', 'a', 'a', 'b']).mean).toBe(0.75);
  });
  test('one scene and one seed tell of no chance', () => {
    expect(estimate([[0, 1]], ['a', 'a'])).toEqual({ mean: 0.5, interval: [0.5, 0.5] });
  });
  test('differences that are paired by question are narrower than what they are of', () => {
    const random = stream(1, 'pairs');
    const base = crossed(random, 3, 100, { seed: 0.01, question: 0.4, answer: 0.05 });
    const better = base.map((own) => own.map((score) => score + 0.1 + 0.05 * random.normal()));
    const difference = estimate(
      better.map((own, seed) => own.map((score, question) => score - base[seed][question])),
      apart(100),
    );
    expect(difference.interval[0]).toBeGreaterThan(0);
    expect(width(difference)).toBeLessThan(width(estimate(base, apart(100))) / 3);
  });
  test('is the same every time', () => {
    const scores = crossed(stream(2, 'same'), 3, 20, { seed: 1, question: 1, answer: 1 });
    expect(estimate(scores, apart(20))).toEqual(estimate(scores, apart(20)));
  });
  test.each([
    ['both', { seed: 0.1, question: 0.6, answer: 0 }, 0.9, 0.98],
    ['single answers, which count twice', { seed: 0, question: 0, answer: 1 }, 0.96, 1],
  ])('covers the truth about as often as it says: chance of %s', (_, effects, least, most) => {
    const random = stream(3, 'coverage');
    const trials = 150;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const [low, high] = estimate(crossed(random, 8, 40, effects), apart(40)).interval;
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / trials).toBeGreaterThanOrEqual(least);
    expect(covered / trials).toBeLessThanOrEqual(most);
  });
  test('refuses nothing to average', () => {
    expect(() => estimate([], apart(1))).toThrow('nothing to average');
    expect(() => estimate([[]], [])).toThrow('nothing to average');
  });
});

/** Schedules at their ends and between. */
import { expect, test } from 'vitest';
import { presets } from '../../src/training/presets';
import { betaAt, learningRateAt, sharpnessAt } from '../../src/training/schedule';

const base = { learning_rate: 2, warmup_steps: 4, steps: 14 };

test('the warm-up rises linearly to the peak', () => {
  const rates = [1, 2, 3, 4].map((step) => learningRateAt(step, { ...base, lr_scheduler_type: 'linear' }));
  expect(rates).toEqual([0.5, 1, 1.5, 2]);
});

test.each([
  ['constant', [2, 2, 2]],
  ['linear', [2, 1, 0.2]],
  ['cosine', [2, 1, 1 + Math.cos(0.9 * Math.PI)]],
] as const)('%s goes from the peak towards its end', (lr_scheduler_type, expected) => {
  const rates = [5, 10, 14].map((step) => learningRateAt(step, { ...base, lr_scheduler_type }));
  rates.forEach((rate, index) => expect(rate).toBeCloseTo(expected[index], 12));
});

test('a phase of warm-up alone, or of no step, stays finite', () => {
  expect(learningRateAt(3, { ...base, steps: 3, lr_scheduler_type: 'cosine' })).toBe(1.5);
  expect(learningRateAt(1, { ...base, steps: 0, warmup_steps: 0, lr_scheduler_type: 'linear' })).toBe(2);
});

test('beta goes along half a cosine to beta_end, or stays', () => {
  const { nano } = presets;
  const config = (anneal_beta: boolean, steps: number) => ({
    ...nano,
    grpo: { ...nano.grpo, beta: 0.4, steps },
    dynamic_optimization: { ...nano.dynamic_optimization, anneal_beta, beta_end: 0.2 },
  });
  expect([1, 3, 5].map((step) => betaAt(step, config(true, 5)))).toEqual(
    [0.4, 0.3, 0.2].map((b) => expect.closeTo(b, 12)),
  );
  expect(betaAt(2, config(true, 5))).toBeCloseTo(0.2 + 0.1 * (1 + Math.SQRT1_2), 12);
  expect([1, 5].map((step) => betaAt(step, config(false, 5)))).toEqual([0.4, 0.4]);
  expect(betaAt(1, config(true, 1))).toBe(0.4);
});

test("the annealed sigmoid's k goes straight from end to end", () => {
  const ends = { sharpness: 2, sharpness_end: 10 };
  expect([1, 2, 5].map((step) => sharpnessAt(step, 5, ends))).toEqual([2, 4, 10]);
  expect(sharpnessAt(1, 1, ends)).toBe(2);
});

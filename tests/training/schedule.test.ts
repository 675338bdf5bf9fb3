/** Learning rate schedules at their ends and between. */
import { expect, test } from 'vitest';
import { learningRateAt } from '../../src/training/schedule';

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

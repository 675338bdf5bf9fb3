/**
 * Advantages from several rewards, each made comparable before they are added up: TRL's `multi_objective_aggregation`
 * normalize_then_sum (GDPO, arXiv 2601.05242). A reward with a small spread, such as the format's, then counts as its weight
 * says, and not as its spread does.
 */
import wgsl from '../../shaders/normalize-then-sum.wgsl?raw';
import { defineKernel } from './kernel';
import { requireLength, requireThat } from './sizes';

/** Mean and sample standard deviation (n - 1) of `values`; the deviation is 0 where all are equal. */
function moments(values: readonly number[]): { mean: number; deviation: number } {
  if (values.every((value) => value === values[0])) return { mean: values[0], deviation: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/**
 * `accuracy`, `exact`, `format`, `advantages`: [groups, group_size]. Each reward less its group's mean, over the group's
 * deviation + 1e-4; the weighted sum of these, less the batch's mean, over the batch's deviation + 1e-4. All deviations
 * are those of samples (n - 1). A reward that is the same throughout a group adds exactly 0 there.
 */
export const normalizeThenSum = defineKernel({
  name: 'normalize-then-sum',
  wgsl,
  bindings: [
    { name: 'accuracy', dtype: 'float32', access: 'read' },
    { name: 'exact', dtype: 'float32', access: 'read' },
    { name: 'format', dtype: 'float32', access: 'read' },
    { name: 'advantages', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'groups', dtype: 'uint32' },
    { name: 'group_size', dtype: 'uint32' },
    { name: 'accuracy_weight', dtype: 'float32' },
    { name: 'exact_weight', dtype: 'float32' },
    { name: 'format_weight', dtype: 'float32' },
  ],
  check(lengths, { groups, group_size }) {
    requireThat(this.name, group_size > 0, 'group_size must be above 0');
    for (const name of ['accuracy', 'exact', 'format', 'advantages'] as const) {
      requireLength(this.name, name, lengths[name], groups * group_size);
    }
  },
  dispatches: () => [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
  reference({ accuracy, exact, format, advantages }, parameters) {
    const { groups, group_size, accuracy_weight, exact_weight, format_weight } = parameters;
    const sums = Array.from({ length: groups * group_size }, () => 0);
    for (const [rewards, weight] of [
      [accuracy, accuracy_weight],
      [exact, exact_weight],
      [format, format_weight],
    ] as const) {
      for (let start = 0; start < sums.length; start += group_size) {
        const group = Array.from(rewards.subarray(start, start + group_size));
        const { mean, deviation } = moments(group);
        group.forEach((reward, i) => (sums[start + i] += (weight * (reward - mean)) / (deviation + 1e-4)));
      }
    }
    const { mean, deviation } = moments(sums);
    sums.forEach((sum, i) => (advantages[i] = (sum - mean) / (deviation + 1e-4)));
  },
});

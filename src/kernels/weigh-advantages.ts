/**
 * The last touch to advantages: over the spread of the whole batch (TRL's `scale_rewards` batch; Liu et al., arXiv 2508.08221), and times
 * the weight of their sample.
 */
import wgsl from '../../shaders/weigh-advantages.wgsl?raw';
import { defineKernel } from './kernel';
import { requireLength, requireThat } from './sizes';

/**
 * `rewards`, `advantages`: [groups, group_size]; `sample_weights`: [groups]. Each advantage times its group's weight, and,
 * where `batch` is 1, over the sample standard deviation (n - 1) of all rewards + 1e-4. In place.
 */
export const weighAdvantages = defineKernel({
  name: 'weigh-advantages',
  wgsl,
  bindings: [
    { name: 'rewards', dtype: 'float32', access: 'read' },
    { name: 'sample_weights', dtype: 'float32', access: 'read' },
    { name: 'advantages', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'groups', dtype: 'uint32' },
    { name: 'group_size', dtype: 'uint32' },
    { name: 'batch', dtype: 'uint32' },
  ],
  check(lengths, { groups, group_size, batch }) {
    requireThat(this.name, group_size > 0, 'group_size must be above 0');
    requireThat(this.name, batch <= 1, `batch must be 0 or 1, not ${batch}`);
    requireLength(this.name, 'sample_weights', lengths.sample_weights, groups);
    for (const name of ['rewards', 'advantages'] as const) {
      requireLength(this.name, name, lengths[name], groups * group_size);
    }
  },
  dispatches: () => [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
  reference({ rewards, sample_weights, advantages }, { groups, group_size, batch }) {
    const count = groups * group_size;
    let divisor = 1;
    if (batch === 1) {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += rewards[i];
      let squares = 0;
      for (let i = 0; i < count; i++) squares += (rewards[i] - sum / count) ** 2;
      divisor = Math.sqrt(squares / Math.max(1, count - 1)) + 1e-4;
    }
    for (let i = 0; i < count; i++) advantages[i] *= sample_weights[Math.floor(i / group_size)] / divisor;
  },
});

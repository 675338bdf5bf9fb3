/**
 * Advantages within a group: each completion's reward against the others (Shao et al., DeepSeekMath, section 4.1), with
 * the sample standard deviation and the 1e-4 that TRL adds to it; or, as in RLOO (Ahmadian et al., arXiv 2402.14740, section
 * 2.2), against the mean of the others alone.
 */
import wgsl from '../../shaders/group-advantages.wgsl?raw';
import { defineKernel } from './kernel';
import { invocationGrid, requireLength, requireThat, workgroupGrid } from './sizes';

/** Values of `scale`: TRL's names for `scale_rewards`, and RLOO's baseline. */
export const GROUP_SCALING = { none: 0, group: 1, leave_one_out: 2 } as const;

/** Groups up to this size take one invocation each; larger ones take a workgroup. */
const SMALL_GROUP = 64;

/**
 * `rewards`, `advantages`: [groups, group_size]. `statistics`: [groups, 2], mean and sample standard deviation (n - 1).
 * advantage, by `GROUP_SCALING`: for `group` (reward - mean) / (deviation + 1e-4), for `none` reward - mean, for `leave_one_out` reward -
 * mean of the others. A group of one, or one whose rewards are all equal, gets 0 exactly, and deviation 0.
 */
export const groupAdvantages = defineKernel({
  name: 'group-advantages',
  wgsl,
  bindings: [
    { name: 'rewards', dtype: 'float32', access: 'read' },
    { name: 'advantages', dtype: 'float32', access: 'read_write' },
    { name: 'statistics', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'groups', dtype: 'uint32' },
    { name: 'group_size', dtype: 'uint32' },
    { name: 'scale', dtype: 'uint32' },
  ],
  check(lengths, { groups, group_size, scale }) {
    requireThat(this.name, group_size > 0, 'group_size must be above 0');
    requireThat(this.name, scale <= 2, `scale must be 0, 1 or 2, not ${scale}`);
    for (const name of ['rewards', 'advantages'] as const) {
      requireLength(this.name, name, lengths[name], groups * group_size);
    }
    requireLength(this.name, 'statistics', lengths.statistics, 2 * groups);
  },
  dispatches: ({ groups, group_size }) => [
    group_size <= SMALL_GROUP ? invocationGrid('small_groups', groups) : workgroupGrid('large_groups', groups),
  ],
  reference({ rewards, advantages, statistics }, { groups, group_size, scale }) {
    for (let group = 0; group < groups; group++) {
      const start = group * group_size;
      const end = start + group_size;
      let [sum, low, high] = [0, Infinity, -Infinity];
      for (let i = start; i < end; i++) {
        sum += rewards[i];
        low = Math.min(low, rewards[i]);
        high = Math.max(high, rewards[i]);
      }
      if (low === high) {
        advantages.fill(0, start, end);
        statistics[2 * group] = low;
        statistics[2 * group + 1] = 0;
        continue;
      }
      const mean = sum / group_size;
      let squares = 0;
      for (let i = start; i < end; i++) squares += (rewards[i] - mean) ** 2;
      const deviation = Math.sqrt(squares / (group_size - 1));
      let divisor = 1;
      if (scale === GROUP_SCALING.group) divisor = deviation + 1e-4;
      // reward - (sum - reward) / (n - 1) = (reward - mean) * n / (n - 1)
      if (scale === GROUP_SCALING.leave_one_out) divisor = (group_size - 1) / group_size;
      for (let i = start; i < end; i++) advantages[i] = (rewards[i] - mean) / divisor;
      statistics[2 * group] = mean;
      statistics[2 * group + 1] = deviation;
    }
  },
});

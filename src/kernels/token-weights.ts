/**
 * How much each token's loss counts: the averaging that a loss type stands for, as one weight a token, so that the loss is a plain
 * weighted sum. Names are TRL's `loss_type`.
 */
import wgsl from '../../shaders/token-weights.wgsl?raw';
import { defineKernel } from './kernel';
import { requireLength, requireThat } from './sizes';

/** Values of `loss_type`. */
export const TOKEN_AVERAGES = {
  /** Mean over completions of the mean over their tokens. */
  grpo: 0,
  /** Mean over all tokens. */
  dapo: 1,
  /** Sum over tokens, over rows * max_completion. */
  dr_grpo: 2,
} as const;

/**
 * `mask`, `weights`: [rows, max_completion]. `finished`: [rows], 0 for completions that hit the limit; with `mask_truncated` 1 their
 * weights are 0, and their tokens do not count towards `dapo`'s mean, though they remain among the rows.
 */
export const tokenWeights = defineKernel({
  name: 'token-weights',
  wgsl,
  bindings: [
    { name: 'mask', dtype: 'float32', access: 'read' },
    { name: 'finished', dtype: 'uint32', access: 'read' },
    { name: 'weights', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'rows', dtype: 'uint32' },
    { name: 'max_completion', dtype: 'uint32' },
    { name: 'loss_type', dtype: 'uint32' },
    { name: 'mask_truncated', dtype: 'uint32' },
  ],
  check(lengths, { rows, max_completion, loss_type, mask_truncated }) {
    requireThat(this.name, loss_type <= TOKEN_AVERAGES.dr_grpo, `loss_type ${loss_type} is not known`);
    requireThat(this.name, mask_truncated <= 1, `mask_truncated must be 0 or 1, not ${mask_truncated}`);
    for (const name of ['mask', 'weights'] as const) {
      requireLength(this.name, name, lengths[name], rows * max_completion);
    }
    requireLength(this.name, 'finished', lengths.finished, rows);
  },
  dispatches: () => [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
  reference({ mask, finished, weights }, { rows, max_completion, loss_type, mask_truncated }) {
    const lengths = Array.from({ length: rows }, (_, row) => {
      if (mask_truncated === 1 && finished[row] === 0) return 0;
      let length = 0;
      for (let i = row * max_completion; i < (row + 1) * max_completion; i++) length += mask[i];
      return length;
    });
    const total = lengths.reduce((sum, length) => sum + length, 0);
    lengths.forEach((length, row) => {
      const divisor =
        loss_type === TOKEN_AVERAGES.grpo
          ? rows * length
          : loss_type === TOKEN_AVERAGES.dapo
            ? total
            : rows * max_completion;
      for (let i = row * max_completion; i < (row + 1) * max_completion; i++) {
        weights[i] = length === 0 ? 0 : mask[i] / divisor;
      }
    });
  },
});

/**
 * Looks for NaN and infinity in weights and gradients. A diverged policy can look healthy from its outputs (the softmax of a NaN row is 0 on
 * some GPUs), so bits are looked at, not values.
 */
import wgsl from '../../shaders/non-finite.wgsl?raw';
import { defineKernel } from './kernel';
import { invocationGrid, requireLength, requireThat } from './sizes';

/** The first index of a tensor in which everything is finite. */
export const NO_INDEX = 0xffffffff;

/**
 * `values`: [count]. `flags`: [slots, 2], of which `slot` gets how many values are not finite and the index of the first
 * of them, or `NO_INDEX`. Many tensors share one `flags`, so that one small read tells which of them went bad.
 */
export const nonFinite = defineKernel({
  name: 'non-finite',
  wgsl,
  bindings: [
    { name: 'values', dtype: 'float32', access: 'read' },
    { name: 'flags', dtype: 'uint32', access: 'read_write' },
  ],
  parameters: [
    { name: 'count', dtype: 'uint32' },
    { name: 'slot', dtype: 'uint32' },
  ],
  check(lengths, { count, slot }) {
    requireLength(this.name, 'values', lengths.values, count);
    requireThat(this.name, 2 * slot + 2 <= lengths.flags, `"flags" has no slot ${slot}`);
  },
  dispatches: ({ count }) => [{ entryPoint: 'reset', workgroups: [1, 1, 1] }, invocationGrid('scan', count)],
  reference({ values, flags }, { count, slot }) {
    flags[2 * slot] = 0;
    flags[2 * slot + 1] = NO_INDEX;
    for (let i = count - 1; i >= 0; i--) {
      if (Number.isFinite(values[i])) continue;
      flags[2 * slot]++;
      flags[2 * slot + 1] = i;
    }
  },
});

/**
 * Adds a tensor up over several runs of a graph: what gradient accumulation sums the gradients of its passes with.
 */
import wgsl from '../../shaders/accumulate.wgsl?raw';
import { defineKernel } from './kernel';
import { invocationGrid, requireLength, requireThat } from './sizes';

/** `values`, `sum`: [count]. With `first` 1, sum = scale * values; with 0, sum += scale * values. */
export const accumulate = defineKernel({
  name: 'accumulate',
  wgsl,
  bindings: [
    { name: 'values', dtype: 'float32', access: 'read' },
    { name: 'sum', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'count', dtype: 'uint32' },
    { name: 'first', dtype: 'uint32' },
    { name: 'scale', dtype: 'float32' },
  ],
  check(lengths, { count, first }) {
    requireThat(this.name, first <= 1, `first must be 0 or 1, not ${first}`);
    for (const name of ['values', 'sum'] as const) requireLength(this.name, name, lengths[name], count);
  },
  dispatches: ({ count }) => [invocationGrid('main', count)],
  reference({ values, sum }, { count, first, scale }) {
    for (let i = 0; i < count; i++) sum[i] = (first === 1 ? 0 : sum[i]) + scale * values[i];
  },
});

/**
 * The metrics of a step, gathered on the device: count, sum, mean, least, greatest and spread of an array, into one
 * slot of a small buffer that all metrics share and that is read once.
 */
import wgsl from '../../shaders/masked-statistics.wgsl?raw';
import { defineKernel } from './kernel';
import { requireLength, requireThat } from './sizes';

/** What a slot holds, in order. */
export const STATISTICS = ['count', 'sum', 'mean', 'min', 'max', 'std'] as const;

/**
 * `values`: [count] finite numbers. `mask`: [count]; with `masked` 1, values whose mask is 0 are left out, whatever they are; with
 * `masked` 0 it is not looked at, and `values` may be given again. `metrics`: [slots, 6], of which `slot` gets
 * `STATISTICS`; std is the sample standard deviation (n - 1). Of no values all are 0; of one, std is 0.
 */
export const maskedStatistics = defineKernel({
  name: 'masked-statistics',
  wgsl,
  bindings: [
    { name: 'values', dtype: 'float32', access: 'read' },
    { name: 'mask', dtype: 'float32', access: 'read' },
    { name: 'metrics', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'count', dtype: 'uint32' },
    { name: 'slot', dtype: 'uint32' },
    { name: 'masked', dtype: 'uint32' },
  ],
  check(lengths, { count, slot, masked }) {
    requireThat(this.name, masked <= 1, `masked must be 0 or 1, not ${masked}`);
    requireLength(this.name, 'values', lengths.values, count);
    if (masked === 1) requireLength(this.name, 'mask', lengths.mask, count);
    requireThat(this.name, STATISTICS.length * (slot + 1) <= lengths.metrics, `"metrics" has no slot ${slot}`);
  },
  dispatches: () => [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
  reference({ values, mask, metrics }, { count, slot, masked }) {
    const start = STATISTICS.length * slot;
    const included = (i: number) => masked === 0 || mask[i] !== 0;
    let [n, sum, low, high] = [0, 0, Infinity, -Infinity];
    for (let i = 0; i < count; i++) {
      if (!included(i)) continue;
      n++;
      sum += values[i];
      low = Math.min(low, values[i]);
      high = Math.max(high, values[i]);
    }
    if (n === 0) {
      metrics.fill(0, start, start + STATISTICS.length);
      return;
    }
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < count; i++) if (included(i)) squares += (values[i] - mean) ** 2;
    metrics.set([n, sum, mean, low, high, Math.sqrt(squares / Math.max(1, n - 1))], start);
  },
});

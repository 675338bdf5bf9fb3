/**
 * The norm of all gradients together, for clipping and for the metrics, in two kernels: sums of squares over each tensor, into one small
 * buffer that the tensors share, then the norm from it.
 */
import globalNormWgsl from '../../shaders/global-norm.wgsl?raw';
import squaredSumsWgsl from '../../shaders/squared-sums.wgsl?raw';
import { defineKernel } from './kernel';
import { requireLength, requireThat, workgroupGrid } from './sizes';

/** Elements that a workgroup sums before another is worth its while, and the most workgroups a tensor takes. */
const SHARE = 4096;
const MAX_PARTIALS = 64;
/** Partial sum of a part that holds a value which is not finite, or too large to square. */
const NOT_FINITE = -1;

/** Partial sums that a tensor of `count` elements takes in the shared buffer. */
export function partialCount(count: number): number {
  return Math.max(1, Math.min(MAX_PARTIALS, Math.ceil(count / SHARE)));
}

/** |x| up to which gradients are sound: squares of these, summed, stay within float32. */
const LARGEST = 2 ** 50;

/**
 * Sums of squares of `values`: [count], into `partials` from `offset` on, `partialCount(count)` of them. A part with a
 * NaN, an infinity or a magnitude from 2^50 on gives -1: such a gradient has diverged.
 */
export const squaredSums = defineKernel({
  name: 'squared-sums',
  wgsl: squaredSumsWgsl,
  bindings: [
    { name: 'values', dtype: 'float32', access: 'read' },
    { name: 'partials', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'count', dtype: 'uint32' },
    { name: 'offset', dtype: 'uint32' },
  ],
  check(lengths, { count, offset }) {
    requireLength(this.name, 'values', lengths.values, count);
    const end = offset + partialCount(count);
    requireThat(this.name, end <= lengths.partials, `"partials" has ${lengths.partials} elements, but needs ${end}`);
  },
  dispatches: ({ count }) => [workgroupGrid('main', partialCount(count))],
  reference({ values, partials }, { count, offset }) {
    const parts = partialCount(count);
    const share = Math.ceil(count / parts);
    for (let part = 0; part < parts; part++) {
      let sum = 0;
      let sound = true;
      for (let i = part * share; i < Math.min((part + 1) * share, count); i++) {
        sound &&= Math.abs(values[i]) < LARGEST;
        sum += values[i] * values[i];
      }
      partials[offset + part] = sound ? sum : NOT_FINITE;
    }
  },
});

/**
 * `norm`: [2], the square root of the sum of `partials` ([count]) and 0; or 0 and 1 when any part was not finite, on
 * which AdamW skips the update.
 */
export const globalNorm = defineKernel({
  name: 'global-norm',
  wgsl: globalNormWgsl,
  bindings: [
    { name: 'partials', dtype: 'float32', access: 'read' },
    { name: 'norm', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [{ name: 'count', dtype: 'uint32' }],
  check(lengths, { count }) {
    requireLength(this.name, 'partials', lengths.partials, count);
    requireLength(this.name, 'norm', lengths.norm, 2);
  },
  dispatches: () => [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
  reference({ partials, norm }, { count }) {
    let sum = 0;
    let sound = true;
    for (let i = 0; i < count; i++) {
      sound &&= partials[i] >= 0;
      sum += partials[i];
    }
    norm[0] = sound ? Math.sqrt(sum) : 0;
    norm[1] = sound ? 0 : 1;
  },
});

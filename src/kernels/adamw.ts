/**
 * AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019) as torch.optim.AdamW computes it, with
 * clipping by the global norm as torch.nn.utils.clip_grad_norm_ does. It writes the weights in place, where the policy's graphs read them.
 */
import wgsl from '../../shaders/adamw.wgsl?raw';
import { defineKernel } from './kernel';
import { invocationGrid, requireLength, requireThat } from './sizes';

/** What a run's config says of the optimizer. */
export interface AdamWSettings {
  readonly learning_rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weight_decay: number;
  /** Gradients are scaled down to this global norm. */
  readonly max_norm: number;
}

/**
 * The kernel's parameters at update `step`, counted from 1. Differences such as 1 - beta2 are taken here, in double precision:
 * 1 - float32(0.999) would be off by 1e-5.
 */
export function adamwParameters(count: number, step: number, settings: AdamWSettings) {
  if (!Number.isInteger(step) || step < 1) throw new RangeError(`AdamW's first step is 1, not ${step}`);
  const { learning_rate, beta1, beta2, epsilon, weight_decay, max_norm } = settings;
  return {
    count,
    step_size: learning_rate / (1 - beta1 ** step),
    decay: learning_rate * weight_decay,
    beta1,
    one_minus_beta1: 1 - beta1,
    beta2,
    one_minus_beta2: 1 - beta2,
    second_correction: Math.sqrt(1 - beta2 ** step),
    epsilon,
    max_norm,
  };
}

/**
 * All buffers are [count], but `norm`, [2], which `globalNorm` writes.
 *
 * g = gradient * min(1, max_norm / (norm + 1e-6)); weight -= decay * weight; first = beta1 first + (1 - beta1) g;
 * second = beta2 second + (1 - beta2) g^2; weight -= step_size * first / (sqrt(second) / second_correction + epsilon).
 * When `norm` says that a gradient was not finite, nothing changes.
 */
export const adamw = defineKernel({
  name: 'adamw',
  wgsl,
  bindings: [
    { name: 'weights', dtype: 'float32', access: 'read_write' },
    { name: 'gradient', dtype: 'float32', access: 'read' },
    { name: 'first', dtype: 'float32', access: 'read_write' },
    { name: 'second', dtype: 'float32', access: 'read_write' },
    { name: 'norm', dtype: 'float32', access: 'read' },
  ],
  parameters: [
    { name: 'count', dtype: 'uint32' },
    { name: 'step_size', dtype: 'float32' },
    { name: 'decay', dtype: 'float32' },
    { name: 'beta1', dtype: 'float32' },
    { name: 'one_minus_beta1', dtype: 'float32' },
    { name: 'beta2', dtype: 'float32' },
    { name: 'one_minus_beta2', dtype: 'float32' },
    { name: 'second_correction', dtype: 'float32' },
    { name: 'epsilon', dtype: 'float32' },
    { name: 'max_norm', dtype: 'float32' },
  ],
  check(lengths, { count, max_norm, epsilon }) {
    requireThat(this.name, max_norm > 0, `max_norm must be above 0, not ${max_norm}`);
    requireThat(this.name, epsilon > 0, `epsilon must be above 0, not ${epsilon}`);
    for (const name of ['weights', 'gradient', 'first', 'second'] as const) {
      requireLength(this.name, name, lengths[name], count);
    }
    requireLength(this.name, 'norm', lengths.norm, 2);
  },
  dispatches: ({ count }) => [invocationGrid('main', count)],
  reference({ weights, gradient, first, second, norm }, parameters) {
    const { count, step_size, decay, beta1, one_minus_beta1, beta2, one_minus_beta2 } = parameters;
    const { second_correction, epsilon, max_norm } = parameters;
    if (norm[1] !== 0) return;
    const clip = Math.min(1, max_norm / (norm[0] + 1e-6));
    for (let i = 0; i < count; i++) {
      const g = clip * gradient[i];
      const m = beta1 * first[i] + one_minus_beta1 * g;
      const v = beta2 * second[i] + one_minus_beta2 * g * g;
      weights[i] = weights[i] * (1 - decay) - (step_size * m) / (Math.sqrt(v) / second_correction + epsilon);
      first[i] = m;
      second[i] = v;
    }
  },
});

/**
 * AdamW over all the weights of a policy, or over its adapters: the moments of each weight, and the kernels in their order.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { adamw, adamwParameters } from '../kernels/adamw';
import { globalNorm, partialCount, squaredSums } from '../kernels/global-norm';
import { nonFinite } from '../kernels/non-finite';
import { trainableSpecs } from '../policy/lora';
import { type Architecture, elementCount, type ParameterSpec } from '../policy/parameters';
import type { StoredTensors } from '../policy/safetensors';
import type { Weights } from '../policy/weights';

/** torch.optim.AdamW's defaults. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export interface OptimizerConfig {
  readonly weight_decay: number;
  readonly max_grad_norm: number;
}

interface Slot {
  readonly name: string;
  readonly count: number;
  /** Where its partial sums of squares begin. */
  readonly offset: number;
  readonly first: DeviceTensor;
  readonly second: DeviceTensor;
}

export class AdamW {
  private readonly backend: Backend;
  private readonly config: OptimizerConfig;
  private readonly slots: readonly Slot[];
  private readonly partials: DeviceTensor;
  private readonly norm: DeviceTensor;
  private readonly flags: DeviceTensor;
  private updateCount = 0;

  /** @param specs the weights that are updated; by default all that training updates. */
  constructor(
    backend: Backend,
    architecture: Architecture,
    config: OptimizerConfig,
    specs: readonly ParameterSpec[] = trainableSpecs(architecture),
  ) {
    let offset = 0;
    this.backend = backend;
    this.config = config;
    this.slots = specs.map(({ name, shape }) => {
      const count = elementCount(shape);
      const slot = {
        name,
        count,
        offset,
        first: backend.allocate(`exp_avg.${name}`, 'float32', shape),
        second: backend.allocate(`exp_avg_sq.${name}`, 'float32', shape),
      };
      offset += partialCount(count);
      return slot;
    });
    this.partials = backend.allocate('sums of squared gradients', 'float32', [offset]);
    this.norm = backend.allocate('gradient norm', 'float32', [2]);
    this.flags = backend.allocate('non-finite flags', 'uint32', [this.slots.length, 2]);
  }

  /** Updates done so far; AdamW's bias correction depends on it. */
  get updates(): number {
    return this.updateCount;
  }

  /** The moments by the names under which checkpoints hold them. */
  get moments(): Readonly<Record<string, DeviceTensor>> {
    return Object.fromEntries(
      this.slots.flatMap(({ name, first, second }) => [
        [`exp_avg.${name}`, first],
        [`exp_avg_sq.${name}`, second],
      ]),
    );
  }

  /**
   * One update of `weights` in place.
   * @returns the norm of all gradients together, before clipping.
   * @throws Error naming the first weight whose gradient holds NaN, infinity or a magnitude from 2^50 on; the weights
   * are then unchanged.
   */
  async step(weights: Weights, gradients: Weights, learningRate: number): Promise<number> {
    const { backend, partials, norm, slots } = this;
    for (const { name, count, offset } of slots) {
      backend.dispatch(squaredSums, { values: gradients[name], partials }, { count, offset });
    }
    backend.dispatch(globalNorm, { partials, norm }, { count: elementCount(partials.shape) });
    const settings = {
      learning_rate: learningRate,
      beta1: BETA1,
      beta2: BETA2,
      epsilon: EPSILON,
      weight_decay: this.config.weight_decay,
      max_norm: this.config.max_grad_norm,
    };
    for (const { name, count, first, second } of slots) {
      backend.dispatch(
        adamw,
        { weights: weights[name], gradient: gradients[name], first, second, norm },
        adamwParameters(count, this.updateCount + 1, settings),
      );
    }
    const [value, diverged] = await backend.read(norm);
    if (diverged !== 0) throw await this.divergence(gradients);
    this.updateCount++;
    return value;
  }

  /**
   * Takes the moments of a checkpoint.
   * @throws Error naming the tensor that is missing, has another shape, or holds NaN.
   */
  load(stored: { readonly tensors: StoredTensors; readonly updates: number }): void {
    for (const [name, tensor] of Object.entries(this.moments)) {
      const source = stored.tensors[name];
      if (!source)
        throw new Error(`the checkpoint's optimizer lacks the tensor "${name}"; start from its weights alone`);
      if (source.shape.join() !== tensor.shape.join()) {
        throw new Error(
          `the checkpoint's tensor "${name}" is [${source.shape}], but the config makes it [${tensor.shape}]`,
        );
      }
      if (!source.values.every(Number.isFinite)) {
        throw new Error(`the checkpoint's tensor "${name}" holds NaN or infinity; go back to an earlier checkpoint`);
      }
      this.backend.write(tensor, source.values);
    }
    this.updateCount = stored.updates;
  }

  private async divergence(gradients: Weights): Promise<Error> {
    const { backend, flags, slots } = this;
    slots.forEach(({ name, count }, slot) => {
      backend.dispatch(nonFinite, { values: gradients[name], flags }, { count, slot });
    });
    const counts = await backend.read(flags);
    const bad = slots.find((_, slot) => counts[2 * slot] > 0);
    const what = bad ? `the gradient of "${bad.name}" holds NaN or infinity` : 'the gradients have grown beyond 2^50';
    return new Error(`${what}; the weights are those before this update. Lower learning_rate or max_grad_norm.`);
  }
}

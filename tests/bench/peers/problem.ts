/**
 * The training problem that each library is given: a decoder-only transformer with pre-norm blocks, learned positions
 * and exact GELU; its first weights; one batch of random tokens; the mean cross-entropy over all positions; AdamW.
 * Weights have the names, shapes and first values of the policy's language part.
 */
import { initialValues, type ParameterSpec, parameterSpecs } from '../../../src/policy/parameters';
import { stream } from '../../../src/random';
import type { PeerSize } from '../sizes';

/** AdamW as torch.optim.AdamW has it, without clipping. */
export const ADAMW = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 } as const;

export const NORM_EPSILON = 1e-5;

export interface Problem {
  readonly size: PeerSize;
  readonly specs: readonly ParameterSpec[];
  readonly weights: Readonly<Record<string, Float32Array>>;
  /** [batch, length]: what goes in, and the token that follows each. */
  readonly tokens: Int32Array;
  readonly labels: Int32Array;
}

/** A library, ready to train. */
export interface Peer {
  /** Library and version or runtime, for people. */
  readonly name: string;
  /** One step: forward, loss, backward, AdamW. Gives the loss before the update, once the device is done. */
  step(): Promise<number>;
}

export function makeProblem(size: PeerSize): Problem {
  const { dim, layers, heads, vocabulary, batch, length } = size;
  const architecture = {
    // No frame: the visual weights are left out.
    frame_size: 1,
    patch_size: 1,
    dim,
    layers,
    heads,
    mlp_ratio: 4,
    vocabulary,
    max_prompt_length: length - 1,
    max_completion_length: 1,
  };
  const specs = parameterSpecs(architecture).filter(({ name }) => name.startsWith('language.'));
  const random = stream(1, 'bench', 'tokens');
  const text = Array.from({ length: batch }, () =>
    Array.from({ length: length + 1 }, () => random.integer(0, vocabulary - 1)),
  );
  return {
    size,
    specs,
    weights: Object.fromEntries(
      specs.map((spec) => [spec.name, initialValues(spec, stream(1, 'bench', 'weights', spec.name))]),
    ),
    tokens: Int32Array.from(text.flatMap((row) => row.slice(0, -1))),
    labels: Int32Array.from(text.flatMap((row) => row.slice(1))),
  };
}

/** The two numbers of AdamW that change from step to step: its step size and the correction of the second moment. */
export function corrections(step: number): { stepSize: number; secondCorrection: number } {
  return {
    stepSize: ADAMW.learningRate / (1 - ADAMW.beta1 ** step),
    secondCorrection: Math.sqrt(1 - ADAMW.beta2 ** step),
  };
}

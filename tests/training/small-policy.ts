/**
 * A policy of a few hundred weights with a batch for its loss, and that policy in doubles: what tests of the objective
 * compare with.
 */
import type { Backend } from '../../src/backends/backend';
import {
  type Architecture,
  elementCount,
  initialValues,
  parameterSpecs,
  patchCount,
  patchLength,
} from '../../src/policy/parameters';
import { allocatePrompts, writePrompts } from '../../src/policy/prompts';
import type { StoredTensors } from '../../src/policy/safetensors';
import { loadWeights } from '../../src/policy/weights';
import { type RandomStream, stream } from '../../src/random';
import { oracleLogits } from '../policy/transformer-oracle';

export const a: Architecture = {
  frame_size: 4,
  patch_size: 2,
  stem_stages: 1,
  dim: 8,
  layers: 1,
  heads: 2,
  mlp_ratio: 2,
  partial_rotary_factor: 0.5,
  vocabulary: 7,
  max_prompt_length: 4,
  max_completion_length: 3,
};
export const shape = { prompts: 2, generations: 2 };
export const rows = shape.prompts * shape.generations;
export const C = a.max_completion_length;

const random = stream(11, 'objective test');
const normals = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * random.normal());
export const stored: StoredTensors = Object.fromEntries(
  parameterSpecs(a).map((spec) => {
    const values = initialValues(spec, random).map((value) => value + 0.5 * random.normal());
    return [spec.name, { shape: spec.shape, values }];
  }),
);
const texts = [
  [1, 5],
  [2, 6, 3, 4],
];
const tokens = Int32Array.from({ length: rows * C }, () => random.integer(0, a.vocabulary - 1));
const patches = normals(shape.prompts * patchCount(a) * patchLength(a), 1);
export const unevenWeights = Float32Array.from({ length: rows * C }, (_, i) => (i % 5 === 4 ? 0 : random.next()));
export const advantages = Float32Array.of(1.5, -0.7, 0.4, -2);
export const oldLogProbabilities = normals(rows * C, 0.4).map((value) => value - 2);
export const referenceLogProbabilities = normals(rows * C, 0.4).map((value) => value - 2);

/** Log-probability of each completion token, and entropy of its distribution; rows * C values each. */
export interface TokenFigures {
  readonly logProbabilities: readonly number[];
  readonly entropies: readonly number[];
}

/** The policy in doubles. */
export function figuresOf(weights: StoredTensors, temperature: number): TokenFigures {
  const logProbabilities: number[] = [];
  const entropies: number[] = [];
  for (let row = 0; row < rows; row++) {
    const prompt = Math.floor(row / shape.generations);
    const frame = Array.from({ length: patchCount(a) }, (_, patch) => {
      const start = (prompt * patchCount(a) + patch) * patchLength(a);
      return Array.from(patches.slice(start, start + patchLength(a)));
    });
    const text = [...texts[prompt], ...tokens.slice(row * C, row * C + C - 1)];
    const logits = oracleLogits(a, weights, frame, text).slice(texts[prompt].length - 1);
    for (let t = 0; t < C; t++) {
      const scaled = logits[t].map((value) => value / temperature);
      const largest = Math.max(...scaled);
      const logZ = largest + Math.log(scaled.reduce((sum, value) => sum + Math.exp(value - largest), 0));
      logProbabilities.push(scaled[tokens[row * C + t]] - logZ);
      entropies.push(scaled.reduce((sum, value) => sum - Math.exp(value - logZ) * (value - logZ), 0));
    }
  }
  return { logProbabilities, entropies };
}

/** The policy and its batch on a backend. */
export function allocateSmallPolicy(backend: Backend, tokenWeights: Float32Array) {
  const weights = loadWeights(backend, a, stored);
  const prompts = allocatePrompts(backend, a, shape);
  writePrompts(backend, a, prompts, texts, 0);
  backend.write(prompts.patches, patches);
  const perToken = [rows, C];
  const batch = {
    completion_tokens: backend.allocate('tokens', 'int32', perToken, tokens),
    token_weights: backend.allocate('weights', 'float32', perToken, tokenWeights),
    advantages: backend.allocate('advantages', 'float32', [rows], advantages),
    old_log_probabilities: backend.allocate('old', 'float32', perToken, oldLogProbabilities),
    reference_log_probabilities: backend.allocate('reference', 'float32', perToken, referenceLogProbabilities),
  };
  return { weights, prompts, batch };
}

/** A direction for some of the weights: a step there and its product with gradients. */
export class Direction {
  private readonly components: Readonly<Record<string, Float64Array>>;

  constructor(names: readonly string[], draw: RandomStream) {
    this.components = Object.fromEntries(
      names.map((name) => [name, Float64Array.from({ length: elementCount(stored[name].shape) }, () => draw.normal())]),
    );
  }

  /** The stored weights, `step` away along the direction; doubles in place of floats, which the oracle reads. */
  from(step: number): StoredTensors {
    const moved = Object.entries(this.components).map(([name, component]) => {
      const values = Float64Array.from(stored[name].values, (value, i) => value + step * component[i]);
      return [name, { shape: stored[name].shape, values: values as unknown as Float32Array }] as const;
    });
    return { ...stored, ...Object.fromEntries(moved) };
  }

  /** The product with gradients, and its usual size for gradients of this length. */
  along(gradients: Readonly<Record<string, Float32Array>>): { slope: number; scale: number } {
    let [slope, squares, count] = [0, 0, 0];
    for (const [name, component] of Object.entries(this.components)) {
      component.forEach((value, i) => (slope += gradients[name][i] * value));
      squares += gradients[name].reduce((sum, value) => sum + value * value, 0);
      count += component.length;
    }
    return { slope, scale: Math.sqrt(squares * count) };
  }
}

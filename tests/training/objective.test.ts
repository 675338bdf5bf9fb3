/**
 * The loss against its definition in double precision, from the transformer oracle's log-probabilities; and its
 * gradients against central differences of that.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
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
import { stream } from '../../src/random';
import { AdamW } from '../../src/training/optimizer';
import { Updater } from '../../src/training/update';
import { oracleLogits } from '../policy/transformer-oracle';

const a: Architecture = {
  frame_size: 2,
  patch_size: 1,
  dim: 8,
  layers: 1,
  heads: 2,
  mlp_ratio: 2,
  vocabulary: 7,
  max_prompt_length: 4,
  max_completion_length: 3,
};
const shape = { prompts: 2, generations: 2 };
const rows = shape.prompts * shape.generations;
const C = a.max_completion_length;
const random = stream(11, 'objective test');
const normals = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * random.normal());
const stored: StoredTensors = Object.fromEntries(
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
const tokenWeights = Float32Array.from({ length: rows * C }, (_, i) => (i % 5 === 4 ? 0 : random.next()));
const advantages = Float32Array.of(1.5, -0.7, 0.4, -2);
const oldLogProbabilities = normals(rows * C, 0.4).map((value) => value - 2);
const referenceLogProbabilities = normals(rows * C, 0.4).map((value) => value - 2);

const settings = {
  temperature: 0.7,
  epsilon: 0.2,
  epsilon_high: 0.28,
  beta: 0.3,
  policy_weight: 1,
  supervised_weight: 0.25,
};

/** Loss and statistics by their definitions. */
function oracle(weights: StoredTensors) {
  const sums = { loss: 0, policy_loss: 0, kl: 0, entropy: 0, nll: 0, clip_low: 0, clip_high: 0, total: 0 };
  for (let row = 0; row < rows; row++) {
    const prompt = Math.floor(row / shape.generations);
    const frame = Array.from({ length: patchCount(a) }, (_, patch) => {
      const start = (prompt * patchCount(a) + patch) * patchLength(a);
      return Array.from(patches.slice(start, start + patchLength(a)));
    });
    const text = [...texts[prompt], ...tokens.slice(row * C, row * C + C - 1)];
    const logits = oracleLogits(a, weights, frame, text).slice(texts[prompt].length - 1);
    for (let t = 0; t < C; t++) {
      const scaled = logits[t].map((value) => value / settings.temperature);
      const largest = Math.max(...scaled);
      const logZ = largest + Math.log(scaled.reduce((sum, value) => sum + Math.exp(value - largest), 0));
      const l = scaled[tokens[row * C + t]] - logZ;
      const entropy = scaled.reduce((sum, value) => sum - Math.exp(value - logZ) * (value - logZ), 0);
      const ratio = Math.exp(l - oldLogProbabilities[row * C + t]);
      const A = advantages[row];
      const clipped = Math.min(Math.max(ratio, 1 - settings.epsilon), 1 + settings.epsilon_high);
      const surrogate = -Math.min(ratio * A, clipped * A);
      const d = referenceLogProbabilities[row * C + t] - l;
      const kl = Math.exp(d) - d - 1;
      const weight = tokenWeights[row * C + t];
      sums.loss += weight * (settings.policy_weight * surrogate + settings.beta * kl - settings.supervised_weight * l);
      sums.policy_loss += weight * surrogate;
      sums.kl += weight * kl;
      sums.entropy += weight * entropy;
      sums.nll -= weight * l;
      sums.clip_low += weight * Number(ratio < 1 - settings.epsilon && A < 0);
      sums.clip_high += weight * Number(ratio > 1 + settings.epsilon_high && A > 0);
      sums.total += weight;
    }
  }
  const { loss, total, ...rest } = sums;
  const statistics = Object.fromEntries(Object.entries(rest).map(([name, sum]) => [name, sum / total]));
  return { loss, statistics };
}

let backend: Backend;
let gradients: Record<string, Float32Array>;
let result: { loss: number; statistics: Readonly<Record<string, number>>; gradNorm: number };

beforeAll(async () => {
  backend = await createNodeBackend();
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
  const updater = await Updater.create(backend, a, shape);
  const optimizer = new AdamW(backend, a, { weight_decay: 0, max_grad_norm: 1 });
  result = await updater.update(weights, optimizer, prompts, batch, { ...settings, learningRate: 0 });
  gradients = {};
  for (const [name, tensor] of Object.entries(updater.gradients)) {
    gradients[name] = (await backend.read(tensor)) as Float32Array;
  }
});

afterAll(() => backend.dispose());

test('loss and statistics are those of the definition', () => {
  const expected = oracle(stored);
  expect(result.loss).toBeCloseTo(expected.loss, 3);
  for (const [name, value] of Object.entries(expected.statistics)) {
    expect(result.statistics[name], name).toBeCloseTo(value, 3);
  }
  // The batch exercises both kinds of clipping.
  expect(expected.statistics.clip_low).toBeGreaterThan(0);
  expect(expected.statistics.clip_high).toBeGreaterThan(0);
});

describe('gradients equal central differences of the oracle, along random directions', () => {
  const STEP = 1e-5;
  test.each(parameterSpecs(a).map(({ name }) => name))('%s', (name) => {
    const direction = Float64Array.from({ length: elementCount(stored[name].shape) }, () => random.normal());
    const moved = (sign: number): StoredTensors => ({
      ...stored,
      [name]: {
        shape: stored[name].shape,
        // Doubles in place of floats: the oracle reads numbers.
        values: Float64Array.from(
          stored[name].values,
          (value, i) => value + sign * STEP * direction[i],
        ) as unknown as Float32Array,
      },
    });
    const expected = (oracle(moved(1)).loss - oracle(moved(-1)).loss) / (2 * STEP);
    const got = gradients[name].reduce((sum, value, i) => sum + value * direction[i], 0);
    const scale = Math.sqrt(gradients[name].reduce((sum, value) => sum + value * value, 0) * direction.length);
    expect(Math.abs(got - expected)).toBeLessThan(1e-3 * Math.max(scale, 1e-3));
  });
});

test('the gradient norm is that of all gradients together', () => {
  const squares = Object.values(gradients).reduce((sum, g) => sum + g.reduce((s, value) => s + value * value, 0), 0);
  expect(result.gradNorm).toBeCloseTo(Math.sqrt(squares), 3);
});

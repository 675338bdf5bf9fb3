/**
 * The loss with all its terms against its definition in double precision, from the transformer oracle's
 * log-probabilities; and the gradient of every weight against central differences of that. The loss types are checked in
 * losses.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { parameterSpecs } from '../../src/policy/parameters';
import type { StoredTensors } from '../../src/policy/safetensors';
import { stream } from '../../src/random';
import { AdamW } from '../../src/training/optimizer';
import { Updater } from '../../src/training/update';
import {
  a,
  advantages,
  allocateSmallPolicy,
  C,
  Direction,
  figuresOf,
  oldLogProbabilities,
  referenceLogProbabilities,
  rows,
  shape,
  stored,
  unevenWeights,
} from './small-policy';

const objective = {
  loss_type: 'grpo',
  importance_sampling_level: 'token',
  delta: 0,
  top_entropy_quantile: 1,
} as const;
const settings = {
  ...objective,
  temperature: 0.7,
  epsilon: 0.2,
  epsilon_high: 0.28,
  sapo_temperature_pos: 1,
  sapo_temperature_neg: 1,
  beta: 0.3,
  policy_weight: 1,
  supervised_weight: 0.25,
};

/** Loss and statistics by their definitions. */
function oracle(weights: StoredTensors) {
  const sums = { policy_loss: 0, kl: 0, entropy: 0, nll: 0, clip_low: 0, clip_high: 0 };
  let [loss, counted] = [0, 0];
  const { logProbabilities, entropies } = figuresOf(weights, settings.temperature);
  for (let i = 0; i < rows * C; i++) {
    const weight = unevenWeights[i];
    if (weight === 0) continue;
    const l = logProbabilities[i];
    const ratio = Math.exp(l - oldLogProbabilities[i]);
    const A = advantages[Math.floor(i / C)];
    const clipped = Math.min(Math.max(ratio, 1 - settings.epsilon), 1 + settings.epsilon_high);
    const surrogate = -Math.min(ratio * A, clipped * A);
    const d = referenceLogProbabilities[i] - l;
    const kl = Math.exp(d) - d - 1;
    loss += weight * (settings.policy_weight * surrogate + settings.beta * kl - settings.supervised_weight * l);
    counted++;
    sums.policy_loss += weight * surrogate;
    sums.kl += kl;
    sums.entropy += entropies[i];
    sums.nll -= l;
    sums.clip_low += Number(ratio < 1 - settings.epsilon && A < 0);
    sums.clip_high += Number(ratio > 1 + settings.epsilon_high && A > 0);
  }
  const statistics = Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [name, name === 'policy_loss' ? sum : sum / counted]),
  );
  return { loss, statistics };
}

let backend: Backend;
let gradients: Record<string, Float32Array>;
let result: { loss: number; statistics: Readonly<Record<string, number>>; gradNorm: number };

beforeAll(async () => {
  backend = await createNodeBackend();
  const { weights, prompts, batch } = allocateSmallPolicy(backend, unevenWeights);
  const updater = await Updater.create(backend, a, shape, objective);
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
    const direction = new Direction([name], stream(12, name));
    const expected = (oracle(direction.from(STEP)).loss - oracle(direction.from(-STEP)).loss) / (2 * STEP);
    const { slope, scale } = direction.along(gradients);
    expect(Math.abs(slope - expected)).toBeLessThan(1e-3 * Math.max(scale, 1e-3));
  });
});

test('the gradient norm is that of all gradients together', () => {
  const squares = Object.values(gradients).reduce((sum, g) => sum + g.reduce((s, value) => s + value * value, 0), 0);
  expect(result.gradNorm).toBeCloseTo(Math.sqrt(squares), 3);
});

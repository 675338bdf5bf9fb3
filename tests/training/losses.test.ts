/**
 * Every loss type at both importance sampling levels, with and without two-sided clipping and the entropy mask, as far as
 * configs allow them: loss and clipping against TRL's formulas written out in doubles, gradients against central
 * differences of these.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { TOKEN_AVERAGES, tokenWeights } from '../../src/kernels/token-weights';
import { parameterSpecs } from '../../src/policy/parameters';
import { stream } from '../../src/random';
import { LOSS_TYPES, type LossType } from '../../src/training/losses/loss-types';
import { Updater } from '../../src/training/update';
import {
  a,
  advantages,
  allocateSmallPolicy,
  C,
  Direction,
  figuresOf,
  referenceLogProbabilities,
  rows,
  shape,
  stored,
  type TokenFigures,
} from './small-policy';

interface Case {
  readonly loss_type: LossType;
  readonly importance_sampling_level: 'token' | 'sequence';
  readonly delta: number;
  readonly top_entropy_quantile: number;
  readonly mask_truncated_completions: boolean;
}

const base = figuresOf(stored, 0.7);
/** The policy has moved away from where it sampled far enough for every bound to matter: advantages are +, -, +, -. */
const LOG_RATIOS = [
  [0.6, 0.05, 0.9],
  [0.7, 0.5, 0.1],
  [-0.5, 0.15, 0.05],
  [-0.6, 0, 0],
].flat();
const oldLogProbabilities = Float32Array.from(base.logProbabilities, (l, i) => l - LOG_RATIOS[i]);
const LENGTHS = [3, 2, 3, 1];
const FINISHED = [1, 1, 0, 1];

const cases: Case[] = (Object.keys(LOSS_TYPES) as LossType[]).flatMap((loss_type) =>
  (['token', 'sequence'] as const).flatMap((importance_sampling_level) =>
    (loss_type === 'cispo' || loss_type === 'sapo' ? [0] : [0, 1.4]).flatMap((delta) =>
      [1, 0.5].map((top_entropy_quantile, i) => ({
        loss_type,
        importance_sampling_level,
        delta,
        top_entropy_quantile,
        mask_truncated_completions: (i === 1) === (delta === 0),
      })),
    ),
  ),
);

function scalarsOf({ loss_type, delta, top_entropy_quantile }: Case) {
  return {
    temperature: 0.7,
    epsilon: 0.2,
    epsilon_high: loss_type === 'cispo' ? 1.1 : 0.28,
    delta,
    sapo_temperature_pos: 1,
    sapo_temperature_neg: 1.05,
    top_entropy_quantile,
    beta: 0.3,
    policy_weight: 1,
    supervised_weight: 0,
  };
}

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The completion mask: a row a completion. */
function maskOf({ mask_truncated_completions }: Case): number[][] {
  return LENGTHS.map((length, row) =>
    Array.from({ length: C }, (_, t) => Number(t < length && !(mask_truncated_completions && FINISHED[row] === 0))),
  );
}

/** torch.quantile of the counting tokens' entropies, and which of them reach it. */
function entropyMask(each: Case, { entropies }: TokenFigures): number[][] {
  const mask = maskOf(each);
  const sorted = entropies.filter((_, i) => mask.flat()[i] === 1).sort((x, y) => x - y);
  const place = (sorted.length - 1) * (1 - each.top_entropy_quantile);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  const threshold = below + (place - Math.floor(place)) * (above - below);
  return mask.map((row, r) => row.map((counts, t) => Number(counts === 1 && entropies[r * C + t] >= threshold)));
}

/** Ratios as TRL takes them, a row a completion. */
function ratiosOf(each: Case, { logProbabilities }: TokenFigures): number[][] {
  const mask = maskOf(each);
  return mask.map((row, r) => {
    const logs = row.map((_, t) => logProbabilities[r * C + t] - oldLogProbabilities[r * C + t]);
    const mean = sum(logs.map((log, t) => log * row[t])) / Math.max(1, sum(row));
    return logs.map((log) => Math.exp(each.importance_sampling_level === 'token' ? log : mean));
  });
}

/** TRL's _compute_loss. What it detaches is taken from `base`. */
function lossOf(each: Case, figures: TokenFigures, base: TokenFigures): number {
  const { epsilon, epsilon_high, beta, sapo_temperature_pos, sapo_temperature_neg } = scalarsOf(each);
  const mask = maskOf(each);
  const ratios = ratiosOf(each, figures);
  const detached = ratiosOf(each, base);
  const kept = each.top_entropy_quantile < 1 ? entropyMask(each, base) : mask;
  const losses = mask.map((row, r) =>
    row.map((_, t) => {
      const A = advantages[r];
      const l = figures.logProbabilities[r * C + t];
      const r1 = ratios[r][t];
      let loss: number;
      if (each.loss_type === 'cispo') loss = -Math.min(detached[r][t], epsilon_high) * A * l;
      else if (each.loss_type === 'sapo') {
        const tau = A > 0 ? sapo_temperature_pos : sapo_temperature_neg;
        loss = ((-1 / (1 + Math.exp(-tau * (r1 - 1)))) * 4 * A) / tau;
      } else {
        const r2 = clamp(r1, 1 - epsilon, 1 + epsilon_high);
        loss = -Math.min((each.delta > 0 ? Math.min(r1, each.delta) : r1) * A, r2 * A);
      }
      const d = referenceLogProbabilities[r * C + t] - l;
      return loss * kept[r][t] + beta * (Math.exp(d) - d - 1);
    }),
  );
  const rowSums = losses.map((row, r) => sum(row.map((loss, t) => loss * mask[r][t])));
  const lengths = mask.map(sum);
  switch (each.loss_type) {
    case 'grpo':
    case 'sapo':
      return sum(rowSums.map((total, r) => total / Math.max(1, lengths[r]))) / rows;
    case 'dr_grpo':
      return sum(rowSums) / (rows * C);
    default:
      return sum(rowSums) / sum(lengths);
  }
}

/** TRL's clip ratios: means over tokens, or over completions at the sequence level. */
function clippingOf(each: Case, base: TokenFigures): { low: number; high: number } {
  const { epsilon, epsilon_high } = scalarsOf(each);
  const mask = maskOf(each).flat();
  const ratios = ratiosOf(each, base).flat();
  const A = ratios.map((_, i) => advantages[Math.floor(i / C)]);
  const mean = (hit: (ratio: number, A: number) => boolean) => {
    const hits = ratios.map((ratio, i) => Number(hit(ratio, A[i])));
    if (each.importance_sampling_level === 'sequence') return sum(hits.filter((_, i) => i % C === 0)) / rows;
    return sum(hits.map((value, i) => value * mask[i])) / sum(mask);
  };
  if (each.loss_type === 'sapo') return { low: 0, high: 0 };
  if (each.loss_type === 'cispo') return { low: 0, high: mean((r, A) => r > epsilon_high && A > 0) };
  return { low: mean((r, A) => r < 1 - epsilon && A < 0), high: mean((r, A) => r > 1 + epsilon_high && A > 0) };
}

let backend: Backend;

beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

async function run(each: Case) {
  const weights = new Float32Array(rows * C);
  tokenWeights.reference(
    {
      mask: Float32Array.from(LENGTHS.flatMap((length) => Array.from({ length: C }, (_, t) => Number(t < length)))),
      finished: Uint32Array.from(FINISHED),
      weights,
    },
    {
      rows,
      max_completion: C,
      loss_type: TOKEN_AVERAGES[LOSS_TYPES[each.loss_type].average],
      mask_truncated: Number(each.mask_truncated_completions),
    },
  );
  const policy = allocateSmallPolicy(backend, weights);
  backend.write(policy.batch.old_log_probabilities, oldLogProbabilities);
  const updater = await Updater.create(backend, a, shape, each);
  await updater.differentiate(policy.weights, policy.prompts, policy.batch, scalarsOf(each));
  const gradients: Record<string, Float32Array> = {};
  for (const [name, tensor] of Object.entries(updater.gradients)) {
    gradients[name] = (await backend.read(tensor)) as Float32Array;
  }
  return { ...(await updater.results()), gradients };
}

const label = (each: Case) =>
  `${each.loss_type}, ${each.importance_sampling_level} level, delta ${each.delta}, top ${each.top_entropy_quantile}`;

describe.each(cases.map((each) => [label(each), each] as const))('%s', (_, each) => {
  test("loss and gradients are those of TRL's formula", async () => {
    const { loss, statistics, gradients } = await run(each);
    expect(loss).toBeCloseTo(lossOf(each, base, base), 4);
    const { low, high } = clippingOf(each, base);
    expect(statistics.clip_low).toBeCloseTo(low, 5);
    expect(statistics.clip_high).toBeCloseTo(high, 5);
    const STEP = 1e-5;
    for (const seed of [1, 2]) {
      const direction = new Direction(
        parameterSpecs(a).map(({ name }) => name),
        stream(seed, 'direction'),
      );
      const at = (step: number) => lossOf(each, figuresOf(direction.from(step), 0.7), base);
      const { slope, scale } = direction.along(gradients);
      expect(Math.abs(slope - (at(STEP) - at(-STEP)) / (2 * STEP))).toBeLessThan(1e-4 * scale);
      expect(scale).toBeGreaterThan(0.1);
    }
  });
});

test('each choice alone changes the loss on this batch, so that none can stand in for another', () => {
  const of = (each: Case) => lossOf(each, base, base);
  for (const each of cases) {
    const others: Case[] = [
      { ...each, top_entropy_quantile: each.top_entropy_quantile === 1 ? 0.5 : 1 },
      { ...each, mask_truncated_completions: !each.mask_truncated_completions },
      { ...each, importance_sampling_level: each.importance_sampling_level === 'token' ? 'sequence' : 'token' },
      // dapo and bnpo are one loss on one process.
      ...(Object.keys(LOSS_TYPES) as LossType[])
        .filter((loss_type) => ![loss_type, each.loss_type].every((name) => name === 'dapo' || name === 'bnpo'))
        .filter((loss_type) => loss_type !== each.loss_type)
        .map((loss_type) => ({ ...each, loss_type })),
    ];
    for (const other of others) expect(Math.abs(of(other) - of(each)), label(other)).toBeGreaterThan(1e-3);
    if (each.delta === 0) continue;
    expect(Math.abs(of({ ...each, delta: 0 }) - of(each)), label(each)).toBeGreaterThan(1e-3);
  }
});

/** Whole tiny runs on the node backend: repeatable, resumable, and safe against divergence and damaged files. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { checkpointFiles, readCheckpoint } from '../../src/training/checkpoint';
import type { RunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import type { StepReport } from '../../src/training/report';
import { TrainingRun } from '../../src/training/run';

const config: RunConfig = presets.tiny;
let backend: Backend;

beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

function begin(checkpoint?: ReturnType<typeof readCheckpoint>, settings: RunConfig = config): TrainingRun {
  return new TrainingRun(backend, settings, softwareFrames(backend, settings.policy.frame_size), { checkpoint });
}

async function finish(run: TrainingRun): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  while (!run.finished) reports.push(await run.next());
  await run.dispose();
  return reports;
}

/** A report without the times in it. */
function timeless({ metrics, ...report }: StepReport) {
  const kept = Object.entries(metrics).filter(([name]) => !name.includes('time'));
  return { ...report, metrics: Object.fromEntries(kept) };
}

test('the same config and seed give the same run twice; another seed another', async () => {
  const first = (await finish(begin())).map(timeless);
  const second = (await finish(begin())).map(timeless);
  expect(second).toEqual(first);
  expect(first.map(({ phase, step }) => `${phase} ${step}`)).toEqual([
    'cold_start 1',
    'cold_start 2',
    'grpo 1',
    'grpo 2',
    'grpo 3',
  ]);
  const other = (await finish(begin(undefined, { ...config, seed: 2 }))).map(timeless);
  expect(other[0].metrics.loss).not.toBe(first[0].metrics.loss);
});

test('a step reads back no more than 64 KiB, and reports every completion that it shows', async () => {
  for (const { phase, metrics, completions, pictures } of await finish(begin())) {
    expect(metrics['device/bytes_read_back']).toBeLessThanOrEqual(64 * 1024);
    if (phase === 'cold_start') continue;
    expect(completions).toHaveLength(pictures.length * config.grpo.num_generations);
    const total = completions.map(({ rewards }) => rewards.ednm + config.reward.format_weight * rewards.format);
    completions.forEach(({ reward }, row) => expect(reward).toBeCloseTo(total[row], 5));
  }
});

test('KL is told where it is penalized, and is no number of anything without a reference', async () => {
  const unpenalized = { ...config, grpo: { ...config.grpo, beta: 0 } };
  const penalized = (await finish(begin())).filter(({ phase }) => phase === 'grpo');
  const free = (await finish(begin(undefined, unpenalized))).filter(({ phase }) => phase === 'grpo');
  // The penalty's gradient is 0 before the first update.
  expect(free[0].metrics.policy_loss).toBe(penalized[0].metrics.policy_loss);
  expect(free[0].metrics.loss).toBe(free[0].metrics.policy_loss);
  for (const { metrics } of penalized) expect(metrics.kl).toBeGreaterThanOrEqual(0);
  for (const { metrics } of free) expect(metrics).not.toHaveProperty('kl');
});

test.each([1, 2, 3, 4])(
  'a run stopped after %i steps and resumed from its files equals the whole one',
  async (stop) => {
    const whole = (await finish(begin())).map(timeless);
    const run = begin();
    for (let step = 0; step < stop; step++) await run.next();
    const files = checkpointFiles(await run.checkpoint());
    await run.dispose();
    const rest = (await finish(begin(readCheckpoint(files, 'files')))).map(timeless);
    expect(rest).toEqual(whole.slice(stop));
  },
);

test('a diverged gradient stops the run, names the tensor, and leaves the weights as they were', async () => {
  const run = begin();
  await run.next();
  const before = await run.storedWeights();
  const name = 'language.head.weight';
  const poisoned = before[name].values.slice();
  poisoned[3] = Number.NaN;
  backend.write(run.weights[name], poisoned);
  await expect(run.next()).rejects.toThrow(/gradient of "[\w.]+" holds NaN or infinity/);
  const after = await run.storedWeights();
  expect(after['language.token_embed.weight']).toEqual(before['language.token_embed.weight']);
  await run.dispose();
});

test('damaged checkpoints are refused by file and tensor', async () => {
  const run = begin();
  await run.next();
  const files = checkpointFiles(await run.checkpoint());
  await run.dispose();
  const without = (name: string) => Object.fromEntries(Object.entries(files).filter(([file]) => file !== name));
  expect(() => readCheckpoint(without('model.safetensors'), 'dir')).toThrow(/dir holds no model\.safetensors/);
  for (const name of [
    'model.safetensors',
    'optimizer.safetensors',
    'trainer_state.json',
    'config.json',
    'tokenizer.json',
  ]) {
    const cut = { ...files, [name]: files[name].slice(0, Math.floor(files[name].length / 2)) };
    expect(() => readCheckpoint(cut, 'dir'), name).toThrow(new RegExp(`dir/${name.replace('.', '\\.')}`));
  }
  const checkpoint = readCheckpoint(files, 'dir');
  const values = checkpoint.weights['language.head.weight'].values.slice();
  values[0] = Number.NaN;
  const weights = {
    ...checkpoint.weights,
    'language.head.weight': { ...checkpoint.weights['language.head.weight'], values },
  };
  expect(() => begin({ ...checkpoint, weights })).toThrow(/"language\.head\.weight" holds NaN or infinity/);
  const { 'language.head.weight': _, ...fewer } = checkpoint.weights;
  expect(() => begin({ ...checkpoint, weights: fewer })).toThrow(/lacks the tensor "language\.head\.weight"/);
});

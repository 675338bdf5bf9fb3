/** The cold start's accumulated gradients, its evaluation, and its resumption with both, on the node backend. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { CpuBackend } from '../../src/backends/cpu';
import { createNodeBackend } from '../../src/backends/node';
import type { StoredTensors } from '../../src/policy/safetensors';
import { checkpointFiles, readCheckpoint } from '../../src/training/checkpoint';
import { parseRunConfig, type RunConfig } from '../../src/training/config';
import type { SampleSource } from '../../src/training/context';
import { drawForPlace } from '../../src/training/drawing';
import { stream } from '../../src/random';
import { softwareFrames } from '../../src/training/frames';
import type { Peers } from '../../src/training/peers';
import { presets } from '../../src/training/presets';
import type { StepReport } from '../../src/training/report';
import { TrainingRun } from '../../src/training/run';

let backend: Backend;

beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

function configWith(coldStart: Partial<RunConfig['cold_start']>): RunConfig {
  const { tiny } = presets;
  const cold_start = { ...tiny.cold_start, steps: 3, learning_rate: 1e-3, ...coldStart };
  // General problems are drawn quickly, and the phase treats all samples alike.
  const data = { tasks: ['grid_walk'], general_share: 1, general_difficulty: 0.25 };
  const policy = { ...tiny.policy, max_prompt_length: 40 };
  const grpo = { ...tiny.grpo, max_completion_length: 60, steps: 0 };
  return parseRunConfig({ ...tiny, data, policy, cold_start, grpo }, 'the test');
}

function begin(
  config: RunConfig,
  checkpoint?: ReturnType<typeof readCheckpoint>,
  samples?: SampleSource,
  peers?: Peers,
): TrainingRun {
  const frames = softwareFrames(backend, config.policy.frame_size);
  return new TrainingRun(backend, config, frames, { checkpoint, samples, peers });
}

/** So many peers within this process: each waits until all have given their values. */
function peersTogether(size: number): Peers[] {
  let waiting: { values: Float32Array; resolve: (sum: Float32Array) => void }[] = [];
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    sum: (values) =>
      new Promise((resolve) => {
        waiting[rank] = { values: values.slice(), resolve };
        if (Object.keys(waiting).length < size) return;
        const all = waiting;
        waiting = [];
        const sum = values.map((_, index) => all.reduce((total, each) => total + each.values[index], 0));
        for (const each of all) each.resolve(sum);
      }),
  }));
}

interface Outcome {
  readonly reports: readonly StepReport[];
  readonly weights: StoredTensors;
}

async function finish(run: TrainingRun): Promise<Outcome> {
  const reports: StepReport[] = [];
  while (!run.finished) reports.push(await run.next());
  const weights = await run.storedWeights();
  await run.dispose();
  return { reports, weights };
}

const timeless = ({ metrics }: StepReport) =>
  Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.includes('time')));

test('accumulated gradients are those of the large batch', async () => {
  const large = await finish(begin(configWith({ batch_size: 6 })));
  const accumulated = await finish(begin(configWith({ batch_size: 2, gradient_accumulation_steps: 3 })));
  const small = await finish(begin(configWith({ batch_size: 2 })));
  for (const [step, { metrics }] of large.reports.entries()) {
    for (const name of ['loss', 'entropy', 'grad_norm', 'num_tokens']) {
      expect(accumulated.reports[step].metrics[name], `${name} of step ${step}`).toBeCloseTo(metrics[name], 4);
    }
    expect(small.reports[step].metrics.grad_norm).not.toBeCloseTo(metrics.grad_norm, 3);
  }
  for (const [name, { values }] of Object.entries(large.weights)) {
    const furthest = Math.max(...values.map((value, i) => Math.abs(value - accumulated.weights[name].values[i])));
    // Adam's steps are of the size of the learning rate, whatever the rounding of a gradient near 0.
    expect(furthest, name).toBeLessThan(2e-4);
  }
});

test.each([
  ['two', 2],
  // More than there are passes.
  ['five', 5],
])('%s peers share a step, and all end with the same weights', async (_, size) => {
  const config = configWith({ batch_size: 2, gradient_accumulation_steps: 2, eval_steps: 3, eval_samples: 4 });
  const alone = await finish(begin(config));
  const [first, ...others] = await Promise.all(
    peersTogether(size).map((peers) => finish(begin(config, undefined, undefined, peers))),
  );
  for (const { weights, reports } of others) {
    expect(weights).toEqual(first.weights);
    expect(reports.at(-1)?.metrics).not.toHaveProperty('eval_loss');
  }
  for (const [step, { metrics }] of alone.reports.entries()) {
    for (const name of ['loss', 'entropy', 'grad_norm', 'num_tokens']) {
      expect(first.reports[step].metrics[name], `${name} of step ${step}`).toBeCloseTo(metrics[name], 4);
    }
  }
  expect(first.reports.at(-1)?.metrics.eval_loss).toBeCloseTo(alone.reports.at(-1)!.metrics.eval_loss, 4);
});

test('evaluates on samples of its own, each time the same, and leaves training as it is', async () => {
  const plain = await finish(begin(configWith({})));
  const evaluated = await finish(begin(configWith({ eval_steps: 2, eval_samples: 7 })));
  expect(evaluated.weights).toEqual(plain.weights);
  expect(evaluated.reports.map(({ metrics }) => 'eval_loss' in metrics)).toEqual([false, true, true]);
  expect(plain.reports.some(({ metrics }) => 'eval_loss' in metrics)).toBe(false);

  // With a learning rate of next to nothing, equal losses mean equal samples.
  const still = await finish(begin(configWith({ learning_rate: 1e-12, eval_steps: 1, eval_samples: 4 })));
  const losses = still.reports.map(({ metrics }) => metrics.eval_loss);
  expect(Math.max(...losses) - Math.min(...losses)).toBeLessThan(1e-6);
  expect(losses[0]).not.toBeCloseTo(still.reports[0].metrics.loss, 4);
  const { context } = begin(configWith({}));
  const ids = (phase: 'cold_start' | 'evaluation', step: number) =>
    Array.from({ length: 4 }, (_, index) => {
      const place = { phase, step, index, round: 0, fitCompletion: true };
      return drawForPlace(context, place).drawn.sample.id;
    });
  expect(new Set([...ids('evaluation', 0), ...ids('cold_start', 0), ...ids('cold_start', 1)]).size).toBe(12);
});

test('a policy that learns its samples by heart loses little and is right on most tokens', async () => {
  const config = configWith({ steps: 40, learning_rate: 2e-2, eval_steps: 40, eval_samples: 4 });
  const frames = softwareFrames(backend, config.policy.frame_size);
  const run = new TrainingRun(backend, config, frames, {
    samples: async (context, place) => drawForPlace(context, { ...place, phase: 'evaluation', step: 0 }),
  });
  const { metrics } = (await finish(run)).reports.at(-1)!;
  expect(metrics.eval_mean_token_accuracy).toBeGreaterThan(0.6);
  expect(metrics.eval_mean_token_accuracy).toBeLessThanOrEqual(1 + 1e-6);
  // The loss is of the weights before the step, the evaluation of those after it.
  expect(Math.abs(metrics.eval_loss - metrics.loss)).toBeLessThan(0.2);
});

test('resumes with accumulation and evaluation as if it had not stopped', async () => {
  const config = configWith({ batch_size: 2, gradient_accumulation_steps: 2, eval_steps: 2, eval_samples: 4 });
  const whole = await finish(begin(config));
  const run = begin(config);
  for (let step = 0; step < 2; step++) await run.next();
  const files = checkpointFiles(await run.checkpoint());
  await run.dispose();
  const rest = await finish(begin(config, readCheckpoint(files, 'files')));
  expect(rest.reports.map(timeless)).toEqual(whole.reports.slice(2).map(timeless));
  expect(rest.weights).toEqual(whole.weights);
});

test('a frozen vision tower stays as it was through cold start and GRPO, and all else learns', async () => {
  const config = configWith({ steps: 2 });
  const frozen: RunConfig = {
    ...config,
    freeze_vision_tower: true,
    // Frames of rooms, which the tower sees.
    data: { ...config.data, tasks: ['relation_2d', 'grid_walk'], general_share: 0.5 },
    policy: { ...config.policy, frames: 2, vision_layers: 1, max_prompt_length: 64 },
    grpo: { ...config.grpo, steps: 2 },
  };
  const before = await begin(frozen).storedWeights();
  const whole = await finish(begin(frozen));
  const changed = Object.entries(whole.weights)
    .filter(([name, { values }]) => values.some((value, i) => value !== before[name].values[i]))
    .map(([name]) => name);
  const told = ['visual.frame.weight', 'visual.row.weight', 'visual.column.weight'];
  const tower = Object.keys(before).filter((name) => name.startsWith('visual.') && !told.includes(name));
  expect(tower.length).toBeGreaterThan(10);
  expect(changed.filter((name) => tower.includes(name))).toEqual([]);
  for (const name of [...told, 'language.layers.0.attention.qkv.weight']) expect(changed).toContain(name);
  const free = await finish(begin({ ...frozen, freeze_vision_tower: false }));
  expect(free.weights['visual.layers.0.mlp.up.weight']).not.toEqual(before['visual.layers.0.mlp.up.weight']);

  const run = begin(frozen);
  for (let step = 0; step < 3; step++) await run.next();
  const files = checkpointFiles(await run.checkpoint());
  await run.dispose();
  expect((await finish(begin(frozen, readCheckpoint(files, 'files')))).weights).toEqual(whole.weights);
});

describe('samples of one and of several frames', () => {
  const FRAMES = 3;
  const withVideos = (coldStart: Partial<RunConfig['cold_start']>): RunConfig => {
    const config = configWith({ eval_steps: 3, eval_samples: 6, ...coldStart });
    return { ...config, policy: { ...config.policy, frames: FRAMES, frame_size: 16, patch_size: 8 } };
  };
  /** Every third sample is a video; the others show one frame, or nothing. */
  const samples: SampleSource = async (context, place) => {
    const draw = drawForPlace(context, place);
    const { frame_size: size } = context.architecture;
    const random = stream(place.step, 'pictures', place.phase, place.index);
    const frames = Array.from({ length: [FRAMES, 1, place.index % 2][place.index % 3] }, () => ({
      width: size,
      height: size,
      rgba: Uint8Array.from({ length: 4 * size ** 2 }, () => random.integer(0, 255)),
    }));
    return { ...draw, drawn: { ...draw.drawn, frames } };
  };

  test('go through graphs of their own, to the outcome of one large pass', async () => {
    const large = await finish(begin(withVideos({ batch_size: 6 }), undefined, samples));
    const run = vi.spyOn(CpuBackend.prototype, 'run');
    const passes = await finish(
      begin(withVideos({ batch_size: 2, gradient_accumulation_steps: 3 }), undefined, samples),
    );
    const slots = (graph: string) =>
      run.mock.calls
        .filter(([{ label }]) => label === graph)
        .map(([, { frame_mask: mask }]) => (mask ? mask.shape[1] : 1));
    for (const graph of ['training step', 'evaluation'])
      expect(new Set(slots(graph)), graph).toEqual(new Set([1, FRAMES]));
    run.mockRestore();
    for (const [at, { metrics }] of large.reports.entries()) {
      for (const name of ['loss', 'entropy', 'grad_norm', 'num_tokens', 'eval_loss', 'eval_mean_token_accuracy']) {
        if (!(name in metrics)) continue;
        expect(passes.reports[at].metrics[name], `${name} of step ${at}`).toBeCloseTo(metrics[name], 4);
      }
    }
    for (const [name, { values }] of Object.entries(large.weights)) {
      const furthest = Math.max(...values.map((value, i) => Math.abs(value - passes.weights[name].values[i])));
      expect(furthest, name).toBeLessThan(2e-4);
    }
  });

  test('are resumed as if the run had not stopped', async () => {
    const config = withVideos({ batch_size: 2, gradient_accumulation_steps: 3 });
    const whole = await finish(begin(config, undefined, samples));
    const run = begin(config, undefined, samples);
    for (let step = 0; step < 2; step++) await run.next();
    const files = checkpointFiles(await run.checkpoint());
    await run.dispose();
    const rest = await finish(begin(config, readCheckpoint(files, 'files'), samples));
    expect(rest.reports.map(timeless)).toEqual(whole.reports.slice(2).map(timeless));
    expect(rest.weights).toEqual(whole.weights);
  });
});

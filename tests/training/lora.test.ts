/** Whole runs that train adapters: the weights stay, runs are resumable, and what is exported is what was trained. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { exportCommand } from '../../src/cli/export';
import { withAdapters } from '../../src/graph/low-rank-adapters';
import { writeOnnx } from '../../src/graph/onnx-file';
import { inferenceModel } from '../../src/policy/export';
import type { StoredTensors } from '../../src/policy/safetensors';
import { stream } from '../../src/random';
import { checkpointFiles, type CheckpointFiles, readCheckpoint } from '../../src/training/checkpoint';
import { parseRunConfig, type RunConfig, type RunConfigInput } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import type { StepReport } from '../../src/training/report';
import { TrainingRun } from '../../src/training/run';
import { chainConfig, chainRun } from './chain-policy';

const STEPS = 3;

function withLora(config: RunConfig, lora: RunConfigInput['lora']): RunConfig {
  return parseRunConfig({ ...config, lora }, 'the test config');
}

const config = withLora(chainConfig({ grpo: { steps: STEPS, beta: 0.05, learning_rate: 0.02 } }), {
  r: 2,
  lora_alpha: 3,
  target_modules: ['qkv', 'out', 'up', 'down', 'head'],
});

let backend: Backend;
/** Weights under which the policy keeps to the output contract, and all layers have something to adapt. */
let talking: StoredTensors;
/** The checkpoint after each step of an uninterrupted run, from before the first one, and the steps' reports. */
const checkpoints: CheckpointFiles[] = [];
const reports: StepReport[] = [];

function begin(settings: RunConfig, files?: CheckpointFiles): TrainingRun {
  const checkpoint = files && readCheckpoint(files, 'dir');
  return new TrainingRun(backend, settings, softwareFrames(backend, settings.policy.frame_size), { checkpoint });
}

/** A run whose policy keeps to the contract from the start: its embedding and head are the chain policy's. */
function beginTalking(): TrainingRun {
  const run = begin(config);
  for (const name of ['language.token_embed.weight', 'language.head.weight']) {
    backend.write(run.weights[name], talking[name].values);
  }
  return run;
}

beforeAll(async () => {
  backend = await createNodeBackend();
  const chain = chainRun(backend, chainConfig());
  talking = await chain.storedWeights();
  await chain.dispose();
  const run = beginTalking();
  checkpoints.push(checkpointFiles(await run.checkpoint()));
  while (!run.finished) {
    reports.push(await run.next());
    checkpoints.push(checkpointFiles(await run.checkpoint()));
  }
  await run.dispose();
}, 120_000);
afterAll(() => backend.dispose());

test('GRPO changes the adapters and nothing else, from a policy that is the base', () => {
  const [first, last] = [checkpoints[0], checkpoints[STEPS]].map((files) => readCheckpoint(files, 'dir'));
  expect(last.weights).toEqual(first.weights);
  const names = Object.keys(last.adapters!);
  expect(names).toHaveLength(2 * 5);
  for (const name of names) {
    const [before, after] = [first.adapters![name].values, last.adapters![name].values];
    expect(
      before.every((value) => value === 0),
      name,
    ).toBe(name.includes('lora_B'));
    expect(after, name).not.toEqual(before);
  }
  expect(Object.keys(last.optimizer.tensors)).toEqual(
    names.flatMap((name) => [`exp_avg.${name}`, `exp_avg_sq.${name}`]),
  );
});

test('the reference policy is the base: no divergence at first, and no copy of it in the checkpoint', () => {
  expect(Math.abs(reports[0].metrics.kl)).toBeLessThan(1e-6);
  expect(reports[0].metrics.grad_norm).toBeGreaterThan(1e-4);
  expect(reports[STEPS - 1].metrics.kl).toBeGreaterThan(1e-6);
  expect(Object.keys(checkpoints[STEPS])).toEqual([
    'config.json',
    'tokenizer.json',
    'model.safetensors',
    'adapter_config.json',
    'adapter_model.safetensors',
    'optimizer.safetensors',
    'trainer_state.json',
  ]);
});

/** A report without the times in it. */
function timeless({ metrics, ...report }: StepReport) {
  return { ...report, metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.includes('time'))) };
}

test.each([0, 1, 2])('a run resumed from the files of step %i equals the whole one', async (stop) => {
  const run = begin(config, checkpoints[stop]);
  for (let step = stop; step < STEPS; step++) expect(timeless(await run.next())).toEqual(timeless(reports[step]));
  expect(checkpointFiles(await run.checkpoint())).toEqual(checkpoints[STEPS]);
  await run.dispose();
});

test('the cold start trains the weights; adapters come with GRPO', async () => {
  const { tiny } = presets;
  const settings = withLora({ ...tiny, cold_start: { ...tiny.cold_start, steps: 1 } }, { r: 2 });
  const run = begin(settings);
  const fresh = await run.storedWeights();
  await run.next();
  expect(run.phase).toBe('grpo');
  const weights = await run.storedWeights();
  expect(weights['language.head.weight']).not.toEqual(fresh['language.head.weight']);
  const { adapters } = await run.checkpoint();
  expect(Object.keys(adapters!)).toHaveLength(2 * 4);
  // Merged with adapters of which B is 0 the weights are what they were.
  expect(await run.storedWeights()).toEqual(weights);
  await run.dispose();
});

test('export merges the adapters', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lora-'));
  for (const [name, bytes] of Object.entries(checkpoints[STEPS])) writeFileSync(join(folder, name), bytes);
  const out = join(folder, 'policy.onnx');
  const said = vi.spyOn(console, 'log').mockReturnValue();
  await exportCommand.run(['--checkpoint', folder, '--out', out]);
  said.mockRestore();

  const run = begin(config, checkpoints[STEPS]);
  const { architecture } = run.context;
  const { weights, adapters } = readCheckpoint(checkpoints[STEPS], 'dir');
  // The same policy with its adapters unmerged, written out by the graph surgery for any model.
  const base = inferenceModel(architecture, weights);
  const modules = Object.keys(adapters!).flatMap((name) => (name.includes('lora_A') ? [name.slice(0, -14)] : []));
  const unmerged = withAdapters(
    base,
    modules.map((module) => ({
      weight: `${module}.weight`,
      a: `${module}.lora_A.weight`,
      b: `${module}.lora_B.weight`,
      rank: 2,
      scaling: 3 / 2,
    })),
  );
  await run.dispose();
  const random = stream(2, 'lora export');
  const { frame_size, vocabulary } = architecture;
  const pixels = Float32Array.from({ length: 3 * frame_size ** 2 }, () => random.uniform(-1, 1));
  const ids = BigInt64Array.from({ length: 7 }, () => BigInt(random.integer(0, vocabulary - 1)));
  const inputs = {
    pixel_values: new ort.Tensor('float32', pixels, [1, 3, frame_size, frame_size]),
    input_ids: new ort.Tensor('int64', ids, [1, 7]),
  };
  const factors = Object.fromEntries(
    Object.entries(adapters!).map(([name, { shape, values }]) => [name, new ort.Tensor('float32', values, [...shape])]),
  );
  const logits = async (model: Uint8Array, feeds: Record<string, ort.Tensor>) => {
    const session = await ort.InferenceSession.create(model);
    return [...((await session.run(feeds)).logits.data as Float32Array)];
  };
  const exported = await logits(readFileSync(out), inputs);
  const adapted = await logits(writeOnnx(unmerged), { ...inputs, ...factors });
  const frozen = await logits(writeOnnx(base), inputs);
  const apart = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
  expect(apart(exported, frozen)).toBeGreaterThan(1e-2);
  expect(apart(exported, adapted)).toBeLessThan(1e-4);
  rmSync(folder, { recursive: true });
});

test('checkpoints whose adapters and config do not go together are refused', () => {
  const files = checkpoints[1];
  const without = Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith('adapter_model')));
  expect(() => readCheckpoint(without, 'dir')).toThrow('dir holds no adapter_model.safetensors');
  const plain = new TextEncoder().encode(JSON.stringify({ ...config, lora: { r: 0 } }));
  expect(() => readCheckpoint({ ...files, 'config.json': plain }, 'dir')).toThrow(
    'dir holds adapters, but dir/config.json asks for none; set lora.r to their rank',
  );
});

test('settings of LoRA that mean nothing are refused by name', () => {
  const attempt = (lora: object) => () => parseRunConfig({ ...config, lora }, 'file.json');
  expect(attempt({ r: 2, target_modules: ['q_proj'] })).toThrow(/lora\.target_modules[^]*qkv/);
  expect(attempt({ r: 2, target_modules: [] })).toThrow(/lora\.target_modules/);
  expect(attempt({ r: -1 })).toThrow(/lora\.r/);
  expect(attempt({ r: 2, lora_alpha: 0 })).toThrow(/lora\.lora_alpha/);
  expect(attempt({ rank: 2 })).toThrow(/lora[^]*rank/);
});

test('a diverged gradient names the adapter, and leaves all adapters as they were', async () => {
  const run = begin(config, checkpoints[1]);
  const poisoned = talking['language.head.weight'].values.slice();
  poisoned[3] = Number.NaN;
  backend.write(run.weights['language.head.weight'], poisoned);
  await expect(run.next()).rejects.toThrow(/gradient of "[\w.]+\.lora_[AB]\.weight" holds NaN or infinity/);
  expect((await run.checkpoint()).adapters).toEqual(readCheckpoint(checkpoints[1], 'dir').adapters);
  await run.dispose();
});

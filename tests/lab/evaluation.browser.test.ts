/** The page's evaluation on WebGPU, from a stored run to scored answers, against the same policy on WebAssembly. */
import { expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createWasmBackend } from '../../src/backends/wasm';
import { createWebGpuBackend } from '../../src/backends/webgpu';
import type { DatasetPlan } from '../../src/datasets/plan';
import { PolicyModel } from '../../src/evaluation/models/policy';
import type { EvaluationEvent, EvaluationFiles, EvaluationRequest } from '../../src/lab/evaluation-protocol';
import { evaluateModel } from '../../src/lab/evaluation-run';
import { makeSceneSuite, makeSuite, type MadeSuite } from '../../src/lab/evaluation-suite';
import { storeRun } from '../../src/lab/run-storage';
import { initialValues, parameterSpecs } from '../../src/policy/parameters';
import { Tokenizer } from '../../src/policy/tokenizer';
import { stream } from '../../src/random';
import { buildVocabulary } from '../../src/tasks/vocabulary';
import type { Checkpoint } from '../../src/training/checkpoint';
import { parseRunConfig } from '../../src/training/config';
import { presets } from '../../src/training/presets';
import { architectureOf } from '../../src/training/run';

const { tiny } = presets;
const config = parseRunConfig(
  {
    ...tiny,
    policy: { ...tiny.policy, frames: 2, max_prompt_length: 40 },
    grpo: { ...tiny.grpo, max_completion_length: 3 },
  },
  'the test',
);
const tokenizer = new Tokenizer(buildVocabulary({ general: true }));
const random = stream(5, 'evaluation test');
/** Weights larger than first ones are, so that what is said depends on what is asked and seen. */
const checkpoint: Checkpoint = {
  config,
  tokenizer,
  phase: 'cold_start',
  step: 0,
  tokens: 0,
  weights: Object.fromEntries(
    parameterSpecs(architectureOf(config, tokenizer)).map((spec) => [
      spec.name,
      { shape: spec.shape, values: initialValues(spec, random).map((value) => value + 0.3 * random.normal()) },
    ]),
  ),
  optimizer: { tensors: {}, updates: 0 },
  reference: null,
  adapters: null,
  curriculum: [],
};

async function evaluateOn(create: () => Promise<Backend>, suite: MadeSuite): Promise<EvaluationFiles> {
  const backend = await create();
  const files = await evaluateModel(await PolicyModel.create('policy', backend, checkpoint), suite, () => undefined);
  await backend.dispose();
  return files;
}

/** Evaluates in a worker of its own. Resolves with all that it said. */
function evaluateInWorker(request: EvaluationRequest): Promise<EvaluationEvent[]> {
  const worker = new Worker(new URL('../../src/lab/evaluation-worker.ts', import.meta.url), { type: 'module' });
  const events: EvaluationEvent[] = [];
  return new Promise<EvaluationEvent[]>((resolve, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<EvaluationEvent>) => {
      events.push(data);
      if (data.type !== 'progress') resolve(events);
    });
    worker.postMessage(request);
  }).finally(() => worker.terminate());
}

const completions = ({ predictions }: EvaluationFiles) => predictions.map(({ id, completion }) => [id, completion]);

test('the worker evaluates a stored run on WebGPU', async () => {
  await storeRun('evaluated', checkpoint, []);
  const events = await evaluateInWorker({ policy: { run: 'evaluated' }, suite: 'general' });
  const last = events[events.length - 1];
  if (last.type !== 'evaluated') throw new Error(JSON.stringify(last));
  const stages = events.flatMap((event) => (event.type === 'progress' ? [event.progress.stage] : []));
  expect([...new Set(stages)]).toEqual(['compiling', 'true images', 'scoring']);
  const suite = await makeSuite('general', async () => undefined);
  const { results, predictions } = last.files;
  expect(results).toMatchObject({ suite: 'general-small', fingerprint: suite.source.fingerprint, not_asked: 0 });
  expect(results.policy).toBe('evaluated, cold start step 0');
  expect(new Set(predictions.map(({ id }) => id)).size).toBe(suite.samples.length);
  // The tiny policy reads few of these prompts; what it does not read is said.
  const answered = predictions.filter(({ completion }) => completion !== null);
  expect(answered.length).toBeGreaterThan(10);
  expect(results.failures.length).toBe(predictions.length - answered.length);
  for (const { error } of results.failures)
    expect(error).toMatch(/^the prompt has \d+ tokens, and the policy reads 40$/);
  expect(new Set(answered.map(({ completion }) => completion)).size).toBeGreaterThan(5);
  expect(completions(last.files)).toEqual(completions(await evaluateOn(createWasmBackend, suite)));
});

test('a run that is not stored is a failure that names it', async () => {
  const [event] = await evaluateInWorker({ policy: { run: 'nowhere' }, suite: 'general' });
  expect(event).toEqual({ type: 'failed', message: 'no run "nowhere" is stored in this browser' });
});

test('with frames, WebGPU answers as WebAssembly does, and otherwise for blank images', async () => {
  const plan: DatasetPlan = {
    seed: 3,
    scenes: 2,
    frames: 4,
    width: 64,
    height: 64,
    tasks: ['size_comparison', 'camera_movement_direction', 'count_2d'],
    split: { train: 0.5, test: 0.5 },
  };
  const suite = await makeSceneSuite('tiny', plan, async () => undefined);
  expect(suite.samples.length).toBeGreaterThan(2);
  const [webgpu, wasm] = [await evaluateOn(createWebGpuBackend, suite), await evaluateOn(createWasmBackend, suite)];
  expect(completions(webgpu)).toEqual(completions(wasm));
  expect(webgpu.results).toEqual(wasm.results);
  expect(webgpu.results.frames).toEqual([{ of: 4, shown: [1, 3], questions: expect.any(Number) }]);
  const reasons = webgpu.results.failures.map(({ error }) => error);
  expect(reasons.filter((reason) => reason.includes('among 4, and the policy sees 2'))).not.toEqual([]);
  const answers = (which: 'model' | 'blank') =>
    webgpu.results.benchmarks.map((benchmark) => benchmark[which]?.samples.map(({ prediction }) => prediction));
  expect(answers('model')).not.toEqual(answers('blank'));
});

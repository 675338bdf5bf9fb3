/** Runs that start from another policy: with exactly its weights, on any settings that go with it, and no others. */
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { writeOnnx } from '../../src/graph/onnx-file';
import { inferenceModel } from '../../src/policy/export';
import { stream } from '../../src/random';
import { checkpointFiles, type CheckpointFiles, readCheckpoint, readPolicy } from '../../src/training/checkpoint';
import { parseRunConfig, type RunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import type { StepReport } from '../../src/training/report';
import { policyWeights, type RunOptions, TrainingRun } from '../../src/training/run';
import { chainConfig, chainRun } from './chain-policy';

const { tiny } = presets;

type Settings = { readonly [Section in keyof RunConfig]?: Partial<RunConfig[Section]> | RunConfig[Section] };

/** The tiny run, from the policy and straight to GRPO, with other settings. */
function from(settings: Settings = {}): RunConfig {
  const config: Record<string, unknown> = {
    ...tiny,
    model_name_or_path: 'first',
    cold_start: { ...tiny.cold_start, steps: 0 },
  };
  for (const [section, value] of Object.entries(settings)) {
    config[section] = typeof value === 'object' ? { ...(config[section] as object), ...value } : value;
  }
  return parseRunConfig(config, 'the test config');
}

let backend: Backend;
/** The first run's, after its cold start and one GRPO step; its optimizer and step must not matter. */
let files: CheckpointFiles;

function begin(config: RunConfig, options: RunOptions = { policy: readPolicy(files, 'dir') }): TrainingRun {
  return new TrainingRun(backend, config, softwareFrames(backend, config.policy.frame_size), options);
}

/** A report without the times in it. */
function timeless({ metrics, ...report }: StepReport) {
  return { ...report, metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.includes('time'))) };
}

beforeAll(async () => {
  backend = await createNodeBackend();
  const run = begin({ ...tiny, seed: 5 }, {});
  for (let step = 0; step < 3; step++) await run.next();
  files = checkpointFiles(await run.checkpoint());
  await run.dispose();
});
afterAll(() => backend.dispose());

test('begins GRPO with the weights, which are the reference policy, and the tokenizer; with nothing else', async () => {
  const run = begin(from());
  const { phase, step, weights, reference, optimizer, tokens, tokenizer } = await run.checkpoint();
  const policy = readPolicy(files, 'dir');
  expect(weights).toEqual(policy.weights);
  expect(reference).toEqual(policy.weights);
  expect(tokenizer.toJSON()).toEqual(policy.tokenizer.toJSON());
  expect([phase, step, tokens, optimizer.updates]).toEqual(['grpo', 0, 0, 0]);
  expect(Object.values(optimizer.tensors).every(({ values }) => values.every((value) => value === 0))).toBe(true);
  expect(run.notes).toEqual(['starts from the policy first']);
  await run.dispose();
});

test('its first step is that of a run which holds these weights', async () => {
  const config = from();
  const started = begin(config);
  const fresh = begin({ ...config, model_name_or_path: '' }, {});
  for (const [name, { values }] of Object.entries(readPolicy(files, 'dir').weights)) {
    backend.write(fresh.weights[name], values);
  }
  const [first, same] = [timeless(await started.next()), timeless(await fresh.next())];
  expect(first).toEqual(same);
  expect(Math.abs(first.metrics.kl)).toBeLessThan(1e-2);
  for (const run of [started, fresh]) await run.dispose();
});

test('stopped and resumed without the policy it equals the whole run', async () => {
  // A policy whose rewards differ from the first step on, so that its weights leave the reference policy's.
  const chain = chainRun(backend, chainConfig());
  const policy = readPolicy(checkpointFiles(await chain.checkpoint()), 'chain');
  await chain.dispose();
  const config = parseRunConfig(
    { ...chainConfig({ grpo: { steps: 3, beta: 0.05, learning_rate: 0.02 } }), model_name_or_path: 'chain' },
    'the test config',
  );
  const run = begin(config, { policy });
  await run.next();
  await run.next();
  const checkpoint = readCheckpoint(checkpointFiles(await run.checkpoint()), 'files');
  const last = timeless(await run.next());
  const whole = checkpointFiles(await run.checkpoint());
  await run.dispose();
  expect(checkpoint.config.model_name_or_path).toBe('chain');
  expect(checkpoint.reference).toEqual(policy.weights);
  expect(checkpoint.weights).not.toEqual(policy.weights);
  const resumed = begin(checkpoint.config, { checkpoint });
  expect(timeless(await resumed.next())).toEqual(last);
  expect(checkpointFiles(await resumed.checkpoint())).toEqual(whole);
  expect(resumed.notes).toEqual([]);
  await resumed.dispose();
});

test('after a cold start of its own the reference policy is what the cold start made of the policy', async () => {
  const run = begin(from({ cold_start: { steps: 1 } }));
  expect(run.phase).toBe('cold_start');
  await run.next();
  const { phase, weights, reference } = await run.checkpoint();
  await run.dispose();
  expect(phase).toBe('grpo');
  expect(reference).toEqual(weights);
  expect(weights).not.toEqual(readPolicy(files, 'dir').weights);
});

test('LoRA adapts the weights, which stay; a policy with adapters gives its merged weights', async () => {
  const run = begin(from({ lora: { r: 2 }, grpo: { steps: 1 } }));
  await run.next();
  const { config, tokenizer, weights, adapters } = await run.checkpoint();
  await run.dispose();
  const policy = readPolicy(files, 'dir');
  expect(weights).toEqual(policy.weights);

  const trained = Object.entries(adapters!).map(([name, { shape, values }]) => {
    return [name, { shape, values: values.map((_, i) => ((i % 7) - 3) / 10) }] as const;
  });
  const adapted = { config, tokenizer, weights, adapters: Object.fromEntries(trained) };
  const second = begin(from(), { policy: adapted });
  const start = await second.storedWeights();
  await second.dispose();
  expect(start).toEqual(policyWeights(adapted));
  const apart = Object.keys(weights).filter((name) =>
    start[name].values.some((value, i) => value !== weights[name].values[i]),
  );
  expect(apart.map((name) => name.split('.').at(-2))).toEqual(['qkv', 'out', 'up', 'down']);
});

test('longer texts have new positions behind those of the policy, which the seed fixes', async () => {
  const name = 'language.position.weight';
  const { max_prompt_length } = tiny.policy;
  const longer = from({ policy: { max_prompt_length: max_prompt_length + 3 } });
  const positionsOf = async (config: RunConfig) => {
    const run = begin(config);
    const { [name]: own, ...others } = await run.storedWeights();
    await run.dispose();
    expect(run.notes).toContainEqual(expect.stringMatching(/has 3 new positions behind its 76/));
    return { own, others };
  };
  const { [name]: known, ...rest } = readPolicy(files, 'dir').weights;
  const { own, others } = await positionsOf(longer);
  expect(others).toEqual(rest);
  expect(own.shape).toEqual([79, tiny.policy.dim]);
  expect(own.values.slice(0, known.values.length)).toEqual(known.values);
  const drawn = own.values.slice(known.values.length);
  expect(new Set(drawn).size).toBe(drawn.length);
  expect(Math.max(...drawn.map(Math.abs))).toBeLessThan(0.1);
  expect((await positionsOf(longer)).own).toEqual(own);
  expect((await positionsOf({ ...longer, seed: longer.seed + 1 })).own).not.toEqual(own);
});

test('shorter texts cut the positions that they leave unused, whichever text is shorter', async () => {
  const name = 'language.position.weight';
  const { max_prompt_length } = tiny.policy;
  const { max_completion_length } = tiny.grpo;
  for (const config of [
    from({ grpo: { max_completion_length: max_completion_length - 8 } }),
    from({
      policy: { max_prompt_length: max_prompt_length + 4 },
      grpo: { max_completion_length: max_completion_length - 12 },
    }),
  ]) {
    const run = begin(config);
    const { [name]: known, ...others } = readPolicy(files, 'dir').weights;
    const { [name]: cut, ...same } = await run.storedWeights();
    expect(same).toEqual(others);
    const rows = max_prompt_length + max_completion_length - 8;
    expect(cut).toEqual({ shape: [rows, 16], values: known.values.slice(0, rows * 16) });
    expect(run.notes).toContainEqual(expect.stringContaining(`keeps its first ${rows} of ${rows + 8} positions`));
    await run.next();
    await run.dispose();
  }
});

test('a policy of one frame grows more: their embedding is new, and zero for the first', async () => {
  const name = 'visual.frame.weight';
  const run = begin(from({ policy: { frames: 4 } }));
  const { [name]: frames, ...same } = await run.storedWeights();
  expect(same).toEqual(readPolicy(files, 'dir').weights);
  expect(frames.shape).toEqual([4, 16]);
  expect(frames.values.subarray(0, 16).every((value) => value === 0)).toBe(true);
  const drawn = frames.values.subarray(16);
  const spread = Math.sqrt(drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length);
  expect(spread).toBeGreaterThan(0.01);
  expect(spread).toBeLessThan(0.04);
  expect(run.notes).toContainEqual(expect.stringContaining(`${name} is new, as first sees 1 frame and this run 4`));
  const grown = await run.checkpoint();
  await run.dispose();
  // And stays as it is in the next run; but frames are not taken away.
  const policy = readPolicy(checkpointFiles(grown), 'grown');
  const next = begin(from({ policy: { frames: 4 } }), { policy });
  expect((await next.storedWeights())[name]).toEqual(frames);
  await next.dispose();
  expect(() => begin(from(), { policy })).toThrow("policy.frames is 1, and the policy's 4; set it to 4");
});

test('a prompt of one frame has the logits that it had before there were more', async () => {
  const [alone, grown] = await Promise.all(
    [1, 4].map(async (frames) => {
      const run = begin(from({ policy: { frames } }));
      const model = writeOnnx(inferenceModel(run.context.architecture, await run.storedWeights()));
      await run.dispose();
      return ort.InferenceSession.create(model);
    }),
  );
  const random = stream(3, 'grown');
  const size = tiny.policy.frame_size;
  const [frame, others] = [1, 3].map((count) =>
    Float32Array.from({ length: count * 3 * size ** 2 }, () => random.uniform(-1, 1)),
  );
  const ids = new ort.Tensor(
    'int64',
    BigInt64Array.from({ length: 9 }, () => BigInt(random.integer(3, 200))),
    [1, 9],
  );
  const one = await alone.run({ pixel_values: new ort.Tensor('float32', frame, [1, 3, size, size]), input_ids: ids });
  // What is in the places of frames that are not there must not matter.
  const four = (mask: number[]) =>
    grown.run({
      pixel_values: new ort.Tensor('float32', Float32Array.from([...frame, ...others]), [1, 4, 3, size, size]),
      frame_mask: new ort.Tensor('float32', mask, [1, 4]),
      input_ids: ids,
    });
  const apart = (given: ort.InferenceSession.OnnxValueMapType) => {
    const [before, after] = [one, given].map(({ logits }) => logits.data as Float32Array);
    return Math.max(...after.map((value, i) => Math.abs(value - before[i])));
  };
  expect(apart(await four([1, 0, 0, 0]))).toBeLessThan(1e-5);
  expect(apart(await four([1, 1, 1, 1]))).toBeGreaterThan(1e-4);
});

test('every setting that does not go with the policy is named with both values and what to do', () => {
  const shapes: [Settings, RegExp][] = [
    [{ policy: { frame_size: 64 } }, /policy\.frame_size is 64, and the policy's 32; set it to 32/],
    [{ policy: { patch_size: 8 } }, /policy\.patch_size is 8, and the policy's 16; set it to 16/],
    [{ policy: { stem_stages: 1 } }, /policy\.stem_stages is 1, and the policy's 0; set it to 0/],
    [{ policy: { dim: 32 } }, /policy\.dim is 32, and the policy's 16; set it to 16/],
    [{ policy: { layers: 2 } }, /policy\.layers is 2, and the policy's 1; set it to 1/],
    // The same shapes, and another policy.
    [{ policy: { heads: 4 } }, /policy\.heads is 4, and the policy's 2; set it to 2/],
    [{ policy: { mlp_ratio: 4 } }, /policy\.mlp_ratio is 4, and the policy's 2; set it to 2/],
    [{ policy: { dim: 32, layers: 2 } }, /policy\.dim[^]*policy\.layers[^]*leave model_name_or_path empty/],
  ];
  for (const [settings, message] of shapes) expect(() => begin(from(settings))).toThrow(message);
  const policy = readPolicy(files, 'dir');
  expect(() => begin(from(), {})).toThrow('model_name_or_path is "first", and the run was given no policy');
  expect(() => begin(tiny, { policy })).toThrow('model_name_or_path is "", and the run was given a policy');
  const { 'language.head.weight': _, ...weights } = policy.weights;
  expect(() => begin(from(), { policy: { ...policy, weights } })).toThrow(/lacks the tensor "language\.head\.weight"/);
});

test('words that the tokenizer lacks are spelled, and said so', async () => {
  const general = { tasks: ['item_counting'], general_share: 1, general_difficulty: 0 };
  const config = from({
    data: general,
    grpo: { steps: 1, max_completion_length: 16 },
    policy: { max_prompt_length: 60 },
  });
  const run = begin(config);
  expect(run.notes).toContainEqual(
    expect.stringMatching(/^the tokenizer of first lacks \d\d+ words that this run's tasks may use, such as "/),
  );
  await run.next();
  await run.dispose();
});

test('a policy is read from its three files alone; what is missing is named', () => {
  const { 'config.json': config, 'tokenizer.json': tokenizer, 'model.safetensors': model } = files;
  const alone = { 'config.json': config, 'tokenizer.json': tokenizer, 'model.safetensors': model };
  expect(readPolicy(alone, 'dir')).toEqual(readPolicy(files, 'dir'));
  for (const name of Object.keys(alone)) {
    const fewer = Object.fromEntries(Object.entries(alone).filter(([file]) => file !== name));
    expect(() => readPolicy(fewer, 'dir')).toThrow(`dir holds no ${name}`);
  }
});

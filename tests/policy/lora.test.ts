/** LoRA on the policy: its graphs with adapters against plain loops with merged weights, and the adapters' files. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { linearWeights } from '../../src/graph/low-rank-adapters';
import { inferenceModel } from '../../src/policy/export';
import { Generator } from '../../src/policy/generation';
import { adapterSpecs, LINEAR_MODULES, type LoraConfig, mergedWeights, trainableSpecs } from '../../src/policy/lora';
import { adapterFiles, readAdapterFiles } from '../../src/policy/lora-files';
import { elementCount, parameterSpecs } from '../../src/policy/parameters';
import type { StoredTensors } from '../../src/policy/safetensors';
import { initializeWeights, loadWeights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import { trainingModel } from '../../src/training/objective';
import { presets } from '../../src/training/presets';
import { Updater } from '../../src/training/update';
import { a as plain, allocateSmallPolicy, figuresOf, shape, stored } from '../training/small-policy';

const lora: LoraConfig = { r: 3, lora_alpha: 6, target_modules: LINEAR_MODULES, use_rslora: true };
const a = { ...plain, lora };
const random = stream(4, 'policy lora test');
/** Adapters as they may be after some training: no factor is 0. */
const adapters: StoredTensors = Object.fromEntries(
  adapterSpecs(a).map(({ name, shape: dims }) => {
    const values = Float32Array.from({ length: elementCount(dims) }, () => 0.3 * random.normal());
    return [name, { shape: dims, values }];
  }),
);
const SCALING = 6 / Math.sqrt(3);

/** W + scaling A B by plain loops, for every linear layer. */
function mergedByHand(): StoredTensors {
  const merged: Record<string, StoredTensors[string]> = { ...stored };
  for (const [name, { shape: dims, values }] of Object.entries(stored)) {
    const module = name.slice(0, -'.weight'.length);
    if (!(`${module}.lora_A.weight` in adapters)) continue;
    const [A, B] = [adapters[`${module}.lora_A.weight`].values, adapters[`${module}.lora_B.weight`].values];
    const [, columns] = dims;
    const product = (i: number, o: number) => [0, 1, 2].reduce((sum, k) => sum + A[3 * i + k] * B[columns * k + o], 0);
    const sums = values.map((value, at) => value + SCALING * product(Math.floor(at / columns), at % columns));
    merged[name] = { shape: dims, values: sums };
  }
  return merged;
}

let backend: Backend;

beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

test('adapters stand beside the linear layers that the graphs have, and beside those alone', () => {
  const modules = (names: readonly string[]) =>
    new Set(names.map((name) => name.replace(/\.weight$/, '').replace(/^.*\./, '')));
  const inGraph = linearWeights(inferenceModel(plain, stored)).map(({ name }) => name);
  expect(modules(inGraph)).toEqual(new Set(LINEAR_MODULES));
  const specs = adapterSpecs(a);
  expect(specs.map(({ name }) => name).sort()).toEqual(
    inGraph.flatMap((name) => ['A', 'B'].map((factor) => name.replace('.weight', `.lora_${factor}.weight`))).sort(),
  );
  const few = { ...plain, vision_layers: 1, lora: { ...lora, target_modules: ['qkv', 'mlp.down'] } };
  expect(adapterSpecs(few).map(({ name, shape: dims }) => `${name} ${dims}`)).toEqual([
    'visual.layers.0.attention.qkv.lora_A.weight 8,3',
    'visual.layers.0.attention.qkv.lora_B.weight 3,24',
    'visual.layers.0.mlp.down.lora_A.weight 16,3',
    'visual.layers.0.mlp.down.lora_B.weight 3,8',
    'language.layers.0.attention.qkv.lora_A.weight 8,3',
    'language.layers.0.attention.qkv.lora_B.weight 3,24',
    'language.layers.0.mlp.down.lora_A.weight 16,3',
    'language.layers.0.mlp.down.lora_B.weight 3,8',
  ]);
  const frozen = { ...few, freeze_vision_tower: true };
  expect(trainableSpecs(frozen)).toEqual(adapterSpecs(few).filter(({ name }) => name.startsWith('language.')));
  expect(trainableSpecs(plain)).toEqual(parameterSpecs(plain));
  expect(trainableSpecs({ ...plain, lora: null })).toEqual(parameterSpecs(plain));
});

test('A begins uniform up to 1 / sqrt(in), B at 0; the seed fixes both', async () => {
  const wide = { ...plain, dim: 64, lora: { ...lora, r: 16 } };
  const draw = async (seed: number) => {
    const tensors = initializeWeights(backend, wide, seed, adapterSpecs(wide));
    const read = async (name: string) => Array.from(await backend.read(tensors[name]));
    return { A: await read('language.layers.0.mlp.down.lora_A.weight'), B: await read('language.head.lora_B.weight') };
  };
  const { A, B } = await draw(1);
  const bound = 1 / Math.sqrt(128);
  expect(A).toHaveLength(128 * 16);
  expect(Math.max(...A.map(Math.abs))).toBeLessThanOrEqual(bound * (1 + 1e-6));
  const deviation = Math.sqrt(A.reduce((sum, value) => sum + value * value, 0) / A.length);
  expect(deviation / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
  expect(Math.abs(A.reduce((sum, value) => sum + value, 0) / A.length)).toBeLessThan(0.1 * bound);
  expect(B.every((value) => value === 0)).toBe(true);
  expect((await draw(1)).A).toEqual(A);
  expect((await draw(2)).A).not.toEqual(A);
});

test('merged weights are W + scaling A B, and the training graph with adapters sees them', async () => {
  const expected = mergedByHand();
  const merged = mergedWeights(a, stored, adapters);
  expect(Object.keys(merged)).toEqual(Object.keys(stored));
  for (const [name, { values }] of Object.entries(expected)) {
    merged[name].values.forEach((value, i) => expect(value, name).toBeCloseTo(values[i], 5));
  }
  expect(merged['visual.position.weight']).toBe(stored['visual.position.weight']);

  const { grpo } = presets.tiny;
  const ones = new Float32Array(shape.prompts * shape.generations * plain.max_completion_length).fill(1);
  const { weights, prompts, batch } = allocateSmallPolicy(backend, ones);
  const updater = await Updater.create(backend, a, shape, grpo);
  const all = { ...weights, ...loadWeights(backend, a, adapters, adapterSpecs(a)) };
  const settings = { ...grpo, temperature: 0.9, beta: 0, policy_weight: 0, supervised_weight: 1 };
  await updater.differentiate(all, prompts, batch, settings);
  const { logProbabilities } = figuresOf(expected, 0.9);
  const nll = -logProbabilities.reduce((sum, value) => sum + value, 0);
  expect((await updater.results()).loss / nll).toBeCloseTo(1, 5);
});

test("adapters' gradients follow from those of the merged weights by the chain rule; the weights have none", async () => {
  const { grpo } = presets.tiny;
  const ones = new Float32Array(shape.prompts * shape.generations * plain.max_completion_length).fill(1);
  const { weights, prompts, batch } = allocateSmallPolicy(backend, ones);
  const settings = { ...grpo, temperature: 1, beta: 0.1, policy_weight: 1, supervised_weight: 0 };
  const adapted = await Updater.create(backend, a, shape, grpo);
  expect(Object.keys(adapted.gradients)).toEqual(Object.keys(adapters));
  await adapted.differentiate(
    { ...weights, ...loadWeights(backend, a, adapters, adapterSpecs(a)) },
    prompts,
    batch,
    settings,
  );
  const full = await Updater.create(backend, plain, shape, grpo);
  await full.differentiate(loadWeights(backend, plain, mergedByHand()), prompts, batch, settings);

  for (const {
    name,
    shape: [inputs, outputs],
  } of parameterSpecs(plain)) {
    const module = name.slice(0, -'.weight'.length);
    const [nameA, nameB] = ['A', 'B'].map((factor) => `${module}.lora_${factor}.weight`);
    if (!(nameA in adapters)) continue;
    const G = await backend.read(full.gradients[name]);
    const gradientA = Array.from(await backend.read(adapted.gradients[nameA]));
    const gradientB = Array.from(await backend.read(adapted.gradients[nameB]));
    const [A, B] = [adapters[nameA].values, adapters[nameB].values];
    const range = (length: number) => Array.from({ length }, (_, index) => index);
    const sum = (values: number[]) => SCALING * values.reduce((total, value) => total + value, 0);
    const expectedA = range(inputs * 3).map((at) =>
      sum(range(outputs).map((o) => G[Math.floor(at / 3) * outputs + o] * B[(at % 3) * outputs + o])),
    );
    const expectedB = range(3 * outputs).map((at) =>
      sum(range(inputs).map((i) => A[3 * i + Math.floor(at / outputs)] * G[i * outputs + (at % outputs)])),
    );
    const error = (got: number[], wanted: number[]) =>
      Math.hypot(...got.map((value, i) => value - wanted[i])) / Math.hypot(...wanted);
    expect(Math.hypot(...expectedA), name).toBeGreaterThan(1e-4);
    expect(error(gradientA, expectedA), nameA).toBeLessThan(1e-4);
    expect(error(gradientB, expectedB), nameB).toBeLessThan(1e-4);
  }
});

test('the training graph with adapters has no operators that it did not have without', () => {
  const operators = (architecture: typeof plain) =>
    new Set(trainingModel(architecture, shape, presets.tiny.grpo).graph.nodes.map(({ opType }) => opType));
  const known = operators(plain);
  expect([...operators(a)].filter((opType) => !known.has(opType))).toEqual([]);
});

test('generation with adapters says what the merged policy says', async () => {
  const { weights, prompts } = allocateSmallPolicy(backend, new Float32Array(12));
  const all = { ...weights, ...loadWeights(backend, a, adapters, adapterSpecs(a)) };
  const special = { pad: 0, bos: 1, eos: 2 };
  const figures = async (architecture: typeof plain, policy: typeof weights) => {
    const generator = await Generator.create(backend, architecture, shape, special);
    const { tokens, logProbabilities } = await generator.generate(policy, prompts, { temperature: 1, seed: 5 });
    return {
      tokens: Array.from(await backend.read(tokens)),
      logProbabilities: Array.from(await backend.read(logProbabilities)),
    };
  };
  const adapted = await figures(a, all);
  const merged = await figures(plain, loadWeights(backend, plain, mergedByHand()));
  const frozen = await figures(plain, weights);
  expect(adapted.tokens).toEqual(merged.tokens);
  adapted.logProbabilities.forEach((value, i) => expect(value).toBeCloseTo(merged.logProbabilities[i], 4));
  expect(Math.abs(adapted.logProbabilities[0] - frozen.logProbabilities[0])).toBeGreaterThan(1e-3);
});

test("files have PEFT's names, fields and layout", () => {
  const files = adapterFiles(lora, adapters);
  expect(Object.keys(files)).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  expect(JSON.parse(new TextDecoder().decode(files['adapter_config.json']))).toMatchObject({
    peft_type: 'LORA',
    r: 3,
    lora_alpha: 6,
    target_modules: ['merge', 'patch_embed', 'qkv', 'out', 'up', 'down', 'head'],
    use_rslora: true,
    use_dora: false,
    bias: 'none',
    fan_in_fan_out: true,
    inference_mode: true,
    lora_dropout: 0,
  });
  // The file by its format's description alone.
  const file = files['adapter_model.safetensors'];
  const view = new DataView(file.buffer, file.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  expect(header.__metadata__).toEqual({ format: 'pt' });
  const name = 'language.layers.0.mlp.up';
  const A = header[`base_model.model.${name}.lora_A.weight`];
  const B = header[`base_model.model.${name}.lora_B.weight`];
  expect([A.shape, B.shape]).toEqual([
    [3, 8],
    [16, 3],
  ]);
  const at = (entry: { data_offsets: number[] }, index: number) =>
    view.getFloat32(8 + length + entry.data_offsets[0] + 4 * index, true);
  // Row 2, column 5 of [r, in] is row 5, column 2 of the lab's [in, r]; row 7, column 1 of [out, r] likewise.
  expect(at(A, 2 * 8 + 5)).toBe(adapters[`${name}.lora_A.weight`].values[5 * 3 + 2]);
  expect(at(B, 7 * 3 + 1)).toBe(adapters[`${name}.lora_B.weight`].values[1 * 16 + 7]);
  expect(readAdapterFiles(files, lora, 'dir')).toEqual(adapters);
});

test('adapter files that do not fit are refused by file and field', () => {
  const files = adapterFiles(lora, adapters);
  const { 'adapter_model.safetensors': tensors, ...config } = files;
  const read =
    (changed: Record<string, Uint8Array>, asked = lora) =>
    () =>
      readAdapterFiles(changed, asked, 'dir');
  const text = (json: string) => ({ ...files, 'adapter_config.json': new TextEncoder().encode(json) });
  expect(read(config)).toThrow('dir holds no adapter_model.safetensors');
  expect(read({ 'adapter_model.safetensors': tensors })).toThrow('dir holds no adapter_config.json');
  expect(read(text('{'))).toThrow('dir/adapter_config.json is not JSON');
  expect(read(text('{"peft_type": "IA3"}'))).toThrow(/dir\/adapter_config\.json is no LoRA adapter's:[^]*peft_type/);
  expect(read(files, { ...lora, r: 4 })).toThrow("dir/adapter_config.json says r 3, but the run's config lora.r 4");
  expect(read(files, { ...lora, use_rslora: false })).toThrow('says use_rslora true');
  expect(read({ ...files, 'adapter_model.safetensors': tensors.slice(0, -4) })).toThrow(/adapter_model.*cut short/);
});

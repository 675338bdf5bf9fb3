/** The prefix, decode and whole-sequence graphs against each other and against plain loops in double precision. */
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend, DeviceTensor } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { GraphBuilder } from '../../src/graph/builder';
import { writeOnnx } from '../../src/graph/onnx-file';
import { Transformer } from '../../src/policy/architecture';
import { declarePrompts, declareWeights } from '../../src/policy/inputs';
import { inferenceModel } from '../../src/policy/export';
import { cacheNames, cacheShapes, decodeModel, prefixModel } from '../../src/policy/graphs';
import { type Architecture, initialValues, parameterSpecs, patchCount, patchLength } from '../../src/policy/parameters';
import { allocatePrompts, type PromptBatch, writePrompts } from '../../src/policy/prompts';
import type { StoredTensors } from '../../src/policy/safetensors';
import { loadWeights, type Weights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import { oracleLogits } from './transformer-oracle';

const architecture: Architecture = {
  frame_size: 16,
  patch_size: 8,
  stem_stages: 2,
  vision_layers: 1,
  dim: 12,
  layers: 2,
  heads: 3,
  mlp_ratio: 2,
  partial_rotary_factor: 1,
  vocabulary: 11,
  max_prompt_length: 5,
  max_completion_length: 4,
};
const shape = { prompts: 2, generations: 3 };
const rows = shape.prompts * shape.generations;
const C = architecture.max_completion_length;
const texts = [
  [3, 7, 1],
  [9, 2, 2, 8, 4],
];
const random = stream(5, 'graphs test');
const completions = Int32Array.from({ length: rows * C }, () => random.integer(0, architecture.vocabulary - 1));
const stored: StoredTensors = Object.fromEntries(
  parameterSpecs(architecture).map((spec) => {
    // Larger than the initial scale, so that attention is far from uniform and mistakes show.
    const values = initialValues(spec, random).map((value) => value + 0.4 * random.normal());
    return [spec.name, { shape: spec.shape, values }];
  }),
);
const patches = Float32Array.from(
  { length: shape.prompts * patchCount(architecture) * patchLength(architecture) },
  () => random.normal(),
);

let backend: Backend;
let weights: Weights;
let prompts: PromptBatch;
let sequence: Float32Array;

async function read(tensor: DeviceTensor): Promise<Float32Array> {
  return (await backend.read(tensor)) as Float32Array;
}

beforeAll(async () => {
  backend = await createNodeBackend();
  weights = loadWeights(backend, architecture, stored);
  prompts = allocatePrompts(backend, architecture, shape);
  writePrompts(backend, architecture, prompts, texts, 0);
  backend.write(prompts.patches, patches);

  const g = new GraphBuilder('sequence');
  declareWeights(g, architecture);
  const inputs = declarePrompts(g, architecture, shape);
  const tokens = g.input('completion_tokens', 'int32', [rows, C]);
  const lengths = g.input('prompt_lengths', 'int32', [shape.prompts, 1]);
  const logits = new Transformer(g, architecture, shape).sequenceLogits(inputs, {
    tokens,
    promptLengths: lengths,
    textViews: null,
  });
  g.output(logits, 'float32', [rows * C, architecture.vocabulary]);
  const session = await backend.compile('sequence', writeOnnx(g.build()));
  const out = backend.allocate('logits', 'float32', [rows * C, architecture.vocabulary]);
  const completionTokens = backend.allocate('completions', 'int32', [rows, C], completions);
  await backend.run(session, { ...weights, ...prompts, completion_tokens: completionTokens }, { [logits]: out });
  sequence = await read(out);
});

afterAll(() => backend.dispose());

test('whole-sequence logits equal the double-precision oracle', () => {
  const perFrame = patchCount(architecture) * patchLength(architecture);
  for (let row = 0; row < rows; row++) {
    const prompt = Math.floor(row / shape.generations);
    const frame = Array.from({ length: patchCount(architecture) }, (_, patch) => {
      const start = prompt * perFrame + patch * patchLength(architecture);
      return Array.from(patches.slice(start, start + patchLength(architecture)));
    });
    const text = [...texts[prompt], ...completions.slice(row * C, row * C + C - 1)];
    const expected = oracleLogits(architecture, stored, frame, text).slice(texts[prompt].length - 1);
    for (let t = 0; t < C; t++) {
      const start = (row * C + t) * architecture.vocabulary;
      const got = Array.from(sequence.slice(start, start + architecture.vocabulary));
      got.forEach((value, token) => expect(value).toBeCloseTo(expected[t][token], 3));
    }
  }
});

test('generation with caches gives the same logits, step by step', async () => {
  const prefixSession = await backend.compile('prefix', writeOnnx(prefixModel(architecture, shape)));
  const decodeSession = await backend.compile('decode', writeOnnx(decodeModel(architecture, shape)));
  const shapes = cacheShapes(architecture, shape);
  const caches = (part: 'prefix' | 'completion' | 'now') =>
    Object.fromEntries(
      Array.from({ length: architecture.layers }, (_, layer) => {
        const names = cacheNames(part, layer);
        return [
          [names.key, backend.allocate(names.key, 'float32', shapes[part].key)],
          [names.value, backend.allocate(names.value, 'float32', shapes[part].value)],
        ] as const;
      }).flat(),
    );
  const prefixCaches = caches('prefix');
  const before = caches('completion');
  const now = caches('now');
  const logits = backend.allocate('logits', 'float32', [rows, architecture.vocabulary]);
  const { prompt_lengths, ...promptInputs } = prompts;
  await backend.run(prefixSession, { ...weights, ...promptInputs }, { logits, ...prefixCaches });
  const compare = async (t: number) => {
    const got = await read(logits);
    for (let row = 0; row < rows; row++) {
      for (let token = 0; token < architecture.vocabulary; token++) {
        const expected = sequence[(row * C + t) * architecture.vocabulary + token];
        expect(got[row * architecture.vocabulary + token]).toBeCloseTo(expected, 4);
      }
    }
  };
  await compare(0);
  for (let t = 0; t < C - 1; t++) {
    const fed = Int32Array.from({ length: rows }, (_, row) => completions[row * C + t]);
    const inputs = {
      ...weights,
      ...prefixCaches,
      ...before,
      token: backend.allocate('token', 'int32', [rows], fed),
      step: backend.allocate('step', 'int32', [1], Int32Array.of(t)),
      prompt_lengths,
      prompt_mask: prompts.prompt_mask,
    };
    await backend.run(decodeSession, inputs, { logits, ...now });
    await compare(t + 1);
    for (const [name, added] of Object.entries(now)) {
      const cache = before[name.replace(/^now/, 'completion')];
      const values = Array.from(await read(added));
      const kept = Array.from(await read(cache));
      // Keys are [.., D, S], values [.., S, D].
      const [inner, rest] = name.endsWith('key') ? [1, values.length] : [added.shape[1], added.shape[0]];
      for (let outer = 0; outer < rest; outer++) {
        for (let i = 0; i < inner; i++) kept[(outer * (C - 1) + t) * inner + i] = values[outer * inner + i];
      }
      backend.write(cache, Float32Array.from(kept));
    }
  }
});

test('the exported model gives the same logits in plain onnxruntime', async () => {
  const session = await ort.InferenceSession.create(writeOnnx(inferenceModel(architecture, stored)));
  const { frame_size: size, patch_size: side } = architecture;
  const grid = size / side;
  for (let row = 0; row < rows; row += shape.generations) {
    const prompt = row / shape.generations;
    const pixels = new Float32Array(3 * size * size);
    const perFrame = patchCount(architecture) * patchLength(architecture);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const patch = Math.floor(y / side) * grid + Math.floor(x / side);
          const within = ((y % side) * side + (x % side)) * 3 + channel;
          pixels[(channel * size + y) * size + x] =
            patches[prompt * perFrame + patch * patchLength(architecture) + within];
        }
      }
    }
    const text = [...texts[prompt], ...completions.slice(row * C, row * C + C - 1)];
    const { logits } = await session.run({
      pixel_values: new ort.Tensor('float32', pixels, [1, 3, size, size]),
      input_ids: new ort.Tensor('int64', BigInt64Array.from(text, BigInt), [1, text.length]),
    });
    const V = architecture.vocabulary;
    const got = (logits.data as Float32Array).slice((texts[prompt].length - 1) * V);
    got.forEach((value, i) => expect(value).toBeCloseTo(sequence[row * C * V + i], 4));
    expect(got.length).toBe(C * V);
  }
});

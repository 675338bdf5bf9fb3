/**
 * A policy of several frames against one that sees the same patches as a single larger frame, whose embedding of each
 * place is the sum of a frame's and a place's: logits, gradients, the exported model, and what is shown.
 */
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { GraphBuilder } from '../../src/graph/builder';
import { writeOnnx } from '../../src/graph/onnx-file';
import { Transformer } from '../../src/policy/architecture';
import { type BatchShape, declarePrompts, declareWeights } from '../../src/policy/inputs';
import { inferenceModel } from '../../src/policy/export';
import { Generator } from '../../src/policy/generation';
import { type Architecture, initialValues, parameterSpecs, patchLength } from '../../src/policy/parameters';
import { allocatePrompts, type PromptBatch, writeFrameMask, writePrompts } from '../../src/policy/prompts';
import type { StoredTensors } from '../../src/policy/safetensors';
import { loadWeights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import { softwareFrames, FrameBatch, framesShown } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { Updater } from '../../src/training/update';
import { a as small } from '../training/small-policy';

const [F, P] = [4, 4];
const pixelwise: Architecture = { ...small, patch_size: 1, stem_stages: 0 };
const several: Architecture = { ...pixelwise, frame_size: 2, frames: F };
const single: Architecture = { ...pixelwise, frame_size: 4 };
/** As `several`, and each frame is first seen by itself, as no single larger frame is. */
const apart: Architecture = { ...several, vision_layers: 2 };
const shape = { prompts: 2, generations: 1 };
const random = stream(21, 'frames test');
function drawn(a: Architecture): StoredTensors {
  const entries = parameterSpecs(a).map((spec) => {
    const values = initialValues(spec, random).map((value) => value + 0.4 * random.normal());
    return [spec.name, { shape: spec.shape, values }];
  });
  return Object.fromEntries(entries) as StoredTensors;
}

const stored = drawn(several);
const storedApart = drawn(apart);
const [PLACE, FRAME] = ['visual.position.weight', 'visual.frame.weight'];
const { [FRAME]: ofFrame, ...others } = stored;
const summed: StoredTensors = {
  ...others,
  [PLACE]: {
    shape: [F * P, several.dim],
    values: Float32Array.from({ length: F * P * several.dim }, (_, i) => {
      const [position, column] = [Math.floor(i / several.dim), i % several.dim];
      const [frame, place] = [Math.floor(position / P), position % P];
      return ofFrame.values[frame * several.dim + column] + stored[PLACE].values[place * several.dim + column];
    }),
  },
};
const patches = Float32Array.from({ length: shape.prompts * F * P * patchLength(several) }, () => random.normal());
const texts = [
  [1, 5],
  [2, 6, 3, 4],
];
const completions = Int32Array.of(1, 2, 3, 4, 5, 6);
const C = several.max_completion_length;
const perFrame = P * patchLength(several);

/** The patches with other values in frames `from` to `to` of each prompt. */
function othersIn(from: number, to: number): Float32Array {
  return patches.map((value, i) => {
    const frame = Math.floor(i / perFrame) % F;
    return frame >= from && frame < to ? value + 3 * random.normal() : value;
  });
}

let backend: Backend;
beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

/** Prompts of a batch shape that show as many of their frames as `counts` says. */
function promptsOf(a: Architecture, of: BatchShape, pixels: Float32Array, counts?: readonly number[]): PromptBatch {
  const prompts = allocatePrompts(backend, a, of);
  writePrompts(backend, a, prompts, texts, 0);
  backend.write(prompts.patches, pixels);
  if (counts) writeFrameMask(backend, prompts, counts);
  return prompts;
}

/** Loss and gradients of a supervised pass. */
async function passOf(
  a: Architecture,
  weights: StoredTensors,
  pixels = patches,
  counts?: readonly number[],
  of: BatchShape = shape,
) {
  const { tiny } = presets;
  const perToken = [shape.prompts, a.max_completion_length];
  const zeros = (label: string, dimensions: number[]) => backend.allocate(label, 'float32', dimensions);
  const updater = await Updater.create(backend, a, of, tiny.grpo);
  const prompts = promptsOf(a, of, pixels, counts);
  const batch = {
    completion_tokens: backend.allocate('tokens', 'int32', perToken, completions),
    token_weights: backend.allocate('weights', 'float32', perToken, Float32Array.of(0.1, 0.2, 0.3, 0.1, 0.2, 0.1)),
    advantages: zeros('advantages', [shape.prompts]),
    old_log_probabilities: zeros('old', perToken),
    reference_log_probabilities: zeros('reference', perToken),
  };
  const settings = { ...tiny.grpo, temperature: 1, beta: 0, policy_weight: 0, supervised_weight: 1 };
  await updater.differentiate(loadWeights(backend, a, weights), prompts, batch, settings);
  const gradients = new Map<string, Float32Array>();
  for (const [name, tensor] of Object.entries(updater.gradients)) {
    gradients.set(name, (await backend.read(tensor)) as Float32Array);
  }
  return { loss: (await updater.results()).loss, gradients };
}

test('loss and gradients are those of one frame of the same patches', async () => {
  const [frames, frame] = [await passOf(several, stored), await passOf(single, summed)];
  expect(frames.loss).toBeCloseTo(frame.loss, 5);
  const both = frame.gradients.get(PLACE)!;
  const gathered = (indexOf: (position: number) => number, rows: number) => {
    const sums = new Float64Array(rows * several.dim);
    both.forEach((value, i) => {
      sums[indexOf(Math.floor(i / several.dim)) * several.dim + (i % several.dim)] += value;
    });
    return sums;
  };
  const expected = new Map<string, ArrayLike<number>>(frame.gradients);
  expected.set(
    FRAME,
    gathered((position) => Math.floor(position / P), F),
  );
  expected.set(
    PLACE,
    gathered((position) => position % P, P),
  );
  expect([...frames.gradients.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, gradient] of frames.gradients) {
    gradient.forEach((value, i) => expect(value, name).toBeCloseTo(expected.get(name)![i], 5));
  }
});

describe('frames that are not there', () => {
  const COUNTS = [1, 2];
  const absent = Float32Array.of(...othersIn(1, F).subarray(0, F * perFrame), ...othersIn(2, F).subarray(F * perFrame));

  /** Logits of every completion token. */
  async function logitsOf(pixels: Float32Array, counts: readonly number[]): Promise<Float32Array> {
    const g = new GraphBuilder('sequence');
    declareWeights(g, apart);
    const inputs = declarePrompts(g, apart, shape);
    const tokens = g.input('completion_tokens', 'int32', [shape.prompts, C]);
    const lengths = g.input('prompt_lengths', 'int32', [shape.prompts, 1]);
    const logits = new Transformer(g, apart, shape).sequenceLogits(inputs, {
      tokens,
      promptLengths: lengths,
      textViews: null,
    });
    g.output(logits, 'float32', [shape.prompts * C, apart.vocabulary]);
    const session = await backend.compile('sequence', writeOnnx(g.build()));
    const out = backend.allocate('logits', 'float32', [shape.prompts * C, apart.vocabulary]);
    const weights = loadWeights(backend, apart, storedApart);
    const completion_tokens = backend.allocate('completions', 'int32', [shape.prompts, C], completions);
    const prompts = promptsOf(apart, shape, pixels, counts);
    await backend.run(session, { ...weights, ...prompts, completion_tokens }, { [logits]: out });
    return (await backend.read(out)) as Float32Array;
  }

  test('change no logit, and those that are there do', async () => {
    const logits = await logitsOf(patches, COUNTS);
    (await logitsOf(absent, COUNTS)).forEach((value, i) => expect(value).toBeCloseTo(logits[i], 6));
    for (const [from, to] of [
      [0, 1],
      [1, 2],
    ]) {
      const others = await logitsOf(othersIn(from, to), COUNTS);
      const furthest = [0, 1].map((prompt) => {
        const row = (all: Float32Array) =>
          all.slice(prompt * C * apart.vocabulary, (prompt + 1) * C * apart.vocabulary);
        return Math.max(...row(others).map((value, i) => Math.abs(value - row(logits)[i])));
      });
      expect(furthest.map((distance) => distance > 1e-2)).toEqual([from === 0, true]);
    }
  });

  test('change no gradient, and have none', async () => {
    const [seen, other] = [
      await passOf(apart, storedApart, patches, COUNTS),
      await passOf(apart, storedApart, absent, COUNTS),
    ];
    expect(other.loss).toBeCloseTo(seen.loss, 6);
    for (const [name, gradient] of other.gradients) {
      gradient.forEach((value, i) => expect(value, name).toBeCloseTo(seen.gradients.get(name)![i], 6));
    }
    const perRow = Array.from({ length: F }, (_, frame) =>
      seen.gradients.get(FRAME)!.slice(frame * apart.dim, (frame + 1) * apart.dim),
    );
    expect(perRow.map((row) => row.some((value) => value !== 0))).toEqual([true, true, false, false]);
  });

  test.each([
    [1, [1, 1]],
    [2, [1, 2]],
    [3, [3, 2]],
  ])('need no slots: with %i loss and gradients are the same', async (slots, counts) => {
    const all = await passOf(apart, storedApart, patches, counts);
    const inFirst = patches.filter((_, i) => Math.floor(i / perFrame) % F < slots);
    const fewer = await passOf(apart, storedApart, inFirst, counts, { ...shape, slots });
    expect(fewer.loss).toBeCloseTo(all.loss, 5);
    for (const [name, gradient] of fewer.gradients) {
      gradient.forEach((value, i) => expect(value, name).toBeCloseTo(all.gradients.get(name)![i], 5));
    }
    const unseen = fewer.gradients.get(FRAME)!.slice(slots * apart.dim);
    expect(Array.from(unseen)).toEqual(Array((F - slots) * apart.dim).fill(0));
  });

  test('change nothing that is generated', async () => {
    const special = { bos: 1, eos: 0, pad: 0 };
    const generator = await Generator.create(backend, apart, shape, special);
    const generated = async (pixels: Float32Array) => {
      const prompts = promptsOf(apart, shape, pixels, COUNTS);
      const rollout = await generator.generate(loadWeights(backend, apart, storedApart), prompts, {
        temperature: 1,
        seed: 3,
      });
      return [Array.from(await backend.read(rollout.tokens)), Array.from(await backend.read(rollout.logProbabilities))];
    };
    const [tokens, logProbabilities] = await generated(patches);
    const [otherTokens, otherLogProbabilities] = await generated(absent);
    expect(otherTokens).toEqual(tokens);
    otherLogProbabilities.forEach((value, i) => expect(value).toBeCloseTo(logProbabilities[i], 6));
    expect((await generated(othersIn(0, 1)))[1]).not.toEqual(logProbabilities);
  });

  test('are left out by the exported model too', async () => {
    const exported = await ort.InferenceSession.create(writeOnnx(inferenceModel(apart, storedApart)));
    const V = apart.vocabulary;
    for (const count of [1, 2, F]) {
      const expected = await logitsOf(patches, [count, count]);
      const others = othersIn(count, F);
      for (const [prompt, text] of texts.entries()) {
        const ids = [...text, ...completions.slice(prompt * C, prompt * C + C - 1)];
        const pixels = Float32Array.from({ length: F * perFrame }, (_, i) => {
          const [frame, channel, place] = [Math.floor(i / perFrame), Math.floor(i / P) % 3, i % P];
          return others[((prompt * F + frame) * P + place) * 3 + channel];
        });
        const frame_mask = Float32Array.from({ length: F }, (_, frame) => (frame < count ? 1 : 0));
        const { logits } = await exported.run({
          pixel_values: new ort.Tensor('float32', pixels, [1, F, 3, 2, 2]),
          frame_mask: new ort.Tensor('float32', frame_mask, [1, F]),
          input_ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
        });
        const got = (logits.data as Float32Array).slice((text.length - 1) * V);
        got.forEach((value, i) => expect(value).toBeCloseTo(expected[prompt * C * V + i], 4));
        expect(got).toHaveLength(C * V);
      }
    }
  });
});

test('the exported model sees the frames in their order', async () => {
  const [of, ofSingle] = await Promise.all(
    [inferenceModel(several, stored), inferenceModel(single, summed)].map((model) =>
      ort.InferenceSession.create(writeOnnx(model)),
    ),
  );
  // One pixel a patch: the single frame's pixels are all frames' one after the other.
  const pixel = (frame: number, channel: number, place: number) => patches[(frame * P + place) * 3 + channel];
  const indices = (count: number) => Array.from({ length: count }, (_, index) => index);
  const inFrames = indices(F).flatMap((f) => indices(3).flatMap((c) => indices(P).map((p) => pixel(f, c, p))));
  const inOne = indices(3).flatMap((c) => indices(F).flatMap((f) => indices(P).map((p) => pixel(f, c, p))));
  const input_ids = new ort.Tensor('int64', BigInt64Array.from(texts[1], BigInt), [1, texts[1].length]);
  const pixel_values = new ort.Tensor('float32', inFrames, [1, F, 3, 2, 2]);
  const frame_mask = new ort.Tensor('float32', Float32Array.of(1, 1, 1, 1), [1, F]);
  const got = await of.run({ pixel_values, frame_mask, input_ids });
  const expected = await ofSingle.run({ pixel_values: new ort.Tensor('float32', inOne, [1, 3, 4, 4]), input_ids });
  const logits = expected.logits.data as Float32Array;
  (got.logits.data as Float32Array).forEach((value, i) => expect(value).toBeCloseTo(logits[i], 4));
  expect(logits).toHaveLength(texts[1].length * several.vocabulary);
});

test('frames are drawn prompt by prompt, and read back as chosen', async () => {
  const picture = (shade: number) => ({ width: 2, height: 2, rgba: new Uint8Array(16).fill(shade) });
  const two = { prompts: 2, generations: 1 };
  const frames = new FrameBatch(backend, softwareFrames(backend, 2), several, two);
  const prompts = allocatePrompts(backend, several, two);
  await frames.show([[picture(255), picture(51), null, picture(102)], []], prompts);
  expect(Array.from(await backend.read(prompts.frame_mask!))).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
  const values = (await backend.read(prompts.patches)) as Float32Array;
  [1, -0.6, -1, -0.2].forEach((shade, frame) => {
    for (const value of values.slice(frame * P * 3, (frame + 1) * P * 3)) expect(value).toBeCloseTo(shade, 5);
  });
  const shown = await frames.pictures([[0, 3, 1], []]);
  expect(shown.map((group) => group.map(({ width, height }) => [width, height]))).toEqual([
    [
      [2, 2],
      [2, 2],
      [2, 2],
    ],
    [],
  ]);
  const opaque = (shade: number) => Array.from({ length: 4 }, () => [shade, shade, shade, 255]).flat();
  expect(shown[0].map(({ rgba }) => [...rgba])).toEqual([opaque(255), opaque(102), opaque(51)]);
  expect(await frames.pictures([[], []])).toEqual([[], []]);
  await expect(frames.show([[], Array<null>(5).fill(null)], prompts)).rejects.toThrow(/prompt 1 has 5 frames.* 1 to 4/);
});

test('a video is shown by frames spread over time, one place by its middle', () => {
  expect(framesShown(16, 4)).toEqual([1, 5, 9, 13]);
  expect(framesShown(3, 4)).toEqual([0, 1, 2]);
  expect(framesShown(0, 4)).toEqual([]);
  expect([1, 2, 3, 4, 16].map((count) => framesShown(count, 1)[0])).toEqual([0, 0, 1, 1, 7]);
});

/**
 * A policy of several frames against one that sees the same patches as a single larger frame, whose embedding of each
 * place is the sum of a frame's and a place's: logits, gradients, the exported model, and what is shown.
 */
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { writeOnnx } from '../../src/graph/onnx-file';
import { inferenceModel } from '../../src/policy/export';
import { type Architecture, initialValues, parameterSpecs, patchLength } from '../../src/policy/parameters';
import { allocatePrompts, writePrompts } from '../../src/policy/prompts';
import type { StoredTensors } from '../../src/policy/safetensors';
import { loadWeights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import { softwareFrames, FrameBatch, framesShown } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { Updater } from '../../src/training/update';
import { a as small } from '../training/small-policy';

const [F, P] = [4, 4];
const several: Architecture = { ...small, frame_size: 2, patch_size: 1, frames: F };
const single: Architecture = { ...small, frame_size: 4, patch_size: 1 };
const shape = { prompts: 2, generations: 1 };
const random = stream(21, 'frames test');
const stored: StoredTensors = Object.fromEntries(
  parameterSpecs(several).map((spec) => [
    spec.name,
    { shape: spec.shape, values: initialValues(spec, random).map((value) => value + 0.4 * random.normal()) },
  ]),
);
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

let backend: Backend;
beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

/** Loss and gradients of a supervised pass. */
async function passOf(a: Architecture, weights: StoredTensors) {
  const { tiny } = presets;
  const perToken = [shape.prompts, a.max_completion_length];
  const zeros = (label: string, dimensions: number[]) => backend.allocate(label, 'float32', dimensions);
  const updater = await Updater.create(backend, a, shape, tiny.grpo);
  const prompts = allocatePrompts(backend, a, shape);
  writePrompts(backend, a, prompts, texts, 0);
  backend.write(prompts.patches, patches);
  const batch = {
    completion_tokens: backend.allocate('tokens', 'int32', perToken, Int32Array.of(1, 2, 3, 4, 5, 6)),
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
  const got = await of.run({ pixel_values: new ort.Tensor('float32', inFrames, [1, F, 3, 2, 2]), input_ids });
  const expected = await ofSingle.run({ pixel_values: new ort.Tensor('float32', inOne, [1, 3, 4, 4]), input_ids });
  const logits = expected.logits.data as Float32Array;
  (got.logits.data as Float32Array).forEach((value, i) => expect(value).toBeCloseTo(logits[i], 4));
  expect(logits).toHaveLength(texts[1].length * several.vocabulary);
});

test('frames are drawn prompt by prompt, and read back side by side', async () => {
  const picture = (shade: number) => ({ width: 2, height: 2, rgba: new Uint8Array(16).fill(shade) });
  const frames = new FrameBatch(backend, softwareFrames(backend, 2), several, 1);
  const { patches: drawn } = allocatePrompts(backend, several, { prompts: 1, generations: 1 });
  await frames.draw([picture(255), picture(51), null, picture(102)], drawn);
  const values = (await backend.read(drawn)) as Float32Array;
  [1, -0.6, -1, -0.2].forEach((shade, frame) => {
    for (const value of values.slice(frame * P * 3, (frame + 1) * P * 3)) expect(value).toBeCloseTo(shade, 5);
  });
  const [shown] = await frames.pictures(1);
  expect([shown.width, shown.height]).toEqual([2 * F, 2]);
  const row = Array.from({ length: 2 * F }, (_, x) => shown.rgba[4 * x]);
  expect(row).toEqual([255, 255, 51, 51, 0, 0, 102, 102]);
});

test('a video is shown by frames spread over time, one place by its middle', () => {
  expect(framesShown(16, 4)).toEqual([1, 5, 9, 13]);
  expect(framesShown(3, 4)).toEqual([0, 1, 2]);
  expect(framesShown(0, 4)).toEqual([]);
  expect([1, 2, 3, 4, 16].map((count) => framesShown(count, 1)[0])).toEqual([0, 0, 1, 1, 7]);
});

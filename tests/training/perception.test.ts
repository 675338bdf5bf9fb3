/** Perception: the states that are read are those of the policy's own prefix, and what is taught is learnt. */
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { GraphBuilder } from '../../src/graph/builder';
import { writeOnnx } from '../../src/graph/onnx-file';
import { Transformer } from '../../src/policy/architecture';
import { declarePrompts, declareWeights } from '../../src/policy/inputs';
import {
  type Architecture,
  elementCount,
  initialValues,
  parameterSpecs,
  patchCount,
  patchLength,
} from '../../src/policy/parameters';
import { initializeWeights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import { distanceClass, DISTANCES, type LabelledFrame, Perception } from '../../src/training/perception';
import { a as small } from './small-policy';

const a: Architecture = { ...small, vision_layers: 1, layers: 2, frames: 2 };
const random = stream(8, 'perception test');

let backend: Backend;
beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

test('distances are told in classes of equal ratio, with all that is nearer or farther in the outer ones', () => {
  const { classes, nearest, farthest } = DISTANCES;
  const ratio = (farthest / nearest) ** (1 / classes);
  for (let index = 0; index < classes; index++) expect(distanceClass(nearest * ratio ** (index + 0.5))).toBe(index);
  expect(distanceClass(0.01)).toBe(0);
  expect(distanceClass(0)).toBe(0);
  expect(distanceClass(100)).toBe(classes - 1);
});

test('what is read is what the first language block reads of the frames in a prompt, before it is told which is which', async () => {
  const g = new GraphBuilder('states');
  const shape = { prompts: 1, generations: 1, slots: 2 };
  declareWeights(g, a);
  const inputs = declarePrompts(g, a, shape);
  const transformer = new Transformer(g, a, shape);
  const { caches } = transformer.prefix(inputs);
  const visual = 2 * patchCount(a);
  const states = g.node('Identity', [transformer.visualStates(inputs.patches)], {}, 'states');
  const keys = g.node('Identity', [caches[0].key], {}, 'keys');
  const width = a.dim / a.heads;
  g.output(states, 'float32', [visual, a.dim]);
  g.output(keys, 'float32', [a.heads, width, visual + a.max_prompt_length]);
  const values = Object.fromEntries(
    parameterSpecs(a).map((spec) => [
      spec.name,
      initialValues(spec, random).map((value) => value + random.normal() / 3),
    ]),
  );
  const float = (data: Float32Array, dims: readonly number[]) => new ort.Tensor('float32', data, dims);
  const session = await ort.InferenceSession.create(writeOnnx(g.build()));
  const outputs = await session.run({
    ...Object.fromEntries(parameterSpecs(a).map(({ name, shape: dims }) => [name, float(values[name], dims)])),
    patches: float(Float32Array.from({ length: visual * patchLength(a) }, random.normal), [visual, patchLength(a)]),
    prompt_tokens: new ort.Tensor('int32', Int32Array.of(0, 1, 5, 3), [1, 4]),
    prompt_positions: new ort.Tensor('int32', Int32Array.of(0, 0, 1, 2), [1, 4]),
    prompt_mask: float(Float32Array.of(0, 1, 1, 1), [1, 4]),
    frame_mask: float(Float32Array.of(1, 1), [1, 2]),
  });
  // Keys of the first block, from the states by hand: the frame's embedding, a norm, the middle third of the projection.
  const of = (name: string) => values[`language.layers.0.attention${name}`];
  const state = outputs.states.data as Float32Array;
  const key = outputs.keys.data as Float32Array;
  for (let token = 0; token < visual; token++) {
    const frame = Math.floor(token / patchCount(a));
    const x = Array.from(
      state.subarray(token * a.dim, (token + 1) * a.dim),
      (value, i) => value + values['visual.frame.weight'][frame * a.dim + i],
    );
    const mean = x.reduce((sum, value) => sum + value, 0) / a.dim;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / a.dim;
    const normal = x.map(
      (value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * of('_norm.weight')[i] + of('_norm.bias')[i],
    );
    for (let column = 0; column < a.dim; column++) {
      const at = a.dim + column;
      const expected = normal.reduce(
        (sum, value, i) => sum + value * of('.qkv.weight')[i * 3 * a.dim + at],
        of('.qkv.bias')[at],
      );
      expect(key[column * (visual + a.max_prompt_length) + token]).toBeCloseTo(expected, 4);
    }
  }
});

test('a policy learns the patches of its frames by heart, and nothing but what its frames pass changes', async () => {
  const weights = initializeWeights(backend, a, 3);
  const read = async () =>
    Object.fromEntries(
      await Promise.all(
        parameterSpecs(a).map(async ({ name, shape }) => [
          name,
          Array.from(await backend.read(weights[name], elementCount(shape))),
        ]),
      ),
    ) as Record<string, number[]>;
  const before = await read();
  const frame = (): LabelledFrame => ({
    picture: {
      width: a.frame_size,
      height: a.frame_size,
      rgba: Uint8Array.from({ length: 4 * a.frame_size ** 2 }, () => random.integer(0, 255)),
    },
    categories: Int32Array.from({ length: patchCount(a) }, () => random.integer(0, 4)),
    distances: Int32Array.from({ length: patchCount(a) }, () => random.integer(0, DISTANCES.classes - 1)),
  });
  const batch = [frame(), frame()];
  const perception = await Perception.create(backend, a, weights, {
    frames: 2,
    names: [[2], [3], [4, 5], [4, 6], [3, 6]],
    seed: 1,
    weight_decay: 0,
    max_grad_norm: 1,
  });
  const first = await perception.measure(batch);
  // Untrained read-outs know nothing: the entropy of even distributions.
  expect(Math.abs(first.loss - Math.log(5) - Math.log(DISTANCES.classes))).toBeLessThan(0.2);
  for (let step = 0; step < 300; step++) await perception.step(batch, 2e-2);
  const last = await perception.measure(batch);
  expect(last.loss).toBeLessThan(0.3);
  expect(last.category_accuracy).toBeGreaterThan(0.9);
  expect(last.distance_accuracy).toBeGreaterThan(0.9);
  const after = await read();
  const changed = Object.keys(after).filter((name) => after[name].some((value, i) => value !== before[name][i]));
  const passed = parameterSpecs(a).filter(({ name }) => name.startsWith('visual.') && name !== 'visual.frame.weight');
  expect(changed).toEqual([...passed.map(({ name }) => name), 'language.token_embed.weight']);
  // Words that name nothing stay as they were.
  const named = (token: number) => after['language.token_embed.weight'].slice(token * a.dim, (token + 1) * a.dim);
  expect(named(1)).toEqual(before['language.token_embed.weight'].slice(a.dim, 2 * a.dim));
  await expect(perception.measure([frame()])).rejects.toThrow(/compiled for 2 frames, not 1/);
});

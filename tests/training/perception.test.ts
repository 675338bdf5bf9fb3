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
  patchesAlong,
  patchLength,
} from '../../src/policy/parameters';
import { initializeWeights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import { Perception } from '../../src/training/perception';
import {
  bearingClass,
  BEARINGS,
  COUNTS,
  DISTANCES,
  type LabelledView,
  lengthClass,
  mirroredBearing,
  mirroredShare,
  NAMED,
  shareClass,
  SHARES,
  SIZES,
} from '../../src/training/perception-labels';
import { a as small } from './small-policy';

const a: Architecture = { ...small, vision_layers: 1, layers: 2, frames: 2 };
const random = stream(8, 'perception test');

let backend: Backend;
beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

test('lengths are told in classes of equal ratio, with all that is shorter or longer in the outer ones', () => {
  for (const lengths of [DISTANCES, SIZES]) {
    const { classes, shortest, longest } = lengths;
    const ratio = (longest / shortest) ** (1 / classes);
    for (let index = 0; index < classes; index++) {
      expect(lengthClass(shortest * ratio ** (index + 0.5), lengths)).toBe(index);
    }
    expect(lengthClass(0.01, lengths)).toBe(0);
    expect(lengthClass(0, lengths)).toBe(0);
    expect(lengthClass(100, lengths)).toBe(classes - 1);
  }
});

test('bearings are told from the right to the left, finely ahead and coarsely behind, and mirrored', () => {
  const at = (degrees: number) => bearingClass((degrees * Math.PI) / 180);
  const middles = [
    ...Array.from({ length: 8 }, (_, i) => -172.5 + 15 * i),
    ...Array.from({ length: 30 }, (_, i) => -58 + 4 * i),
    ...Array.from({ length: 8 }, (_, i) => 67.5 + 15 * i),
  ];
  expect(middles.map(at)).toEqual(Array.from({ length: BEARINGS.classes }, (_, i) => i));
  expect(middles.map((degrees) => mirroredBearing(at(degrees)))).toEqual(middles.map((degrees) => at(-degrees)));
  expect([at(-180), at(180)]).toEqual([0, BEARINGS.classes - 1]);
});

test('shares are told in equal classes, and mirrored', () => {
  const middles = Array.from({ length: SHARES }, (_, i) => (i + 0.5) / SHARES);
  expect(middles.map(shareClass)).toEqual(middles.map((_, i) => i));
  expect(middles.map((share) => mirroredShare(shareClass(share)))).toEqual(
    middles.map((share) => shareClass(1 - share)),
  );
  expect([shareClass(0), shareClass(1)]).toEqual([0, SHARES - 1]);
});

test('what patches tell is what the first language block reads of the frames in a prompt, before it is told which is where', async () => {
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
  // Keys of the first block, from the states by hand: the embeddings of frame and place, a norm, the middle third of the projection.
  const of = (name: string) => values[`language.layers.0.attention${name}`];
  const state = outputs.states.data as Float32Array;
  const key = outputs.keys.data as Float32Array;
  const side = patchesAlong(a);
  for (let token = 0; token < visual; token++) {
    const frame = Math.floor(token / patchCount(a));
    const x = Array.from(
      state.subarray(token * a.dim, (token + 1) * a.dim),
      (value, i) =>
        value +
        values['visual.frame.weight'][frame * a.dim + i] +
        values['visual.row.weight'][Math.floor((token % patchCount(a)) / side) * a.dim + i] +
        values['visual.column.weight'][(token % side) * a.dim + i],
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

test('a policy learns by heart what its frames show, and nothing changes but what frames pass and words look with', async () => {
  const reader: Architecture = { ...a, text_positions: NAMED + 3 };
  const weights = initializeWeights(backend, reader, 3);
  const read = async () =>
    Object.fromEntries(
      await Promise.all(
        parameterSpecs(reader).map(async ({ name, shape }) => [
          name,
          Array.from(await backend.read(weights[name], elementCount(shape))),
        ]),
      ),
    ) as Record<string, number[]>;
  const before = await read();
  const view = (frames: number): LabelledView => ({
    pictures: Array.from({ length: frames }, () => ({
      width: a.frame_size,
      height: a.frame_size,
      rgba: Uint8Array.from({ length: 4 * a.frame_size ** 2 }, () => random.integer(0, 255)),
    })),
    categories: Int32Array.from({ length: frames * patchCount(a) }, () => random.integer(0, 4)),
    distances: Int32Array.from({ length: frames * patchCount(a) }, () => random.integer(0, DISTANCES.classes - 1)),
    named: Array.from({ length: NAMED }, (_, place) => ({
      category: 1 + (place % 4),
      count: place < 4 ? random.integer(0, COUNTS - 1) : null,
      bearing: place < 3 ? random.integer(0, BEARINGS.classes - 1) : null,
      distance: place < 3 ? random.integer(0, DISTANCES.classes - 1) : null,
      size: place < 3 ? random.integer(0, SIZES.classes - 1) : null,
      across: place < 3 ? random.integer(0, SHARES - 1) : null,
      down: place < 3 ? random.integer(0, SHARES - 1) : null,
      visible: place < 3 ? random.integer(0, SHARES - 1) : null,
    })),
  });
  const [stills, videos] = [[view(1), view(1)], [view(2)]];
  const options = {
    frames: 2,
    slots: [1, 2],
    names: [[2], [3], [4, 5], [5, 4], [6, 3]],
    seed: 1,
    weight_decay: 0,
    max_grad_norm: 1,
  };
  await expect(Perception.create(backend, a, weights, options)).rejects.toThrow(
    /have 24 tokens, and the policy's texts \d+; raise policy.max_prompt_length/,
  );
  const perception = await Perception.create(backend, reader, weights, options);
  const first = await perception.measure(stills, random);
  // Untrained read-outs know nothing: the entropy of even distributions. Untrained attention is even too.
  const attention = -Math.log(first.named_attention);
  const equal = [SHARES, SHARES, SHARES];
  const classes = [5, DISTANCES.classes, COUNTS, BEARINGS.classes, DISTANCES.classes, SIZES.classes, ...equal];
  const entropy = classes.reduce((sum, count) => sum + Math.log(count), 0);
  expect(first.named_attention).toBeLessThan(0.3);
  expect(Math.abs(first.loss - entropy - attention)).toBeLessThan(0.7);
  for (let step = 0; step < 400; step++) {
    await perception.step(stills, 2e-2, random);
    await perception.step(videos, 2e-2, random);
  }
  for (const batch of [stills, videos]) {
    const { loss, ...shares } = await perception.measure(batch, random);
    expect(loss).toBeLessThan(1);
    for (const share of Object.values(shares)) expect(share).toBeGreaterThan(0.85);
  }
  const after = await read();
  const changed = Object.keys(after).filter((name) => after[name].some((value, i) => value !== before[name][i]));
  const others = ['language.final_norm.weight', 'language.final_norm.bias', 'language.head.weight'];
  expect(changed).toEqual(Object.keys(before).filter((name) => !others.includes(name)));
  // Words that name nothing stay as they were.
  const named = (token: number) => after['language.token_embed.weight'].slice(token * a.dim, (token + 1) * a.dim);
  expect(named(1)).toEqual(before['language.token_embed.weight'].slice(a.dim, 2 * a.dim));
  await expect(perception.measure([view(1)], random)).rejects.toThrow(
    /compiled for views of frames 2 of 1 or 1 of 2, not 1 of 1/,
  );
});

/** Packing: nothing is lost or shown the wrong frames, and loss and gradients are those of the samples one by one. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { type Architecture, initialValues, parameterSpecs } from '../../src/policy/parameters';
import { allocatePrompts, writePrompts } from '../../src/policy/prompts';
import { loadWeights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import type { RunContext, SupervisedSample } from '../../src/training/context';
import { FrameBatch, softwareFrames } from '../../src/training/frames';
import type { Objective } from '../../src/training/objective';
import { completionTokens, packPasses, textLength } from '../../src/training/packing';
import { presets } from '../../src/training/presets';
import { packedGraphs, SupervisedBatch } from '../../src/training/supervised-batch';
import { Updater } from '../../src/training/update';
import { TrainingRun } from '../../src/training/run';
import { a as small } from './small-policy';

const SIZE = 4;
const FRAMES = 3;
const [BOS, EOS] = [1, 2];
const policy = { ...small, frame_size: SIZE, patch_size: 2, frames: FRAMES };
const a: Architecture = { ...policy, vocabulary: 9, max_prompt_length: 7, max_completion_length: 6 };
const random = stream(4, 'packing test');

let backend: Backend;
beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

function frame() {
  return { width: SIZE, height: SIZE, rgba: Uint8Array.from({ length: 4 * SIZE ** 2 }, () => random.integer(0, 255)) };
}
const words = (count: number) => Array.from({ length: count }, () => random.integer(3, a.vocabulary - 1));

/** A sample about the view of that name; of no view about nothing. */
const shown = new Map([
  ['picture', [frame()]],
  ['other picture', [frame()]],
  ['video', [frame(), frame(), frame()]],
  ['short video', [frame(), frame()]],
]);
function sampleOf(view: string | null, prompt: number, completion: number): SupervisedSample {
  return {
    frames: shown.get(view ?? '') ?? [],
    ...(view !== null && { view }),
    prompt: [BOS, ...words(prompt)],
    completion: [...words(completion), EOS],
  };
}

const anySample = fc
  .record({
    view: fc.constantFrom(null, ...shown.keys()),
    prompt: fc.integer({ min: 0, max: a.max_prompt_length - 1 }),
    completion: fc.integer({ min: 0, max: a.max_completion_length - 1 }),
  })
  .map(({ view, prompt, completion }) => sampleOf(view, prompt, completion));

test('every sample is in one pass, which has room for it, beside its own frames', () => {
  fc.assert(
    fc.property(
      fc.array(anySample, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 9 }),
      (samples, texts) => {
        const passes = packPasses(samples, a, texts);
        const packed = passes.flatMap(({ views }) => views.flatMap((view) => view.samples));
        expect(packed).toHaveLength(samples.length);
        expect(new Set(packed)).toEqual(new Set(samples));
        for (const { shape, views } of passes) {
          expect(views.length).toBeLessThanOrEqual(shape.views);
          expect(views.flatMap((view) => view.samples).length).toBeLessThanOrEqual(texts);
          for (const view of views) {
            expect(Math.max(1, view.frames.length)).toBeLessThanOrEqual(shape.slots);
            for (const sample of view.samples) {
              expect(sample.frames).toEqual(view.frames);
              expect(textLength(sample)).toBeLessThanOrEqual(shape.length);
            }
          }
        }
      },
    ),
  );
});

test('questions about the same frames share them', () => {
  const samples = Array.from({ length: 8 }, () => sampleOf('video', 3, 3));
  const passes = packPasses(samples, a, 8);
  expect(passes).toHaveLength(1);
  expect(passes[0].views).toHaveLength(1);
  expect(passes[0].shape).toMatchObject({ slots: FRAMES, texts: 8, views: 1 });
  // What nobody has said to be the same may differ.
  const unknown = samples.map(({ frames, prompt, completion }) => ({ frames, prompt, completion }));
  expect(packPasses(unknown, a, 8)[0].views).toHaveLength(8);
});

test('loss and gradients are those of the samples one by one', async () => {
  const objective: Objective = {
    loss_type: 'dapo',
    importance_sampling_level: 'token',
    delta: 0,
    top_entropy_quantile: 1,
  };
  const settings = { ...presets.tiny.grpo, temperature: 1, beta: 0, policy_weight: 0, supervised_weight: 1 };
  const frames = softwareFrames(backend, SIZE);
  const { context } = new TrainingRun(backend, presets.tiny, frames);
  const ours: RunContext = { ...context, architecture: a };
  const weights = loadWeights(
    backend,
    a,
    Object.fromEntries(
      parameterSpecs(a).map((spec) => {
        const values = initialValues(spec, random).map((value) => value + 0.3 * random.normal());
        return [spec.name, { shape: spec.shape, values }];
      }),
    ),
  );
  const samples = [
    sampleOf('video', 6, 5),
    sampleOf('picture', 2, 3),
    sampleOf(null, 4, 2),
    sampleOf('picture', 5, 4),
    sampleOf('short video', 5, 5),
    sampleOf('video', 6, 4),
    sampleOf('other picture', 1, 2),
    sampleOf('video', 3, 5),
  ];
  const tokens = completionTokens(samples);
  const summed = () => ({ loss: 0, gradients: new Map<string, number[]>() });
  const add = async (sum: ReturnType<typeof summed>, updater: Updater, share: number) => {
    sum.loss += share * (await updater.results()).loss;
    for (const [name, tensor] of Object.entries(updater.gradients)) {
      const values = Array.from(await backend.read(tensor), (value) => share * value);
      sum.gradients.set(name, sum.gradients.get(name)?.map((value, i) => value + values[i]) ?? values);
    }
  };

  const apart = summed();
  const one = { prompts: 1, generations: 1 };
  const alone = await Updater.create(backend, a, one, objective);
  const prompts = allocatePrompts(backend, a, one);
  const batch = new FrameBatch(backend, frames, a, one);
  const perToken = [1, a.max_completion_length];
  const completions = {
    completion_tokens: backend.allocate('tokens', 'int32', perToken),
    token_weights: backend.allocate('token weights', 'float32', perToken),
    advantages: backend.allocate('advantages', 'float32', [1]),
    old_log_probabilities: backend.allocate('old', 'float32', perToken),
    reference_log_probabilities: backend.allocate('reference', 'float32', perToken),
  };
  for (const sample of samples) {
    const { length } = sample.completion;
    await batch.show([sample.frames], prompts);
    writePrompts(backend, a, prompts, [sample.prompt], 0);
    const padded = Int32Array.from({ length: a.max_completion_length }, (_, i) => sample.completion[i] ?? 0);
    backend.write(completions.completion_tokens, padded);
    backend.write(
      completions.token_weights,
      Float32Array.from(padded, (_, i) => (i < length ? 1 / length : 0)),
    );
    await alone.differentiate(weights, prompts, completions, settings);
    await add(apart, alone, length / tokens);
  }

  const together = summed();
  const passes = packPasses(samples, a, 4);
  expect(passes.length).toBeGreaterThan(1);
  expect(passes.length).toBeLessThan(samples.length);
  for (const pass of passes) {
    const graphs = packedGraphs(a, pass.shape);
    const updater = await Updater.create(backend, graphs.architecture, graphs.batch, objective);
    const packed = new SupervisedBatch(ours, pass.shape);
    await packed.fill(pass);
    await updater.differentiate(weights, packed.prompts, packed.completions, settings);
    await add(together, updater, completionTokens(pass.views.flatMap((view) => view.samples)) / tokens);
  }

  expect(together.loss).toBeCloseTo(apart.loss, 5);
  expect([...together.gradients.keys()]).toEqual([...apart.gradients.keys()]);
  for (const [name, values] of apart.gradients) {
    const norm = Math.hypot(...values);
    const difference = Math.hypot(...values.map((value, i) => value - together.gradients.get(name)![i]));
    expect(norm, name).toBeGreaterThan(1e-6);
    expect(difference / norm, name).toBeLessThan(1e-4);
  }
});

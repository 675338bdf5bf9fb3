/**
 * `pretrain`: a policy whose visual tokens have learnt to see, from the ground truth of every patch, before it learns
 * words. What it leaves is a policy's folder, for `coldstart --model`.
 */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNodeBackend } from '../backends/node';
import type { DeviceTensor } from '../backends/backend';
import { elementCount, frameCount, parameterSpecs } from '../policy/parameters';
import { writeSafetensors } from '../policy/safetensors';
import { initializeWeights } from '../policy/weights';
import { stream } from '../random';
import { parseRunConfig } from '../training/config';
import { Perception, type PerceptionFigures } from '../training/perception';
import { presets } from '../training/presets';
import { architectureOf, tokenizerOf } from '../training/run';
import { learningRateAt } from '../training/schedule';
import { type Command, readFlags, required, wholeNumber } from './command';
import { CATEGORY_CLASSES, LabelledFrames } from './labelled-frames';
import { duration } from './pace';
import { loadConfig } from './train';

/** Frames of a batch, and held-out batches at the end. */
const [FRAMES, HELD_OUT] = [48, 20];
/** Steps between lines on the terminal. */
const TELL = 50;

const usage = `Usage: npm run -s lab -- pretrain --config FILE|PRESET --data DIR --out DIR --steps N [--seed N]

Teaches the visual tokens of a new policy, for each patch of a frame, which category it shows and how far away that is,
by the ground truth of a data set. Go on with coldstart --model DIR. Writes to DIR:
  config.json, tokenizer.json, model.safetensors   the policy
  perception.jsonl                                 a line a step; the last one is of held-out frames

Flags:
  --config FILE|PRESET    a JSON file, or one of the presets: ${Object.keys(presets).join(', ')}; its cold start's
                          learning rate, schedule and weight decay are used
  --data DIR              a data set that synthesize has written, with as many frames a scene as the policy sees or more
  --out DIR               a new folder
  --steps N               steps of ${FRAMES} frames each
  --seed N                seed, instead of the config's`;

const told = ({ loss, category_accuracy, distance_accuracy }: PerceptionFigures) =>
  `loss ${loss.toFixed(4)}  category ${(100 * category_accuracy).toFixed(1)} %  distance ${(100 * distance_accuracy).toFixed(1)} %`;

export const pretrainCommand: Command = {
  name: 'pretrain',
  summary: 'a policy whose visual tokens see, before it has words',
  usage,
  async run(args) {
    const { values } = readFlags(args, {
      config: { type: 'string' },
      data: { type: 'string' },
      out: { type: 'string' },
      steps: { type: 'string' },
      seed: { type: 'string' },
    });
    const base = loadConfig(required(values.config, '--config'));
    const seed = values.seed === undefined ? base.seed : wholeNumber(values.seed, '--seed', 0);
    const steps = wholeNumber(required(values.steps, '--steps'), '--steps', 1);
    const config = parseRunConfig({ ...base, seed }, 'the config with the flags applied');
    const tokenizer = tokenizerOf(config);
    const a = architectureOf(config, tokenizer);
    const data = new LabelledFrames(required(values.data, '--data'), a);
    if (data.framesPerScene < frameCount(a)) {
      throw new Error(
        `${data.path} has ${data.framesPerScene} frames a scene, and policy.frames is ${frameCount(a)}; make a data set ` +
          'with --frames of as many, or lower policy.frames',
      );
    }
    const out = required(values.out, '--out');
    if (existsSync(join(out, 'config.json'))) throw new Error(`${out} already holds a policy; name another folder`);
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    writeFileSync(join(out, 'tokenizer.json'), `${JSON.stringify(tokenizer.toJSON(), null, 2)}\n`);

    const backend = await createNodeBackend();
    const weights = initializeWeights(backend, a, seed);
    const slots = [...new Set([1, frameCount(a)])];
    const frames = Math.ceil(FRAMES / frameCount(a)) * frameCount(a);
    const perception = await Perception.create(backend, a, weights, {
      ...config.cold_start,
      frames,
      slots,
      categories: CATEGORY_CLASSES,
      seed,
    });
    const log = (line: object) => appendFileSync(join(out, 'perception.jsonl'), `${JSON.stringify(line)}\n`);
    const begun = performance.now();
    for (let step = 1; step <= steps; step++) {
      // In turn, so that both a frame alone and one among others is seen.
      const each = slots[step % slots.length];
      const batch = data.draw('train', frames / each, each, stream(seed, 'perception', step));
      const figures = await perception.step(batch, each, learningRateAt(step, { ...config.cold_start, steps }));
      log({ step, ...figures });
      if (step % TELL === 0 || step === steps) {
        const left = (((performance.now() - begun) / step) * (steps - step)) / 1000;
        console.log(`${step}/${steps}  ${told(figures)}  ETA ${duration(left)}`);
      }
    }
    if (data.hasTest) {
      const figures: PerceptionFigures[] = [];
      for (let index = 0; index < HELD_OUT; index++) {
        const batch = data.draw('test', frames, 1, stream(seed, 'held-out', index));
        figures.push(await perception.measure(batch, 1));
      }
      const mean = (name: keyof PerceptionFigures) =>
        figures.reduce((sum, each) => sum + each[name], 0) / figures.length;
      const heldOut = {
        loss: mean('loss'),
        category_accuracy: mean('category_accuracy'),
        distance_accuracy: mean('distance_accuracy'),
      };
      log({ split: 'test', ...heldOut });
      console.log(`Held out: ${told(heldOut)}`);
    }
    const stored: Record<string, { shape: readonly number[]; values: Float32Array }> = {};
    for (const { name, shape } of parameterSpecs(a)) {
      const tensor: DeviceTensor = weights[name];
      stored[name] = { shape, values: Float32Array.from(await backend.read(tensor, elementCount(shape))) };
    }
    writeFileSync(join(out, 'model.safetensors'), writeSafetensors(stored, { format: 'pt' }));
    await backend.dispose();
    console.log(`Wrote ${out}`);
  },
};

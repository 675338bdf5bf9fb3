/**
 * `pretrain`: a policy whose visual tokens have learnt to see, from the ground truth of every patch, before it learns
 * words. What it leaves is a policy's folder, for `coldstart --model`.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initializeWeights, readTensors } from '../policy/weights';
import { stream } from '../random';
import { policyFiles } from '../training/checkpoint';
import { parseRunConfig } from '../training/config';
import { Perception, type PerceptionFigures } from '../training/perception';
import { presets } from '../training/presets';
import { architectureOf, tokenizerOf } from '../training/run';
import { learningRateAt } from '../training/schedule';
import { type Command, readFlags, required, wholeNumber } from './command';
import { CATEGORY_NAMES, LabelledFrames } from './labelled-frames';
import { Pace } from '../training/pace';
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
  --data DIR              a data set that synthesize has written
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
    const out = required(values.out, '--out');
    if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty; name a new folder`);
    mkdirSync(out, { recursive: true });

    const { createNodeBackend } = await import('../backends/node');
    const backend = await createNodeBackend();
    const weights = initializeWeights(backend, a, seed);
    const perception = await Perception.create(backend, a, weights, {
      ...config.cold_start,
      frames: FRAMES,
      // With and without a space before it: words within a sentence, and at the beginning of one.
      names: CATEGORY_NAMES.map((name) => [...tokenizer.encode(` ${name}`), ...tokenizer.encode(name)]),
      seed,
    });
    const log = (line: object) => appendFileSync(join(out, 'perception.jsonl'), `${JSON.stringify(line)}\n`);
    const pace = new Pace();
    for (let step = 1; step <= steps; step++) {
      const begun = performance.now();
      const batch = data.draw('train', FRAMES, stream(seed, 'perception', step));
      const figures = await perception.step(batch, learningRateAt(step, { ...config.cold_start, steps }));
      const step_time = (performance.now() - begun) / 1000;
      pace.add(step_time);
      log({ step, ...figures, step_time });
      if (step % TELL === 0 || step === steps) {
        console.log(`${step}/${steps}  ${told(figures)}  ETA ${pace.timeFor(steps - step)}`);
      }
    }
    if (data.hasTest) {
      const figures: PerceptionFigures[] = [];
      for (let index = 0; index < HELD_OUT; index++) {
        const batch = data.draw('test', FRAMES, stream(seed, 'held-out', index));
        figures.push(await perception.measure(batch));
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
    const policy = { config, tokenizer, weights: await readTensors(backend, weights), adapters: null };
    for (const [name, bytes] of Object.entries(policyFiles(policy))) writeFileSync(join(out, name), bytes);
    await backend.dispose();
    console.log(`Wrote ${out}`);
  },
};

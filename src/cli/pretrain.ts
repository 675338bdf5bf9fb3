/**
 * `pretrain`: a policy whose visual tokens have learnt to see, from the ground truth of every patch, before it learns
 * words. What it leaves is a policy's folder, for `coldstart --model`.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { frameCount } from '../policy/parameters';
import { initializeWeights, loadWeights, readTensors } from '../policy/weights';
import { type RandomStream, stream } from '../random';
import { policyFiles } from '../training/checkpoint';
import { parseRunConfig } from '../training/config';
import { Perception, type PerceptionFigures } from '../training/perception';
import { presets } from '../training/presets';
import { architectureOf, startFrom, tokenizerOf } from '../training/run';
import { learningRateAt } from '../training/schedule';
import { type Command, readFlags, required, wholeNumber } from './command';
import { CATEGORY_NAMES, LabelledViews } from './labelled-views';
import { backendBeside } from './node-run';
import { followLeader, leadPeers } from './peer-processes';
import { openStartingPolicy } from './policy-folder';
import { Pace } from '../training/pace';
import { ALONE } from '../training/peers';
import { loadConfig, MODEL_FLAG } from './train';

/** Frames of a step, and at the end as many steps' frames that were held out. */
const [FRAMES, HELD_OUT] = [48, 20];
/** Steps between lines on the terminal. */
const TELL = 50;

const usage = `Usage: npm run -s lab -- pretrain --config FILE|PRESET --data DIR --out DIR --steps N [--model DIR|NAME]
         [--seed N] [--processes N]

Teaches a policy to see, by the ground truth of a data set: its visual tokens, which category each patch of a frame shows
and how far away that is; its words, to look at what they name, and how many of it there are and where. Go on with
coldstart --model DIR. Writes to DIR:
  config.json, tokenizer.json, model.safetensors   the policy, every save_steps of the config and at the end
  perception.jsonl                                 a line a step; the last ones are of held-out frames

Flags:
  --config FILE|PRESET    a JSON file, or one of the presets: ${Object.keys(presets).join(', ')}; its cold start's
                          learning rate, schedule and weight decay are used
  ${MODEL_FLAG}
  --data DIR              a data set that synthesize has written
  --out DIR               a new folder
  --steps N               steps of ${FRAMES} frames each
  --seed N                seed, instead of the config's
  --processes N           processes that share a step's frames, up to one for each processor; default 1. Each draws frames of
                          its own, so that the outcome is another one`;

const told = (figures: PerceptionFigures) => {
  const percent = (name: keyof PerceptionFigures, as: string) => `${as} ${(100 * figures[name]).toFixed(0)} %`;
  return [
    `loss ${figures.loss.toFixed(3)}`,
    `patches: ${percent('category_accuracy', 'category')}, ${percent('distance_accuracy', 'distance')}`,
    `names: ${percent('named_attention', 'attention')}, ${percent('named_count_accuracy', 'count')}, ` +
      `${percent('named_bearing_accuracy', 'bearing')}, ${percent('named_distance_accuracy', 'distance')}`,
  ].join('  ');
};

export const pretrainCommand: Command = {
  name: 'pretrain',
  summary: 'a policy whose visual tokens see, before it has words',
  usage,
  async run(args) {
    const { values } = readFlags(args, {
      config: { type: 'string' },
      model: { type: 'string' },
      data: { type: 'string' },
      out: { type: 'string' },
      steps: { type: 'string' },
      seed: { type: 'string' },
      processes: { type: 'string', default: '1' },
      // What --processes starts.
      peer: { type: 'string' },
    });
    const base = loadConfig(required(values.config, '--config'));
    const seed = values.seed === undefined ? base.seed : wholeNumber(values.seed, '--seed', 0);
    const steps = wholeNumber(required(values.steps, '--steps'), '--steps', 1);
    const model_name_or_path = values.model ?? base.model_name_or_path;
    const config = parseRunConfig({ ...base, seed, model_name_or_path }, 'the config with the flags applied');
    if ((config.policy.vision_layers ?? 0) === 0) {
      throw new Error('pretrain teaches vision blocks, and the config has none; set policy.vision_layers to 1 or more');
    }
    const start = openStartingPolicy(config)?.policy;
    const tokenizer = start?.tokenizer ?? tokenizerOf(config);
    const a = architectureOf(config, tokenizer);
    const data = new LabelledViews(required(values.data, '--data'), a);
    const out = required(values.out, '--out');
    const processes = wholeNumber(values.processes, '--processes', 1);
    const several = Math.min(frameCount(a), data.mostFrames);
    const slots = several > 1 ? [1, several] : [1];
    const share = Math.floor(FRAMES / processes);
    if (share < several) {
      throw new Error(`a step's ${FRAMES} frames are too few for --processes ${processes}, with ${several} in a video`);
    }
    const begins = values.peer === undefined;
    if (begins) {
      if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty; name a new folder`);
      mkdirSync(out, { recursive: true });
    }
    const leader = begins && processes > 1 ? leadPeers(['pretrain', ...args], processes) : null;
    const peers = leader ?? (values.peer === undefined ? ALONE : followLeader(values.peer));

    const backend = await backendBeside(processes);
    const weights = start
      ? loadWeights(backend, a, startFrom(start, config).weights)
      : initializeWeights(backend, a, seed);
    const perception = await Perception.create(backend, a, weights, {
      ...config.cold_start,
      frames: share,
      slots,
      peers,
      // With and without a space before it: words within a sentence, and at the beginning of one.
      names: CATEGORY_NAMES.map((name) => [...tokenizer.encode(` ${name}`), ...tokenizer.encode(name)]),
      seed,
    });
    /** Stills and videos by turns. */
    const draw = (split: 'train' | 'test', turn: number, random: RandomStream) => {
      const each = slots[turn % slots.length];
      return data.draw(split, { count: Math.floor(share / each), frames: each }, random);
    };
    const log = (line: object) => appendFileSync(join(out, 'perception.jsonl'), `${JSON.stringify(line)}\n`);
    const save = async () => {
      const policy = { config, tokenizer, weights: await readTensors(backend, weights), adapters: null };
      for (const [name, bytes] of Object.entries(policyFiles(policy))) writeFileSync(join(out, name), bytes);
    };
    /** The first process draws what one process draws. */
    const own = (name: string, step: number) => stream(seed, name, step, ...(begins ? [] : [peers.rank]));
    const pace = new Pace();
    try {
      for (let step = 1; step <= steps; step++) {
        const begun = performance.now();
        const random = own('perception', step);
        const batch = draw('train', step, random);
        const figures = await perception.step(
          batch,
          learningRateAt(step, { ...config.cold_start, steps }),
          own('positions', step),
        );
        if (!begins) continue;
        const step_time = (performance.now() - begun) / 1000;
        pace.add(step_time);
        const frames = batch[0].pictures.length;
        log({ step, frames, ...figures, step_time });
        if (step % TELL < slots.length || step === steps) {
          const of = frames === 1 ? 'stills' : `videos of ${frames}`;
          console.log(`${step}/${steps}  ${of}  ${told(figures)}  ETA ${pace.timeFor(steps - step)}`);
        }
        if (step % config.save_steps === 0 || step === steps) await save();
      }
    } finally {
      leader?.end();
    }
    for (const [turn, frames] of begins && data.hasTest ? slots.entries() : []) {
      const measured: PerceptionFigures[] = [];
      for (let index = 0; index < HELD_OUT * processes; index++) {
        const random = stream(seed, 'held-out', index);
        measured.push(await perception.measure(draw('test', turn, random), random));
      }
      const names = Object.keys(measured[0]) as (keyof PerceptionFigures)[];
      const means = Object.fromEntries(
        names.map((name) => [name, measured.reduce((sum, each) => sum + each[name], 0) / measured.length]),
      ) as PerceptionFigures;
      log({ split: 'test', frames, ...means });
      console.log(`Held out, ${frames === 1 ? 'stills' : `videos of ${frames}`}: ${told(means)}`);
    }
    await backend.dispose();
    console.log(`Wrote ${out}`);
  },
};

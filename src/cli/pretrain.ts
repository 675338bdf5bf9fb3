/**
 * `pretrain`: a policy whose visual tokens have learnt to see, from the ground truth of every patch, before it learns
 * words. What it leaves is a policy's folder, for `coldstart --model`.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../backends/backend';
import type { Tokenizer } from '../policy/tokenizer';
import { initializeWeights, loadWeights, readTensors } from '../policy/weights';
import { type RandomStream, stream } from '../random';
import { policyFiles, type StoredPolicy } from '../training/checkpoint';
import { parseRunConfig, type RunConfig } from '../training/config';
import { Pace } from '../training/pace';
import { ALONE, type Peers } from '../training/peers';
import { Perception, type PerceptionFigures } from '../training/perception';
import type { LabelledView } from '../training/perception-labels';
import { presets } from '../training/presets';
import { architectureOf, startFrom, tokenizerOf } from '../training/run';
import { learningRateAt } from '../training/schedule';
import { type Command, readFlags, required, wholeNumber } from './command';
import { CATEGORY_NAMES, LabelledViews } from './labelled-views';
import { backendBeside } from './node-run';
import { followLeader, leadPeers } from './peer-processes';
import { openStartingPolicy } from './policy-folder';
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

/** What the flags ask for. */
interface Plan {
  readonly config: RunConfig;
  readonly steps: number;
  readonly processes: number;
  readonly out: string;
}

type Flag = 'config' | 'model' | 'out' | 'steps' | 'seed' | 'processes';

/** Throws UsageError or Error naming the flag or setting at fault. */
function planned(values: Readonly<Partial<Record<Flag, string>>>): Plan {
  const base = loadConfig(required(values.config, '--config'));
  const seed = values.seed === undefined ? base.seed : wholeNumber(values.seed, '--seed', 0);
  const steps = wholeNumber(required(values.steps, '--steps'), '--steps', 1);
  const model_name_or_path = values.model ?? base.model_name_or_path;
  const config = parseRunConfig({ ...base, seed, model_name_or_path }, 'the config with the flags applied');
  if ((config.policy.vision_layers ?? 0) === 0) {
    throw new Error('pretrain teaches vision blocks, and the config has none; set policy.vision_layers to 1 or more');
  }
  const processes = wholeNumber(values.processes ?? '1', '--processes', 1);
  return { config, steps, processes, out: required(values.out, '--out') };
}

/** What is shown: stills and videos by turns. */
interface Course {
  /** Frames of a view, in each turn. */
  readonly slots: readonly number[];
  /** Frames of a batch. */
  readonly share: number;
  readonly draw: (split: 'train' | 'test', turn: number, random: RandomStream) => LabelledView[];
}

/** Throws Error where there are more processes than a step has views for. */
function courseOf({ config, processes }: Plan, data: LabelledViews): Course {
  const several = Math.min(config.policy.frames ?? 1, data.mostFrames);
  const slots = several > 1 ? [1, several] : [1];
  const share = Math.floor(FRAMES / processes);
  if (share < several) {
    throw new Error(`a step's ${FRAMES} frames are too few for --processes ${processes}, with ${several} in a video`);
  }
  return {
    slots,
    share,
    draw: (split, turn, random) => {
      const frames = slots[turn % slots.length];
      return data.draw(split, { count: Math.floor(share / frames), frames }, random);
    },
  };
}

/** The policy that learns to see. */
interface Pupil {
  readonly backend: Backend;
  readonly perception: Perception;
  /** Writes its folder. */
  readonly save: () => Promise<void>;
}

async function openPupil(
  { config, processes, out }: Plan,
  { start, tokenizer, course, peers }: { start?: StoredPolicy; tokenizer: Tokenizer; course: Course; peers: Peers },
): Promise<Pupil> {
  const a = architectureOf(config, tokenizer);
  const backend = await backendBeside(processes);
  const weights = start
    ? loadWeights(backend, a, startFrom(start, config).weights)
    : initializeWeights(backend, a, config.seed);
  const perception = await Perception.create(backend, a, weights, {
    ...config.cold_start,
    frames: course.share,
    slots: course.slots,
    peers,
    // With and without a space before it: words within a sentence, and at the beginning of one.
    names: CATEGORY_NAMES.map((name) => [...tokenizer.encode(` ${name}`), ...tokenizer.encode(name)]),
    seed: config.seed,
  });
  const save = async () => {
    const policy = { config, tokenizer, weights: await readTensors(backend, weights), adapters: null };
    for (const [name, bytes] of Object.entries(policyFiles(policy))) writeFileSync(join(out, name), bytes);
  };
  return { backend, perception, save };
}

function log({ out }: Plan, line: object): void {
  appendFileSync(join(out, 'perception.jsonl'), `${JSON.stringify(line)}\n`);
}

/**
 * Takes all steps; the first process logs and saves.
 * @param rank of another process, which draws views of its own; null for the first, which draws what one process draws.
 */
async function takeSteps({ perception, save }: Pupil, plan: Plan, course: Course, rank: number | null): Promise<void> {
  const { config, steps } = plan;
  const own = (name: string, step: number) => stream(config.seed, name, step, ...(rank === null ? [] : [rank]));
  const pace = new Pace();
  for (let step = 1; step <= steps; step++) {
    const begun = performance.now();
    const batch = course.draw('train', step, own('perception', step));
    const learningRate = learningRateAt(step, { ...config.cold_start, steps });
    const figures = await perception.step(batch, learningRate, own('positions', step));
    if (rank !== null) continue;
    const step_time = (performance.now() - begun) / 1000;
    pace.add(step_time);
    const frames = batch[0].pictures.length;
    log(plan, { step, frames, ...figures, step_time });
    if (step % TELL < course.slots.length || step === steps) {
      console.log(`${step}/${steps}  ${seen(frames)}  ${told(figures)}  ETA ${pace.timeFor(steps - step)}`);
    }
    if (step % config.save_steps === 0 || step === steps) await save();
  }
}

/** Logs and tells the means over held-out views. */
async function measureHeldOut({ perception }: Pupil, plan: Plan, { slots, draw }: Course): Promise<void> {
  for (const [turn, frames] of slots.entries()) {
    const measured: PerceptionFigures[] = [];
    for (let index = 0; index < HELD_OUT * plan.processes; index++) {
      const random = stream(plan.config.seed, 'held-out', index);
      measured.push(await perception.measure(draw('test', turn, random), random));
    }
    const names = Object.keys(measured[0]) as (keyof PerceptionFigures)[];
    const means = Object.fromEntries(
      names.map((name) => [name, measured.reduce((sum, each) => sum + each[name], 0) / measured.length]),
    ) as PerceptionFigures;
    log(plan, { split: 'test', frames, ...means });
    console.log(`Held out, ${seen(frames)}: ${told(means)}`);
  }
}

const seen = (frames: number) => (frames === 1 ? 'stills' : `videos of ${frames}`);

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
    const plan = planned(values);
    const { config, out, processes } = plan;
    const start = openStartingPolicy(config)?.policy;
    const tokenizer = start?.tokenizer ?? tokenizerOf(config);
    const data = new LabelledViews(required(values.data, '--data'), architectureOf(config, tokenizer));
    const first = values.peer === undefined;
    const course = courseOf(plan, data);
    if (first) {
      if (existsSync(out) && readdirSync(out).length > 0) throw new Error(`${out} is not empty; name a new folder`);
      mkdirSync(out, { recursive: true });
    }
    const leader = first && processes > 1 ? leadPeers(['pretrain', ...args], processes) : null;
    const peers = leader ?? (values.peer === undefined ? ALONE : followLeader(values.peer));
    const pupil = await openPupil(plan, { start, tokenizer, course, peers });
    try {
      await takeSteps(pupil, plan, course, first ? null : peers.rank);
    } finally {
      leader?.end();
    }
    if (first && data.hasTest) await measureHeldOut(pupil, plan, course);
    await pupil.backend.dispose();
    console.log(`Wrote ${out}`);
  },
};

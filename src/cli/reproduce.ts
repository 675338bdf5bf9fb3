/**
 * `reproduce`: the paper's claims put to the test. From one starting policy and with equal budgets GRPO is run once an
 * arm and seed, on the node backend; each outcome answers one frozen set of held-out questions.
 */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { armConfig, ARMS } from '../evaluation/reproduction/arms';
import { chooseHeldOut, heldOutPlan } from '../evaluation/reproduction/held-out';
import { experimentReport, type ExperimentResults } from '../evaluation/reproduction/report';
import { compare, type TrainedReplies } from '../evaluation/reproduction/results';
import type { ScoredReply } from '../evaluation/reproduction/scored-reply';
import type { Question } from '../evaluation/suites/question';
import { fingerprint } from '../evaluation/suites/source';
import { readPolicy, type StoredPolicy } from '../training/checkpoint';
import { parseRunConfig, type RunConfig } from '../training/config';
import type { StepMetrics } from '../training/report';
import { presets } from '../training/presets';
import { architectureOf, startFrom } from '../training/run';
import { type Command, readFlags, refuseBesideResume, required, UsageError, wholeNumber } from './command';
import { curvePicture } from './curve-picture';
import { replaceFile } from './evaluation-folder';
import {
  createExperiment,
  evaluated,
  type Experiment,
  readExperiment,
  rewardCurve,
  runRecord,
} from './experiment-folder';
import { followerOf, trainInProcess } from './node-run';
import { Pace } from '../training/pace';
import { policyFolder, weightsHash } from './policy-folder';
import { readCheckpointFolder, readMetrics, RunDirectory } from './run-directory';
import { synthesizedSuite } from './suite-source';
import { endOf, endWithParent, startProcess } from './this-program';
import { loadConfig } from './train';

const PICTURE = 'reward.svg';

const usage = `Usage: npm run -s lab -- reproduce --out DIR [--model DIR|NAME] [--config FILE|PRESET] [--steps N]
         [--seeds 1,2,3] [--arms a,b] [--questions N] [--processes N]
       npm run -s lab -- reproduce --resume --out DIR [--processes N]

From one starting policy, runs GRPO once an arm and seed on the node backend, all else equal; has each outcome answer,
greedily, one frozen set of held-out questions; and compares. Arms:
${ARMS.map(({ name, tests }) => `  ${name.padEnd(12)}${tests}`).join('\n')}
Writes to DIR:
  report.md, reward.svg   tables with 95 % intervals, curves, and an answer to each question; anew after each seed
  results.json            all that the report is made from
  evaluations/            a file a policy: its answers and their scores, a line a question
  questions/              the held-out rooms and questions
  runs/ARM-SEED/          each run, as train writes it
  experiment.json         what the experiment is of

Flags:
  --out DIR               a folder that holds no experiment yet
  --model DIR|NAME        policy to start from: a shipped one (default nano), or the folder of a run or a policy
  --config FILE|PRESET    tasks, GRPO settings and rewards of all arms (default: the preset of the policy's name, else the
                          policy's own config); the policy section and grpo.max_completion_length are always the
                          starting policy's
  --steps N               GRPO steps of each run, instead of the config's
  --seeds 1,2,3           seeds of each arm (default 1,2,3)
  --arms a,b              some of the arms (default all)
  --questions N           held-out questions (default 1000), of the families that the runs train on and those that the
                          starting policy was taught
  --processes N           runs at the same time, up to one for each processor; default 1. Sums are rounded otherwise where
                          a run has fewer processors
  --resume                goes on with the experiment in DIR, to the same report: finished runs are left, an interrupted
                          one goes on from its last checkpoint`;

/** Tells how the runs go, and how long all of them will take from what the last steps took. */
class Progress {
  private readonly pace = new Pace();
  private left: number;
  private readonly of: string;

  /** @param of what the steps are of, for people. */
  constructor(steps: number, of: string) {
    this.left = steps;
    this.of = of;
  }

  /** Steps that need not be done. */
  skip(steps: number): void {
    this.left -= steps;
  }

  tell(run: string, step: number, steps: number, { reward, step_time }: StepMetrics): void {
    this.pace.add(step_time);
    this.left--;
    const left = `${this.of}: ${this.pace.timeFor(this.left)} left`;
    console.log(`${run} ${step}/${steps}  reward ${reward.toFixed(4)}  ${step_time.toFixed(2)} s  ${left}`);
  }
}

/** What the flags ask for. Throws UsageError or Error naming the flag or setting at fault; nothing is written yet. */
function plannedExperiment(
  command: string,
  values: Readonly<Partial<Record<'model' | 'config' | 'steps' | 'seeds' | 'arms' | 'questions', string>>>,
): Experiment {
  const model = values.model ?? 'nano';
  const files = readCheckpointFolder(policyFolder(model));
  const policy = readPolicy(files, model);
  const named = values.config ?? (Object.hasOwn(presets, model) ? model : undefined);
  const given = named === undefined ? policy.config : loadConfig(named);
  const steps = values.steps === undefined ? given.grpo.steps : wholeNumber(values.steps, '--steps', 1);
  if (steps === 0) throw new UsageError('--steps is missing: the config has no GRPO steps');
  const seeds = unique(values.seeds ?? '1,2,3', '--seeds').map((seed) => wholeNumber(seed, '--seeds', 0));
  const arms = values.arms === undefined ? ARMS.map(({ name }) => name) : unique(values.arms, '--arms');
  const config = parseRunConfig(
    {
      ...given,
      model_name_or_path: model,
      policy: policy.config.policy,
      cold_start: { ...given.cold_start, steps: 0 },
      // Each outcome answers the experiment's own questions.
      grpo: {
        ...given.grpo,
        steps,
        max_completion_length: policy.config.grpo.max_completion_length,
        eval_steps: 0,
      },
    },
    'the config with the flags applied',
  );
  for (const name of arms) {
    if (!ARMS.some((arm) => arm.name === name)) {
      throw new UsageError(`--arms names "${name}"; the arms are ${ARMS.map((arm) => arm.name).join(', ')}`);
    }
    for (const seed of seeds) parseRunConfig(armConfig(config, name, seed), `the config of the arm ${name}`);
  }
  const questions = wholeNumber(values.questions ?? '1000', '--questions', 1);
  heldOutPlan(config, policy.config.data.tasks, questions);
  // Arms do not differ in what a policy must fit.
  startFrom(policy, config);
  return { command, model, weights: weightsHash(files['model.safetensors']), arms, seeds, questions, config };
}

function unique(list: string, flag: string): string[] {
  const items = list.split(',').map((item) => item.trim());
  const twice = items.find((item, index) => items.indexOf(item) < index);
  if (twice !== undefined) throw new UsageError(`${flag} names ${twice} twice`);
  return items;
}

/** The policy that the experiment starts from. Throws Error where it is another one by now. */
function startingPolicy({ model, weights }: Experiment): StoredPolicy {
  const files = readCheckpointFolder(policyFolder(model));
  const policy = readPolicy(files, model);
  if (weightsHash(files['model.safetensors']) !== weights) {
    throw new Error(
      `the experiment was begun with the policy ${model} of weights ${weights}, which has changed; put it back`,
    );
  }
  return policy;
}

/** The first `count` of the held-out questions, synthesized unless they are there. */
async function heldOutQuestions(
  out: string,
  { config, questions }: Experiment,
  policy: StoredPolicy,
): Promise<Question[]> {
  const { tokenizer } = policy;
  const plan = heldOutPlan(config, policy.config.data.tasks, questions);
  const source = await synthesizedSuite('held-out', plan, join(out, 'questions'));
  const chosen = chooseHeldOut(source.questions, questions, tokenizer, architectureOf(config, tokenizer));
  if (chosen.length === 0)
    throw new Error('the rooms gave no question that the policy can read; ask for more with --questions');
  if (chosen.length < questions) console.log(`The rooms gave ${chosen.length} questions, fewer than ${questions}`);
  return chosen;
}

/** Trains the run in `path` to its end, from where it is. */
async function train(
  path: string,
  name: string,
  config: RunConfig,
  policy: StoredPolicy,
  progress: Progress,
  processes: number,
): Promise<void> {
  const begun = existsSync(join(path, 'config.json')) ? RunDirectory.resume(path) : null;
  const checkpoint = begun?.checkpoint ?? undefined;
  const { steps } = config.grpo;
  progress.skip(checkpoint?.step ?? 0);
  if (checkpoint?.step === steps) return;
  const directory = begun?.directory ?? RunDirectory.create(path, config);
  if (checkpoint) console.log(`${name}: going on after step ${checkpoint.step}`);
  await trainInProcess(
    config,
    followerOf(directory, (_, step, metrics) => progress.tell(name, step, steps, metrics), `${name}: `),
    { ...(checkpoint ? { checkpoint } : { policy }), processes },
  );
}

/** A finished run. */
interface Finished {
  readonly config: RunConfig;
  readonly trained: TrainedReplies;
  readonly metrics: readonly StepMetrics[];
}

async function writeReport(
  out: string,
  experiment: Experiment,
  questions: readonly Question[],
  start: readonly ScoredReply[],
  finished: readonly Finished[],
): Promise<void> {
  const { command, model, weights, seeds, arms, config } = experiment;
  const done = seeds.filter((seed) => finished.some(({ trained }) => trained.seed === seed));
  const results: ExperimentResults = {
    command,
    model,
    weights,
    machine: `${availableParallelism()} processors (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory, Node ${process.version}`,
    seeds: done,
    seeds_left: seeds.filter((seed) => !done.includes(seed)),
    trained: config.data.tasks,
    fingerprint: await fingerprint(questions.map(({ sample }) => sample)),
    comparison: compare(
      start,
      finished.map(({ trained }) => trained),
    ),
    runs: finished.map((run) => runRecord(run.trained.arm, run.config, run.metrics)),
    config,
  };
  const curves = arms.map((arm) => {
    const own = finished.filter(({ trained }) => trained.arm === arm);
    return rewardCurve(
      arm,
      own.map(({ metrics }) => metrics),
    );
  });
  replaceFile(out, 'results.json', `${JSON.stringify(results, null, 2)}\n`);
  replaceFile(out, PICTURE, curvePicture(curves, "reward, each arm's own"));
  replaceFile(out, 'report.md', experimentReport(results, PICTURE));
}

/** A run of an experiment. */
interface Run {
  readonly arm: string;
  readonly seed: number;
}

function runName({ arm, seed }: Run): string {
  return `${arm}-${seed}`;
}

/** Trains what is left of a run, and has its outcome answer the questions unless it has. */
async function finish(
  out: string,
  { arm, seed }: Run,
  { config, policy, questions }: { config: RunConfig; policy: StoredPolicy; questions: readonly Question[] },
  progress: Progress,
  processes: number,
): Promise<Finished> {
  const name = runName({ arm, seed });
  const path = join(out, 'runs', name);
  const own = armConfig(config, arm, seed);
  await train(path, name, own, policy, progress, processes);
  const replies = await evaluated(out, name, path, questions);
  return { config: own, trained: { arm, seed, replies }, metrics: readMetrics(path) };
}

/**
 * Finishes runs in other processes, `count` at a time and in their order.
 * @returns by name what settles when the run is finished; it rejects where its process failed.
 */
function finishApart(out: string, runs: readonly Run[], count: number): ReadonlyMap<string, Promise<void>> {
  const lanes = Array.from({ length: count }, () => Promise.resolve());
  return new Map(
    runs.map((run, index) => {
      const name = runName(run);
      const done = lanes[index % count].then(async () => {
        const child = startProcess(['reproduce', '--run', `${name}/${count}`, '--out', out], { told: true });
        await once(child, 'exit');
        if (child.exitCode !== 0) throw new Error(`the run ${name} ended with ${endOf(child)}; --resume goes on`);
      });
      lanes[index % count] = done;
      // Whoever waits for the run hears of it.
      done.catch(() => undefined);
      return [name, done];
    }),
  );
}

/** The other end: finishes one run. @param place of --run: NAME/PROCESSES. */
async function finishOne(out: string, place: string): Promise<void> {
  const [name, processes] = place.split('/');
  const experiment = readExperiment(out);
  const { arms, seeds, config } = experiment;
  const run = arms.flatMap((arm) => seeds.map((seed) => ({ arm, seed }))).find((each) => runName(each) === name);
  if (!endWithParent() || !run) throw new UsageError('--run is for processes that reproduce --processes starts');
  const policy = startingPolicy(experiment);
  const questions = await heldOutQuestions(out, experiment, policy);
  await finish(out, run, { config, policy, questions }, new Progress(config.grpo.steps, 'this run'), Number(processes));
}

/** Does what is left to do of an experiment, so many runs at the same time. */
async function carryOut(out: string, experiment: Experiment, processes: number): Promise<void> {
  const { arms, seeds, config } = experiment;
  const { steps, prompts_per_step, num_generations } = config.grpo;
  const policy = startingPolicy(experiment);
  const count = arms.length * seeds.length;
  console.log(
    `${count} runs (${arms.join(', ')}; seeds ${seeds.join(', ')}) of ${steps} steps, ${count * steps} in all; a step is ` +
      `${prompts_per_step} questions with ${num_generations} completions each. How long it takes is told after each step.`,
  );
  const questions = await heldOutQuestions(out, experiment, policy);
  console.log(`${questions.length} held-out questions, which the starting policy answers first`);
  const start = await evaluated(out, 'start', policyFolder(experiment.model), questions);
  const progress = new Progress(count * steps, 'all runs');
  const finished: Finished[] = [];
  // Seed by seed, so that the arms can be compared as soon as each was run once.
  const runs = seeds.flatMap((seed) => arms.map((arm) => ({ arm, seed })));
  const apart = processes > 1 ? finishApart(out, runs, processes) : null;
  for (const seed of seeds) {
    for (const run of runs.filter((each) => each.seed === seed)) {
      await apart?.get(runName(run));
      // What another process has finished is only read.
      finished.push(await finish(out, run, { config, policy, questions }, progress, 1));
    }
    await writeReport(out, experiment, questions, start, finished);
    console.log(`Wrote ${join(out, 'report.md')}, with seed ${seed}`);
  }
}

export const reproduceCommand: Command = {
  name: 'reproduce',
  summary: "the paper's claims put to the test: arms of GRPO from one policy",
  usage,
  async run(args) {
    const { values } = readFlags(args, {
      out: { type: 'string' },
      model: { type: 'string' },
      config: { type: 'string' },
      steps: { type: 'string' },
      seeds: { type: 'string' },
      arms: { type: 'string' },
      questions: { type: 'string' },
      processes: { type: 'string', default: '1' },
      // What --processes starts.
      run: { type: 'string' },
      resume: { type: 'boolean', default: false },
    });
    const out = required(values.out, '--out');
    if (values.run !== undefined) return finishOne(out, values.run);
    const { processes: count, ...others } = values;
    const processes = wholeNumber(count, '--processes', 1);
    if (values.resume) {
      refuseBesideResume(others, 'experiment');
      await carryOut(out, readExperiment(out), processes);
      return;
    }
    const experiment = plannedExperiment(`npm run -s lab -- reproduce ${args.join(' ')}`, values);
    createExperiment(out, experiment);
    await carryOut(out, experiment, processes);
  },
};

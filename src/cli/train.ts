/**
 * `train`: a run without a window, on any backend. It is the page's code: the node backend runs it in this process, the
 * browser's backends run the page's worker in a headless Chromium.
 */
import { existsSync, readFileSync } from 'node:fs';
import { checkpointFiles, type CheckpointFiles } from '../training/checkpoint';
import { parseRunConfig, type RunConfig } from '../training/config';
import { SHIPPED_POLICIES } from '../policy/shipped';
import { weightCount } from '../policy/weights';
import { softwareFrames } from '../training/frames';
import { presets } from '../training/presets';
import type { CurriculumCell, RunPhase, StepMetrics } from '../training/report';
import { type RunOptions, TrainingRun } from '../training/run';
import { type Command, readFlags, refuseBesideResume, required, UsageError, wholeNumber } from './command';
import { openStartingPolicy } from './policy-folder';
import { notedData, openData } from './run-data';
import { RunDirectory } from './run-directory';

/** The flag of the commands that train. */
export const MODEL_FLAG = `--model DIR|NAME        policy to start from, instead of the config's model_name_or_path: the folder of a run or a
                          policy, or a shipped one (${SHIPPED_POLICIES.map(({ name }) => name).join(', ')}); its weights and tokenizer are taken. "" for fresh
                          weights`;

const BACKENDS = ['webgpu', 'wasm', 'node'] as const;

const usage = `Usage: npm run -s lab -- train --config FILE|PRESET --out DIR [--model DIR|NAME]
         [--backend webgpu|wasm|node] [--steps N] [--seed N]
       npm run -s lab -- train --resume --out DIR

Trains a policy: a cold start, then GRPO. Writes to DIR:
  config.json             the run's config
  metrics.jsonl           a line a GRPO step, by TRL's metric names
  cold_start.jsonl        a line a cold-start step
  curriculum.jsonl        with the curriculum or sample weights, their table of task by difficulty, a line a GRPO step
  model.safetensors       the weights, with optimizer.safetensors, tokenizer.json and trainer_state.json beside them
  adapter_model.safetensors, adapter_config.json   with LoRA the adapters, in PEFT's layout

Flags:
  --config FILE|PRESET    a JSON file, or one of the presets: ${Object.keys(presets).join(', ')}
  --out DIR               a folder that holds no run yet
  ${MODEL_FLAG}
  --backend NAME          node (default): onnxruntime on the processor; webgpu, wasm: a headless Chromium
  --steps N               number of GRPO steps, instead of the config's
  --seed N                seed of the run, instead of the config's
  --resume                goes on with the interrupted run in DIR from its last checkpoint, on the node backend; the
                          outcome equals that of a run without interruption`;

/** Reads a preset's name or a config file. Throws an Error naming the file and what is wrong with it. */
export function loadConfig(nameOrFile: string): RunConfig {
  if (Object.hasOwn(presets, nameOrFile)) return presets[nameOrFile];
  if (!existsSync(nameOrFile)) {
    throw new UsageError(
      `--config ${nameOrFile} is neither a file nor a preset; the presets are ${Object.keys(presets).join(', ')}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(nameOrFile, 'utf8'));
  } catch (error) {
    throw new Error(`${nameOrFile} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return parseRunConfig(value, nameOrFile);
}

/** What a run tells whoever follows it. */
export interface RunFollower {
  onDetail(detail: string): void;
  onStep(phase: RunPhase, step: number, metrics: StepMetrics): void;
  /** The curriculum's table after a GRPO step. */
  onCurriculum(step: number, cells: readonly CurriculumCell[]): void;
  onCheckpoint(files: CheckpointFiles): void;
}

/**
 * Logs and saves in `directory`.
 * @param tell puts a step on the terminal.
 * @param prefix of details there.
 */
export function followerOf(directory: RunDirectory, tell: RunFollower['onStep'], prefix = ''): RunFollower {
  return {
    onDetail: (detail) => console.log(prefix + detail),
    onStep: (phase, step, metrics) => {
      directory.log(phase, step, metrics);
      tell(phase, step, metrics);
    },
    onCurriculum: (step, cells) => directory.logCurriculum(step, cells),
    onCheckpoint: (files) => directory.save(files),
  };
}

/** Trains on the node backend, to the end. */
export async function trainInProcess(
  config: RunConfig,
  follower: RunFollower,
  options: Pick<RunOptions, 'checkpoint' | 'policy' | 'samples'> = {},
): Promise<void> {
  const { createNodeBackend } = await import('../backends/node');
  const backend = await createNodeBackend();
  follower.onDetail(`${backend.description.runtime} on ${backend.description.adapter}`);
  const frames = softwareFrames(backend, config.policy.frame_size);
  const run = new TrainingRun(backend, config, frames, { ...options, onPrepare: follower.onDetail });
  follower.onDetail(`${weightCount(run.context.architecture).toLocaleString('en')} weights`);
  for (const note of run.notes) follower.onDetail(note);
  const save = async () => follower.onCheckpoint(checkpointFiles(await run.checkpoint()));
  while (!run.finished) {
    const { phase, step, metrics, curriculum } = await run.next();
    follower.onStep(phase, step, metrics);
    if (curriculum.length > 0) follower.onCurriculum(step, curriculum);
    if (step % config.save_steps === 0) await save();
  }
  await save();
  await backend.dispose();
}

/** Goes on to the end with a run that was interrupted, on the data set that it was begun with. */
export async function goOn(
  { directory, config, checkpoint }: ReturnType<typeof RunDirectory.resume>,
  tell: RunFollower['onStep'],
): Promise<void> {
  const start = checkpoint ? { checkpoint } : { policy: openStartingPolicy(config)?.policy };
  const path = notedData(directory.path);
  const data = path === null ? null : await openData(path, config, start);
  if (checkpoint) console.log(`Going on after ${checkpoint.phase} ${checkpoint.step}`);
  await trainInProcess(config, followerOf(directory, tell), { ...start, samples: data?.samples });
  data?.close();
  console.log(`Wrote ${directory.path}`);
}

/** Tells steps of either phase on the terminal. */
function tellerOf(config: RunConfig): RunFollower['onStep'] {
  return (phase, step, metrics) => {
    const shown = phase === 'grpo' ? ['reward', 'rewards/ednm/mean', 'rewards/format/mean', 'kl'] : ['loss'];
    const figures = shown.filter((name) => name in metrics).map((name) => `${name} ${metrics[name].toFixed(4)}`);
    const progress = `${phase} ${step}/${config[phase].steps}`;
    console.log(`${progress}  ${figures.join('  ')}  ${metrics.step_time.toFixed(2)} s`);
  };
}

export const trainCommand: Command = {
  name: 'train',
  summary: 'cold start and GRPO, without a window',
  usage,
  async run(args) {
    const { values } = readFlags(args, {
      config: { type: 'string' },
      out: { type: 'string' },
      model: { type: 'string' },
      backend: { type: 'string' },
      steps: { type: 'string' },
      seed: { type: 'string' },
      resume: { type: 'boolean', default: false },
    });
    const out = required(values.out, '--out');
    if (values.resume) {
      refuseBesideResume(values, 'run');
      const run = RunDirectory.resume(out);
      await goOn(run, tellerOf(run.config));
      return;
    }
    const backend = BACKENDS.find((name) => name === (values.backend ?? 'node'));
    if (!backend) throw new UsageError(`--backend must be one of ${BACKENDS.join(', ')}, not "${values.backend}"`);
    const base = loadConfig(required(values.config, '--config'));
    const seed = values.seed === undefined ? base.seed : wholeNumber(values.seed, '--seed', 0);
    const steps = values.steps === undefined ? base.grpo.steps : wholeNumber(values.steps, '--steps', 0);
    const model_name_or_path = values.model ?? base.model_name_or_path;
    const config = parseRunConfig(
      { ...base, seed, model_name_or_path, grpo: { ...base.grpo, steps } },
      'the config with the flags applied',
    );
    const start = openStartingPolicy(config);
    const follower = followerOf(RunDirectory.create(out, config), tellerOf(config));
    if (backend === 'node') await trainInProcess(config, follower, { policy: start?.policy });
    else {
      // Imported when needed: it brings a bundler and a browser's driver.
      const { trainInBrowser } = await import('./browser-run');
      await trainInBrowser(config, start?.files ?? null, backend, follower);
    }
    console.log(`Wrote ${out}`);
  },
};

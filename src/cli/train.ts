/**
 * `train`: a run without a window, on any backend. It is the page's code: the node backend runs it in this process, the
 * browser's backends run the page's worker in a headless Chromium.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseRunConfig, type RunConfig } from '../training/config';
import { SHIPPED_POLICIES } from '../policy/shipped';
import { presets } from '../training/presets';
import { type Command, readFlags, refuseBesideResume, required, UsageError, wholeNumber } from './command';
import { followerOf, goOn, type RunFollower, trainInProcess } from './node-run';
import { openStartingPolicy } from './policy-folder';
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

/** Tells steps of either phase on the terminal. */
function tellerOf(config: RunConfig): RunFollower['onStep'] {
  return (phase, step, metrics) => {
    const shown =
      phase === 'grpo' ? ['reward', 'rewards/ednm/mean', 'rewards/format/mean', 'kl', 'eval_mra'] : ['loss'];
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

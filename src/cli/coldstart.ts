/**
 * `coldstart`: the cold start of a run and nothing after it, on the node backend, on samples drawn as it goes or on a
 * data set. What it leaves is a run's folder, from which evaluation, export and the page go on.
 */
import { resolve } from 'node:path';
import { parseRunConfig, type RunConfig } from '../training/config';
import { presets } from '../training/presets';
import { type Command, readFlags, refuseBesideResume, required, wholeNumber } from './command';
import { goOn, type RunFollower, trainBeside, trainOn } from './node-run';
import { Pace } from '../training/pace';
import { followLeader } from './peer-processes';
import { openStartingPolicy } from './policy-folder';
import { noteData, openData } from './run-data';
import { RunDirectory } from './run-directory';
import { loadConfig, MODEL_FLAG } from './train';

const usage = `Usage: npm run -s lab -- coldstart --config FILE|PRESET --out DIR [--model DIR|NAME] [--data DIR]
         [--steps N] [--seed N] [--processes N]
       npm run -s lab -- coldstart --resume --out DIR [--processes N]

Trains a policy on verified chains of thought: the cold start of a run, and none of its GRPO steps. With
cold_start.eval_steps in the config it is evaluated on held-out samples as it goes. Writes to DIR:
  config.json             the run's config, with grpo.steps 0
  cold_start.jsonl        a line a step, with eval_loss and eval_mean_token_accuracy where it was evaluated
  model.safetensors       the weights, with optimizer.safetensors, tokenizer.json and trainer_state.json beside them
  data.json               with --data where the data set is

Flags:
  --config FILE|PRESET    a JSON file, or one of the presets: ${Object.keys(presets).join(', ')}
  --out DIR               a folder that holds no run yet
  ${MODEL_FLAG}
  --data DIR              a data set that synthesize has written: trains on its split train and evaluates on test, those
                          samples of data.tasks that fit the policy. Frames that have the policy's size
                          (synthesize --size) are quickest. Default: samples are drawn as the run goes
  --steps N               number of steps, instead of the config's
  --seed N                seed of the run, instead of the config's
  --processes N           processes that share a step's work, up to one for each processor; default 1. Sums are rounded
                          otherwise than by one process
  --resume                goes on with the interrupted run in DIR from its last checkpoint, to the same outcome`;

/** Tells on the terminal how fast it goes and when it will be done. */
function tellerOf({ cold_start }: RunConfig): RunFollower['onStep'] {
  const { steps, batch_size, gradient_accumulation_steps } = cold_start;
  const pace = new Pace();
  return (_, step, metrics) => {
    pace.add(metrics.step_time);
    const figures = ['loss', 'eval_loss', 'eval_mean_token_accuracy']
      .filter((name) => name in metrics)
      .map((name) => `${name} ${metrics[name].toFixed(4)}`);
    const speed = `${((batch_size * gradient_accumulation_steps) / pace.secondsPerStep).toFixed(1)} samples/s`;
    console.log(`${step}/${steps}  ${figures.join('  ')}  ${speed}  ETA ${pace.timeFor(steps - step)}`);
  };
}

export const coldstartCommand: Command = {
  name: 'coldstart',
  summary: 'a policy from verified chains of thought',
  usage,
  async run(args) {
    const { values } = readFlags(args, {
      config: { type: 'string' },
      out: { type: 'string' },
      model: { type: 'string' },
      data: { type: 'string' },
      steps: { type: 'string' },
      seed: { type: 'string' },
      processes: { type: 'string', default: '1' },
      // What --processes starts.
      peer: { type: 'string' },
      resume: { type: 'boolean', default: false },
    });
    const out = required(values.out, '--out');
    if (values.peer !== undefined) return trainBeside(out, followLeader(values.peer));
    const { processes: count, ...others } = values;
    const processes = wholeNumber(count, '--processes', 1);
    if (values.resume) {
      refuseBesideResume(others, 'run');
      const run = RunDirectory.resume(out);
      if (run.config.grpo.steps > 0) {
        throw new Error(`${out} holds a run with GRPO steps; go on with it with train --resume`);
      }
      await goOn(run, tellerOf(run.config), processes);
      return;
    }
    const base = loadConfig(required(values.config, '--config'));
    const seed = values.seed === undefined ? base.seed : wholeNumber(values.seed, '--seed', 0);
    const steps = values.steps === undefined ? base.cold_start.steps : wholeNumber(values.steps, '--steps', 1);
    const model_name_or_path = values.model ?? base.model_name_or_path;
    const config = parseRunConfig(
      {
        ...base,
        seed,
        model_name_or_path,
        cold_start: { ...base.cold_start, steps },
        grpo: { ...base.grpo, steps: 0 },
      },
      'the config with the flags applied',
    );
    const path = values.data === undefined ? null : resolve(values.data);
    // Before the folder is begun, so that a wrong policy or data set leaves nothing behind.
    const start = { policy: openStartingPolicy(config)?.policy };
    const data = path === null ? null : await openData(path, config, start);
    const directory = RunDirectory.create(out, config);
    if (path !== null) noteData(out, path);
    await trainOn(data, directory, config, tellerOf(config), start, processes);
  },
};

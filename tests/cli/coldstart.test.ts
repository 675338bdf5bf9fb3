/** The command `coldstart`, on samples of its own and on a data set: what it writes, what it reads, how it goes on. */
import { appendFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, expect, test } from 'vitest';
import { createNodeBackend } from '../../src/backends/node';
import { coldstartCommand } from '../../src/cli/coldstart';
import { leadPeers } from '../../src/cli/peer-processes';
import { noteData } from '../../src/cli/run-data';
import { RunDirectory, readCheckpointFolder } from '../../src/cli/run-directory';
import { synthesizeCommand } from '../../src/cli/synthesize';
import { trainCommand } from '../../src/cli/train';
import { TrainingData } from '../../src/cli/training-data';
import type { SampleRecord } from '../../src/datasets/canonical';
import { formatCompletion, promptText } from '../../src/tasks/contract';
import { checkpointFiles } from '../../src/training/checkpoint';
import { parseRunConfig, type RunConfig } from '../../src/training/config';
import type { SupervisedSample } from '../../src/training/context';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { tokenizerOf, TrainingRun } from '../../src/training/run';
import { lab, temporaryFolder } from './lab';

const folder = temporaryFolder();
const data = join(folder, 'data');
const configFile = join(folder, 'config.json');
const { tiny } = presets;
const config: RunConfig = parseRunConfig(
  {
    ...tiny,
    data: {
      tasks: ['object_size_estimation', 'object_counting', 'grid_walk'],
      general_share: 0.25,
      general_difficulty: 0,
    },
    policy: { ...tiny.policy, frames: 2, max_prompt_length: 40 },
    cold_start: { ...tiny.cold_start, batch_size: 4, eval_steps: 2, eval_samples: 4, steps: 3 },
    grpo: { ...tiny.grpo, max_completion_length: 60, steps: 0 },
    save_steps: 2,
  },
  'the test',
);

beforeAll(async () => {
  writeFileSync(configFile, JSON.stringify({ ...config, grpo: { ...config.grpo, steps: 5 } }));
  const tasks = 'object_size_estimation,object_counting,room_size_estimation';
  const size = ['--size', '32x32', '--frames', '3', '--scenes', '4', '--split', 'train=0.5,test=0.5'];
  await synthesizeCommand.run(['--seed', '5', '--out', data, '--tasks', tasks, '--workers', '1', ...size]);
}, 60_000);

const lines = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
const log = (run: string) =>
  lines(join(run, 'cold_start.jsonl')).map((step) =>
    Object.fromEntries(Object.entries(step).filter(([name]) => !/time/.test(name))),
  );

/** A run's folder as one that is killed after its second step leaves it. */
async function cutAfterTwoSteps(path: string): Promise<void> {
  const directory = RunDirectory.create(path, config);
  noteData(path, data);
  const backend = await createNodeBackend();
  const opened = await TrainingData.open(data, config, tokenizerOf(config));
  const frames = softwareFrames(backend, config.policy.frame_size);
  const run = new TrainingRun(backend, config, frames, { samples: opened.samples });
  for (let step = 1; step <= 2; step++) directory.log('cold_start', step, (await run.next()).metrics);
  directory.save(checkpointFiles(await run.checkpoint()));
  await backend.dispose();
  opened.close();
}

test('trains and evaluates on a data set, without GRPO, and goes on where it was stopped', async () => {
  const whole = join(folder, 'whole');
  await coldstartCommand.run(['--config', configFile, '--out', whole, '--data', data]);
  expect(log(whole).map(({ step }) => step)).toEqual([1, 2, 3]);
  expect(log(whole).map((step) => 'eval_loss' in step)).toEqual([false, true, true]);
  expect(JSON.parse(readFileSync(join(whole, 'config.json'), 'utf8'))).toEqual(config);
  expect(JSON.parse(readFileSync(join(whole, 'trainer_state.json'), 'utf8'))).toMatchObject({ phase: 'grpo', step: 0 });

  const cut = join(folder, 'cut');
  await cutAfterTwoSteps(cut);
  const twin = join(folder, 'twin');
  cpSync(cut, twin, { recursive: true });
  await coldstartCommand.run(['--resume', '--out', cut]);
  await trainCommand.run(['--resume', '--out', twin]);
  for (const resumed of [cut, twin]) {
    expect(log(resumed)).toEqual(log(whole));
    const [own, same] = [resumed, whole].map((path) => readCheckpointFolder(path)['model.safetensors']);
    expect(own).toEqual(same);
  }

  const other = join(folder, 'other');
  cpSync(data, other, { recursive: true });
  appendFileSync(join(other, 'samples.jsonl'), readFileSync(join(other, 'samples.jsonl')));
  writeFileSync(join(cut, 'data.json'), readFileSync(join(cut, 'data.json'), 'utf8').replace(data, other));
  await expect(coldstartCommand.run(['--resume', '--out', cut])).rejects.toThrow(/another one; put it back/);
});

test('two processes share the steps, also of a run that goes on', async () => {
  const alone = join(folder, 'alone');
  await coldstartCommand.run(['--config', configFile, '--out', alone, '--data', data]);
  const [shared, resumed] = [join(folder, 'shared'), join(folder, 'resumed')];
  await cutAfterTwoSteps(resumed);
  for (const args of [
    ['--config', configFile, '--data', data, '--out', shared],
    ['--resume', '--out', resumed],
  ]) {
    const { status, stderr } = lab('coldstart', ...args, '--processes', '2');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  }
  for (const run of [shared, resumed]) {
    expect(log(run)).toHaveLength(config.cold_start.steps);
    log(alone).forEach((step, index) => {
      for (const name of ['loss', 'grad_norm', 'num_tokens']) {
        expect(log(run)[index][name], `${name} of step ${step.step}`).toBeCloseTo(step[name], 3);
      }
    });
  }
}, 60_000);

test('a run says which of its processes ended, and a process does not share steps with none', async () => {
  const leader = leadPeers([], 2, [process.execPath, '-e', 'process.exit(3)', '--']);
  await expect(leader.sum(new Float32Array(1))).rejects.toThrow('another process of the run ended with exit code 3');
  leader.end();
  expect(lab('coldstart', '--peer', '1/2:nowhere', '--out', folder).stderr).toContain(
    '--peer is for processes that --processes starts',
  );
}, 60_000);

test('an epoch has each fitting sample of its split once, with its own frames and words', async () => {
  const spatial = { ...config, data: { ...config.data, tasks: config.data.tasks.slice(0, 2), general_share: 0 } };
  const opened = await TrainingData.open(data, spatial, tokenizerOf(spatial));
  const backend = await createNodeBackend();
  const frames = softwareFrames(backend, 32);
  const { context } = new TrainingRun(backend, spatial, frames, { samples: opened.samples });
  const { tokenizer, architecture: a } = context;
  const sampleOf = async (phase: 'cold_start' | 'evaluation', position: number): Promise<SupervisedSample> => {
    const rows = config.cold_start.batch_size;
    const [step, index] = phase === 'evaluation' ? [0, position] : [1 + Math.floor(position / rows), position % rows];
    return (await opened.samples(context, { phase, step, index, round: 0, fitCompletion: true })).drawn;
  };
  const written = (lines(join(data, 'samples.jsonl')) as unknown as SampleRecord[]).filter(
    ({ task }) => task !== 'room_size_estimation',
  );
  // The texts with the first frame's pixels tell samples apart.
  const key = (prompt: string, completion: string, pixels: Uint8Array) =>
    JSON.stringify([prompt, completion, Array.from(pixels.subarray(0, 99))]);
  const expected = (split: string) =>
    written
      .filter((sample) => sample.split === split)
      .map((sample) => {
        const shown = sample.frames.length === 3 ? [0, 2] : [0];
        const [first] = shown.map((place) =>
          decode(readFileSync(join(data, `frames/${sample.scene}/${sample.frames[place]}.png`))),
        );
        return key(promptText(sample), formatCompletion(sample.reasoning, sample.answer), Uint8Array.from(first.data));
      })
      .sort();
  const given = ({ prompt, completion, frames: [content] }: SupervisedSample) => {
    if (content === null || !('rgba' in content)) throw new Error('a data set shows pictures');
    const rgb = content.rgba.filter((_, i) => i % 4 < 3);
    return key(tokenizer.decode(prompt), tokenizer.decode(completion), rgb);
  };
  const fitting = expected('train').length;
  expect(fitting).toBeGreaterThan(3);
  const epochs: string[][] = [];
  for (const epoch of [0, 1]) {
    const samples: SupervisedSample[] = [];
    for (let i = 0; i < fitting; i++) samples.push(await sampleOf('cold_start', epoch * fitting + i));
    epochs.push(samples.map(given));
    for (const { prompt, completion } of samples) {
      expect(prompt.length).toBeLessThanOrEqual(a.max_prompt_length);
      expect(completion.length).toBeLessThanOrEqual(a.max_completion_length);
    }
  }
  expect(epochs[0].toSorted()).toEqual(expected('train'));
  expect(epochs[1].toSorted()).toEqual(expected('train'));
  expect(epochs[1]).not.toEqual(epochs[0]);
  const heldOut: string[] = [];
  for (let i = 0; i < expected('test').length; i++) heldOut.push(given(await sampleOf('evaluation', i)));
  expect(heldOut.toSorted()).toEqual(expected('test'));
  opened.close();
  await backend.dispose();
});

test('names what does not fit, and leaves nothing behind', async () => {
  const out = join(folder, 'refused');
  const run = (...args: string[]) => coldstartCommand.run(['--out', out, ...args]);
  await expect(run('--config', configFile, '--data', folder)).rejects.toThrow(/is no finished data set/);
  await expect(run('--config', 'learn', '--data', data)).rejects.toThrow(/no samples of the split train/);
  await expect(run('--config', configFile, '--steps', '0')).rejects.toThrow(/--steps/);
  await expect(run('--resume', '--seed', '2')).rejects.toThrow(/--seed does not go with --resume/);
  await expect(run('--resume')).rejects.toThrow(/holds no run/);
  expect(existsSync(out)).toBe(false);
  const grpo = join(folder, 'grpo');
  RunDirectory.create(grpo, { ...config, grpo: { ...config.grpo, steps: 5 } });
  await expect(coldstartCommand.run(['--resume', '--out', grpo])).rejects.toThrow(/go on with it with train --resume/);
});

test('draws its samples where no data set is given', async () => {
  const out = join(folder, 'drawn');
  const drawn = { ...config, data: { tasks: ['grid_walk'], general_share: 1, general_difficulty: 0 } };
  writeFileSync(join(folder, 'drawn.json'), JSON.stringify(drawn));
  await coldstartCommand.run(['--config', join(folder, 'drawn.json'), '--out', out, '--steps', '2', '--seed', '9']);
  expect(log(out)).toHaveLength(2);
  expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({
    seed: 9,
    cold_start: { steps: 2 },
  });
  expect(existsSync(join(out, 'data.json'))).toBe(false);
});

/** The experiment end to end, with a policy of a few thousand weights: its files, its report, and going on with it. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { coldstartCommand } from '../../src/cli/coldstart';
import { reproduceCommand } from '../../src/cli/reproduce';
import { readMetrics, RunDirectory } from '../../src/cli/run-directory';
import type { ExperimentResults } from '../../src/evaluation/reproduction/report';
import type { ScoredReply } from '../../src/evaluation/reproduction/scored-reply';
import type { RunConfig } from '../../src/training/config';
import { presets } from '../../src/training/presets';
import { lab, temporaryFolder } from './lab';

const folder = temporaryFolder();
const [start, whole, configFile] = ['start', 'whole', 'config.json'].map((name) => join(folder, name));
const { tiny } = presets;
const tasks = ['object_size_estimation', 'relation_2d'];
const budget = ['--model', start, '--seeds', '1,2', '--arms', 'ednm,binary', '--questions', '6'];
/** Milliseconds: an experiment is eight steps and five evaluations, which loaded processors take long for. */
const SLOW = 300_000;
const RUNS = ['ednm-1', 'binary-1', 'ednm-2', 'binary-2'];

function text(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}

function results(out: string): ExperimentResults {
  return JSON.parse(text(out, 'results.json')) as ExperimentResults;
}

function answers(out: string, name: string): ScoredReply[] {
  return text(out, 'evaluations', `${name}.jsonl`)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoredReply);
}

/** Hash of a run's weights. */
function weights(run: string): string {
  return createHash('sha256')
    .update(readFileSync(join(run, 'model.safetensors')))
    .digest('hex');
}

/** What two equal experiments have in common: all but the folder and the time that it took. */
function outcome(out: string) {
  const { runs, command, ...same } = results(out);
  return {
    same,
    runs: runs.map((run) => ({ ...run, seconds: 0 })),
    report: text(out, 'report.md')
      .replaceAll(out, 'DIR')
      .replace(/[\d.]+ min/g, ''),
    picture: text(out, 'reward.svg'),
    answers: ['start', ...RUNS].map((name) => answers(out, name)),
    weights: RUNS.map((name) => weights(join(out, 'runs', name))),
    placed: command.replaceAll(out, 'DIR'),
    timed: runs.every(({ seconds }) => seconds > 0),
  };
}

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const config: RunConfig = {
    ...tiny,
    data: { ...tiny.data, tasks },
    policy: { ...tiny.policy, max_prompt_length: 64 },
    // A policy as young as this earns nothing: decay is what changes its weights from step to step.
    grpo: { ...tiny.grpo, steps: 2, weight_decay: 100 },
    save_steps: 1,
  };
  writeFileSync(configFile, JSON.stringify(config));
  await coldstartCommand.run(['--config', configFile, '--out', start, '--steps', '2']);
  await reproduceCommand.run([...budget, '--config', configFile, '--out', whole]);
}, SLOW);
afterEach(() => void vi.restoreAllMocks());
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined));

test('a run an arm and seed, its answers, and what is made of them', () => {
  expect(readdirSync(join(whole, 'runs')).sort()).toEqual(RUNS.toSorted());
  const configs = RUNS.map((name) => JSON.parse(text(whole, 'runs', name, 'config.json')) as RunConfig);
  expect(configs.map(({ seed, reward }) => [seed, reward.function])).toEqual([
    [1, 'ednm'],
    [1, 'binary'],
    [2, 'ednm'],
    [2, 'binary'],
  ]);
  for (const config of configs) {
    expect(config.model_name_or_path).toBe(start);
    expect([config.cold_start.steps, config.grpo.steps]).toEqual([0, 2]);
  }
  for (const name of RUNS) expect(readMetrics(join(whole, 'runs', name))).toHaveLength(2);
  const asked = answers(whole, 'start').map(({ id, task, kind }) => ({ id, task, kind }));
  expect(asked).toHaveLength(6);
  // The families take turns.
  expect(asked.map(({ kind }) => kind)).toEqual(Array.from({ length: 3 }, () => [asked[0].kind, asked[1].kind]).flat());
  expect(new Set(asked.map(({ task }) => task))).toEqual(new Set(tasks));
  for (const name of RUNS) {
    expect(answers(whole, name).map(({ id, task, kind }) => ({ id, task, kind }))).toEqual(asked);
  }
  for (const name of RUNS) expect(weights(join(whole, 'runs', name))).not.toBe(weights(start));
  const { seeds, seeds_left, comparison, runs } = results(whole);
  expect([seeds, seeds_left]).toEqual([[1, 2], []]);
  expect(runs.map(({ steps, questions, completions }) => [steps, questions, completions])).toEqual(
    RUNS.map(() => [2, 4, 16]),
  );
  const numbers = answers(whole, 'binary-2').filter(({ kind }) => kind === 'number');
  expect(comparison.arms[1].runs[1].figures.measures.numeric).toBe(
    numbers.reduce((sum, { score }) => sum + score, 0) / numbers.length,
  );
});

test('the report holds tables, curves and answers', () => {
  const report = text(whole, 'report.md');
  for (const title of ['Numeric MRA', 'Choice accuracy', 'Valid format']) expect(report).toContain(`| ${title} |`);
  for (const section of ['starting policy, points', '`ednm`, points', '`ednm`, points, by task']) {
    expect(report).toContain(
      `### Difference to ${section === 'starting policy, points' ? `the ${section}` : section}\n`,
    );
  }
  expect(report).toContain(`npm run -s lab -- reproduce ${budget.join(' ')}`);
  expect(report).toMatch(/\*\*Did RL with EDNM raise numeric MRA\?\*\* (Yes|No)/);
  expect(report).toMatch(/\*\*Is EDNM better than a binary reward\?\*\* (Yes|No)/);
  expect(report).not.toMatch(/curriculum help|undefined|NaN|Incomplete/);
  expect(text(whole, 'reward.svg').match(/fill-opacity/g)).toHaveLength(2);
});

test(
  'interrupted in a step and in an evaluation, and gone on with, it ends the same',
  async () => {
    const out = join(folder, 'interrupted');
    const { log: logStep } = RunDirectory.prototype;
    let steps = 0;
    const dying = vi.spyOn(RunDirectory.prototype, 'log').mockImplementation(function (this: RunDirectory, ...step) {
      if (++steps === 4) throw new Error('killed');
      logStep.apply(this, step);
    });
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await expect(reproduceCommand.run([...budget, '--config', configFile, '--out', out])).rejects.toThrow('killed');
    dying.mockRestore();
    // The second step of binary-1.
    expect(readdirSync(join(out, 'runs')).sort()).toEqual(['binary-1', 'ednm-1']);
    expect(existsSync(join(out, 'report.md'))).toBe(false);
    rmSync(join(out, 'evaluations', 'ednm-1.jsonl'));
    await reproduceCommand.run(['--resume', '--out', out]);
    expect(outcome(out)).toEqual(outcome(whole));
    expect(outcome(out).timed).toBe(true);
  },
  SLOW,
);

test(
  'runs in processes of their own end as well, and one that fails is named',
  () => {
    const out = join(folder, 'apart');
    const begun = lab('reproduce', ...budget, '--config', configFile, '--out', out, '--processes', '2');
    expect(begun.stderr).toBe('');
    expect(begun.status).toBe(0);
    for (const name of RUNS) {
      expect(readMetrics(join(out, 'runs', name))).toHaveLength(2);
      const asked = answers(out, name).map(({ id }) => id);
      expect(asked).toEqual(answers(whole, name).map(({ id }) => id));
    }
    expect(results(out).seeds).toEqual([1, 2]);
    expect(results(out).runs.map(({ arm, seed }) => `${arm}-${seed}`)).toEqual(RUNS);
    expect(text(out, 'report.md')).not.toMatch(/undefined|NaN|Incomplete/);

    writeFileSync(join(out, 'runs', 'binary-1', 'config.json'), '{');
    rmSync(join(out, 'runs', 'binary-1', 'trainer_state.json'));
    const failed = lab('reproduce', '--resume', '--out', out, '--processes', '2');
    expect(failed.stderr).toMatch(/binary-1.config\.json/);
    expect(failed.stderr).toContain('the run binary-1 ended with exit code 1; --resume goes on');
    expect(failed.status).toBe(1);
    expect(lab('reproduce', '--run', 'ednm-1/2', '--out', out).stderr).toContain(
      '--run is for processes that reproduce --processes starts',
    );
  },
  SLOW,
);

test('a finished experiment is only written again', async () => {
  const out = join(folder, 'copy');
  cpSync(whole, out, { recursive: true });
  rmSync(join(out, 'report.md'));
  const training = vi.spyOn(RunDirectory.prototype, 'log');
  await reproduceCommand.run(['--resume', '--out', out]);
  expect(training).not.toHaveBeenCalled();
  expect(text(out, 'report.md')).toBe(text(whole, 'report.md'));
  // Answers to other questions are not taken for these.
  const file = join(out, 'evaluations', 'start.jsonl');
  writeFileSync(file, text(file).replace(/"id":"[^"]*"/, '"id":"x"'));
  await expect(reproduceCommand.run(['--resume', '--out', out])).rejects.toThrow(
    /start\.jsonl, line 1, is no answer to/,
  );
});

test.each([
  [['--arms', 'ednm,best'], '--arms names "best"; the arms are ednm, binary, linear, mra, curriculum, weights'],
  [['--arms', 'ednm,ednm'], '--arms names ednm twice'],
  [['--seeds', '1,x'], '--seeds must be a whole number from 0 on, not "x"'],
  [['--seeds', '4294967296'], /the config of the arm ednm .*\n *seed/],
  [['--steps', '0'], '--steps must be a whole number from 1 on'],
  [['--questions', '0'], '--questions must be a whole number from 1 on'],
  [['--config', 'huge'], '--config huge is neither a file nor a preset'],
  [['--model', 'nowhere'], 'there is no folder nowhere'],
  [['--resume'], 'holds no experiment to go on with'],
  [['--resume', '--seeds', '1'], '--seeds does not go with --resume'],
])('%j is refused, and leaves nothing behind', async (flags, message) => {
  const out = join(folder, 'refused');
  const others = flags.includes('--resume') ? [] : ['--model', start, '--config', configFile];
  await expect(reproduceCommand.run([...others, ...flags, '--out', out])).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test('what is there or has changed is named', async () => {
  await expect(reproduceCommand.run([...budget, '--config', configFile, '--out', whole])).rejects.toThrow('--resume');
  // Without a config the starting policy's own, which coldstart leaves without GRPO steps.
  await expect(reproduceCommand.run([...budget, '--out', join(folder, 'x')])).rejects.toThrow('--steps is missing');
  // The shipped policy's own config has no GRPO steps either; the preset of its name has.
  await expect(reproduceCommand.run(['--questions', '0', '--out', join(folder, 'x')])).rejects.toThrow('--questions');
  const general = join(folder, 'general.json');
  const data = { tasks: ['clock_time'], general_share: 1, general_difficulty: 0.25 };
  writeFileSync(general, JSON.stringify({ ...tiny, data }));
  await expect(reproduceCommand.run([...budget, '--config', general, '--out', join(folder, 'x')])).rejects.toThrow(
    'data.tasks names general families only',
  );
  const out = join(folder, 'changed');
  mkdirSync(out);
  const experiment = JSON.parse(text(whole, 'experiment.json')) as object;
  writeFileSync(join(out, 'experiment.json'), JSON.stringify({ ...experiment, weights: 'other' }));
  await expect(reproduceCommand.run(['--resume', '--out', out])).rejects.toThrow('which has changed; put it back');
  writeFileSync(join(out, 'experiment.json'), JSON.stringify({ ...experiment, arms: [] }));
  await expect(reproduceCommand.run(['--resume', '--out', out])).rejects.toThrow(/experiment\.json is invalid/);
  writeFileSync(join(out, 'experiment.json'), '{"command":');
  await expect(reproduceCommand.run(['--resume', '--out', out])).rejects.toThrow(/is not JSON.*begin the experiment/);
});

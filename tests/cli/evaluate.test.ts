/** Evaluations from outside: every question ends scored or reported, whatever the model and whenever it was killed. */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createNodeBackend } from '../../src/backends/node';
import { evaluateCommand } from '../../src/cli/evaluate';
import { exportCommand } from '../../src/cli/export';
import type { SampleRecord, SceneRecord } from '../../src/datasets/canonical';
import { type DatasetPlan, sceneName } from '../../src/datasets/plan';
import type { EvaluationResults } from '../../src/evaluation/evaluation';
import { vsiBenchmark } from '../../src/evaluation/metrics/vsi-bench';
import { parsePredictions } from '../../src/evaluation/predictions';
import { scoreAnswers } from '../../src/evaluation/scoring';
import { checkpointFiles } from '../../src/training/checkpoint';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { TrainingRun } from '../../src/training/run';
import { type Behaviour, chatServer, sampleOf } from '../evaluation/questions';
import { temporaryFolder } from './lab';

const folder = temporaryFolder();
const dataset = join(folder, 'dataset');
let asked: SampleRecord[];
let close: (() => Promise<unknown>) | null = null;

/** A PNG of stripes. */
function picture(frame: number): Uint8Array {
  const data = Uint8Array.from({ length: 3 * 32 * 32 }, (_, index) => (index * (frame + 3)) % 256);
  return encode({ width: 32, height: 32, channels: 3, depth: 8, data });
}

/** A data set as synthesize lays it out: a scene a split, two frames, counts in a video and choices about a frame. */
beforeAll(() => {
  const scene: SceneRecord = {
    seed: 1,
    room: { type: 'bedroom', polygon: [], height: 3, area: 12 },
    objects: [],
    cameras: [],
    visibility: [],
    validation: { ok: true, problems: [] },
  };
  const plan: DatasetPlan = {
    seed: 1,
    scenes: 2,
    frames: 2,
    width: 32,
    height: 32,
    tasks: ['object_counting', 'count_2d'],
    split: { train: 0.5, test: 0.5 },
  };
  const samples = ['train', 'test'].flatMap((split, index) => {
    const name = sceneName(index);
    mkdirSync(join(dataset, 'frames', name), { recursive: true });
    mkdirSync(join(dataset, 'scenes'), { recursive: true });
    writeFileSync(join(dataset, 'scenes', `${name}.json`), JSON.stringify(scene));
    for (const frame of [0, 1]) writeFileSync(join(dataset, 'frames', name, `${frame}.png`), picture(frame));
    return Array.from({ length: 8 }, (_, k): SampleRecord => {
      const more = { scene: name, split, question: `How many things of kind ${k}?` };
      const number = { ...more, answer: String(2 + k), answer_value: 2 + k, frames: [0, 1] };
      const choice = {
        ...more,
        kind: 'choice',
        task: 'count_2d',
        options: ['2', '3', '4'],
        answer_value: null,
      } as const;
      return sampleOf(`${name}_${k}`, k % 2 === 0 ? number : { ...choice, answer: 'ABC'[k % 3] });
    });
  });
  asked = samples.filter(({ split }) => split === 'test');
  writeFileSync(join(dataset, 'dataset.json'), JSON.stringify(plan));
  writeFileSync(join(dataset, 'samples.jsonl'), samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
  writeFileSync(join(dataset, 'README.md'), 'finished');
});
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined));
afterEach(async () => {
  vi.unstubAllEnvs();
  await close?.();
  close = null;
});

function lines<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

function results(out: string): EvaluationResults {
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as EvaluationResults;
}

/** The lines of a file of answers, which are written as they come, sorted. */
function answersById(out: string, file: string) {
  return lines<{ id: string; task: string; completion: string }>(join(out, file)).sort((one, other) =>
    one.id < other.id ? -1 : 1,
  );
}

/** Ids of the lines of predictions.jsonl, sorted. */
function answeredIds(out: string): string[] {
  return lines<{ id: string }>(join(out, 'predictions.jsonl'))
    .map(({ id }) => id)
    .sort();
}

const allIds = () => asked.map(({ id }) => id).sort();

async function serve(behave: (prompt: string, nth: number) => Behaviour) {
  const server = await chatServer(behave);
  close = server.close;
  return server;
}

/** Who knows every answer. */
function oracle(prompt: string): string {
  const sample = asked.find(({ question }) => prompt.includes(question))!;
  return `<think>easy</think><answer>\\boxed{${sample.answer}}</answer>`;
}

describe('evaluate', () => {
  test('a right endpoint scores 1 beside its baselines', async () => {
    const { url, requests } = await serve((prompt) => ({ kind: 'answer', text: oracle(prompt) }));
    const out = join(folder, 'right');
    vi.stubEnv('A_KEY', 'sesame');
    const key = ['--api-key-env', 'A_KEY'];
    const flags = ['--policy', url, '--model', 'm', '--suite', dataset, '--out', out, '--text-only', ...key];
    await evaluateCommand.run(flags);
    expect(requests.every(({ authorization }) => authorization === 'Bearer sesame')).toBe(true);
    for (const file of readdirSync(out)) expect(readFileSync(join(out, file), 'utf8')).not.toContain('sesame');
    const { benchmarks, questions, not_asked, failures } = results(out);
    expect([questions, not_asked, failures]).toEqual([asked.length, 0, []]);
    expect(benchmarks.map(({ benchmark }) => benchmark)).toEqual(['vsi', 'cvbench']);
    for (const { model, blank, blind, chance } of benchmarks) {
      expect(model.overall).toBe(1);
      expect(blank?.overall).toBe(1);
      expect(chance.overall).toBeLessThan(1);
      expect(blind?.overall).toBeLessThanOrEqual(1);
    }
    // True frames, blank ones, none.
    expect(requests).toHaveLength(3 * asked.length);
    expect(requests.filter(({ images }) => images === 0)).toHaveLength(asked.length);
    expect(benchmarks.map(({ text_only }) => text_only?.n)).toEqual(benchmarks.map(({ model }) => model.n));
    const report = readFileSync(join(out, 'report.md'), 'utf8');
    expect(report).toContain('Published on the real VSI-Bench');
    expect(report).toContain('| m | measured | 100.0 (100.0–100.0) |');
    expect(report).toContain('| m, text only | baseline, measured | 100.0 (100.0–100.0) |');
    // What evaluate wrote, score reads.
    const vsiLines = answersById(out, 'predictions.jsonl').filter(({ task }) => task === 'object_counting');
    const content = vsiLines.map((line) => JSON.stringify(line)).join('\n');
    const answers = parsePredictions(content, vsiBenchmark, 'predictions.jsonl');
    expect(scoreAnswers(vsiBenchmark, answers, 'vsi')).toEqual(benchmarks[0].model);
  });

  test('a killed evaluation goes on: every question once, and what failed is asked again', async () => {
    let patient = true;
    const held = asked.length - 2;
    const server = await serve((prompt) => {
      if (patient && server.requests.length > held) return { kind: 'hang' };
      if (patient && server.requests.length === 1) return { kind: 'status', status: 400 };
      return { kind: 'answer', text: oracle(prompt) };
    });
    const out = join(folder, 'killed');
    const flags = ['--policy', server.url, '--model', 'm', '--suite', dataset, '--out', out, '--no-blank'];
    const child = spawn(
      process.execPath,
      ['node_modules/vite-node/dist/cli.mjs', 'src/cli/main.ts', '--', 'evaluate', ...flags, '--concurrency', '1'],
      { stdio: 'ignore' },
    );
    while (server.requests.length <= held) await new Promise((resolve) => setTimeout(resolve, 20));
    const died = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await died;
    expect(answeredIds(out)).toHaveLength(held);
    // As if the last line had been cut in the writing.
    appendFileSync(join(out, 'predictions.jsonl'), '{"id":"x","compl');

    patient = false;
    const before = server.requests.length;
    await evaluateCommand.run(flags);
    expect(server.requests.length - before).toBe(asked.length - held + 1);
    expect(answeredIds(out)).toEqual(allIds());
    expect(results(out).benchmarks.reduce((sum, { model }) => sum + model.n, 0)).toBe(asked.length);
    expect(results(out).failures).toEqual([]);
  });

  test('what is not asked or not answered is counted and named', async () => {
    const { url } = await serve((_, nth) =>
      nth === 0 ? { kind: 'status', status: 422 } : { kind: 'answer', text: 'no idea' },
    );
    const out = join(folder, 'guarded');
    const flags = ['--policy', url, '--model', 'm', '--suite', dataset, '--out', out, '--no-blank'];
    await evaluateCommand.run([...flags, '--max-requests', '3', '--concurrency', '2']);
    const first = results(out);
    expect([first.questions, first.not_asked, first.failures.length]).toEqual([asked.length, asked.length - 3, 3]);
    expect(first.stopped).toContain('3 requests were sent');
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain(`Incomplete: ${asked.length - 3} of`);
    await expect(evaluateCommand.run([...flags.slice(0, -1), '--max-new-tokens', '99'])).rejects.toThrow(
      'whose max_new_tokens is 16, not 99',
    );
  });

  test.each([1, 3])('a checkpoint and its export give the same answers, with up to %i frames', async (frames) => {
    const { tiny } = presets;
    const config = { ...tiny, policy: { ...tiny.policy, frames } };
    const backend = await createNodeBackend();
    const run = new TrainingRun(backend, config, softwareFrames(backend, config.policy.frame_size));
    const first = await run.checkpoint();
    await backend.dispose();
    // Larger than first weights are, so that what is said depends on what is seen.
    const weights = Object.fromEntries(
      Object.entries(first.weights).map(([name, { shape, values }]) => [
        name,
        { shape, values: values.map((value) => 12 * value) },
      ]),
    );
    const checkpoint = join(folder, `checkpoint-${frames}`);
    mkdirSync(checkpoint);
    for (const [name, bytes] of Object.entries(checkpointFiles({ ...first, weights }))) {
      writeFileSync(join(checkpoint, name), bytes);
    }
    const onnx = join(checkpoint, 'policy.onnx');
    await exportCommand.run(['--checkpoint', checkpoint, '--out', onnx]);
    const [one, two] = [join(folder, `one-${frames}`), join(folder, `two-${frames}`)];
    await evaluateCommand.run(['--policy', checkpoint, '--suite', dataset, '--out', one, '--mode', 'lmms-eval']);
    await evaluateCommand.run(['--policy', onnx, '--suite', dataset, '--out', two, '--mode', 'lmms-eval']);
    expect(answeredIds(one)).toEqual(allIds());
    for (const file of ['predictions.jsonl', 'blank.jsonl']) {
      expect(answersById(two, file)).toEqual(answersById(one, file));
    }
    const said = (out: string, file: string) => answersById(out, file).map(({ completion }) => completion);
    expect(new Set(said(one, 'predictions.jsonl')).size).toBeGreaterThan(1);
    expect(said(one, 'predictions.jsonl')).not.toEqual(said(one, 'blank.jsonl'));
    const { mode, benchmarks } = results(one);
    expect(mode).toBe('lmms-eval');
    expect(benchmarks.map(({ blank }) => blank?.n)).toEqual(benchmarks.map(({ model }) => model.n));
  });

  test('predictions of another suite are refused, missing ones reported', async () => {
    const file = join(folder, 'answers.jsonl');
    const [{ id, answer }] = asked;
    writeFileSync(file, `${JSON.stringify({ id, prediction: answer })}\n`);
    const out = join(folder, 'file');
    await evaluateCommand.run(['--policy', file, '--suite', dataset, '--out', out]);
    const { failures, benchmarks } = results(out);
    expect(failures).toHaveLength(asked.length - 1);
    writeFileSync(file, `${JSON.stringify({ id, prediction: 'changed' })}\n`);
    await expect(evaluateCommand.run(['--policy', file, '--suite', dataset, '--out', out])).rejects.toThrow(
      'holds an evaluation whose policy is',
    );
    expect(benchmarks.flatMap(({ model }) => model.samples).filter(({ score }) => score === 1)).toHaveLength(1);
    appendFileSync(file, '{"id":"elsewhere","prediction":"3"}\n');
    await expect(
      evaluateCommand.run(['--policy', file, '--suite', dataset, '--out', join(folder, 'file2')]),
    ).rejects.toThrow('1 predictions answer no question of the suite, such as elsewhere');
  });

  test.each([
    [['--policy', 'nowhere', '--suite', 'vsi', '--out', 'x'], 'there is no such folder or file'],
    [['--policy', 'http://localhost:1', '--suite', 'vsi', '--out', 'x'], 'name its model with --model'],
    [
      ['--policy', 'http://localhost:1', '--model', 'm', '--suite', 'vsi', '--out', 'x', '--api-key-env', 'UNSET'],
      'UNSET',
    ],
    [['--policy', 'package.json', '--suite', 'vsi', '--out', 'x'], "a checkpoint's folder"],
    [['--policy', 'p', '--suite', 'vsi', '--out', 'x', '--size', 'huge'], '--size must be one of small, full'],
  ])('%j is refused', async (flags, message) => {
    await expect(evaluateCommand.run(flags)).rejects.toThrow(message);
  });
});

/** The command line from outside: files written, exit codes, and messages that name what is wrong. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNodeBackend } from '../../src/backends/node';
import { readCheckpoint } from '../../src/training/checkpoint';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { TrainingRun } from '../../src/training/run';
import { readCheckpointFolder } from '../../src/cli/run-directory';
import { lab, type Outcome, temporaryFolder } from './lab';

const folder = temporaryFolder();
const out = join(folder, 'run');
let trained: Outcome;

beforeAll(() => {
  trained = lab('train', '--config', 'tiny', '--out', out, '--backend', 'node', '--steps', '2', '--seed', '7');
});

function jsonLines(path: string): Record<string, number>[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, number>);
}

describe('train', () => {
  test('writes the config, a line a step and a checkpoint', () => {
    expect(trained.stderr).toBe('');
    expect(trained.status).toBe(0);
    const config = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')) as typeof presets.tiny;
    expect(config).toEqual({ ...presets.tiny, seed: 7, grpo: { ...presets.tiny.grpo, steps: 2 } });
    const metrics = jsonLines(join(out, 'metrics.jsonl'));
    expect(metrics.map(({ step }) => step)).toEqual([1, 2]);
    expect(jsonLines(join(out, 'cold_start.jsonl'))).toHaveLength(presets.tiny.cold_start.steps);
    const trlNames = [
      'num_tokens',
      'step_time',
      'reward',
      'reward_std',
      'frac_reward_zero_std',
      'entropy',
      'policy_loss',
      'kl',
      'completions/mean_length',
      'completions/min_length',
      'completions/max_length',
      'completions/clipped_ratio',
      'rewards/ednm/mean',
      'rewards/ednm/std',
      'rewards/format/mean',
      'rewards/format/std',
      'clip_ratio/region_mean',
      'clip_ratio/low_mean',
      'clip_ratio/high_mean',
      'grad_norm',
      'learning_rate',
    ];
    for (const line of metrics) {
      for (const name of trlNames) expect(Number.isFinite(line[name]), name).toBe(true);
    }
    const checkpoint = readCheckpoint(readCheckpointFolder(out), out);
    expect([checkpoint.phase, checkpoint.step]).toEqual(['grpo', 2]);
  });

  test('does not write over a run', () => {
    const before = readFileSync(join(out, 'metrics.jsonl'), 'utf8');
    const again = lab('train', '--config', 'tiny', '--out', out);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain(`${out} already holds a run`);
    expect(readFileSync(join(out, 'metrics.jsonl'), 'utf8')).toBe(before);
  });
});

describe('export', () => {
  test('writes a model that plain onnxruntime loads, with the same logits', async () => {
    const file = join(folder, 'policy.onnx');
    expect(lab('export', '--checkpoint', out, '--out', file)).toMatchObject({ status: 0, stderr: '' });
    const session = await ort.InferenceSession.create(file);

    const checkpoint = readCheckpoint(readCheckpointFolder(out), out);
    const backend = await createNodeBackend();
    const { config, tokenizer } = checkpoint;
    const run = new TrainingRun(backend, config, softwareFrames(backend, config.policy.frame_size), { checkpoint });
    // Gray pixels are 0 in [-1, 1] for both.
    const size = config.policy.frame_size;
    const text = tokenizer.encode('How many chair(s) are in this room?');
    const { logits } = await session.run({
      pixel_values: new ort.Tensor('float32', new Float32Array(3 * size * size), [1, 3, size, size]),
      input_ids: new ort.Tensor('int64', BigInt64Array.from(text, BigInt), [1, text.length]),
    });
    const expected = await firstLogits(run, text);
    const vocabulary = tokenizer.size;
    const got = (logits.data as Float32Array).slice((text.length - 1) * vocabulary);
    got.forEach((value, token) => expect(value).toBeCloseTo(expected[token], 4));
    expect(got).toHaveLength(vocabulary);
    await backend.dispose();
  });

  test('names what is wrong with a checkpoint', () => {
    expect(lab('export', '--checkpoint', join(folder, 'nowhere'), '--out', 'x.onnx').stderr).toContain('nowhere');
    const damaged = join(out, 'model.safetensors');
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, bytes.subarray(0, bytes.length - 100));
    const outcome = lab('export', '--checkpoint', out, '--out', join(folder, 'bad.onnx'));
    writeFileSync(damaged, bytes);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(/model\.safetensors[^]*cut short/);
    expect(existsSync(join(folder, 'bad.onnx'))).toBe(false);
  });
});

/** Logits after a prompt, by the lab's own prefix graph. */
async function firstLogits({ context, weights }: TrainingRun, text: readonly number[]): Promise<Float32Array> {
  const { prefixModel, cacheNames, cacheShapes } = await import('../../src/policy/graphs');
  const { allocatePrompts, writePrompts } = await import('../../src/policy/prompts');
  const { writeOnnx } = await import('../../src/graph/onnx-file');
  const { backend, architecture } = context;
  const shape = { prompts: 1, generations: 1 };
  const session = await backend.compile('prefix', writeOnnx(prefixModel(architecture, shape)));
  const prompts = allocatePrompts(backend, architecture, shape);
  writePrompts(backend, architecture, prompts, [text], 0);
  const { prompt_lengths: _, ...inputs } = prompts;
  const logits = backend.allocate('logits', 'float32', [1, architecture.vocabulary]);
  const shapes = cacheShapes(architecture, shape).prefix;
  const caches = Object.fromEntries(
    Array.from({ length: architecture.layers }, (_unused, layer) => {
      const { key, value } = cacheNames('prefix', layer);
      return [
        [key, backend.allocate(key, 'float32', shapes.key)],
        [value, backend.allocate(value, 'float32', shapes.value)],
      ];
    }).flat(),
  );
  await backend.run(session, { ...weights, ...inputs }, { logits, ...caches });
  return (await backend.read(logits)) as Float32Array;
}

describe('every command', () => {
  test.each(['train', 'export', 'differentiate'])('%s --help explains itself', (command) => {
    const { status, stdout } = lab(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`lab -- ${command}`);
  });

  test.each([
    [['brew'], 'brew'],
    [['train', '--config', 'tiny', '--out', 'x', '--colour', 'red'], '--colour'],
    [['train', '--config', 'tiny'], '--out'],
    [['train', '--out', 'x'], '--config'],
    [['train', '--config', 'no-such-thing', '--out', 'x'], 'no-such-thing'],
    [['train', '--config', 'tiny', '--out', 'x', '--backend', 'abacus'], 'abacus'],
    [['train', '--config', 'tiny', '--out', 'x', '--steps', 'many'], '--steps'],
    [['train', '--config', 'tiny', '--out', 'x', '--seed', '-1'], '--seed'],
    [['export', '--checkpoint', 'x'], '--out'],
    [['differentiate', 'x.onnx', '--wrt', 'a', '--out', 'y.onnx'], '--loss'],
  ])('%s fails and names %s', (args, named) => {
    const { status, stderr } = lab(...args);
    expect(status).not.toBe(0);
    expect(stderr).toContain(named);
  });

  test('a config with an unknown field is refused by the field', () => {
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify({ ...presets.tiny, grpo: { ...presets.tiny.grpo, learning_speed: 1 } }));
    const { status, stderr } = lab('train', '--config', file, '--out', join(folder, 'never'));
    expect(status).toBe(1);
    expect(stderr).toContain(file);
    expect(stderr).toContain('learning_speed');
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  test('a truncated ONNX file is refused by its name', () => {
    const file = join(folder, 'cut.onnx');
    writeFileSync(file, Uint8Array.of(8, 10, 58, 200, 1, 10));
    const { status, stderr } = lab('differentiate', file, '--loss', 'l', '--wrt', 'w', '--out', join(folder, 'g.onnx'));
    expect(status).toBe(1);
    expect(stderr).toContain(file);
  });
});

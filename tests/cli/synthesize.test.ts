/** The synthesizer from outside: files, resuming a killed run, and messages that name what is wrong. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SampleRecord, SceneRecord } from '../../src/datasets/canonical';
import { lab, type Outcome, temporaryFolder } from './lab';

const folder = temporaryFolder();
const whole = join(folder, 'whole');
const FLAGS = [
  '--seed',
  '5',
  '--scenes',
  '10',
  '--frames',
  '2',
  '--size',
  '64x48',
  '--format',
  'verl,llava,webdataset',
];
let outcome: Outcome;

beforeAll(() => {
  outcome = lab('synthesize', ...FLAGS, '--out', whole, '--workers', '2');
});

/** Every file below `root` with its bytes. */
function filesOf(root: string, below = ''): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(join(root, below)).sort()) {
    const path = join(below, name);
    if (statSync(join(root, path)).isDirectory())
      filesOf(root, path).forEach((bytes, inner) => files.set(inner, bytes));
    else files.set(path, readFileSync(join(root, path)).toString('base64'));
  }
  return files;
}

function sameFiles(a: string, b: string): void {
  const [left, right] = [filesOf(a), filesOf(b)];
  expect([...left.keys()]).toEqual([...right.keys()]);
  for (const [path, bytes] of left) expect(bytes === right.get(path), path).toBe(true);
}

describe('synthesize', () => {
  test('writes the canonical layout, the card and the formats', () => {
    expect(outcome.stderr).toBe('');
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain('software rasterizer');
    expect(readdirSync(whole).sort()).toEqual(
      [
        'README.md',
        'dataset.json',
        'depth',
        'frames',
        'instances',
        'llava',
        'samples.jsonl',
        'scenes',
        'verl',
        'webdataset',
      ].sort(),
    );
    const samples = readFileSync(join(whole, 'samples.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SampleRecord);
    const scenes = readdirSync(join(whole, 'scenes'));
    expect(scenes).toHaveLength(10);
    const splitOf = new Map<string, string>();
    for (const { scene, split, frames, task } of samples) {
      expect(splitOf.get(scene) ?? split, 'a scene belongs to one split').toBe(split);
      splitOf.set(scene, split);
      for (const frame of frames) expect(existsSync(join(whole, `frames/${scene}/${frame}.png`))).toBe(true);
      expect(readFileSync(join(whole, 'README.md'), 'utf8')).toContain(`| ${task} |`);
    }
    expect([...splitOf.values()].filter((split) => split === 'test')).toHaveLength(1);
    for (const name of scenes) {
      const { cameras, objects, validation } = JSON.parse(
        readFileSync(join(whole, 'scenes', name), 'utf8'),
      ) as SceneRecord;
      expect(cameras).toHaveLength(2);
      expect(objects.length).toBeGreaterThan(0);
      expect(validation).toEqual({ ok: true, problems: [] });
    }
  });

  test('ends with the same bytes after a kill and --resume, by one process or two', async () => {
    const out = join(folder, 'killed');
    const flags = ['run', '-s', 'lab', '--', 'synthesize', ...FLAGS, '--out', out, '--workers', '1'];
    const run = spawn('npm', flags, { stdio: 'ignore', detached: true });
    const ended = new Promise((resolve) => run.on('exit', resolve));
    while (!existsSync(join(out, 'scenes/000002.json'))) await new Promise((resolve) => setTimeout(resolve, 20));
    // The whole group: npm's child is the one that works.
    process.kill(-run.pid!, 'SIGKILL');
    await ended;
    expect(existsSync(join(out, 'README.md'))).toBe(false);

    const again = lab('synthesize', ...FLAGS, '--out', out);
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('--resume');
    const other = lab('synthesize', ...FLAGS, '--out', out, '--resume', '--frames', '3');
    expect(other.status).toBe(1);
    expect(other.stderr).toContain('frames 2, not 3');

    expect(lab('synthesize', ...FLAGS, '--out', out, '--workers', '1', '--resume')).toMatchObject({
      status: 0,
      stderr: '',
    });
    sameFiles(out, whole);
  });

  test('keeps the folder when the disk is full, and goes on when it no longer is', () => {
    const out = join(folder, 'full');
    const flags = ['--seed', '1', '--scenes', '2', '--frames', '1', '--size', '32x32', '--out', out];
    // A device on which nothing fits stands in for the disk.
    mkdirSync(join(out, 'frames/000001'), { recursive: true });
    writeFileSync(join(out, 'dataset.json'), '{}');
    symlinkSync('/dev/full', join(out, 'frames/000001/0.png'));
    const refused = lab('synthesize', ...flags, '--resume');
    expect(refused.stderr).toContain('was begun with');
    unlinkSync(join(out, 'dataset.json'));
    expect(lab('synthesize', ...flags).stderr).toContain('is not empty');

    const model = join(folder, 'model');
    lab('synthesize', ...flags.slice(0, -1), model);
    writeFileSync(join(out, 'dataset.json'), readFileSync(join(model, 'dataset.json')));
    const full = lab('synthesize', ...flags, '--resume');
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(/disk is full.*--resume/);
    expect(readdirSync(join(out, 'scenes'))).toEqual(['000000.json']);
    unlinkSync(join(out, 'frames/000001/0.png'));
    expect(lab('synthesize', ...flags, '--resume').status).toBe(0);
    sameFiles(out, model);
  });

  test.each([
    [['--scenes', '1', '--out', 'x'], '--seed'],
    [['--seed', '1', '--scenes', '0', '--out', 'x'], '--scenes'],
    [['--seed', '1', '--scenes', '1'], '--out'],
    [['--seed', '1', '--scenes', '1', '--out', 'x', '--size', 'large'], '--size'],
    [['--seed', '1', '--scenes', '1', '--out', 'x', '--size', '8x8'], '8x8'],
    [['--seed', '1', '--scenes', '1', '--out', 'x', '--tasks', 'object_colour'], "'object_colour'"],
    [['--seed', '1', '--scenes', '1', '--out', 'x', '--split', 'train=0.9'], '0.9'],
    [['--seed', '1', '--scenes', '1', '--out', 'x', '--split', 'train'], '--split'],
    [['--seed', '1', '--scenes', '1', '--out', 'x', '--format', 'xml'], '"xml"'],
  ])('%s is refused by %s', (args, named) => {
    const { status, stderr } = lab('synthesize', ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(named);
    expect(existsSync('x')).toBe(false);
  });
});

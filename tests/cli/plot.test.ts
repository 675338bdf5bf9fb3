/** Pictures of curves: means of tenths, and messages that name the run and the step. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { curvePicture, tenths } from '../../src/cli/curve-picture';
import { plotCommand } from '../../src/cli/plot';
import { temporaryFolder } from './lab';

const folder = temporaryFolder();

/** A run's folder whose reward rises by 0.01 a step. */
function run(name: string, metrics: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'metrics.jsonl'), metrics);
  return path;
}
const step = (reward: number) => `${JSON.stringify({ step: 1, reward })}\n`;
const rising = Array.from({ length: 20 }, (_, index) => step(index / 100)).join('');

describe('tenths', () => {
  test('are means of two of twenty values each', () => {
    const parts = tenths(Array.from({ length: 20 }, (_, index) => index));
    expect(parts).toHaveLength(10);
    expect(parts[0]).toEqual([1, 2, 0.5]);
    expect(parts[9]).toEqual([19, 20, 18.5]);
  });
  test('cover every value once where ten does not divide their number', () => {
    for (let length = 1; length < 40; length++) {
      const parts = tenths(Array.from({ length }, () => 1));
      expect(parts).toHaveLength(Math.min(10, length));
      expect(parts.reduce((sum, [from, to]) => sum + to - from + 1, 0)).toBe(length);
      expect(parts.at(-1)![1]).toBe(length);
    }
  });
});

describe('plot', () => {
  test('draws a curve a run, with its name', async () => {
    const out = join(folder, 'picture.svg');
    const runs = [run('a<b', rising), run('second', rising)];
    await plotCommand.run([...runs, '--out', out, '--metric', 'reward']);
    const picture = readFileSync(out, 'utf8');
    expect(picture.match(/<path /g)).toHaveLength(4);
    expect(picture).toContain('>a&lt;b<');
    expect(picture).toContain('>second<');
  });
  test('draws another log, without what is of no step', async () => {
    const path = run('pretrained', '');
    writeFileSync(join(path, 'perception.jsonl'), `${rising}{"split":"test","reward":9}\n`);
    const out = join(folder, 'perception.svg');
    await plotCommand.run([path, '--out', out, '--metric', 'reward', '--log', 'perception.jsonl']);
    const [, faint] = /<path d="([^"]*)"/.exec(readFileSync(out, 'utf8'))!;
    expect(faint.match(/[ML]/g)).toHaveLength(20);
  });
  test('averages stretches of a run of many steps', async () => {
    const out = join(folder, 'long.svg');
    const many = Array.from({ length: 3000 }, (_, index) => step(index % 2)).join('');
    await plotCommand.run([run('long', many), '--out', out, '--metric', 'reward']);
    const [, faint] = /<path d="([^"]*)"/.exec(readFileSync(out, 'utf8'))!;
    const heights = [...faint.matchAll(/,([\d.]+)/g)].map(([, y]) => y);
    expect(heights).toHaveLength(500);
    expect(new Set(heights).size).toBe(1);
  });
  test('leaves out a line that a killed run did not end', async () => {
    const out = join(folder, 'killed.svg');
    await plotCommand.run([run('killed', `${rising}{"step":21,"rew`), '--out', out, '--metric', 'reward']);
    expect(readFileSync(out, 'utf8')).toContain('<path');
  });
  test.each([
    ['missing metric', rising, 'step 1 has no loss; it has step, reward'],
    ['no steps', '', 'no steps has no steps'],
    ['damaged', `${rising}oops\n`, 'line 21 is not JSON'],
  ])('names what is wrong: %s', async (name, metrics, message) => {
    const args = [run(name, metrics), '--out', join(folder, 'x.svg'), '--metric', 'loss'];
    await expect(plotCommand.run(args)).rejects.toThrow(message);
  });
  test('draws a mean of runs in the range of their tenths', () => {
    const [low, high] = [0, 2].map((start) => Array.from({ length: 20 }, (_, step) => start + (step % 2)));
    const values = low.map((value, step) => (value + high[step]) / 2);
    const picture = curvePicture([{ label: 'mean', values, runs: [low, high] }], 't');
    // Whatever they do within a tenth, the runs are level at 0.5 and 2.5: so is the band, and no raw line is drawn.
    const [band] = /d="[^"]*" fill="#/.exec(picture)!;
    expect(new Set([...band.matchAll(/,([\d.]+)/g)].map(([, y]) => y)).size).toBe(2);
    expect(picture).not.toContain('stroke-opacity');
  });
  test('refuses values that are not finite', () => {
    expect(() => curvePicture([{ label: 'run', values: [1, NaN] }], 't')).toThrow('run: step 2 is NaN');
  });
});

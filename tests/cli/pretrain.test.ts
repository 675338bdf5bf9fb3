/** The command `pretrain`: what patches are said to show, what it writes, and that a cold start goes on from it. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, expect, test } from 'vitest';
import { coldstartCommand } from '../../src/cli/coldstart';
import { CATEGORY_NAMES, LabelledFrames } from '../../src/cli/labelled-frames';
import { pretrainCommand } from '../../src/cli/pretrain';
import { synthesizeCommand } from '../../src/cli/synthesize';
import type { SceneRecord } from '../../src/datasets/canonical';
import { stream } from '../../src/random';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { parseRunConfig } from '../../src/training/config';
import { distanceClass, type LabelledFrame } from '../../src/training/perception';
import { presets } from '../../src/training/presets';
import { architectureOf, tokenizerOf } from '../../src/training/run';
import { temporaryFolder } from './lab';

const folder = temporaryFolder();
const data = join(folder, 'data');
const configFile = join(folder, 'config.json');
const { tiny } = presets;
const config = parseRunConfig(
  {
    ...tiny,
    policy: { ...tiny.policy, frames: 2, layers: 2, max_prompt_length: 40 },
    grpo: { ...tiny.grpo, steps: 0 },
  },
  'the test',
);

beforeAll(async () => {
  writeFileSync(configFile, JSON.stringify(config));
  const size = ['--size', '32x32', '--frames', '3', '--scenes', '3', '--split', 'train=0.67,test=0.33'];
  await synthesizeCommand.run([
    '--seed',
    '6',
    '--out',
    data,
    '--tasks',
    'object_size_estimation',
    '--workers',
    '1',
    ...size,
  ]);
}, 60_000);

test('a patch shows the category of most of its pixels, at their mean distance', () => {
  const a = architectureOf(config, tokenizerOf(config));
  const [frame] = new LabelledFrames(data, a).draw('test', 1, stream(1, 'test'));
  const scenes = ['000000', '000001', '000002'];
  const same = (scene: string, at: number) => {
    const { data: color } = decode(readFileSync(join(data, `frames/${scene}/${at}.png`)));
    return color.every((value, i) => value === frame.picture.rgba[4 * Math.floor(i / 3) + (i % 3)]);
  };
  const [scene, at] = scenes
    .flatMap((name) => [0, 1, 2].map((index) => [name, index] as const))
    .find((of) => same(...of))!;
  const { objects } = JSON.parse(readFileSync(join(data, `scenes/${scene}.json`), 'utf8')) as SceneRecord;
  const ids = decode(readFileSync(join(data, `instances/${scene}/${at}.png`))).data;
  const depth = decode(readFileSync(join(data, `depth/${scene}/${at}.png`))).data;
  const nameOf = (id: number) => objects.find((object) => object.id === id)?.category ?? 'room';
  expect(CATEGORY_NAMES).toEqual(['room', ...FURNITURE.map(({ category }) => category)]);
  for (const [place, [top, left]] of [
    [0, 0],
    [0, 16],
    [16, 0],
    [16, 16],
  ].entries()) {
    const pixels = Array.from({ length: 256 }, (_, i) => (top + Math.floor(i / 16)) * 32 + left + (i % 16));
    const shown = pixels.map((pixel) => nameOf(ids[pixel]));
    const share = (name: string) => shown.filter((each) => each === name).length;
    const told = CATEGORY_NAMES[frame.categories[place]];
    expect(share(told)).toBe(Math.max(...[...new Set(shown)].map(share)));
    const mean = pixels.reduce((sum, pixel) => sum + depth[pixel], 0) / 256 / 1000;
    expect(frame.distances[place]).toBe(distanceClass(mean));
  }
  expect(new Set(frame.distances).size).toBeGreaterThan(1);
});

test('of training, about half of the frames are mirrored whole, with what their patches show', () => {
  const a = architectureOf(config, tokenizerOf(config));
  const frames = new LabelledFrames(data, a);
  const flipped = (values: ArrayLike<number>, side: number) =>
    Array.from({ length: side }, (_, row) =>
      Array.from({ length: side }, (_, column) => values[(row + 1) * side - 1 - column]),
    ).flat();
  const pixelsOf = ({ picture }: LabelledFrame) => new Uint32Array(picture.rgba.buffer).join();
  const shown = new Map<string, { categories: Int32Array; distances: Int32Array }>();
  const random = stream(2, 'mirrored');
  for (const frame of frames.draw('train', 120, random)) shown.set(pixelsOf(frame), frame);
  // Two rooms of up to three different frames, as they are and mirrored.
  expect(shown.size).toBeGreaterThan(8);
  for (const [pixels, { categories, distances }] of shown) {
    const twin = shown.get(flipped(pixels.split(',').map(Number), 32).join())!;
    expect(flipped(categories, 2)).toEqual([...twin.categories]);
    expect(flipped(distances, 2)).toEqual([...twin.distances]);
  }
  const held = new Set(frames.draw('test', 30, random).map(pixelsOf));
  expect(held.size).toBeLessThanOrEqual(3);
});

test('writes a policy that its seed fixes, and that a cold start goes on from', async () => {
  const run = (out: string, ...more: string[]) =>
    pretrainCommand.run(['--config', configFile, '--data', data, '--out', join(folder, out), '--steps', '3', ...more]);
  await run('one');
  await run('two');
  await run('other', '--seed', '2');
  const weights = (out: string) => readFileSync(join(folder, out, 'model.safetensors'));
  expect(weights('two')).toEqual(weights('one'));
  expect(weights('other')).not.toEqual(weights('one'));
  const lines = readFileSync(join(folder, 'one/perception.jsonl'), 'utf8').trim().split('\n');
  const steps = lines.map((line) => JSON.parse(line) as { step?: number; split?: string; loss: number });
  expect(steps.map(({ step, split }) => step ?? split)).toEqual([1, 2, 3, 'test']);
  expect(steps.every(({ loss }) => loss > 0)).toBe(true);
  await expect(run('one')).rejects.toThrow(/one is not empty; name a new folder/);

  const begun = join(folder, 'begun');
  await coldstartCommand.run(['--config', configFile, '--model', join(folder, 'one'), '--out', begun, '--steps', '1']);
  expect(readFileSync(join(begun, 'model.safetensors'))).not.toEqual(weights('one'));
});

test('names what does not fit', async () => {
  const run = (path: string) =>
    pretrainCommand.run(['--config', configFile, '--data', path, '--out', join(folder, 'none'), '--steps', '1']);
  await expect(run(join(folder, 'nothing'))).rejects.toThrow(/nothing is no finished data set/);
  const unfinished = join(folder, 'unfinished');
  cpSync(data, unfinished, { recursive: true });
  rmSync(join(unfinished, 'README.md'));
  await expect(run(unfinished)).rejects.toThrow(/is no finished data set/);
});

/** The command `pretrain`: what patches are said to show, what it writes, and that a cold start goes on from it. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, expect, test } from 'vitest';
import { coldstartCommand } from '../../src/cli/coldstart';
import { CATEGORY_NAMES, LabelledViews } from '../../src/cli/labelled-views';
import { pretrainCommand } from '../../src/cli/pretrain';
import { synthesizeCommand } from '../../src/cli/synthesize';
import type { SceneRecord } from '../../src/datasets/canonical';
import { stream } from '../../src/random';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { parseRunConfig } from '../../src/training/config';
import {
  bearingClass,
  DISTANCES,
  type LabelledView,
  lengthClass,
  mirroredBearing,
  mirroredShare,
  NAMED,
  shareClass,
  SIZES,
} from '../../src/training/perception-labels';
import { presets } from '../../src/training/presets';
import type { Picture } from '../../src/training/report';
import { architectureOf, tokenizerOf } from '../../src/training/run';
import { lab, temporaryFolder } from './lab';

const folder = temporaryFolder();
const data = join(folder, 'data');
const configFile = join(folder, 'config.json');
const { tiny } = presets;
const config = parseRunConfig(
  {
    ...tiny,
    policy: { ...tiny.policy, frames: 2, layers: 2, vision_layers: 1, max_prompt_length: 40 },
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

/** The scene and the place of a frame in it. */
function placeOf({ rgba }: Picture): [string, number] {
  const same = (scene: string, at: number) => {
    const { data: color } = decode(readFileSync(join(data, `frames/${scene}/${at}.png`)));
    return color.every((value, i) => value === rgba[4 * Math.floor(i / 3) + (i % 3)]);
  };
  const places = ['000000', '000001', '000002'].flatMap((name) => [0, 1, 2].map((at) => [name, at] as const));
  const [scene, at] = places.find((place) => same(...place))!;
  return [scene, at];
}

function recordOf(scene: string): SceneRecord {
  return JSON.parse(readFileSync(join(data, `scenes/${scene}.json`), 'utf8')) as SceneRecord;
}

test('a patch shows the category of objects that most of its pixels show, if an eighth of it does, at its mean distance', () => {
  const a = architectureOf(config, tokenizerOf(config));
  const [view] = new LabelledViews(data, a).draw('test', { count: 1, frames: 1 }, stream(1, 'test'));
  const [scene, at] = placeOf(view.pictures[0]);
  const { objects } = recordOf(scene);
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
    const objectsShown = shown.filter((name) => name !== 'room');
    const share = (name: string) => objectsShown.filter((each) => each === name).length;
    const told = CATEGORY_NAMES[view.categories[place]];
    if (objectsShown.length < 32) expect(told).toBe('room');
    else expect(share(told)).toBe(Math.max(...[...new Set(objectsShown)].map(share)));
    const mean = pixels.reduce((sum, pixel) => sum + depth[pixel], 0) / 256 / 1000;
    expect(view.distances[place]).toBe(lengthClass(mean, DISTANCES));
  }
  expect(new Set(view.distances).size).toBeGreaterThan(1);
});

test('names tell how many there are and where the only one is, from the first frame', () => {
  const a = architectureOf(config, tokenizerOf(config));
  const views = new LabelledViews(data, a);
  const known = { count: 0, single: 0, hidden: 0 };
  for (const frames of [1, 2]) {
    for (const view of views.draw('test', { count: 20, frames }, stream(3, 'named', frames))) {
      expect(view.pictures).toHaveLength(frames);
      const places = view.pictures.map(placeOf);
      const { objects, cameras, visibility } = recordOf(places[0][0]);
      const shown = places.map(([, at]) => at);
      if (frames === 2) expect(shown).toEqual([0, 2]);
      const pixels = (id: number) =>
        Math.max(
          0,
          ...visibility
            .filter(({ frame, object }) => object === id && shown.includes(frame))
            .map(({ px_count_visib }) => px_count_visib),
        );
      const camera = cameras[shown[0]].camera_to_world;
      expect(view.named).toHaveLength(NAMED);
      expect(new Set(view.named.map(({ category }) => category)).size).toBe(NAMED);
      for (const { category, count, bearing, distance, size, across, down, visible } of view.named) {
        const seen = objects.filter((object) => object.category === CATEGORY_NAMES[category] && pixels(object.id) > 0);
        // 12 pixels of 64 x 64 are 3 of these frames.
        const unclear = seen.some(({ id }) => pixels(id) < 3);
        expect(count).toBe(unclear ? null : Math.min(seen.length, 4));
        known[unclear ? 'hidden' : 'count']++;
        if (unclear || seen.length !== 1) {
          expect([bearing, distance, size, across, down, visible]).toEqual(Array(6).fill(null));
          continue;
        }
        known.single++;
        const [x, y] = [seen[0].centroid[0] - camera[3], seen[0].centroid[1] - camera[7]];
        const turn = Math.atan2(y, x) - Math.atan2(camera[6], camera[2]);
        expect(bearing).toBe(bearingClass(Math.atan2(Math.sin(turn), Math.cos(turn))));
        expect(size).toBe(lengthClass(Math.max(...seen[0].axes_lengths), SIZES));
        const recorded = visibility.find(({ frame, object }) => frame === shown[0] && object === seen[0].id);
        if (recorded) expect(distance).toBe(lengthClass(recorded.distance_to_camera, DISTANCES));
        else expect(distance).not.toBeNull();
        const [left, top, wide, high] = recorded?.bbox_visib ?? [];
        const still = [(left + wide / 2) / 32, (top + high / 2) / 32, recorded?.visib_fract ?? NaN].map(shareClass);
        expect([across, down, visible]).toEqual(frames === 1 ? still : [null, null, null]);
      }
      const present = new Set(objects.filter(({ id }) => pixels(id) > 0).map(({ category }) => category));
      const named = new Set(view.named.map(({ category }) => CATEGORY_NAMES[category]));
      if (present.size <= NAMED) for (const category of present) expect(named).toContain(category);
    }
  }
  expect(Math.min(...Object.values(known))).toBeGreaterThan(0);
});

test('of training, about half of the frames are mirrored whole, with what they show', () => {
  const a = architectureOf(config, tokenizerOf(config));
  const views = new LabelledViews(data, a);
  const flipped = (values: ArrayLike<number>, side: number) =>
    Array.from({ length: side }, (_, row) =>
      Array.from({ length: side }, (_, column) => values[(row + 1) * side - 1 - column]),
    ).flat();
  const pixelsOf = ({ pictures }: LabelledView) => new Uint32Array(pictures[0].rgba.buffer).join();
  const shown = new Map<string, LabelledView>();
  const random = stream(2, 'mirrored');
  for (const view of views.draw('train', { count: 120, frames: 1 }, random)) shown.set(pixelsOf(view), view);
  // Two rooms of up to three different frames, as they are and mirrored.
  expect(shown.size).toBeGreaterThan(8);
  let bearings = 0;
  for (const [pixels, { categories, distances, named }] of shown) {
    const twin = shown.get(flipped(pixels.split(',').map(Number), 32).join())!;
    expect(flipped(categories, 2)).toEqual([...twin.categories]);
    expect(flipped(distances, 2)).toEqual([...twin.distances]);
    for (const { bearing, across, ...rest } of named) {
      const same = twin.named.find(({ category }) => category === rest.category);
      if (!same) continue;
      expect({
        ...rest,
        bearing: bearing === null ? null : mirroredBearing(bearing),
        across: across === null ? null : mirroredShare(across),
      }).toEqual(same);
      bearings += bearing === null ? 0 : 1;
    }
  }
  expect(bearings).toBeGreaterThan(0);
  const held = new Set(views.draw('test', { count: 30, frames: 1 }, random).map(pixelsOf));
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
  const steps = lines.map(
    (line) => JSON.parse(line) as { step?: number; split?: string; frames: number; loss: number },
  );
  expect(steps.map(({ step, split, frames }) => [step ?? split, frames])).toEqual([
    [1, 2],
    [2, 1],
    [3, 2],
    ['test', 1],
    ['test', 2],
  ]);
  expect(steps.every(({ loss }) => loss > 0)).toBe(true);
  await expect(run('one')).rejects.toThrow(/one is not empty; name a new folder/);

  await run('further', '--model', join(folder, 'one'));
  expect(weights('further')).not.toEqual(weights('one'));
  const begun = join(folder, 'begun');
  await coldstartCommand.run(['--config', configFile, '--model', join(folder, 'one'), '--out', begun, '--steps', '1']);
  expect(readFileSync(join(begun, 'model.safetensors'))).not.toEqual(weights('one'));
});

test('two processes share the frames of a step', () => {
  const out = join(folder, 'shared');
  const flags = ['--config', configFile, '--data', data, '--out', out, '--steps', '3', '--processes', '2'];
  const { status, stderr } = lab('pretrain', ...flags);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const logOf = (run: string) =>
    readFileSync(join(folder, run, 'perception.jsonl'), 'utf8')
      .trim()
      .split('\n');
  expect(logOf('shared')).toHaveLength(logOf('one').length);
  const [first, alone] = ['shared', 'one'].map((run) => JSON.parse(logOf(run)[0]) as { loss: number });
  // The mean of the losses of two batches of 24 frames, before the weights have changed.
  expect(Math.abs(first.loss - alone.loss)).toBeGreaterThan(1e-6);
  expect(Math.abs(first.loss - alone.loss)).toBeLessThan(1);
  expect(lab('pretrain', ...flags.slice(0, -1), '40').stderr).toContain(
    "a step's 48 frames are too few for --processes 40, with 2 in a video",
  );
}, 60_000);

test('names what does not fit', async () => {
  const run = (path: string) =>
    pretrainCommand.run(['--config', configFile, '--data', path, '--out', join(folder, 'none'), '--steps', '1']);
  await expect(run(join(folder, 'nothing'))).rejects.toThrow(/nothing is no finished data set/);
  const blind = join(folder, 'blind.json');
  writeFileSync(blind, JSON.stringify({ ...config, policy: { ...config.policy, vision_layers: 0 } }));
  await expect(
    pretrainCommand.run(['--config', blind, '--data', data, '--out', join(folder, 'none'), '--steps', '1']),
  ).rejects.toThrow(/the config has none; set policy.vision_layers to 1 or more/);
  const unfinished = join(folder, 'unfinished');
  cpSync(data, unfinished, { recursive: true });
  rmSync(join(unfinished, 'README.md'));
  await expect(run(unfinished)).rejects.toThrow(/is no finished data set/);
});

/** Data sets as the page makes them: the command line's bytes, resumed where they were interrupted, zipped whole. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { formats } from '../../src/datasets/formats/registry';
import type { DatasetPlan } from '../../src/datasets/plan';
import { synthesizeScene } from '../../src/datasets/scene-synthesis';
import { type DatasetProgress, makeDataset, type Report } from '../../src/lab/dataset/make-dataset';
import type { SceneMaker } from '../../src/lab/dataset/scene-makers';
import { ZipWriter } from '../../src/lab/dataset/zip';
import { lab } from '../cli/lab';
import { readZip } from '../support/zip-reader';
import { MemoryStore } from './memory-store';

const plan: DatasetPlan = {
  seed: 5,
  scenes: 2,
  frames: 3,
  width: 32,
  height: 24,
  tasks: ['room_size_estimation', 'object_size_estimation', 'camera_displacement'],
  split: { train: 0.5, test: 0.5 },
  randomization: { light: [0.4, 0.8], eyeHeight: [1, 1.2] },
};
const wanted = formats.filter(({ name }) => ['verl', 'coco', 'webdataset'].includes(name));
const silent: Report = () => Promise.resolve();
const folder = mkdtempSync(join(tmpdir(), 'parallax-dataset-'));

/** The whole data set, and what was heard while it was made. */
const whole = new MemoryStore();
const heard: DatasetProgress[] = [];
const made = await makeDataset(plan, wanted, whole, async (progress) => void heard.push(progress));

afterAll(() => rmSync(folder, { recursive: true }));

test('the files are those of the command line, byte for byte', async () => {
  const out = join(folder, 'cli');
  const flags = [
    `--seed ${plan.seed} --scenes ${plan.scenes} --frames ${plan.frames} --size ${plan.width}x${plan.height}`,
    `--randomization ${JSON.stringify(plan.randomization)}`,
    `--tasks ${plan.tasks.join()} --split train=0.5,test=0.5 --format verl,coco,webdataset --out ${out}`,
  ];
  const { status, stderr } = lab('synthesize', ...flags.join(' ').split(' '));
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const expected = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(out, path)).isFile())
    .sort();

  const { samples, paths } = made;
  expect(paths).toEqual(expected);
  for (const path of paths) {
    expect(Buffer.compare(whole.files.get(path)!, readFileSync(join(out, path))), path).toBe(0);
  }
  expect(samples).toBe(readFileSync(join(out, 'samples.jsonl'), 'utf8').trim().split('\n').length);
});

test('an interrupted data set goes on where it was, and ends the same', async () => {
  const files = new MemoryStore();
  const interrupt: Report = ({ stage, done }) =>
    stage === 'scenes' && done === 1 ? Promise.reject(new Error('cancelled')) : Promise.resolve();
  await expect(makeDataset(plan, wanted, files, interrupt)).rejects.toThrow('cancelled');
  expect(files.files.has('scenes/000000.json')).toBe(true);
  expect(files.files.has('samples.jsonl')).toBe(false);
  files.written.length = 0;
  const three = Array.from({ length: 3 }, (): SceneMaker => async (index) => synthesizeScene(plan, index));
  await makeDataset(plan, wanted, files, silent, three);
  expect(files.written.filter((path) => path.includes('000000/'))).toEqual([]);
  expect([...files.files].sort()).toEqual([...whole.files].sort());
});

test('another plan starts anew, and leaves nothing of the last one', async () => {
  const files = new MemoryStore();
  for (const [path, bytes] of whole.files) files.files.set(path, bytes);
  const other = { ...plan, seed: 6, scenes: 1, split: { train: 1 } };
  const { paths } = await makeDataset(other, [], files, silent);
  expect(paths.filter((path) => path.includes('000001') || path.startsWith('verl'))).toEqual([]);
  const fresh = new MemoryStore();
  await makeDataset(other, [], fresh, silent);
  expect([...files.files].sort()).toEqual([...fresh.files].sort());
});

test('progress never goes back, and a plan that makes no sense is refused by its field', async () => {
  const stages = ['scenes', 'questions', 'formats'];
  const places = heard.map(({ stage, done, total }) => stages.indexOf(stage) + done / (total + 1));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(heard.filter(({ stage }) => stage === 'scenes').map(({ done }) => done)).toEqual([0, 1, 2]);
  await expect(makeDataset({ ...plan, width: 3 }, [], new MemoryStore(), silent)).rejects.toThrow('3x24');
});

test('an archive holds each file whole, and is the same each time', async () => {
  const random = Uint8Array.from({ length: 40_000 }, (_, k) => (k * k * 31 + (k >> 3)) & 255);
  const files: [string, Uint8Array<ArrayBuffer>][] = [
    ['a.json', new TextEncoder().encode('{"a": 1}\n'.repeat(9000))],
    ['frames/ü/0.png', random],
    ['empty.jsonl', new Uint8Array(0)],
  ];
  const archive = async () => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const sink = new WritableStream<Uint8Array>({ write: (part) => void parts.push(new Uint8Array(part)) }).getWriter();
    const zip = new ZipWriter(sink);
    for (const [path, bytes] of files) await zip.add(path, new Blob([bytes]));
    await zip.finish();
    const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
    expect(zip.bytes).toBe(whole.length);
    return whole;
  };
  const first = await archive();
  const read = await readZip(first);
  expect([...read.keys()]).toEqual(files.map(([path]) => path));
  for (const [path, bytes] of files) expect(Buffer.compare(read.get(path)!, bytes), path).toBe(0);
  expect(first.length).toBeLessThan(random.length + 3000);
  expect(Buffer.compare(await archive(), first)).toBe(0);
});

/** The worker that makes data sets, in a browser: a whole archive, or none. */
import { expect, test } from 'vitest';
import type { DatasetPlan } from '../../src/datasets/plan';
import { sceneName } from '../../src/datasets/plan';
import { synthesizeScene } from '../../src/datasets/scene-synthesis';
import type { SampleRecord } from '../../src/datasets/canonical';
import type { DatasetEvent, DatasetRequest } from '../../src/lab/dataset/protocol';
import { verifySample } from '../../src/tasks/verifier/verify';
import { readZip } from '../support/zip-reader';

const plan: DatasetPlan = {
  seed: 8,
  scenes: 2,
  frames: 2,
  width: 32,
  height: 32,
  tasks: ['room_size_estimation', 'object_size_estimation', 'camera_displacement'],
  split: { train: 0.5, test: 0.5 },
};

/** Makes a data set in a worker of its own; `onEvent` may answer to what it says. Resolves with how it ended. */
function make(request: Partial<DatasetRequest>, onEvent: (event: DatasetEvent, worker: Worker) => void = () => {}) {
  const worker = new Worker(new URL('../../src/lab/dataset/worker.ts', import.meta.url), { type: 'module' });
  return new Promise<DatasetEvent>((resolve, reject) => {
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<DatasetEvent>) => {
      onEvent(data, worker);
      if (data.type !== 'progress') resolve(data);
    });
    worker.postMessage({ type: 'make', plan, formats: ['llava'], target: null, ...request });
  }).finally(() => worker.terminate());
}

const archives = async () =>
  (await navigator.storage.getDirectory()).getDirectoryHandle('dataset-archives', { create: true });
const namesIn = async (folder: FileSystemDirectoryHandle) => {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
};

test('cancelled, it leaves no archive; asked again, it goes on and hands out a whole one', async () => {
  const cancelled = await make({}, (event, worker) => {
    if (event.type === 'progress' && event.progress.done === 1) worker.postMessage({ type: 'cancel' });
  });
  expect(cancelled).toEqual({ type: 'cancelled' });
  expect(await namesIn(await archives())).toEqual([]);

  const stages = new Set<string>();
  const made = await make({}, (event) => {
    if (event.type === 'progress') stages.add(event.progress.stage);
  });
  if (made.type !== 'made' || !made.file) throw new Error(JSON.stringify(made));
  expect([...stages]).toEqual(['scenes', 'questions', 'formats', 'zip']);
  expect(made.bytes).toBe(made.file.size);
  const files = await readZip(new Uint8Array(await made.file.arrayBuffer()));
  const text = (path: string) => new TextDecoder().decode(files.get(path));

  expect(JSON.parse(text('dataset.json'))).toEqual(plan);
  for (let index = 0; index < plan.scenes; index++) {
    const name = sceneName(index);
    const { record, frames } = synthesizeScene(plan, index);
    expect(text(`scenes/${name}.json`)).toBe(`${JSON.stringify(record)}\n`);
    frames.forEach(({ color, depth, instances }, frame) => {
      expect(files.get(`frames/${name}/${frame}.png`)).toEqual(color);
      expect(files.get(`depth/${name}/${frame}.png`)).toEqual(depth);
      expect(files.get(`instances/${name}/${frame}.png`)).toEqual(instances);
    });
  }
  const samples = text('samples.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SampleRecord);
  expect(samples).toHaveLength(made.samples);
  for (const sample of samples) {
    expect(verifySample(JSON.parse(text(`scenes/${sample.scene}.json`)), sample)).toEqual({ agrees: true });
  }
  expect([...files.keys()].some((path) => path.startsWith('llava/'))).toBe(true);
  expect([...files.keys()].filter((path) => path.startsWith('.'))).toEqual([]);
});

test('a file that was chosen gets the archive only once it is whole', async () => {
  const folder = await archives();
  const target = await folder.getFileHandle('chosen.zip', { create: true });
  const small = { ...plan, scenes: 1, frames: 1, split: { train: 1 } };
  await make({ plan: small, target }, (event, worker) => {
    if (event.type === 'progress' && event.progress.stage === 'zip') worker.postMessage({ type: 'cancel' });
  });
  expect((await target.getFile()).size).toBe(0);
  const made = await make({ plan: small, target });
  expect(made).toMatchObject({ type: 'made', file: null, bytes: (await target.getFile()).size });
  expect((await readZip(new Uint8Array(await (await target.getFile()).arrayBuffer()))).has('README.md')).toBe(true);
  await folder.removeEntry('chosen.zip');
});

test('a plan that cannot be made is refused by what is wrong with it', async () => {
  expect(await make({ plan: { ...plan, width: 5 } })).toMatchObject({
    type: 'failed',
    message: expect.stringContaining('5x32'),
  });
});

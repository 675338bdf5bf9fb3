/** The worker that makes data sets, in a browser: a whole archive, or none. */
import { expect, inject, test } from 'vitest';
import type { SampleRecord } from '../../src/datasets/canonical';
import type { DatasetEvent, DatasetRequest } from '../../src/lab/dataset/protocol';
import { verifySample } from '../../src/tasks/verifier/verify';
import { readZip } from '../support/zip-reader';

const plan = inject('nodePlan');

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

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
  const outcome = await make({}, (event) => {
    if (event.type === 'progress') stages.add(event.progress.stage);
  });
  if (outcome.type !== 'made' || !outcome.file) throw new Error(JSON.stringify(outcome));
  expect([...stages]).toEqual(['scenes', 'questions', 'formats', 'zip']);
  expect(outcome.bytes).toBe(outcome.file.size);
  const files = await readZip(new Uint8Array(await outcome.file.arrayBuffer()));
  const text = (path: string) => new TextDecoder().decode(files.get(path));

  expect(JSON.parse(text('dataset.json'))).toEqual(plan);
  // Node's engine gives the same bytes.
  const expected = inject('nodeScenes');
  const made: Record<string, string> = {};
  for (const path of files.keys())
    if (/^(scenes|frames|depth|instances)\//.test(path)) made[path] = await sha256(files.get(path)!);
  expect(made).toEqual(expected);
  const samples = text('samples.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SampleRecord);
  expect(samples).toHaveLength(outcome.samples);
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

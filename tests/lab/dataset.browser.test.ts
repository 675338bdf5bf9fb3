/** The worker that makes data sets, in a browser: a whole archive, or none. */
import { expect, inject, test } from 'vitest';
import type { SampleRecord, SceneRecord } from '../../src/datasets/canonical';
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
    worker.postMessage({ type: 'make', plan, formats: ['llava'], videos: false, target: null, ...request });
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

/** Mean colours of the quarters of a picture, so that frames are told apart. */
function quarters(picture: CanvasImageSource): number[] {
  const context = new OffscreenCanvas(plan.width, plan.height).getContext('2d')!;
  context.drawImage(picture, 0, 0);
  return [0, 1, 2, 3].flatMap((quarter) => {
    const [width, height] = [plan.width / 2, plan.height / 2];
    const { data } = context.getImageData((quarter & 1) * width, (quarter >> 1) * height, width, height);
    return [0, 1, 2].map(
      (channel) => data.reduce((sum, value, k) => (k % 4 === channel ? sum + value : sum), 0) / (width * height),
    );
  });
}

const largestDifference = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, k) => Math.abs(value - b[k])));

test('asked for videos, it adds each walk as the browser plays it, every frame at its time', async () => {
  const outcome = await make({ plan: { ...plan, scenes: 1, frames: 6, split: { train: 1 } }, videos: true });
  if (outcome.type !== 'made' || !outcome.file) throw new Error(JSON.stringify(outcome));
  const files = await readZip(new Uint8Array(await outcome.file.arrayBuffer()));
  const [path, ...others] = [...files.keys()].filter((name) => name.startsWith('videos/'));
  expect(path).toMatch(/^videos\/000000\.(mp4|webm)$/);
  expect(others).toEqual([]);
  const { cameras }: SceneRecord = JSON.parse(new TextDecoder().decode(files.get('scenes/000000.json')));

  const video = document.createElement('video');
  const happened = (event: string) =>
    new Promise<void>((resolve, reject) => {
      video.addEventListener(event, () => resolve(), { once: true });
      video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
    });
  const loaded = happened('loadeddata');
  video.muted = true;
  video.src = URL.createObjectURL(new Blob([new Uint8Array(files.get(path)!)]));
  await loaded;
  expect([video.videoWidth, video.videoHeight]).toEqual([plan.width, plan.height]);
  expect(video.duration).toBeCloseTo(6 * cameras[1].time, 1);
  const shown: number[][] = [];
  const drawn: number[][] = [];
  for (const { frame, time } of cameras) {
    for (const [moment, kept] of [
      [time + 0.02, true],
      [time + 0.55, false],
    ] as const) {
      const sought = happened('seeked');
      video.currentTime = moment;
      await sought;
      const colours = quarters(video);
      if (kept) shown.push(colours);
      else expect(largestDifference(colours, shown[frame])).toBeLessThan(1);
    }
    const png = new Blob([new Uint8Array(files.get(`frames/000000/${frame}.png`)!)], { type: 'image/png' });
    drawn.push(quarters(await createImageBitmap(png)));
  }
  URL.revokeObjectURL(video.src);
  // Lossy, and fewer chroma samples than pixels: near its own frame, and not as near the one at the other end.
  for (const [frame, colours] of shown.entries()) {
    const own = largestDifference(colours, drawn[frame]);
    expect(own, `frame ${frame}`).toBeLessThan(4);
    if (frame % 5 === 0) expect(largestDifference(colours, drawn[5 - frame])).toBeGreaterThan(3 * own);
  }
});

test('a plan that cannot be made is refused by what is wrong with it', async () => {
  expect(await make({ plan: { ...plan, width: 5 } })).toMatchObject({
    type: 'failed',
    message: expect.stringContaining('5x32'),
  });
});

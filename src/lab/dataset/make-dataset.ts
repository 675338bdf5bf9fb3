/**
 * Makes a data set in a file store: the folder that `synthesize` writes on the command line, with the same bytes. A scene
 * is there when its record is, which is written last, so that a data set that was interrupted goes on where it was.
 */
import { DatasetCard } from '../../datasets/card';
import type { SampleRecord, SceneRecord } from '../../datasets/canonical';
import { checkPlan, type DatasetPlan, sceneName, splits } from '../../datasets/plan';
import { type SynthesizedScene, synthesizeScene } from '../../datasets/scene-synthesis';
import { selectSamples } from '../../datasets/select-samples';
import { type DatasetSource, type FileSink, type Format, framePath } from '../../datasets/store';
import { type FileStore, store } from './file-store';
import type { SceneMaker } from './scene-makers';
import type { VideoMaker } from './video';

const PLAN = 'dataset.json';
const SAMPLES = 'samples.jsonl';
const CANDIDATES = '.candidates';

/** How far the making is: so many of so many scenes, videos, formats or files. */
export interface DatasetProgress {
  readonly stage: 'scenes' | 'videos' | 'questions' | 'formats' | 'zip';
  readonly done: number;
  readonly total: number;
}

/**
 * Hears of progress and is awaited between two pieces of work: time for messages. Ends the work by throwing.
 */
export type Report = (progress: DatasetProgress) => Promise<void>;

/**
 * Makes the data set of `plan` with `formats` in `files`. Scenes of the same plan that are there are kept, all else is
 * removed. The `makers` make scenes at the same time; left out, they are made here. `videos` makes videos/{scene}, and
 * null none. Returns how many samples there are, and the paths that belong to the data set, in order.
 * Throws Error on a plan that `checkPlan` refuses, and what `report` throws.
 */
export async function makeDataset(
  plan: DatasetPlan,
  formats: readonly Format[],
  files: FileStore,
  report: Report,
  makers: readonly SceneMaker[] = [async (index) => synthesizeScene(plan, index)],
  videos: VideoMaker | null = null,
): Promise<{ samples: number; paths: string[] }> {
  checkPlan(plan);
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  if ((await (await files.read(PLAN))?.text()) !== text) {
    await files.clear();
    await store(files, PLAN, text);
  }
  await makeScenes(plan, files, makers, report);
  if (videos) await makeVideos(plan, files, videos, report);
  const samples = await writeSamples(plan, files, report);
  for (const [done, format] of formats.entries()) {
    await report({ stage: 'formats', done, total: formats.length });
    await files.remove(format.name);
    await format.convert(sourceOf(plan, files), folderOf(files, format.name));
  }
  const own = new Set([
    'frames',
    'depth',
    'instances',
    'scenes',
    ...(videos ? ['videos'] : []),
    ...formats.map(({ name }) => name),
  ]);
  const paths = (await files.list()).filter((path) => {
    const [folder, rest] = path.split('/', 2);
    return rest === undefined ? [PLAN, SAMPLES, 'README.md'].includes(path) : own.has(folder);
  });
  return { samples, paths };
}

async function makeScenes(
  plan: DatasetPlan,
  files: FileStore,
  makers: readonly SceneMaker[],
  report: Report,
): Promise<void> {
  const missing: number[] = [];
  for (let index = 0; index < plan.scenes; index++) {
    if (!(await files.read(recordPath(index)))) missing.push(index);
  }
  const tell = () => report({ stage: 'scenes', done: plan.scenes - missing.length - atWork, total: plan.scenes });
  let atWork = 0;
  await tell();
  await Promise.all(
    makers.map(async (make) => {
      for (let index = missing.shift(); index !== undefined; index = missing.shift()) {
        atWork++;
        await storeScene(files, index, await make(index));
        atWork--;
        await tell();
      }
    }),
  );
}

const recordPath = (index: number) => `scenes/${sceneName(index)}.json`;

async function storeScene(files: FileStore, index: number, scene: SynthesizedScene): Promise<void> {
  const name = sceneName(index);
  for (const [frame, { color, depth, instances }] of scene.frames.entries()) {
    await store(files, `frames/${name}/${frame}.png`, color);
    await store(files, `depth/${name}/${frame}.png`, depth);
    await store(files, `instances/${name}/${frame}.png`, instances);
  }
  await store(files, `${CANDIDATES}/${name}.json`, JSON.stringify(scene.candidates));
  await store(files, recordPath(index), `${JSON.stringify(scene.record)}\n`);
}

/** Encodes each scene's frames, unless that is done. */
async function makeVideos(plan: DatasetPlan, files: FileStore, videos: VideoMaker, report: Report): Promise<void> {
  for (let index = 0; index < plan.scenes; index++) {
    await report({ stage: 'videos', done: index, total: plan.scenes });
    const name = sceneName(index);
    const path = `videos/${name}.${videos.extension}`;
    if (await files.read(path)) continue;
    const { cameras } = JSON.parse(await textOf(files, recordPath(index))) as SceneRecord;
    const frames: Blob[] = [];
    for (const { frame } of cameras) frames.push(await need(files, framePath(name, frame)));
    const times = cameras.map(({ time }) => time);
    await store(files, path, await videos.encode(frames, times));
  }
}

/** Selects the samples from what the scenes allow, and writes them and the card. Returns how many. */
async function writeSamples(plan: DatasetPlan, files: FileStore, report: Report): Promise<number> {
  let asked = 0;
  const candidatesOf = async (index: number) => {
    await report({ stage: 'questions', done: asked++, total: 2 * plan.scenes });
    return JSON.parse(await textOf(files, `${CANDIDATES}/${sceneName(index)}.json`)) as SynthesizedScene['candidates'];
  };
  const card = new DatasetCard(plan);
  const file = await files.create(SAMPLES);
  let written = 0;
  for await (const { sample, categories } of selectSamples(plan, candidatesOf)) {
    await file.write(new TextEncoder().encode(`${JSON.stringify(sample)}\n`));
    card.add(sample, categories);
    written++;
  }
  await file.close();
  await store(files, 'README.md', card.markdown());
  return written;
}

/** The data set in `files`, as the converters read it. */
function sourceOf(plan: DatasetPlan, files: FileStore): DatasetSource {
  return {
    splits: Object.keys(plan.split),
    async *samples() {
      for await (const line of linesOf(await need(files, SAMPLES))) yield JSON.parse(line) as SampleRecord;
    },
    async *scenes() {
      let index = 0;
      for (const split of splits(plan)) {
        const record = JSON.parse(await textOf(files, recordPath(index))) as SceneRecord;
        yield { name: sceneName(index++), split, record };
      }
    },
    file: async (path) => new Uint8Array(await (await need(files, path)).arrayBuffer()),
  };
}

function folderOf(files: FileStore, folder: string): FileSink {
  return { create: (path) => files.create(`${folder}/${path}`) };
}

async function need(files: FileStore, path: string): Promise<Blob> {
  const file = await files.read(path);
  if (!file) throw new Error(`the data set has no file ${path}`);
  return file;
}

async function textOf(files: FileStore, path: string): Promise<string> {
  return (await need(files, path)).text();
}

async function* linesOf(file: Blob): AsyncGenerator<string> {
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

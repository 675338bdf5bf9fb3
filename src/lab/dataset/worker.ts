/**
 * The worker that makes a data set and zips it, off the page's thread and apart from the worker that trains. An archive
 * takes its file's place only when it is whole; scenes that were made stay in the browser's storage until one is.
 */
import { formats } from '../../datasets/formats/registry';
import { BrowserStore } from './browser-store';
import { makeDataset, type Report } from './make-dataset';
import { startSceneMakers } from './scene-makers';
import type { DatasetEvent, DatasetRequest } from './protocol';
import { videoMaker } from './video';
import { ZipWriter } from './zip';

declare const self: DedicatedWorkerGlobalScope;

/** Folders in the browser's storage: of the data set, and of the archive where the reader gave no file. */
const [FOLDER, ARCHIVES] = ['dataset', 'dataset-archives'];
const ARCHIVE = 'dataset.zip';

type MakeRequest = Extract<DatasetRequest, { type: 'make' }>;

const post = (event: DatasetEvent): void => self.postMessage(event);
const cancellation = new AbortController();

/** Posts the progress and lets a cancellation in. */
const report: Report = async (progress) => {
  post({ type: 'progress', progress });
  await new Promise((resolve) => setTimeout(resolve));
  cancellation.signal.throwIfAborted();
};

async function make({ plan, formats: names, videos, target }: MakeRequest): Promise<void> {
  const files = await BrowserStore.open(FOLDER);
  const archives = await BrowserStore.open(ARCHIVES);
  await archives.remove(ARCHIVE);
  const wanted = formats.filter(({ name }) => names.includes(name));
  const maker = videos ? await videoMaker(plan.width, plan.height) : null;
  if (videos && !maker) {
    throw new Error(`this browser encodes no videos of ${plan.width}x${plan.height}; make the data set without them`);
  }
  const { makers, stop } = startSceneMakers(plan);
  const { samples, paths } = await makeDataset(plan, wanted, files, report, makers, maker).finally(stop);

  const place = target ?? (await archives.handle(ARCHIVE));
  // Until it is closed, what is written is in a copy beside the file.
  const sink = (await place.createWritable()).getWriter();
  const zip = new ZipWriter(sink);
  try {
    for (const [done, path] of paths.entries()) {
      await report({ stage: 'zip', done, total: paths.length });
      const file = await files.read(path);
      if (!file) throw new Error(`the browser removed ${path} from its storage; make the data set again`);
      await zip.add(path, file);
    }
    await zip.finish();
    await sink.close();
  } catch (error) {
    await sink.abort(error);
    throw error;
  }
  await files.clear();
  post({ type: 'made', samples, bytes: zip.bytes, file: target ? null : await place.getFile() });
}

function tell(error: unknown): void {
  if (cancellation.signal.aborted) return post({ type: 'cancelled' });
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  post({
    type: 'failed',
    message: full ? 'There is no space left to write to.' : error instanceof Error ? error.message : String(error),
    remedy: full
      ? 'Free some space on the disk, or make fewer or smaller scenes. The scenes made so far are kept: the same settings go on with them.'
      : 'No archive was left behind. The scenes made so far are kept: the same settings go on with them.',
  });
}

self.onmessage = ({ data }: MessageEvent<DatasetRequest>) => {
  if (data.type === 'cancel') cancellation.abort();
  else make(data).catch(tell);
};

/**
 * Makes data sets for the page: asks where to, starts a worker for each, keeps the store up to date with how far it is,
 * and hands the archive out. The archive goes to the chosen file where the browser can write to one; else it is made in
 * the browser's storage and then downloaded.
 */
import type { DatasetPlan } from '../../datasets/plan';
import type { DatasetEvent, DatasetRequest } from '../../lab/dataset/protocol';
import type { PageWorker } from '../page-worker';
import type { LabStore } from '../store';

export type DatasetWorker = PageWorker<DatasetRequest, DatasetEvent>;

declare global {
  interface Window {
    /** Where the browser lets pages write to files (WICG File System Access). */
    showSaveFilePicker?: (options: {
      readonly suggestedName: string;
      readonly types: readonly { readonly description: string; readonly accept: Readonly<Record<string, string[]>> }[];
    }) => Promise<FileSystemFileHandle>;
  }
}

export const startDatasetWorker = (): DatasetWorker =>
  new Worker(new URL('../../lab/dataset/worker.ts', import.meta.url), { type: 'module', name: 'data set' });

/** Whether the reader can choose a file that the archive is written to. */
export const canChooseFile = () => window.showSaveFilePicker !== undefined;

export class DatasetClient {
  readonly #store: LabStore;
  readonly #create: () => DatasetWorker;
  #worker: DatasetWorker | null = null;
  /** When the making began, milliseconds since the epoch. */
  #since = 0;
  /** Address of the last archive; the browser holds on to the file as long as it is not revoked. */
  #address: string | null = null;

  constructor(store: LabStore, create: () => DatasetWorker) {
    this.#store = store;
    this.#create = create;
  }

  /** Makes the data set of `plan` with `formats`, and with `videos` if asked to, after the reader chose a file where that can be done. */
  async make(plan: DatasetPlan, formats: readonly string[], videos: boolean): Promise<void> {
    if (this.#worker) return;
    const fileName = `parallax-${plan.seed}-${plan.scenes}.zip`;
    let target: FileSystemFileHandle | null = null;
    try {
      const types = [{ description: 'Zip archive', accept: { 'application/zip': ['.zip'] } }];
      target = (await window.showSaveFilePicker?.({ suggestedName: fileName, types })) ?? null;
    } catch (error) {
      // The reader closed the browser's dialog.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      throw error;
    }
    this.#revoke();
    const worker = this.#create();
    this.#worker = worker;
    addEventListener('beforeunload', askBeforeLeaving);
    this.#store.setState({ dataset: { state: 'making', progress: null, elapsed: 0 } });
    this.#since = Date.now();
    worker.addEventListener('message', ({ data }) => this.#receive(data, fileName));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      const message = `The worker stopped: ${event.message || 'it could not be loaded'}`;
      const remedy = 'Try again; the scenes made so far are kept.';
      this.#receive({ type: 'failed', message, remedy }, fileName);
    });
    worker.postMessage({ type: 'make', plan, formats, videos, target });
  }

  /** Ends the making as soon as the scene at hand is done; no archive is left. */
  cancel(): void {
    this.#worker?.postMessage({ type: 'cancel' });
  }

  /** Saves the archive that waits in the browser's storage, again if need be. */
  download(fileName: string): void {
    if (this.#address === null) return;
    const link = document.createElement('a');
    link.href = this.#address;
    link.download = fileName;
    link.click();
  }

  dispose(): void {
    this.#end();
    this.#revoke();
  }

  #receive(event: DatasetEvent, fileName: string): void {
    switch (event.type) {
      case 'progress':
        this.#store.setState({
          dataset: { state: 'making', progress: event.progress, elapsed: Date.now() - this.#since },
        });
        return;
      case 'made': {
        const { samples, bytes, file } = event;
        this.#end();
        if (file) this.#address = URL.createObjectURL(file);
        this.#store.setState({
          dataset: { state: 'made', samples, bytes, fileName, downloadable: file !== null },
        });
        this.download(fileName);
        return;
      }
      case 'cancelled':
        this.#end();
        this.#store.setState({ dataset: { state: 'cancelled' } });
        return;
      case 'failed':
        this.#end();
        this.#store.setState({ dataset: { state: 'failed', message: event.message, remedy: event.remedy } });
        return;
    }
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    removeEventListener('beforeunload', askBeforeLeaving);
  }

  #revoke(): void {
    if (this.#address !== null) URL.revokeObjectURL(this.#address);
    this.#address = null;
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

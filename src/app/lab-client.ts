/**
 * The page's end of the line to the worker: posts requests, reduces events into the store, and puts a new worker in the
 * place of one that failed. It keeps nothing of its own that the store could hold.
 */
import type { LabEvent, Request, ViewPose } from '../lab/protocol';
import type { OwnObject } from '../scenes/own-object';
import type { RunConfig } from '../training/config';
import { downloadBytes } from './download';
import type { PageWorker } from './page-worker';
import { servedFrom } from './shipped-policies';
import { isActive, reduce, type LabStore } from './store';

export type LabWorker = PageWorker<Request, LabEvent>;

/** A worker that fails again within this time, milliseconds, is not replaced without being asked. */
const REPLACE_AT_MOST_EVERY = 60_000;

export const startLabWorker = (): LabWorker =>
  new Worker(new URL('../lab/worker.ts', import.meta.url), { type: 'module', name: 'lab' });

export class LabClient {
  readonly #store: LabStore;
  readonly #create: () => LabWorker;
  #worker: LabWorker;
  #replacedAt = Number.NEGATIVE_INFINITY;

  constructor(store: LabStore, create: () => LabWorker) {
    this.#store = store;
    this.#create = create;
    this.#worker = this.#open();
  }

  post(request: Request, transfer: Transferable[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  /** Shows the room of a seed. */
  showRoom(seed: number): void {
    this.#store.setState({ roomSeed: seed, selected: null, hovered: null });
    this.post({ type: 'show-room', seed });
  }

  /** Furnishes this room and all that come with `object` too. */
  bring(object: OwnObject): void {
    this.#setOwn([...this.#store.getState().own, object]);
  }

  takeOut(object: OwnObject): void {
    this.#setOwn(this.#store.getState().own.filter((other) => other !== object));
  }

  setPose(pose: ViewPose): void {
    this.post({ type: 'set-pose', pose });
  }

  /** Selects an object, or none, and marks it in the view. */
  select(object: number | null): void {
    this.#store.setState({ selected: object });
    this.#highlight();
  }

  /** Marks an object in the view while it is pointed at in a list. */
  hover(object: number | null): void {
    this.#store.setState({ hovered: object });
    this.#highlight();
  }

  /** Starts a run of `config`; or goes on with the stored run `resume`. */
  start(config: RunConfig, { resume = null, paused = false }: { resume?: string | null; paused?: boolean } = {}): void {
    this.#store.setState({ launched: config, failure: null, shownPhase: null });
    const policy = resume === null && config.model_name_or_path !== '' ? servedFrom() : null;
    this.post({ type: 'start', config, resume, paused, policy });
  }

  /** Stops the run, waits until it has, and starts one of `config`. */
  restart(config: RunConfig): void {
    if (!isActive(this.#store.getState())) return this.start(config);
    const unsubscribe = this.#store.subscribe(isActive, (active) => {
      if (active) return;
      unsubscribe();
      this.start(config);
    });
    this.post({ type: 'stop' });
  }

  /** Ends the worker and opens another. The view and the room come back by themselves; runs are in storage. */
  replaceWorker(): void {
    this.#worker.terminate();
    this.#replacedAt = Date.now();
    this.#store.setState((state) => ({
      connection: 'opening',
      generation: state.generation + 1,
      launched: null,
    }));
    this.#worker = this.#open();
  }

  dispose(): void {
    this.#worker.terminate();
  }

  #open(): LabWorker {
    const worker = this.#create();
    worker.addEventListener('message', ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      this.#receive({
        type: 'failed',
        message: event.message ? `The lab's worker stopped: ${event.message}` : 'The lab’s worker could not be loaded.',
        remedy: 'Restart the worker; if it fails again, reload the page.',
        fatal: true,
      });
    });
    worker.postMessage({ type: 'open', backend: 'auto' });
    return worker;
  }

  #receive(event: LabEvent): void {
    const wasOpen = this.#store.getState().connection === 'open';
    this.#store.setState((state) => reduce(state, event, Date.now()));
    switch (event.type) {
      case 'opened':
        this.post({ type: 'list-runs' });
        this.post({ type: 'set-channel', channel: this.#store.getState().channel });
        this.post({ type: 'set-own-objects', objects: this.#store.getState().own });
        this.post({ type: 'show-room', seed: this.#store.getState().roomSeed });
        break;
      case 'picked':
        this.#highlight();
        break;
      case 'exported':
        downloadBytes(event.fileName, event.data, 'application/octet-stream');
        break;
      case 'checkpoint':
        for (const [name, data] of Object.entries(event.files)) downloadBytes(name, data, 'application/octet-stream');
        break;
      case 'failed':
        // Its remedy stays on the page; the new worker makes the page usable behind it.
        if (event.fatal && wasOpen && Date.now() - this.#replacedAt > REPLACE_AT_MOST_EVERY) this.replaceWorker();
        break;
    }
  }

  #setOwn(own: readonly OwnObject[]): void {
    this.#store.setState({ own });
    this.post({ type: 'set-own-objects', objects: own });
    this.showRoom(this.#store.getState().roomSeed);
  }

  #highlight(): void {
    const { hovered, selected } = this.#store.getState();
    this.post({ type: 'highlight', object: hovered ?? selected });
  }
}

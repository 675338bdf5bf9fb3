/**
 * The results view's state and work: starts a worker for each evaluation, opens files, and remembers which evaluations
 * are on show. It lives as long as the page, so that closing the view loses nothing.
 */
import { createStore } from 'zustand/vanilla';
import type {
  EvaluationEvent,
  EvaluationFiles,
  EvaluationProgress,
  EvaluationRequest,
  SuiteName,
} from '../../lab/evaluation-protocol';
import type { LabClient } from '../lab-client';
import type { LabStore } from '../store';
import type { Evaluation } from './evaluation';
import type { EvaluationWorker } from './evaluation-worker';
import { openEvaluations, type OpenedFile } from './open-files';

type EvaluationWork =
  /** The paused run is being stored. */
  | { readonly state: 'storing' }
  /** `elapsed`: milliseconds since it began, at the newest progress. */
  | { readonly state: 'evaluating'; readonly progress: EvaluationProgress | null; readonly elapsed: number }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly message: string; readonly remedy: string };

export interface ResultsState {
  /** What the form asks for: a suite, and a policy where one was chosen, by its key in the list. */
  readonly suite: SuiteName;
  readonly chosen: string | null;
  readonly evaluations: readonly Evaluation[];
  /** Ids of the evaluation on show, and of the one that it is compared with. */
  readonly shown: number | null;
  readonly compared: number | null;
  readonly work: EvaluationWork | null;
  /** Why the last files could not be opened. */
  readonly openProblem: string | null;
}

export class ResultsClient {
  readonly store = createStore<ResultsState>()(() => ({
    suite: 'image',
    chosen: null,
    evaluations: [],
    shown: null,
    compared: null,
    work: null,
    openProblem: null,
  }));
  readonly #labStore: LabStore;
  readonly #lab: Pick<LabClient, 'post'>;
  readonly #create: () => EvaluationWorker;
  #worker: EvaluationWorker | null = null;
  #stopWaiting: (() => void) | null = null;
  #since = 0;
  #nextId = 1;

  constructor(labStore: LabStore, lab: Pick<LabClient, 'post'>, create: () => EvaluationWorker) {
    this.#labStore = labStore;
    this.#lab = lab;
    this.#create = create;
  }

  get working(): boolean {
    return this.#worker !== null || this.#stopWaiting !== null;
  }

  /** Evaluates a shipped policy or a stored run. The page's own run, when it is paused, is stored first as it is. */
  evaluate(request: EvaluationRequest): void {
    if (this.working) return;
    const { run } = this.#labStore.getState();
    const id = 'run' in request.policy ? request.policy.run : null;
    if (run?.id !== id || run?.status.state !== 'paused') return this.#start(request);
    this.store.setState({ work: { state: 'storing' } });
    const { storedRuns: before, failure } = this.#labStore.getState();
    const kept = before.find((each) => each.id === id);
    this.#stopWaiting = this.#labStore.subscribe((state) => {
      if (state.failure !== null && state.failure !== failure) {
        this.#stop();
        return this.#fail(state.failure.message, state.failure.remedy);
      }
      const stored = state.storedRuns.find((each) => each.id === id);
      if (!stored || stored === kept) return;
      this.#stop();
      this.#start(request);
    });
    this.#lab.post({ type: 'store' });
  }

  cancel(): void {
    this.#stop();
    this.store.setState({ work: { state: 'cancelled' } });
  }

  /** Opens evaluations from files, and shows the first of them; a problem leaves all as it was. */
  async open(files: readonly OpenedFile[]): Promise<void> {
    try {
      this.#add(await openEvaluations(files));
    } catch (error) {
      this.store.setState({ openProblem: error instanceof Error ? error.message : String(error) });
    }
  }

  show(id: number): void {
    this.store.setState(({ compared }) => ({ shown: id, compared: compared === id ? null : compared }));
  }

  compare(id: number | null): void {
    this.store.setState({ compared: id });
  }

  /** Takes an evaluation off the page; files stay where they are. */
  close(id: number): void {
    this.store.setState(({ evaluations, shown, compared }) => {
      const left = evaluations.filter((evaluation) => evaluation.id !== id);
      return {
        evaluations: left,
        shown: shown === id ? (left.at(-1)?.id ?? null) : shown,
        compared: shown === id || compared === id ? null : compared,
      };
    });
  }

  dispose(): void {
    this.#stop();
  }

  #start(request: EvaluationRequest): void {
    const worker = this.#create();
    this.#worker = worker;
    this.#since = Date.now();
    this.store.setState({ work: { state: 'evaluating', progress: null, elapsed: 0 } });
    worker.addEventListener('message', ({ data }) => {
      if (worker === this.#worker) this.#receive(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      this.#receive({ type: 'failed', message: `the worker stopped: ${event.message || 'it could not be loaded'}` });
    });
    worker.postMessage(request);
  }

  #receive(event: EvaluationEvent): void {
    switch (event.type) {
      case 'progress': {
        const elapsed = Date.now() - this.#since;
        return this.store.setState({ work: { state: 'evaluating', progress: event.progress, elapsed } });
      }
      case 'evaluated':
        this.#stop();
        this.store.setState({ work: null });
        return this.#add([event.files]);
      case 'failed':
        this.#stop();
        return this.#fail(
          `The evaluation failed: ${event.message}.`,
          'Evaluate again; the run and the training are as they were.',
        );
    }
  }

  /** The newest evaluation is shown, beside the one that was on show where both were asked the same. */
  #add(files: readonly EvaluationFiles[]): void {
    this.store.setState(({ evaluations, shown }) => {
      const added = files.map((file): Evaluation => ({ ...file, id: this.#nextId++ }));
      const before = evaluations.find(({ id }) => id === shown);
      const comparable = before?.results.fingerprint === added[0].results.fingerprint;
      return {
        evaluations: [...evaluations, ...added],
        shown: added[0].id,
        compared: comparable && before ? before.id : null,
        openProblem: null,
      };
    });
  }

  #fail(message: string, remedy: string): void {
    this.store.setState({ work: { state: 'failed', message, remedy } });
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#stopWaiting?.();
    this.#stopWaiting = null;
  }
}

/**
 * The page's state, as plain data without React: what the worker's events say, and what the reader chose. `reduce` is
 * the one place where an event becomes state; components subscribe to slices of it.
 */
import { subscribeWithSelector } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { BackendDescription } from '../backends/backend';
import type {
  CompletionRow,
  CurriculumCell,
  LabEvent,
  Picture,
  RoomSummary,
  RunPhase,
  RunStatus,
  StepMetrics,
  StoredRun,
  ViewChannel,
  WalkSummary,
} from '../lab/protocol';
import type { DatasetProgress } from '../lab/dataset/make-dataset';
import type { OwnObject } from '../scenes/own-object';
import type { RunConfig } from '../training/config';
import { type DatasetDraft, initialDraft } from './dataset/draft';
import type { Draft } from './settings';
import type { FoundPolicy } from './shipped-policies';
import type { PageAddress } from './url';

export interface MetricPoint {
  readonly phase: RunPhase;
  readonly step: number;
  readonly metrics: StepMetrics;
}

interface Completions {
  readonly step: number;
  readonly pictures: readonly (readonly Picture[])[];
  readonly rows: readonly CompletionRow[];
}

/** The curriculum's table after a step. */
interface CurriculumTable {
  readonly step: number;
  readonly cells: readonly CurriculumCell[];
}

/** The run on the page: what has been heard of it so far. It outlives the worker. */
export interface RunRecord {
  readonly id: string;
  readonly config: RunConfig;
  readonly status: RunStatus;
  /** What the policy that it starts from means for it, a sentence each. */
  readonly notes: readonly string[];
  readonly metrics: readonly MetricPoint[];
  readonly completions: Completions | null;
  /** Null before the first GRPO step. */
  readonly curriculum: CurriculumTable | null;
  /** Milliseconds spent running before `runningSince`. */
  readonly elapsed: number;
  /** When it last began to run, milliseconds since the epoch; null while it does not. */
  readonly runningSince: number | null;
}

interface Failure {
  readonly message: string;
  readonly remedy: string;
  readonly fatal: boolean;
}

/** A place to look from: at the whole room, or through the camera that the questions are asked about. */
interface Viewpoint {
  readonly kind: 'room' | 'policy';
}

/** The data set that is made, or how the last one ended. */
type DatasetWork =
  /** `elapsed`: milliseconds since it began, at the newest progress. */
  | { readonly state: 'making'; readonly progress: DatasetProgress | null; readonly elapsed: number }
  | {
      readonly state: 'made';
      readonly samples: number;
      readonly bytes: number;
      readonly fileName: string;
      /** Whether it waits in the browser's storage. */
      readonly downloadable: boolean;
    }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly message: string; readonly remedy: string };

export type Theme = 'auto' | 'light' | 'dark';

export interface LabState {
  readonly connection: 'opening' | 'open' | 'lost';
  /** Which worker it is, counted from 1: a new one needs a new canvas. */
  readonly generation: number;
  readonly description: BackendDescription | null;

  readonly roomSeed: number;
  readonly room: RoomSummary | null;
  /** Of the room; null while it is being filmed. */
  readonly walk: WalkSummary | null;
  /** Objects that the reader brought. */
  readonly own: readonly OwnObject[];
  readonly channel: ViewChannel;
  /** Metres that the depth channels' ramp goes from and to; null before the view was drawn. */
  readonly depthRange: readonly [nearest: number, farthest: number] | null;
  /** Where the view was last sent, by a new room or a button; a new object each time. Orbiting leaves it. */
  readonly viewpoint: Viewpoint;
  readonly selected: number | null;
  readonly hovered: number | null;

  /** The policies that come with the page, by name, as far as they were looked for. */
  readonly shipped: Readonly<Record<string, FoundPolicy>>;
  readonly preset: string;
  readonly draft: Draft;
  /** What was wrong with the address that the page was opened with. */
  readonly addressProblems: readonly string[];

  /** The config that `start` was last asked for, until its run is heard of. */
  readonly launched: RunConfig | null;
  readonly run: RunRecord | null;
  readonly storedRuns: readonly StoredRun[];
  readonly failure: Failure | null;

  readonly datasetDraft: DatasetDraft;
  readonly dataset: DatasetWork | null;
  readonly datasetOpen: boolean;

  readonly smoothing: number;
  /** Which phase the curves show; null follows the run. */
  readonly shownPhase: RunPhase | null;
  readonly theme: Theme;
  readonly settingsOpen: boolean;
  readonly shortcutsOpen: boolean;
  readonly ownObjectOpen: boolean;
  readonly resultsOpen: boolean;
}

/** Whether a run holds the worker. */
export function isActive(state: Pick<LabState, 'run'>): boolean {
  const running = state.run?.status.state;
  return running === 'preparing' || running === 'running' || running === 'paused';
}

export function initialState(address: PageAddress & { readonly problems: readonly string[] }, theme: Theme): LabState {
  return {
    connection: 'opening',
    generation: 1,
    description: null,
    roomSeed: address.room,
    room: null,
    walk: null,
    own: [],
    channel: 'color',
    depthRange: null,
    viewpoint: { kind: 'room' },
    selected: null,
    hovered: null,
    shipped: {},
    preset: address.preset,
    draft: address.draft,
    addressProblems: address.problems,
    launched: null,
    run: null,
    storedRuns: [],
    failure: null,
    datasetDraft: initialDraft,
    dataset: null,
    datasetOpen: false,
    smoothing: 0.6,
    shownPhase: null,
    theme,
    settingsOpen: false,
    shortcutsOpen: false,
    ownObjectOpen: false,
    resultsOpen: false,
  };
}

/** The page's store. Selectors may be subscribed to. */
export function createLabStore(state: LabState) {
  return createStore<LabState>()(subscribeWithSelector(() => state));
}
export type LabStore = ReturnType<typeof createLabStore>;

const PHASE_ORDER: readonly RunPhase[] = ['cold_start', 'grpo'];

/** Appends a point. A run that went back to a checkpoint says its steps again: what they said before is dropped. */
function appendPoint(points: readonly MetricPoint[], point: MetricPoint): readonly MetricPoint[] {
  const order = (p: MetricPoint) => PHASE_ORDER.indexOf(p.phase) * 1e9 + p.step;
  let end = points.length;
  while (end > 0 && order(points[end - 1]) >= order(point)) end--;
  return [...points.slice(0, end), point];
}

function newRun(id: string, config: RunConfig, phase: RunPhase): RunRecord {
  const status: RunStatus = { state: 'preparing', phase, step: 0, steps: 0, detail: '' };
  const heard = { notes: [], metrics: [], completions: null, curriculum: null };
  return { id, config, status, ...heard, elapsed: 0, runningSince: null };
}

function reduceStatus(state: LabState, id: string, status: RunStatus, now: number): Partial<LabState> {
  const known = state.run?.id === id ? state.run : null;
  const config = state.launched ?? known?.config;
  if (!config) return {};
  const runs = status.state === 'running';
  const before = known ?? newRun(id, config, status.phase);
  const elapsed = !runs && before.runningSince !== null ? before.elapsed + now - before.runningSince : before.elapsed;
  return {
    launched: null,
    run: {
      ...before,
      config,
      status,
      elapsed,
      runningSince: runs ? (before.runningSince ?? now) : null,
    },
  };
}

/**
 * The state after an event. Pure.
 * @param now milliseconds since the epoch, for the run's elapsed time.
 */
export function reduce(state: LabState, event: LabEvent, now: number): Partial<LabState> {
  switch (event.type) {
    case 'opened':
      return { connection: 'open', description: event.description };
    case 'room':
      // A room that is no longer asked for came late.
      if (event.room.seed !== state.roomSeed) return {};
      return { room: event.room, walk: null, selected: null, hovered: null, viewpoint: { kind: 'room' } };
    case 'walk':
      return event.walk.seed === state.room?.seed ? { walk: event.walk } : {};
    case 'picked':
      return { selected: event.object };
    case 'depth-range':
      return { depthRange: event.metres };
    case 'status':
      return reduceStatus(state, event.run, event.status, now);
    case 'notes': {
      // The first that is heard of a run.
      if (!state.launched) return {};
      const run = newRun(event.run, state.launched, state.launched.cold_start.steps > 0 ? 'cold_start' : 'grpo');
      return { run: { ...run, notes: event.notes } };
    }
    case 'metrics': {
      const { phase, step, metrics } = event;
      // A resumed run tells its past before it says how it is.
      const config = state.launched ?? state.run?.config;
      const known = state.run?.id === event.run;
      if (!config || (!known && !state.launched)) return {};
      const run = known ? state.run! : newRun(event.run, config, phase);
      return { run: { ...run, metrics: appendPoint(run.metrics, { phase, step, metrics }) } };
    }
    case 'completions': {
      if (state.run?.id !== event.run) return {};
      const { step, pictures, rows } = event;
      return { run: { ...state.run, completions: { step, pictures, rows } } };
    }
    case 'curriculum': {
      if (state.run?.id !== event.run) return {};
      const { step, cells } = event;
      return { run: { ...state.run, curriculum: { step, cells } } };
    }
    case 'runs':
      return { storedRuns: event.runs };
    case 'saved':
      return { storedRuns: [event.run, ...state.storedRuns.filter((run) => run.id !== event.run.id)] };
    case 'exported':
    case 'checkpoint':
      return {};
    case 'failed': {
      const failure = { message: event.message, remedy: event.remedy, fatal: event.fatal };
      if (!event.fatal) return { failure, launched: null };
      const ended =
        state.run && isActive(state)
          ? reduceStatus(state, state.run.id, { ...state.run.status, state: 'failed' }, now)
          : {};
      return { ...ended, failure, connection: 'lost', launched: null };
    }
  }
}

/**
 * Everything that a reader can do, once: buttons, keys and the list of shortcuts are all made from this registry.
 */
import {
  Box,
  Boxes,
  Compass,
  Download,
  Dices,
  Eye,
  FileDown,
  Gauge,
  Image,
  Keyboard,
  Layers,
  Moon,
  Mountain,
  Orbit,
  PackageOpen,
  PackagePlus,
  Pause,
  Play,
  RotateCcw,
  Ruler,
  Save,
  SkipForward,
  Square,
  Sun,
  SunMoon,
  type LucideIcon,
} from 'lucide-react';
import type { StoredRun, ViewChannel } from '../lab/protocol';
import { presets } from '../training/presets';
import { downloadBytes, metricsLines } from './download';
import type { Lab } from './lab-context';
import { configOf, differences, draftOf, validate } from './settings';
import { isActive, type LabState, type Theme } from './store';
import { MAX_SEED } from './url';

export interface Action {
  readonly id: string;
  readonly group: 'Training' | 'Download' | 'Room' | 'Page';
  readonly label: (state: LabState) => string;
  /** More than the label can say. */
  readonly hint?: string;
  readonly icon: (state: LabState) => LucideIcon;
  /** `KeyboardEvent.key` values, the first being the one shown. */
  readonly keys: readonly string[];
  readonly enabled: (state: LabState) => boolean;
  /** Whether a switch is on. Only switches have it. */
  readonly checked?: (state: LabState) => boolean;
  readonly perform: (lab: Lab) => void;
}

const always = () => true;
const open = (state: LabState) => state.connection === 'open';
const runState = (state: LabState) => (isActive(state) ? state.run!.status.state : null);

/** Whether a run can begin: a worker, no run on it, and settings that are valid. */
const canStart = (state: LabState) =>
  open(state) && !isActive(state) && state.launched === null && validate(state.draft).config !== null;

const startPause: Action = {
  id: 'start',
  group: 'Training',
  label: (state) => {
    const current = runState(state);
    if (current === 'paused') return 'Continue';
    return current === null ? 'Train' : 'Pause';
  },
  icon: (state) => (runState(state) === 'running' || runState(state) === 'preparing' ? Pause : Play),
  keys: [' '],
  enabled: (state) => canStart(state) || (open(state) && isActive(state)),
  perform: ({ store, client }) => {
    const state = store.getState();
    const current = runState(state);
    if (current === 'paused') client.post({ type: 'continue' });
    else if (current !== null) client.post({ type: 'pause' });
    else {
      const { config } = validate(state.draft);
      if (config) client.start(config);
    }
  },
};

const step: Action = {
  id: 'step',
  group: 'Training',
  label: () => 'Step',
  icon: () => SkipForward,
  keys: ['.', 'ArrowRight'],
  enabled: (state) => canStart(state) || (open(state) && runState(state) === 'paused'),
  perform: ({ store, client }) => {
    const state = store.getState();
    if (!isActive(state)) {
      const { config } = validate(state.draft);
      if (!config) return;
      client.start(config, { paused: true });
    }
    client.post({ type: 'step' });
  },
};

const stop: Action = {
  id: 'stop',
  group: 'Training',
  label: () => 'Stop',
  icon: () => Square,
  keys: ['s'],
  enabled: (state) => open(state) && isActive(state),
  perform: ({ client }) => client.post({ type: 'stop' }),
};

/** Whether the settings are no longer those of the run on the page. */
export function settingsChanged(state: LabState): boolean {
  return state.run !== null && differences(draftOf(state.run.config), state.draft).length > 0;
}

const restart: Action = {
  id: 'restart',
  group: 'Training',
  label: () => 'Restart with these settings',
  icon: () => RotateCcw,
  keys: ['r'],
  enabled: (state) => open(state) && isActive(state) && settingsChanged(state) && validate(state.draft).config !== null,
  perform: ({ store, client }) => {
    const { config } = validate(store.getState().draft);
    if (config) client.restart(config);
  },
};

const downloadMetrics: Action = {
  id: 'metrics',
  group: 'Download',
  label: () => 'metrics.jsonl',
  icon: () => FileDown,
  keys: ['m'],
  enabled: (state) => (state.run?.metrics.length ?? 0) > 0,
  perform: ({ store }) => {
    const lines = metricsLines(store.getState().run?.metrics ?? []);
    downloadBytes('metrics.jsonl', new TextEncoder().encode(lines), 'application/jsonl');
  },
};

const downloadConfig: Action = {
  id: 'config',
  group: 'Download',
  label: () => 'config.json',
  icon: () => FileDown,
  keys: [],
  enabled: (state) => validate(state.draft).config !== null,
  perform: ({ store }) => {
    const text = `${JSON.stringify(configOf(store.getState().draft), null, 2)}\n`;
    downloadBytes('config.json', new TextEncoder().encode(text), 'application/json');
  },
};

const exportPolicy: Action = {
  id: 'export',
  group: 'Download',
  label: () => 'policy.onnx',
  icon: () => Download,
  keys: ['e'],
  enabled: (state) => open(state) && state.run !== null && state.run.metrics.length > 0,
  perform: ({ client }) => client.post({ type: 'export' }),
};

const downloadCheckpoint: Action = {
  id: 'checkpoint',
  group: 'Download',
  label: () => 'Checkpoint',
  icon: () => Save,
  keys: ['c'],
  enabled: exportPolicy.enabled,
  perform: ({ client }) => client.post({ type: 'save' }),
};

const newRoom: Action = {
  id: 'new-room',
  group: 'Room',
  label: () => 'New room',
  icon: () => Dices,
  keys: ['n'],
  enabled: open,
  perform: ({ store, client }) => {
    const { roomSeed } = store.getState();
    client.showRoom(roomSeed === MAX_SEED ? 0 : roomSeed + 1);
  },
};

const policyView: Action = {
  id: 'policy-view',
  group: 'Room',
  label: () => 'Policy’s view',
  icon: () => Eye,
  keys: ['v'],
  enabled: (state) => open(state) && state.room !== null,
  perform: ({ store }) => store.setState({ viewpoint: { kind: 'policy' } }),
};

const roomView: Action = {
  id: 'room-view',
  group: 'Room',
  label: () => 'Whole room',
  icon: () => Orbit,
  keys: ['h'],
  enabled: (state) => open(state) && state.room !== null,
  perform: ({ store }) => store.setState({ viewpoint: { kind: 'room' } }),
};

function channelAction(channel: ViewChannel, name: string, hint: string, key: string, icon: LucideIcon): Action {
  return {
    id: `channel-${channel}`,
    group: 'Room',
    label: () => name,
    hint,
    icon: () => icon,
    keys: [key],
    enabled: open,
    checked: (state) => state.channel === channel,
    perform: ({ store, client }) => {
      store.setState({ channel });
      client.post({ type: 'set-channel', channel });
    },
  };
}

const channels: readonly Action[] = [
  channelAction('color', 'Colour', 'what a camera takes', '1', Image),
  channelAction('depth', 'Depth', 'along the camera’s axis, pale is near', '2', Mountain),
  channelAction('distance', 'Distance', 'straight to the camera, pale is near', '3', Ruler),
  channelAction('normals', 'Normals', 'which way each surface faces', '4', Compass),
  channelAction('instances', 'Instances', 'a colour for each object', '5', Layers),
  channelAction('boxes', 'Boxes', 'each object’s box, turned as it is', '6', Box),
];

const clearSelection: Action = {
  id: 'clear-selection',
  group: 'Room',
  label: () => 'Clear selection',
  icon: () => Boxes,
  keys: ['Escape'],
  enabled: (state) => state.selected !== null,
  perform: ({ client }) => client.select(null),
};

const bringObject: Action = {
  id: 'own-object',
  group: 'Room',
  label: () => 'Own object',
  icon: () => PackageOpen,
  keys: ['o'],
  enabled: open,
  perform: ({ store }) => store.setState({ ownObjectOpen: true }),
};

const makeDataset: Action = {
  id: 'dataset',
  group: 'Room',
  label: () => 'Make a data set',
  icon: () => PackagePlus,
  keys: ['d'],
  enabled: always,
  perform: ({ store }) => store.setState({ datasetOpen: true }),
};

const evaluation: Action = {
  id: 'evaluation',
  group: 'Page',
  label: () => 'Evaluation',
  icon: () => Gauge,
  keys: ['b'],
  enabled: always,
  perform: ({ store }) => store.setState({ resultsOpen: true }),
};

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const THEME_ICON: Readonly<Record<Theme, LucideIcon>> = { auto: SunMoon, light: Sun, dark: Moon };

const theme: Action = {
  id: 'theme',
  group: 'Page',
  label: (state) => `Theme: ${state.theme}`,
  icon: (state) => THEME_ICON[state.theme],
  keys: ['t'],
  enabled: always,
  perform: ({ store }) => store.setState((state) => ({ theme: NEXT_THEME[state.theme] })),
};

const shortcuts: Action = {
  id: 'shortcuts',
  group: 'Page',
  label: () => 'Keyboard shortcuts',
  icon: () => Keyboard,
  keys: ['?'],
  enabled: always,
  perform: ({ store }) => store.setState((state) => ({ shortcutsOpen: !state.shortcutsOpen })),
};

/** All actions, in the order in which they are listed. */
export const actions = {
  startPause,
  step,
  stop,
  restart,
  downloadMetrics,
  downloadConfig,
  exportPolicy,
  downloadCheckpoint,
  newRoom,
  policyView,
  roomView,
  colorChannel: channels[0],
  depthChannel: channels[1],
  distanceChannel: channels[2],
  normalsChannel: channels[3],
  instancesChannel: channels[4],
  boxesChannel: channels[5],
  clearSelection,
  bringObject,
  makeDataset,
  evaluation,
  theme,
  shortcuts,
} satisfies Readonly<Record<string, Action>>;

export const actionList: readonly Action[] = Object.values(actions);
export const channelActions = channels;

/** How a key reads on a keycap. */
export function keyName(key: string): string {
  const names: Readonly<Record<string, string>> = { ' ': 'Space', ArrowRight: '→', Escape: 'Esc' };
  return names[key] ?? key.toUpperCase();
}

/** Performs an action if its state allows it. Returns whether it did. */
export function perform(action: Action, lab: Lab): boolean {
  if (!action.enabled(lab.store.getState())) return false;
  action.perform(lab);
  return true;
}

/** The action of a key press, or null: keys that a focused control uses are left to it. */
export function actionOfKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>,
): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.target;
  if (target instanceof Element) {
    if (target.closest('input, select, textarea, [contenteditable], [role="dialog"]')) return null;
    const usesKey = event.key === ' ' || event.key === 'Escape' || event.key.startsWith('Arrow');
    if (usesKey && target.closest('button, a, summary, [role], [tabindex]')) return null;
  }
  return actionList.find((action) => action.keys.includes(event.key)) ?? null;
}

/** Goes on with a stored run, under the config that it was stored with. */
export function resumeRun({ store, client }: Lab, run: StoredRun): void {
  store.setState({ draft: draftOf(run.config) });
  client.start(run.config, { resume: run.id });
}

/** Loads a preset's settings into the form. */
export function choosePreset({ store }: Lab, preset: string): void {
  store.setState({ preset, draft: draftOf(presets[preset]) });
}

/**
 * Puts the lab on a page: store, worker, address, keys, React.
 */
import { createRoot } from 'react-dom/client';
import { actionOfKey, perform } from './actions';
import { App } from './App';
import { DatasetClient, type DatasetWorker, startDatasetWorker } from './dataset/dataset-client';
import { LabClient, type LabWorker } from './lab-client';
import { LabContext, type Lab } from './lab-context';
import { type EvaluationWorker, startEvaluationWorker } from './results/evaluation-worker';
import { findShippedPolicies, servedFrom } from './shipped-policies';
import { createLabStore, initialState, type LabState } from './store';
import { validate } from './settings';
import { applyTheme, storedTheme } from './theme';
import { decodeAddress, encodeAddress } from './url';
import './styles/tokens.css';
import './styles/base.css';
import './styles/floating.css';
import './styles/layout.css';
import './styles/room.css';
import './styles/proof.css';
import './styles/training.css';
import './styles/reward-plot.css';
import './styles/curriculum.css';
import './styles/completions.css';
import './styles/dataset.css';

/** How long the address waits for the settings to come to rest, milliseconds: browsers limit replaceState. */
const ADDRESS_DELAY = 300;

/**
 * Mounts the lab into `container`, on workers from `createWorker`; data sets are made by those of `createDatasetWorker`,
 * evaluations by those of `startEvaluation`.
 * @returns the lab, and what takes it off the page again.
 */
export function mountApp(
  container: HTMLElement,
  createWorker: () => LabWorker,
  createDatasetWorker: () => DatasetWorker = startDatasetWorker,
  startEvaluation: () => EvaluationWorker = startEvaluationWorker,
): Lab & { unmount(): void } {
  const store = createLabStore(initialState(decodeAddress(location.hash), storedTheme()));
  const client = new LabClient(store, createWorker);
  const datasets = new DatasetClient(store, createDatasetWorker);
  const lab: Lab = { store, client, datasets, startEvaluation };

  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat) return;
    const action = actionOfKey(event);
    if (action && perform(action, lab)) event.preventDefault();
  };
  addEventListener('keydown', onKey);
  void findShippedPolicies(servedFrom()).then((shipped) => store.setState({ shipped }));
  const ends = [applyTheme(store), keepAddress(lab), () => removeEventListener('keydown', onKey)];

  const root = createRoot(container);
  root.render(
    <LabContext value={lab}>
      <App />
    </LabContext>,
  );
  return {
    ...lab,
    unmount: () => {
      root.unmount();
      for (const end of ends) end();
      client.dispose();
      datasets.dispose();
    },
  };
}

/** Keeps the address in step with preset, settings and room; invalid settings are not written. */
function keepAddress({ store, client }: Lab): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    const state = store.getState();
    if (!validate(state.draft).config) return;
    const hash = encodeAddress({ preset: state.preset, draft: state.draft, room: state.roomSeed });
    if (`#${hash}` !== location.hash) history.replaceState(history.state, '', `#${hash}`);
  };
  const slice = ({ preset, draft, roomSeed }: LabState) => [preset, draft, roomSeed] as const;
  const unsubscribe = store.subscribe(
    slice,
    () => {
      clearTimeout(timer);
      timer = setTimeout(write, ADDRESS_DELAY);
    },
    { equalityFn: (a, b) => a.every((value, index) => value === b[index]) },
  );
  // A pasted or edited address.
  const onHash = () => {
    const { preset, draft, room, problems } = decodeAddress(location.hash);
    store.setState({ preset, draft, addressProblems: problems });
    if (room !== store.getState().roomSeed) client.showRoom(room);
  };
  addEventListener('hashchange', onHash);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    removeEventListener('hashchange', onHash);
  };
}

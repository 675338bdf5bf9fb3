/** The registry of actions: what can be done when, and what is then asked of the worker. */
import { expect, test } from 'vitest';
import { DatasetClient } from '../../src/app/dataset/dataset-client';
import { actionList, actions, perform, resumeRun } from '../../src/app/actions';
import { LabClient } from '../../src/app/lab-client';
import type { Lab } from '../../src/app/lab-context';
import { draftOf } from '../../src/app/settings';
import { createLabStore, initialState } from '../../src/app/store';
import { decodeAddress } from '../../src/app/url';
import { presets } from '../../src/training/presets';
import { FakeWorker } from '../support/fake-worker';
import { FakeLab } from './fake-lab';

const startEvaluation: Lab['startEvaluation'] = () => new FakeWorker();

/** Lets the fake's events arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

async function openLab(): Promise<Lab & { workers: FakeLab[] }> {
  const workers: FakeLab[] = [];
  const store = createLabStore(initialState(decodeAddress('#preset=tiny'), 'auto'));
  const client = new LabClient(store, () => {
    workers.push(new FakeLab());
    return workers[workers.length - 1];
  });
  await settle();
  const datasets = new DatasetClient(store, () => new FakeWorker());
  return { store, client, datasets, startEvaluation, workers };
}
const enabled = (lab: Lab) =>
  actionList.filter((action) => action.enabled(lab.store.getState())).map((action) => action.id);
const asked = (lab: { workers: FakeLab[] }) => lab.workers[0].requests.map(({ type }) => type);

test('ids and keys are unique', () => {
  const keys = actionList.flatMap((action) => action.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(actionList.map(({ id }) => id)).size).toBe(actionList.length);
});

test('nothing that needs the worker can be done before it is open', () => {
  const store = createLabStore(initialState(decodeAddress(''), 'auto'));
  const client = new LabClient(store, () => new FakeLab());
  const datasets = new DatasetClient(store, () => new FakeWorker());
  const usable = enabled({ store, client, datasets, startEvaluation });
  expect(usable.toSorted()).toEqual(['config', 'dataset', 'evaluation', 'shortcuts', 'theme']);
});

test('train, pause, continue, step, stop: each when it makes sense', async () => {
  const lab = await openLab();
  const transport = () => enabled(lab).filter((id) => ['start', 'step', 'stop'].includes(id));
  const label = () => actions.startPause.label(lab.store.getState());

  expect([transport(), label()]).toEqual([['start', 'step'], 'Train']);
  expect(perform(actions.startPause, lab)).toBe(true);
  // Until the run is heard of, a second press must not start a second run.
  expect(perform(actions.startPause, lab)).toBe(false);
  await settle();
  expect([transport(), label()]).toEqual([['start', 'stop'], 'Pause']);
  perform(actions.startPause, lab);
  await settle();
  expect([transport(), label()]).toEqual([['start', 'step', 'stop'], 'Continue']);
  perform(actions.step, lab);
  await settle();
  expect(lab.store.getState().run?.metrics).toHaveLength(1);
  perform(actions.startPause, lab);
  perform(actions.stop, lab);
  await settle();
  expect([transport(), label()]).toEqual([['start', 'step'], 'Train']);
  expect(asked(lab).filter((type) => ['start', 'pause', 'step', 'continue', 'stop'].includes(type))).toEqual([
    'start',
    'pause',
    'step',
    'continue',
    'stop',
  ]);
});

test('a step from rest starts a paused run', async () => {
  const lab = await openLab();
  perform(actions.step, lab);
  await settle();
  expect(lab.workers[0].requests).toContainEqual({
    type: 'start',
    config: presets.tiny,
    resume: null,
    paused: true,
    policy: null,
  });
  expect(lab.store.getState().run?.status).toMatchObject({ state: 'paused', step: 1 });
});

test('invalid settings cannot be trained', async () => {
  const lab = await openLab();
  lab.store.setState((state) => ({ draft: { ...state.draft, 'policy.heads': '3' } }));
  expect(perform(actions.startPause, lab)).toBe(false);
  expect(asked(lab)).not.toContain('start');
});

test('restart waits for the run to stop, then starts the changed settings', async () => {
  const lab = await openLab();
  perform(actions.startPause, lab);
  await settle();
  expect(actions.restart.enabled(lab.store.getState())).toBe(false);
  lab.store.setState((state) => ({ draft: { ...state.draft, 'grpo.beta': '0.5' } }));
  expect(perform(actions.restart, lab)).toBe(true);
  await settle();
  await settle();
  expect(asked(lab).slice(-2)).toEqual(['stop', 'start']);
  expect(lab.store.getState().run?.config.grpo.beta).toBe(0.5);
});

test('a lost worker is replaced once, told of the room, and offers to resume', async () => {
  const lab = await openLab();
  perform(actions.newRoom, lab);
  await settle();
  lab.workers[0].say({ type: 'failed', message: 'lost', remedy: '', fatal: true });
  await settle();
  await settle();
  expect(lab.workers).toHaveLength(2);
  expect(lab.workers[0].terminated).toBe(true);
  expect(lab.store.getState()).toMatchObject({ connection: 'open', generation: 2, failure: { message: 'lost' } });
  expect(lab.workers[1].requests).toContainEqual({ type: 'show-room', seed: 2 });
  // What the old worker still says is not heard.
  lab.workers[0].say({ type: 'failed', message: 'again', remedy: '', fatal: true });
  // A worker that fails at once is not replaced for ever.
  lab.workers[1].say({ type: 'failed', message: 'at once', remedy: '', fatal: true });
  await settle();
  expect(lab.workers).toHaveLength(2);
  expect(lab.store.getState()).toMatchObject({ connection: 'lost', failure: { message: 'at once' } });
});

test('resuming takes the stored run’s settings', async () => {
  const lab = await openLab();
  const config = { ...presets.nano, seed: 9 };
  resumeRun(lab, { id: 'kept', savedAt: '2026-01-01T00:00:00Z', phase: 'grpo', step: 4, config });
  expect(lab.workers[0].requests).toContainEqual({
    type: 'start',
    config,
    resume: 'kept',
    paused: false,
    policy: null,
  });
  expect(lab.store.getState().draft).toEqual(draftOf(config));
});

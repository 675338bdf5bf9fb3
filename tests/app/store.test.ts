/** Events reduced to state: what is heard of a run is kept, what is not of it is left out. */
import { expect, test } from 'vitest';
import { initialState, isActive, reduce, type LabState } from '../../src/app/store';
import { decodeAddress } from '../../src/app/url';
import type { LabEvent, RunStatus } from '../../src/lab/protocol';
import { presets } from '../../src/training/presets';
import { room, webgpu } from './fake-lab';

const start: LabState = { ...initialState(decodeAddress(''), 'auto'), launched: presets.tiny };
const after = (events: readonly LabEvent[], state = start, now = 0): LabState =>
  events.reduce((current, event) => ({ ...current, ...reduce(current, event, now) }), state);
const status = (state: RunStatus['state'], run = 'a'): LabEvent => ({
  type: 'status',
  run,
  status: { state, phase: 'grpo', step: 0, steps: 3, detail: '' },
});
const point = (step: number, loss: number, phase: 'cold_start' | 'grpo' = 'grpo', run = 'a'): LabEvent => ({
  type: 'metrics',
  run,
  phase,
  step,
  metrics: { loss },
});
const steps = (state: LabState) => state.run?.metrics.map((p) => [p.phase, p.step, p.metrics.loss]);

test('a run appears with the config that was launched, and grows by its metrics', () => {
  const state = after([status('preparing'), point(1, 2, 'cold_start'), point(1, 1), point(2, 0.5)]);
  expect(state.run?.config).toBe(presets.tiny);
  expect(state.launched).toBeNull();
  expect(isActive(state)).toBe(true);
  expect(steps(state)).toEqual([
    ['cold_start', 1, 2],
    ['grpo', 1, 1],
    ['grpo', 2, 0.5],
  ]);
});

test('metrics of another run are left out', () => {
  const state = after([status('running'), point(1, 1), point(2, 9, 'grpo', 'b')]);
  expect(steps(state)).toEqual([['grpo', 1, 1]]);
});

test('a resumed run tells its past before its status', () => {
  const state = after([point(1, 1), point(2, 2), status('running')]);
  expect(steps(state)).toEqual([
    ['grpo', 1, 1],
    ['grpo', 2, 2],
  ]);
  expect(state.run?.status.state).toBe('running');
});

test('what a run started from is kept with it, and not taken over by the next', () => {
  const notes: LabEvent = { type: 'notes', run: 'a', notes: ['starts from the policy nano'] };
  const state = after([notes, status('preparing'), point(1, 1)]);
  expect(state.run).toMatchObject({ id: 'a', config: presets.tiny, notes: ['starts from the policy nano'] });
  expect(after([status('running', 'b')], { ...state, launched: presets.nano }).run?.notes).toEqual([]);
  expect(after([notes], { ...state, launched: null }).run).toBe(state.run);
});

test('steps that are said again after a checkpoint replace what was said of them', () => {
  const state = after([status('running'), point(1, 1), point(2, 2), point(3, 3), point(2, 20)]);
  expect(steps(state)).toEqual([
    ['grpo', 1, 1],
    ['grpo', 2, 20],
  ]);
});

test('a new run replaces the old one', () => {
  const first = after([status('running'), point(1, 1), status('stopped')]);
  const second = after([status('running', 'b')], { ...first, launched: presets.nano });
  expect(second.run?.id).toBe('b');
  expect(second.run?.config).toBe(presets.nano);
  expect(second.run?.metrics).toEqual([]);
});

test('the newest table of task by difficulty is kept, and that of another run left out', () => {
  const table = (step: number, run = 'a'): LabEvent => ({ type: 'curriculum', run, step, cells: [] });
  const state = after([status('running'), table(1), table(2), table(3, 'b')]);
  expect(state.run?.curriculum).toEqual({ step: 2, cells: [] });
  expect(after([status('running', 'b')], { ...state, launched: presets.tiny }).run?.curriculum).toBeNull();
});

test('the clock runs while the run does', () => {
  let state = after([status('running')], start, 1000);
  state = after([status('paused')], state, 4000);
  state = after([status('running')], state, 10_000);
  state = after([status('finished')], state, 11_500);
  expect(state.run?.elapsed).toBe(4500);
  expect(state.run?.runningSince).toBeNull();
});

test('a fatal failure ends the run and keeps what was heard of it', () => {
  const failed: LabEvent = { type: 'failed', message: 'lost', remedy: 'resume', fatal: true };
  const state = after([status('running'), point(1, 1), failed]);
  expect(state.connection).toBe('lost');
  expect(state.failure).toEqual({ message: 'lost', remedy: 'resume', fatal: true });
  expect(state.run?.status.state).toBe('failed');
  expect(steps(state)).toEqual([['grpo', 1, 1]]);
});

test('a start that fails can be tried again', () => {
  const state = after([{ type: 'failed', message: 'no', remedy: '', fatal: false }]);
  expect(state.launched).toBeNull();
  expect(state.connection).toBe('opening');
});

test('only the room that was asked for last is shown', () => {
  const asked = after([
    { type: 'opened', description: webgpu },
    { type: 'room', room: room(1) },
  ]);
  expect(asked.room?.seed).toBe(1);
  const late = after([{ type: 'room', room: room(2) }], { ...asked, roomSeed: 3 });
  expect(late.room?.seed).toBe(1);
});

test('stored runs are listed newest first, each once', () => {
  const stored = (id: string, step: number) =>
    ({ id, savedAt: '2026-01-01T00:00:00Z', phase: 'grpo', step, config: presets.tiny }) as const;
  const state = after([
    { type: 'runs', runs: [stored('a', 1), stored('b', 2)] },
    { type: 'saved', run: stored('b', 3) },
  ]);
  expect(state.storedRuns.map(({ id, step }) => [id, step])).toEqual([
    ['b', 3],
    ['a', 1],
  ]);
});

/**
 * The page on a worker's double: what the events say is seen, what is pressed is asked, and nothing keeps a reader with a
 * keyboard or a screen reader out.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { actionOfKey, actions } from '../../src/app/actions';
import type { Lab } from '../../src/app/lab-context';
import { mountApp } from '../../src/app/mount';
import type { BackendDescription } from '../../src/backends/backend';
import type { DatasetEvent, DatasetRequest } from '../../src/lab/dataset/protocol';
import type { StoredRun } from '../../src/lab/protocol';
import { presets } from '../../src/training/presets';
import { seriousViolations } from '../support/axe';
import { boxGlb } from '../support/box-glb';
import { FakeWorker } from '../support/fake-worker';
import { FakeLab, wasm, webgpu } from './fake-lab';

let container: HTMLElement;
let workers: FakeLab[] = [];
let datasetWorkers: FakeWorker<DatasetRequest, DatasetEvent>[] = [];
let mounted: (Lab & { unmount(): void }) | undefined;

beforeEach(async () => {
  history.replaceState(null, '', '#preset=tiny');
  localStorage.clear();
  document.documentElement.lang = 'en';
  document.title = 'Parallax';
  await page.viewport(1440, 900);
});

afterEach(() => {
  mounted?.unmount();
  container.remove();
});

function mount(description: BackendDescription = webgpu, stored: readonly StoredRun[] = []) {
  container = document.body.appendChild(document.createElement('div'));
  workers = [];
  datasetWorkers = [];
  const create = () => {
    workers.push(new FakeLab(description, stored));
    return workers[workers.length - 1];
  };
  mounted = mountApp(container, create, () => {
    datasetWorkers.push(new FakeWorker());
    return datasetWorkers[datasetWorkers.length - 1];
  });
}

const newest = () => workers[workers.length - 1];
const requests = (type: string) => newest().requests.filter((request) => request.type === type);
const text = () => container.innerText;

test('opens on a room: its figures, its questions, its objects, and what the lab runs on', async () => {
  mount();
  await expect.poll(text).toContain('living room, 20.0 m², 9 objects');
  await expect.poll(() => requests('attach-view')).toHaveLength(1);
  await expect.poll(() => requests('set-pose').length).toBeGreaterThan(0);

  const question = container.querySelector<HTMLDetailsElement>('.question details')!;
  expect(question.open).toBe(false);
  expect(question.innerText).not.toContain('198 cm');
  question.querySelector('summary')!.click();
  await expect.poll(() => question.innerText).toContain('198 cm');

  // 30 % off: exp(-2 * 0.3).
  await page
    .getByLabelText('Your guess')
    .first()
    .fill(String(198 * 1.3));
  await expect.poll(text).toContain('would earn 0.55');

  await page.getByRole('tab', { name: /Objects/ }).click();
  await page.getByRole('button', { name: /sofa/ }).click();
  await expect.poll(text).toContain('Longest side');
  expect(requests('highlight').at(-1)).toEqual({ type: 'highlight', object: 1 });

  await page.getByRole('button', { name: /^WebGPU/ }).click();
  await expect.poll(() => document.body.innerText).toContain('Acme Graphics 770');
  expect(document.body.innerText).toContain('shader-f16');
  expect(document.body.innerText).toContain('maxBufferSize');
});

test('an opened question shows its proof: on the frame, from above, and in figures', async () => {
  mount();
  await expect.poll(text).toContain('About a walk through the room');
  const ask = (task: string) => container.querySelector<HTMLElement>(`section[aria-label="${task}"] details`)!;
  await expect.poll(() => ask('Order of appearance')).not.toBeNull();
  expect(container.querySelector('.proof')).toBeNull();
  ask('Object size').querySelector('summary')!.click();
  await expect.poll(() => container.querySelectorAll('.proof').length).toBe(1);
  expect(container.querySelectorAll('.proof-frame .proof-stroke polyline').length).toBeGreaterThan(0);
  expect(container.querySelectorAll('.plan-object')).toHaveLength(9);

  // One proof at a time; a video's shows the frame that is chosen, first the one that matters first.
  ask('Order of appearance').querySelector('summary')!.click();
  await expect.poll(() => container.querySelector('.proof-frame figcaption')?.textContent).toBe('Frame 1, 0:00');
  await expect.poll(() => container.querySelectorAll('.proof').length).toBe(1);
  expect(container.querySelector('.proof-figures')?.textContent).toContain('Lamp, first seen after2.0 s');
  const marked = [...container.querySelectorAll('.strip [data-marked="true"]')].map((item) => item.textContent);
  expect(marked).toEqual(['1. sofa', '2. lamp']);
  await page.getByRole('button', { name: 'Frame 3, 2. lamp' }).click();
  await expect.poll(() => container.querySelector('.proof-frame figcaption')?.textContent).toBe('Frame 3, 0:02');
  expect([...container.querySelectorAll('.proof-frame .proof-label')].map((label) => label.textContent).sort()).toEqual(
    ['1. sofa', '2. lamp'],
  );
});

test('the verdict says what was checked, what was thrown away, and what found no place', async () => {
  mount();
  await expect.poll(text).toContain('living room');
  await page.getByRole('tab', { name: /Validation/ }).click();
  await expect.poll(text).toContain('Passes all that was checked.');
  for (const check of ['Support', 'Penetration', 'Reachability', 'Clearance', 'Visibility']) {
    expect(text()).toContain(check);
  }
  expect(text()).toContain('1 draw of this seed');
  expect(text()).toContain('stove 7 cannot be reached from the door.');
  expect(text()).toContain('bed: no free wall of 2.1 m after 40 tries');
});

test('a data set is made by a worker of its own: asked for, followed, cancelled, downloaded', async () => {
  // The picker is the browser's own window, which no test can answer.
  Object.defineProperty(window, 'showSaveFilePicker', { value: undefined, configurable: true });
  mount();
  await page.getByRole('button', { name: 'Make a data set' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabelText('Scenes').fill('0');
  await expect.poll(() => document.querySelector('.dataset [role="alert"]')?.textContent).toContain('scenes is 0');
  await expect.element(dialog.getByRole('button', { name: 'Make zip' })).toBeDisabled();
  await dialog.getByLabelText('Scenes').fill('3');
  await dialog.getByText('Further formats').click();
  await dialog.getByLabelText('verl').click();
  await expect.poll(() => document.querySelector('.dataset code')?.textContent).toContain('--scenes 3 --frames 16');
  expect(await seriousViolations()).toEqual([]);
  await dialog.getByRole('button', { name: 'Make zip' }).click();
  expect(datasetWorkers).toHaveLength(1);
  const [worker] = datasetWorkers;
  expect(worker.requests[0]).toMatchObject({ type: 'make', plan: { scenes: 3 }, formats: ['verl'], target: null });

  worker.say({ type: 'progress', progress: { stage: 'scenes', done: 2, total: 3 } });
  await expect.poll(() => document.querySelector('.dataset output')?.textContent).toContain('Making scenes: 2 of 3');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(worker.requests.at(-1)).toEqual({ type: 'cancel' });
  worker.say({ type: 'cancelled' });
  await expect.poll(() => document.querySelector('.dataset output')?.textContent).toContain('no archive was written');
  expect(worker.terminated).toBe(true);

  await dialog.getByRole('button', { name: 'Make zip' }).click();
  datasetWorkers[1].say({ type: 'failed', message: 'There is no space left.', remedy: 'Make fewer scenes.' });
  await expect
    .poll(() => document.querySelector('.dataset [role="alert"]')?.textContent)
    .toBe('There is no space left. Make fewer scenes.');

  await dialog.getByRole('button', { name: 'Make zip' }).click();
  const clicked: string[] = [];
  HTMLAnchorElement.prototype.click = function click(this: HTMLAnchorElement) {
    clicked.push(this.download);
  };
  datasetWorkers[2].say({ type: 'made', samples: 41, bytes: 2048, file: new File(['zip'], 'dataset.zip') });
  await expect.poll(() => document.querySelector('.dataset output')?.textContent).toContain('41 questions, 2 KiB');
  expect(clicked).toEqual(['parallax-1-3.zip']);
  Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
});

test('an own object is brought in its true size, refused by its name, and taken out again', async () => {
  mount();
  await expect.poll(text).toContain('living room');
  await page.getByRole('button', { name: 'Own object' }).click();
  const dialog = page.getByRole('dialog');
  const choose = (file: File) => userEvent.upload(dialog.getByLabelText('GLB file'), file);
  await choose(new File(['no GLB'], 'photo.glb'));
  await dialog.getByLabelText('Category').fill('rocking chair');
  await dialog.getByLabelText('Height, m').fill('tall');
  await dialog.getByRole('button', { name: 'Bring it' }).click();
  const alert = () => document.querySelector('[role="dialog"] [role="alert"]')?.textContent;
  await expect.poll(alert).toContain('Height, m: "tall" is no length');
  await dialog.getByLabelText('Height, m').fill('0.9');
  await dialog.getByRole('button', { name: 'Bring it' }).click();
  await expect.poll(alert).toMatch(/^photo\.glb: /);
  expect(requests('set-own-objects').at(-1)).toEqual({ type: 'set-own-objects', objects: [] });
  expect(await seriousViolations()).toEqual([]);

  await choose(new File([boxGlb(1, 3, 2)], 'chair.glb'));
  await dialog.getByRole('button', { name: 'Bring it' }).click();
  await expect.poll(() => document.querySelector('.brought')?.textContent).toContain('0.30 × 0.60 × 0.90 m');
  expect(alert()).toBeUndefined();
  const asked = newest()
    .requests.filter(({ type }) => type === 'set-own-objects' || type === 'show-room')
    .slice(-2);
  expect(asked).toMatchObject([
    { type: 'set-own-objects', objects: [{ name: 'chair.glb', category: 'rocking chair' }] },
    { type: 'show-room', seed: 1 },
  ]);

  // A new worker hears of it before its first room.
  mounted!.client.replaceWorker();
  await expect.poll(() => requests('show-room')).toHaveLength(1);
  const types = newest().requests.map(({ type }) => type);
  expect(types.indexOf('set-own-objects')).toBeLessThan(types.indexOf('show-room'));
  expect(requests('set-own-objects')).toMatchObject([{ objects: [{ category: 'rocking chair' }] }]);

  await dialog.getByRole('button', { name: 'Take the rocking chair out' }).click();
  await expect.poll(() => document.querySelector('.brought')).toBeNull();
  expect(requests('set-own-objects').at(-1)).toEqual({ type: 'set-own-objects', objects: [] });
});

test('a new room, a channel and a seed are asked of the worker, and the address follows', async () => {
  mount();
  await expect.poll(text).toContain('living room');
  await page.getByRole('button', { name: 'New room' }).click();
  expect(requests('show-room').at(-1)).toEqual({ type: 'show-room', seed: 2 });
  await page.getByRole('button', { name: 'Depth' }).click();
  expect(requests('set-channel').at(-1)).toEqual({ type: 'set-channel', channel: 'depth' });
  const scale = () => container.querySelector('.depth-scale')?.textContent;
  await expect.poll(scale).toBe('From pale, 1.5 m, to dark, 6.2 m');
  await page.getByRole('button', { name: 'Normals' }).click();
  await expect.poll(scale).toBeUndefined();
  await page.getByLabelText('Seed', { exact: true }).fill('77');
  await userEvent.keyboard('{Enter}');
  expect(requests('show-room').at(-1)).toEqual({ type: 'show-room', seed: 77 });
  await expect.poll(() => location.hash).toBe('#preset=tiny&room=77');
});

test('says plainly that there is no WebGPU', async () => {
  mount(wasm);
  await expect.poll(text).toContain('Running on WebAssembly: the same run, slower.');
  expect(text()).toContain('This browser has no WebGPU');
});

test('training fills the curves and the table, a point a step', async () => {
  mount();
  await expect.poll(text).toContain('living room');
  await userEvent.keyboard(' ');
  expect(requests('start')).toEqual([
    { type: 'start', config: presets.tiny, resume: null, paused: false, policy: null },
  ]);
  // Two steps of cold start, three of GRPO.
  newest().advance(4);
  await expect.poll(text).toContain('under a minute left');
  newest().advance(1);
  const points = (metric: string) =>
    container.querySelector<HTMLElement>(`.chart[data-metric="${metric}"]`)?.dataset.points;
  await expect.poll(() => points('rewards/ednm/mean')).toBe('3');
  expect(points('kl')).toBe('3');
  await expect.poll(() => container.querySelectorAll('.chart .recharts-line-curve').length).toBeGreaterThan(8);
  await expect.poll(() => container.querySelectorAll('.group-rows tbody tr').length).toBe(12);
  expect(text()).toContain('13.9 KiB');
  const advantages = [...container.querySelectorAll('.group:first-child .advantage')].map((cell) => cell.textContent);
  expect(advantages).toEqual(['+1.12', '+0.50', '−0.24', '−1.38']);

  await page.getByRole('button', { name: 'Cold start', exact: true }).click();
  await expect.poll(() => points('loss')).toBe('2');

  await page.getByRole('button', { name: 'Pause' }).click();
  expect(requests('pause')).toHaveLength(1);
  await expect.poll(() => container.querySelector('.state')?.textContent).toBe('paused');
});

test('a bad setting is explained by its path and cannot be trained', async () => {
  mount();
  await expect.poll(text).toContain('living room');
  await page.getByRole('button', { name: /Settings/ }).click();
  await expect.element(page.getByLabelText('Heads')).not.toBeVisible();
  await page.getByText('Policy', { exact: true }).click();
  await page.getByLabelText('Heads').fill('3');
  await expect.poll(text).toContain('policy.heads: must divide policy.dim');
  await expect.element(page.getByText('Policy1 changed')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
});

test('the rewards are plotted over the error while their settings change', async () => {
  mount();
  await page.getByRole('button', { name: /Settings/ }).click();
  const line = () => container.querySelector('.reward-plot path[stroke="var(--accent)"]')?.getAttribute('d');
  const legend = () =>
    [...container.querySelectorAll('.reward-legend [data-chosen="true"]')].map((li) => li.textContent);
  await expect.poll(() => container.querySelectorAll('.reward-plot .recharts-line-curve').length).toBe(7);
  expect(legend()).toEqual(['EDNM']);
  const before = line();
  await page.getByLabelText('Lambda').fill('9');
  await expect.poll(line).not.toBe(before);
  const steep = line();
  await page.getByLabelText('Lambda').fill('');
  await expect.poll(text).toContain('reward.lambda');
  expect(line()).toBe(steep);
  await page.getByLabelText('Lambda').fill('2');
  await expect.poll(line).toBe(before);
  await userEvent.hover(container.querySelector('.reward-plot .recharts-wrapper')!);
  await expect.poll(legend).toEqual([expect.stringMatching(/^EDNM0\.\d+$/)]);
  await userEvent.unhover(container.querySelector('.reward-plot .recharts-wrapper')!);
  await expect.poll(legend).toEqual(['EDNM']);
  await page.getByLabelText('Function').selectOptions('sigmoid');
  await expect
    .poll(legend)
    .toEqual(['Annealed sigmoid at the first step (k = 1)', 'Annealed sigmoid at the last step (k = 50)']);
});

test('a heat map shows accuracy, share and weight by task and difficulty, and what a run must switch on for them', async () => {
  const cells = () => [...container.querySelectorAll('.heat td')].map((cell) => cell.textContent);
  const figure = (name: string) => page.getByRole('button', { name, exact: true }).click();
  mount();
  await expect.poll(text).toContain('a heat map of task by difficulty stands here');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  newest().advance(5);
  await expect.poll(cells).toHaveLength(4);
  expect(cells()[3]).toBe('not asked yet');
  await figure('Sampling share');
  await expect.poll(text).toContain('This run leaves the difficulty to chance.');
  await figure('Weight');
  await expect.poll(text).toContain('In this run every group counts the same.');
  await page.getByRole('button', { name: 'Stop' }).click();

  const on = { 'dynamic_optimization.curriculum': true, 'dynamic_optimization.sample_weights': true };
  mounted!.store.setState((state) => ({ draft: { ...state.draft, ...on } }));
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  newest().advance(3);
  await expect.poll(cells).toHaveLength(4);
  await figure('Sampling share');
  await expect.poll(() => cells().every((cell) => cell.endsWith(' %'))).toBe(true);
  // Each cell is rounded to two digits.
  const sum = cells().reduce((total, cell) => total + Number.parseFloat(cell), 0);
  expect(Math.abs(sum - 100)).toBeLessThan(2);
});

test('a failure is shown with its remedy, and what was seen stays', async () => {
  mount();
  await expect.poll(text).toContain('living room');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  newest().advance(4);
  await expect.poll(() => container.querySelectorAll('.group-rows tbody tr').length).toBe(12);
  newest().say({ type: 'failed', message: 'The GPU device was lost.', remedy: 'Resume the run.', fatal: true });
  await expect.poll(() => container.querySelector('[role="alert"]')?.textContent).toContain('The GPU device was lost.');
  expect(container.querySelector('[role="alert"]')?.textContent).toContain('Resume the run.');
  await expect.poll(() => container.querySelector<HTMLElement>('.chart[data-metric="kl"]')?.dataset.points).toBe('2');
  await expect.poll(() => workers.length).toBe(2);
  await expect.poll(() => requests('attach-view')).toHaveLength(1);
});

test('a stored run can be gone on with', async () => {
  const stored: StoredRun = {
    id: 'jade-owl-01',
    savedAt: '2026-11-21T10:00:00Z',
    phase: 'grpo',
    step: 2,
    config: presets.tiny,
  };
  mount(webgpu, [stored]);
  await page.getByRole('button', { name: /Resume last run \(step 2\)/ }).click();
  expect(requests('start')).toEqual([
    { type: 'start', config: presets.tiny, resume: 'jade-owl-01', paused: false, policy: null },
  ]);
});

test('keys find their action, but not with a modifier, nor from a field that uses them', () => {
  container = document.body.appendChild(document.createElement('div'));
  const from = (tag: string) => container.appendChild(document.createElement(tag));
  const key = (name: string, target: EventTarget = document.body, ctrlKey = false) =>
    actionOfKey({ key: name, ctrlKey, metaKey: false, altKey: false, target });
  expect(key(' ')).toBe(actions.startPause);
  expect(key('ArrowRight')).toBe(actions.step);
  expect(key('n', document.body, true)).toBeNull();
  expect(key('q')).toBeNull();
  expect(key('n', from('input'))).toBeNull();
  expect(key(' ', from('button'))).toBeNull();
  expect(key('n', from('button'))).toBe(actions.newRoom);
});

test('nothing overflows a phone, and axe finds nothing serious, in either theme', async () => {
  mount();
  await expect.poll(text).toContain('living room');
  await userEvent.keyboard(' ');
  newest().advance(4);
  await expect.poll(() => container.querySelectorAll('.group-rows tbody tr').length).toBe(12);
  for (const theme of ['light', 'dark'] as const) {
    mounted!.store.setState({ theme, settingsOpen: true });
    container.querySelector<HTMLDetailsElement>('.question:last-child details')!.open = true;
    await expect.poll(() => container.querySelectorAll('.proof').length).toBe(1);
    await expect.poll(() => document.documentElement.dataset.theme).toBe(theme);
    await page.viewport(1440, 900);
    expect(await seriousViolations()).toEqual([]);
    await page.viewport(390, 844);
    await expect.poll(() => document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
    expect(await seriousViolations()).toEqual([]);
  }
});

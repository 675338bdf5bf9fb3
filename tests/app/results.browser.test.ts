/** The results view on workers' doubles: evaluated, opened, compared, filtered, exported, and open to everybody. */
import { decode } from 'fast-png';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Lab } from '../../src/app/lab-context';
import { mountApp } from '../../src/app/mount';
import { chartsPng } from '../../src/app/results/chart-picture';
import { predictionsJsonl, resultsJson } from '../../src/app/results/writers';
import type { EvaluationEvent, EvaluationRequest } from '../../src/lab/evaluation-protocol';
import { presets } from '../../src/training/presets';
import { seriousViolations } from '../support/axe';
import { FakeWorker } from '../support/fake-worker';
import { evaluationOf } from './evaluations';
import { FakeLab } from './fake-lab';

let container: HTMLElement;
let lab: FakeLab;
let workers: FakeWorker<EvaluationRequest, EvaluationEvent>[];
let mounted: Lab & { unmount(): void };

beforeEach(async () => {
  history.replaceState(null, '', '#preset=tiny');
  localStorage.clear();
  document.documentElement.lang = 'en';
  document.title = 'Parallax';
  await page.viewport(1440, 900);
  container = document.body.appendChild(document.createElement('div'));
  workers = [];
  mounted = mountApp(
    container,
    () => (lab = new FakeLab()),
    () => new FakeWorker(),
    () => {
      workers.push(new FakeWorker());
      return workers[workers.length - 1];
    },
  );
  await expect.poll(() => container.innerText).toContain('living room');
});

afterEach(() => {
  mounted.unmount();
  container.remove();
});

const view = () => document.querySelector<HTMLElement>('.results');
const said = () => view()?.innerText ?? '';
const cards = () => [...document.querySelectorAll('.results-sample code')].map(({ textContent }) => textContent);
const openView = async () => {
  await page.getByRole('button', { name: 'Evaluation' }).click();
  // Its code is loaded with the first opening.
  await expect.poll(said, { timeout: 10_000 }).toContain('How good a policy is');
};
/** Leaves the view, takes a run's first step, after which it is paused, and comes back. */
const pauseRunAndReturn = async () => {
  mounted.store.setState({ resultsOpen: false });
  // A dialog keeps the keys to itself.
  await expect.poll(view).toBeNull();
  await userEvent.keyboard('.');
  await expect.poll(() => mounted.store.getState().run?.status.state).toBe('paused');
  await openView();
};
const early = () => evaluationOf('early', ['9', '7', '4.0', '1.0', 'B', null]);
const late = () => evaluationOf('late', ['9', '8', '2.0', '3.0', 'B', 'A']);

async function files() {
  const evaluation = await early();
  return [
    new File([resultsJson(evaluation)], 'results.json'),
    new File([predictionsJsonl(evaluation)], 'predictions.jsonl'),
  ];
}

const openFiles = (chosen: File[]) =>
  userEvent.upload(
    document.querySelector<HTMLInputElement>('input[aria-label="Open files of an evaluation"]')!,
    chosen,
  );

test('a paused run is stored, evaluated in a worker of its own, and cancelled without a trace', async () => {
  await expect.poll(() => Object.keys(mounted.store.getState().shipped)).toEqual(['nano']);
  mounted.store.setState({ shipped: { nano: { problem: 'it is not in this copy of the lab' } } });
  await openView();
  await expect.element(page.getByRole('button', { name: 'Evaluate', exact: true })).toBeDisabled();
  await page.getByLabelText('Synthetic suite, small').selectOptions('general');
  await pauseRunAndReturn();
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect.poll(() => workers.length).toBe(1);
  expect(lab.requests.filter(({ type }) => type === 'store')).toHaveLength(1);
  expect(workers[0].requests).toEqual([{ policy: { run: 'run-1' }, suite: 'general' }]);
  workers[0].say({ type: 'progress', progress: { stage: 'true images', done: 32, total: 80 } });
  await expect.poll(said).toContain('Asking: 32 of 80');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(said).toContain('Cancelled');
  expect(workers[0].terminated).toBe(true);
  expect(view()?.querySelector('table')).toBeNull();

  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect.poll(() => workers.length).toBe(2);
  workers[1].say({ type: 'failed', message: 'the device was lost' });
  await expect.poll(() => view()?.querySelector('[role="alert"]')?.textContent).toContain('the device was lost');

  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect.poll(() => workers.length).toBe(3);
  workers[2].say({ type: 'evaluated', files: await early() });
  await expect.poll(() => document.querySelectorAll('.results table').length).toBe(2);
  // Closed and opened again, all is still there.
  await userEvent.keyboard('{Escape}');
  await expect.poll(view).toBeNull();
  await openView();
  expect(document.querySelectorAll('.results table')).toHaveLength(2);
});

test('the shipped policy can be evaluated before anything was trained', async () => {
  await expect.poll(() => Object.keys(mounted.store.getState().shipped)).toEqual(['nano']);
  mounted.store.setState({ shipped: { nano: { config: presets.tiny } } });
  await openView();
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect.poll(() => workers.length).toBe(1);
  expect(workers[0].requests).toEqual([
    { policy: { shipped: 'nano', page: new URL('.', document.baseURI).href }, suite: 'image' },
  ]);
  expect(lab.requests.some(({ type }) => type === 'store')).toBe(false);
  workers[0].say({ type: 'failed', message: 'there is no policies/nano/tokenizer.json' });
  await expect.poll(() => view()?.querySelector('[role="alert"]')?.textContent).toContain('tokenizer.json');
});

test('files are opened, compared with an evaluation, filtered and exported', async () => {
  await openView();
  await openFiles([new File(['{}'], 'results.json')]);
  await expect.poll(() => view()?.querySelector('[role="alert"]')?.textContent).toContain('results.json is not what');
  await openFiles(await files());
  await expect.poll(() => cards().length).toBe(6);
  expect(view()?.querySelector('[role="alert"]')).toBeNull();
  const [measured, apart] = [...document.querySelectorAll('.results table')].map(({ textContent }) => textContent);
  expect([measured.includes('early'), measured.includes('GPT-4o')]).toEqual([true, false]);
  expect(apart).toContain('GPT-4o');

  await pauseRunAndReturn();
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await expect.poll(() => workers.length).toBe(1);
  workers[0].say({ type: 'evaluated', files: await late() });
  await expect.poll(said).toContain('From early on vsi-small to late on vsi-small');
  await page.getByRole('button', { name: 'Worse' }).click();
  await expect.poll(cards).toEqual(['2_0']);
  document.querySelector<HTMLElement>('.results-sample summary')!.click();
  await expect.poll(() => document.querySelectorAll('.results-sample .completion').length).toBe(2);
  await page.getByRole('button', { name: 'Worse' }).click();
  await page.getByLabelText('Task of the samples').selectOptions('object_counting');
  await expect.poll(cards).toEqual(['0_0', '1_0']);
  await expect
    .poll(() => [...document.querySelectorAll<HTMLImageElement>('.results-frame img')].map((img) => img.naturalWidth))
    .toEqual([8, 8]);

  // Three charts: bars twice as many as tasks, and drawn in the page's colours.
  const charts = [...document.querySelectorAll<HTMLElement>('.results [data-chart]')];
  expect(charts).toHaveLength(3);
  await expect.poll(() => charts[0].querySelectorAll('.recharts-bar-rectangle path').length).toBeGreaterThanOrEqual(6);
  const { data, channels } = decode(await chartsPng(charts, 'caption'));
  const colors = new Set<string>();
  for (let at = 0; at < data.length; at += channels) colors.add(data.subarray(at, at + 3).join());
  expect(colors.has('11,107,116')).toBe(true);
  expect(colors.has('178,58,29')).toBe(true);

  const saved: string[] = [];
  HTMLAnchorElement.prototype.click = function click(this: HTMLAnchorElement) {
    saved.push(this.download);
  };
  for (const name of ['figures.csv', 'report.md', 'charts.png']) {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name }).click();
  }
  await expect.poll(() => saved, { timeout: 10_000 }).toEqual(['figures.csv', 'report.md', 'charts.png']);
  Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click');
});

test('nothing overflows a phone, and axe finds nothing serious, in either theme', async () => {
  await openView();
  await openFiles(await files());
  await expect.poll(() => cards().length).toBe(6);
  document.querySelector<HTMLElement>('.results-sample summary')!.click();
  for (const theme of ['light', 'dark'] as const) {
    mounted.store.setState({ theme });
    await expect.poll(() => document.documentElement.dataset.theme).toBe(theme);
    for (const [width, height] of [
      [1440, 900],
      [390, 844],
    ]) {
      await page.viewport(width, height);
      await expect.poll(() => view()!.scrollWidth).toBeLessThanOrEqual(view()!.clientWidth);
      expect(await seriousViolations()).toEqual([]);
    }
  }
});

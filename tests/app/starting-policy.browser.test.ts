/** The policy that a run starts from, on the page: chosen in the settings, said beside Train, and asked of the worker. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Lab } from '../../src/app/lab-context';
import { mountApp } from '../../src/app/mount';
import { fetchPolicyFile } from '../../src/lab/policy-source';
import { presets } from '../../src/training/presets';
import { FakeWorker } from '../support/fake-worker';
import { FakeLab } from './fake-lab';

let container: HTMLElement;
let lab: FakeLab;
let mounted: Lab & { unmount(): void };

beforeEach(async () => {
  history.replaceState(null, '', '#preset=tiny');
  await page.viewport(1440, 900);
  container = document.body.appendChild(document.createElement('div'));
  mounted = mountApp(
    container,
    () => (lab = new FakeLab()),
    () => new FakeWorker(),
  );
  await expect.poll(() => Object.keys(mounted.store.getState().shipped)).toEqual(['nano']);
});

afterEach(() => {
  mounted.unmount();
  container.remove();
});

const said = () => container.querySelector<HTMLElement>('.starting-policy')?.innerText ?? '';
const choose = async (title: string) => {
  mounted.store.setState({ settingsOpen: true });
  await page.getByLabelText('Start from', { exact: true }).selectOptions(title);
};

test('a shipped policy is chosen, its architecture taken, and the worker told where it is', async () => {
  mounted.store.setState({ shipped: { nano: { config: presets.learn } } });
  expect(said()).toBe('');
  await choose('nano (shipped)');
  await expect.poll(said).toContain('Starts from nano');
  const card = container.querySelector<HTMLAnchorElement>('.starting-policy a')!;
  expect(card.href).toBe(new URL('policies/nano/README.md', document.baseURI).href);
  expect(said()).toContain("policy.patch_size is 16, and the policy's 8; set it to 8");
  await page.getByRole('button', { name: 'Take nano’s architecture' }).click();
  await expect.poll(said).not.toContain('set it to');

  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => container.innerText).toContain('starts from the policy nano');
  const start = lab.requests.find((request) => request.type === 'start')!;
  expect(start.policy).toBe(new URL('.', document.baseURI).href);
  expect(start.config.model_name_or_path).toBe('nano');
  expect(start.config.policy).toEqual(presets.learn.policy);
  expect(start.config.grpo).toEqual({
    ...presets.tiny.grpo,
    max_completion_length: presets.learn.grpo.max_completion_length,
  });
});

test('a policy that is not there is told by its folder, and fresh weights need none', async () => {
  const absent = fetchPolicyFile(document.baseURI, 'none', 'config.json');
  const problem = await absent.then(
    () => '',
    (error: Error) => error.message,
  );
  expect(problem).toContain('there is no policies/none/config.json. Put its files into public/policies/none/');
  mounted.store.setState({ shipped: { nano: { problem } } });
  await choose('nano (shipped)');
  await expect.poll(said).toContain('is not in this copy of the lab');
  await choose('fresh weights');
  await expect.poll(said).toBe('');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => lab.requests.find((request) => request.type === 'start')).toMatchObject({ policy: null });
});

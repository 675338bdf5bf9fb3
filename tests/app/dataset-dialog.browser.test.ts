/** The data-set dialog's randomization and videos, on doubles of the workers. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { mountApp } from '../../src/app/mount';
import type { DatasetEvent, DatasetRequest } from '../../src/lab/dataset/protocol';
import { FakeWorker } from '../support/fake-worker';
import { FakeLab, webgpu } from './fake-lab';

let worker: FakeWorker<DatasetRequest, DatasetEvent>;
let mounted: ReturnType<typeof mountApp>;
const container = document.createElement('div');
const Encoder = globalThis.VideoEncoder;

beforeEach(async () => {
  // The picker is the browser's own window, which no test can answer.
  Object.defineProperty(window, 'showSaveFilePicker', { value: undefined, configurable: true });
  await page.viewport(1440, 900);
  document.body.append(container);
});

afterEach(() => {
  mounted.unmount();
  container.remove();
  globalThis.VideoEncoder = Encoder;
});

async function openDialog() {
  worker = new FakeWorker();
  mounted = mountApp(
    container,
    () => new FakeLab(webgpu, []),
    () => worker,
  );
  await page.getByRole('button', { name: 'Make a data set' }).click();
  return page.getByRole('dialog');
}

test('what is typed and ticked is what is asked of the worker', async () => {
  const dialog = await openDialog();
  await dialog.getByText('Randomization').click();
  await dialog.getByRole('textbox', { name: 'Light' }).fill('3');
  await expect.element(dialog.getByRole('alert')).toHaveTextContent('light is [3, 3]; give [lowest, highest]');
  await dialog.getByRole('textbox', { name: 'Light' }).fill('0.5 to 1');
  await dialog.getByLabelText('Room type').selectOptions('office');
  const videos = dialog.getByRole('checkbox', { name: /^Videos/ });
  await expect.element(videos).toBeEnabled();
  await videos.click();
  await dialog.getByRole('button', { name: 'Make zip' }).click();
  expect(worker.requests[0]).toMatchObject({
    type: 'make',
    videos: true,
    plan: { randomization: { roomType: 'office', light: [0.5, 1] } },
  });
});

test('where the browser encodes no videos, none are offered, and the dialog says why', async () => {
  Reflect.deleteProperty(globalThis, 'VideoEncoder');
  const dialog = await openDialog();
  // A size of its own: answers are kept.
  await dialog.getByLabelText('Width').fill('250');
  const videos = dialog.getByRole('checkbox', { name: /^Videos This browser encodes no video of 250x256 pixels/ });
  await expect.element(videos).toBeDisabled();
  await dialog.getByRole('button', { name: 'Make zip' }).click();
  expect(worker.requests[0]).toMatchObject({ type: 'make', videos: false });
});

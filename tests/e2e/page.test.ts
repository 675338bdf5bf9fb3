/** The built page in a real Chromium, as a visitor meets it. */
import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUILT_FOLDER, serveBuiltLab } from '../../src/cli/built-lab';
import { CHROMIUM_ARGUMENTS, ensureChromium, SOFTWARE_ADAPTER } from '../../src/cli/chromium';
import { serveStatically } from './static-host';

let server: Awaited<ReturnType<typeof serveBuiltLab>>;
let browser: Browser;

function launch(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: ensureChromium(), args });
}

/** A page that fails the test on an uncaught error. */
async function open(from: Browser, address: string): Promise<{ page: Page; errors: string[] }> {
  const page = await from.newPage({ viewport: { width: 1440, height: 900 } });
  // A software adapter on a busy machine takes its time to start.
  page.setDefaultTimeout(120_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(address);
  return { page, errors };
}

/** Waits until a chart has so many points. */
async function awaitPoints(page: Page, metric: string, points: number): Promise<void> {
  await page.locator(`.chart[data-metric="${metric}"][data-points="${points}"]`).waitFor({ timeout: 280_000 });
}

beforeAll(async () => {
  server = await serveBuiltLab(() => undefined);
  browser = await launch(...CHROMIUM_ARGUMENTS, SOFTWARE_ADAPTER);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

test('a tiny policy trains 3 steps on WebGPU, and each chart has as many points', { timeout: 300_000 }, async () => {
  const { page, errors } = await open(browser, `${server.address}#preset=tiny`);
  await page.getByText('swiftshader').first().waitFor();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await awaitPoints(page, 'rewards/ednm/mean', 3);
  for (const metric of ['rewards/format/mean', 'kl', 'entropy', 'completions/mean_length', 'grad_norm', 'step_time']) {
    await awaitPoints(page, metric, 3);
  }
  await page.locator('[data-state="finished"]').waitFor();
  const budget = await page.getByText(/KiB of 64 KiB/).innerText();
  expect(Number.parseFloat(budget)).toBeGreaterThan(0);
  expect(Number.parseFloat(budget)).toBeLessThanOrEqual(64);
  // Two groups of four, each with image, question, truth, completion, rewards and advantage.
  expect(await page.locator('td.advantage').count()).toBe(8);

  // Its metrics can be taken away.
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  await page.getByRole('menuitem', { name: /metrics\.jsonl/i }).click();
  const lines = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(errors).toEqual([]);
  await page.close();
});

describe('without WebGPU', () => {
  test('the page says so, and the same run goes on WebAssembly', { timeout: 180_000 }, async () => {
    const plain = await launch('--no-sandbox', '--disable-features=WebGPU', '--no-first-run');
    const { page, errors } = await open(plain, `${server.address}#preset=tiny`);
    await page.getByText(/Running on WebAssembly: the same run, slower/).waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await awaitPoints(page, 'rewards/ednm/mean', 3);
    expect(errors).toEqual([]);
    await plain.close();
  });
});

test('a plain static host becomes cross-origin isolated too, under a sub-path', async () => {
  const host = await serveStatically(BUILT_FOLDER);
  const { page, errors } = await open(browser, `${host.address}lab/`);
  await page.waitForFunction(() => crossOriginIsolated);
  await page.getByText('swiftshader').first().waitFor();
  expect(errors).toEqual([]);
  await page.close();
  host.close();
});

test(
  'a lost device is told with the remedy, and the run goes on from its checkpoint',
  { timeout: 300_000 },
  async () => {
    const { page } = await open(browser, `${server.address}#preset=tiny&save_steps=1&cold_start.steps=0&grpo.steps=3`);
    await page.getByText('swiftshader').first().waitFor();
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    await awaitPoints(page, 'rewards/ednm/mean', 1);
    const devtools = await browser.newBrowserCDPSession();
    await devtools.send('Browser.crashGpuProcess');
    await page
      .getByRole('alert')
      .filter({ hasText: /device was lost/ })
      .waitFor();
    // The curve so far stays, and the stored run is offered.
    expect(
      Number(await page.locator('.chart[data-metric="rewards/ednm/mean"]').getAttribute('data-points')),
    ).toBeGreaterThan(0);
    await page.getByRole('button', { name: /resume/i }).click();
    await awaitPoints(page, 'rewards/ednm/mean', 3);
    await page.close();
  },
);

/**
 * Cross-origin isolation on a plain static host: a server that sends no special header, a browser, and the service
 * worker between them.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../../src/cli/chromium';

const PAGE = '<!doctype html><title>plain</title><script src="isolation.js"></script>';
const WORKER = 'postMessage([crossOriginIsolated, typeof SharedArrayBuffer])';

let browser: Browser;
let server: Server;
let address: string;
let pageLoads = 0;

beforeAll(async () => {
  const script = await readFile(new URL('../../public/isolation.js', import.meta.url));
  const files: Record<string, { type: string; body: string | Buffer }> = {
    '/lab/': { type: 'text/html', body: PAGE },
    '/lab/isolation.js': { type: 'text/javascript', body: script },
    '/lab/worker.js': { type: 'text/javascript', body: WORKER },
  };
  server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    if (request.url === '/lab/') pageLoads++;
    if (file) response.writeHead(200, { 'Content-Type': file.type }).end(file.body);
    else response.writeHead(404).end('nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  address = `http://localhost:${(server.address() as AddressInfo).port}/lab/`;
  browser = await chromium.launch({ executablePath: ensureChromium(), args: [...CHROMIUM_ARGUMENTS] });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

test('the page becomes isolated by one reload, workers too, and stays so', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(() => crossOriginIsolated);
  expect(pageLoads).toBe(2);

  const worker = await page.evaluate(
    () => new Promise((resolve) => (new Worker('worker.js').onmessage = ({ data }) => resolve(data))),
  );
  expect(worker).toEqual([true, 'function']);
  expect(await page.evaluate(async () => (await fetch('absent')).status)).toBe(404);

  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(pageLoads).toBe(3);
  await context.close();
});

test('without service workers the page is left as it is', async () => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  pageLoads = 0;
  await page.goto(address);
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect(pageLoads).toBe(1);
  await context.close();
});

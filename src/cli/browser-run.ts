/**
 * Runs in a headless Chromium: the lab is built, served on this machine and driven through its worker, so that a run on
 * the browser's backends is the page's own.
 */
import type { Browser, Page } from 'playwright-core';
import { decodeBytes, encodeBytes } from '../lab/json-bytes';
import type { LabEvent, Request } from '../lab/protocol';
import { type CheckpointFiles, POLICY_FILES } from '../training/checkpoint';
import type { RunConfig } from '../training/config';
import { serveBuiltLab } from './built-lab';
import { launchChromium } from './chromium';
import type { RunFollower } from './node-run';

const HEADLESS_PAGE = 'src/lab/headless.html';

/** A page that is not fully isolated has no threads; the preview server sends the headers. */
async function openPage(browser: Browser, address: string, onEvent: (event: LabEvent) => void): Promise<Page> {
  const page = await browser.newPage();
  await page.exposeFunction('parallaxEvent', (event: LabEvent) => onEvent(decodeBytes(event) as LabEvent));
  await page.goto(new URL(HEADLESS_PAGE, address).href);
  await page.waitForFunction(() => document.title === 'ready');
  return page;
}

/**
 * Runs `config` on a browser backend.
 * @param start files of the policy that it starts from; null for fresh weights.
 * @throws Error with the worker's message when the run fails; what was logged and saved until then is kept.
 */
export async function trainInBrowser(
  config: RunConfig,
  start: CheckpointFiles | null,
  backend: 'webgpu' | 'wasm',
  follower: RunFollower,
): Promise<void> {
  const policy = start && Object.fromEntries(Object.entries(start).filter(([name]) => isPolicyFile(name)));
  const server = await serveBuiltLab(follower.onDetail);
  const browser = await launchChromium(new URL(HEADLESS_PAGE, server.address).href, follower.onDetail);
  try {
    const { address } = server;
    await new Promise<void>((resolve, reject) => {
      const request = (message: Request) =>
        page.then((p) =>
          p.evaluate((json) => window.parallaxRequest(JSON.parse(json)), JSON.stringify(encodeBytes(message))),
        );
      let savesAwaited = 0;
      let finished = false;
      const onEvent = (event: LabEvent) => {
        switch (event.type) {
          case 'opened':
            follower.onDetail(`${event.description.runtime} on ${event.description.adapter}`);
            if (event.description.notice) follower.onDetail(event.description.notice);
            return void request({ type: 'start', config, resume: null, paused: false, policy }).catch(reject);
          case 'notes':
            return event.notes.forEach((note) => follower.onDetail(note));
          case 'metrics':
            return follower.onStep(event.phase, event.step, event.metrics);
          case 'curriculum':
            return follower.onCurriculum(event.step, event.cells);
          case 'status':
            if (event.status.state === 'preparing') follower.onDetail(event.status.detail);
            if (event.status.state === 'finished') finished = true;
            break;
          case 'saved':
            savesAwaited++;
            return void request({ type: 'save' }).catch(reject);
          case 'checkpoint':
            savesAwaited--;
            follower.onCheckpoint(event.files);
            break;
          case 'failed':
            return reject(new Error([event.message, event.remedy].filter(Boolean).join(' ')));
          default:
            return;
        }
        if (finished && savesAwaited === 0) resolve();
      };
      const page = openPage(browser, address, onEvent);
      page
        .then((p) => p.on('crash', () => reject(new Error('the browser page crashed; it may be out of memory'))))
        .catch(reject);
      request({ type: 'open', backend }).catch(reject);
    });
  } finally {
    await browser.close();
    await server.close();
  }
}

function isPolicyFile(name: string): boolean {
  return POLICY_FILES.some((file) => file === name);
}

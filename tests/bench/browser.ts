/**
 * The browser that the benchmark runs in: the bench page, built as the lab is and served with its headers, in one
 * Chromium, so that all sections have the same adapter.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { launchChromium } from '../../src/cli/chromium';
import type { BenchPage } from './page';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = 'tests/bench/page.html';

type Result<S extends keyof BenchPage> = Awaited<ReturnType<BenchPage[S]>>;

export interface BenchBrowser {
  /** The process that all the browser's others descend from. */
  readonly pid: number;
  /** Calls a section of the page, in a page of its own. */
  call<S extends keyof BenchPage>(section: S, ...args: Parameters<BenchPage[S]>): Promise<Result<S>>;
  close(): Promise<void>;
}

/** Builds the page and opens the browser. @param onDetail told what is going on, for people. */
export async function openBrowser(onDetail: (detail: string) => void): Promise<BenchBrowser> {
  const outDir = mkdtempSync(join(tmpdir(), 'parallax-bench-'));
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
  onDetail('building the bench page');
  await build({
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: PAGE } },
  });
  const server = await preview({ root: ROOT, logLevel: 'silent', build: { outDir }, preview: { port: 0 } });
  const address = new URL(PAGE, server.resolvedUrls!.local[0]).href;
  const browser = await launchChromium(address, onDetail);
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const main = processInfo.find(({ type }) => type === 'browser');
  if (main === undefined) throw new Error('Chromium names no process of type "browser"');
  return {
    pid: main.id,
    async call<S extends keyof BenchPage>(section: S, ...args: Parameters<BenchPage[S]>): Promise<Result<S>> {
      const page = await browser.newPage();
      const crash = new Promise<never>((_, reject) =>
        page.on('crash', () => reject(new Error(`the page crashed in "${section}"; it may be out of memory`))),
      );
      await page.goto(address);
      await page.waitForFunction(() => document.title === 'ready');
      const called = page.evaluate(
        ([name, json]) => Reflect.apply(window.bench[name as keyof BenchPage], null, JSON.parse(json)),
        [section, JSON.stringify(args)],
      );
      const result = await Promise.race([called, crash]);
      await page.close();
      return result as Result<S>;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/**
 * Finds the Chromium that runs the lab without a window: for the command line's browser backends and for the tests.
 *
 * A browser that is installed wins. Where there is none, Debian's package is installed if apt is there and we may use
 * it, else Playwright downloads its own build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPLICATION = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Flags that give a headless Chromium WebGPU in software, and keep it off the network. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan,WebAssemblyJSPromiseIntegration',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** The extra flag that selects SwiftShader, Chromium's software Vulkan driver, where there is no GPU. */
export const SOFTWARE_ADAPTER = '--use-webgpu-adapter=swiftshader';

/** Path of an installed Chromium, or undefined. `PARALLAX_CHROMIUM` overrides the search. */
function installedChromium(): string | undefined {
  const named = process.env.PARALLAX_CHROMIUM;
  if (named) {
    if (!existsSync(named))
      throw new Error(
        `PARALLAX_CHROMIUM names ${named}, where there is no file; unset it or name a Chromium executable.`,
      );
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    MAC_APPLICATION,
    chromium.executablePath(),
  ];
  return candidates.find((path) => path !== '' && existsSync(path));
}

/**
 * Path of a Chromium, installing one where there is none.
 * @throws Error that lists what was tried when no browser could be had.
 */
export function ensureChromium(): string {
  const found = installedChromium();
  if (found) return found;
  const attempts: [string, string[]][] = [];
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    attempts.push(['apt-get', ['update']], ['apt-get', ['install', '-y', '--no-install-recommends', 'chromium']]);
  }
  attempts.push(['npx', ['playwright', 'install', 'chromium']]);
  for (const [command, args] of attempts) {
    console.error(`No Chromium found: running ${command} ${args.join(' ')}`);
    spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const installed = installedChromium();
    if (installed) return installed;
  }
  throw new Error(
    'No Chromium is installed, and neither apt-get nor Playwright could install one. Install Chrome or Chromium, or set PARALLAX_CHROMIUM to its path.',
  );
}

/**
 * A Chromium with WebGPU: on the machine's GPU where there is one, else on SwiftShader, which is said.
 * @param page address of any page on this machine: WebGPU is there in secure contexts only, to which localhost belongs.
 */
export async function launchChromium(page: string, onDetail: (detail: string) => void): Promise<Browser> {
  const executablePath = ensureChromium();
  const hardware = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
  const probe = await hardware.newPage();
  await probe.goto(page);
  const hasAdapter = await probe.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
  await probe.close();
  if (hasAdapter) return hardware;
  await hardware.close();
  onDetail('no GPU found: WebGPU runs on SwiftShader, in software');
  return chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS, SOFTWARE_ADAPTER] });
}

/**
 * The built lab, served on this machine: what the command line's browser backends and the end-to-end tests open.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where the build goes. */
export const BUILT_FOLDER = join(ROOT, 'dist');

/** Builds the lab unless what is in dist/ is newer than every source. */
async function ensureBuilt(onDetail: (detail: string) => void): Promise<void> {
  const built = join(BUILT_FOLDER, 'index.html');
  const files = ['index.html', 'package-lock.json', 'vite.config.ts'];
  for (const folder of ['src', 'shaders', 'public']) {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    files.push(...names.map((name) => join(folder, name)));
  }
  const newest = Math.max(...files.map((file) => statSync(join(ROOT, file)).mtimeMs));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  onDetail('building the lab');
  await build({ root: ROOT, logLevel: 'warn' });
}

/** Builds where needed and serves on a free port, with the headers of cross-origin isolation. */
export async function serveBuiltLab(onDetail: (detail: string) => void) {
  await ensureBuilt(onDetail);
  const server = await preview({ root: ROOT, logLevel: 'silent', preview: { port: 0, strictPort: false } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('the preview server has no address');
  return { address, close: () => server.close() };
}

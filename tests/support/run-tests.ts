/**
 * Runs the tests, or those of the files named on the command line. Headless Chromium, on a GPU in software, dies now and
 * then or never answers, and takes the test files with it that it had not run yet. Those, and only those, run once more in a new one, and
 * that is said; a test that fails has failed.
 */
import { startVitest, type Vitest } from 'vitest/node';

const LOST = ['Browser connection was closed', 'Failed to connect to the browser session'];

/** Files of the browser project that have no outcome, in the order in which they are asked for. */
async function unfinished(vitest: Vitest): Promise<string[]> {
  const done = new Set(
    vitest.state
      .getTestModules()
      .filter((module) => ['passed', 'failed', 'skipped'].includes(module.state()))
      .map((module) => `${module.project.name} ${module.moduleId}`),
  );
  const all = await vitest.globTestSpecifications(process.argv.slice(2));
  return all
    .filter(({ project, moduleId }) => project.name.startsWith('browser') && !done.has(`${project.name} ${moduleId}`))
    .map(({ moduleId }) => moduleId);
}

const vitest = await startVitest('test', process.argv.slice(2), { watch: false });
const errors = vitest.state.getUnhandledErrors() as readonly { message?: string; cause?: { message?: string } }[];
const crashed =
  errors.length > 0 &&
  errors.every(({ message, cause }) => LOST.some((lost) => `${message} ${cause?.message}`.includes(lost)));
const failed = vitest.state.getCountOfFailedTests() > 0;
const again = crashed && !failed ? await unfinished(vitest) : [];
await vitest.close();
if (again.length > 0) {
  console.error(
    `\nChromium was lost. These ${again.length} files run once more in a new one:\n  ${again.join('\n  ')}`,
  );
  process.exitCode = 0;
  const second = await startVitest('test', again, { watch: false, project: ['browser'] });
  await second.close();
}

/**
 * Scenes made by several processes at once. A process is this program again with --part: it makes every n-th scene that
 * is still missing. Scenes do not depend on each other, so that the files are the same whoever makes them.
 */
import { endOf, startProcess } from './this-program';

/** What a process tells the one that started it. */
export type WorkerMessage = { readonly kind: 'scene' } | { readonly kind: 'failed'; readonly message: string };

/**
 * Runs `synthesize` with `args` in `count` processes until all scenes are there; `onScene` hears of each.
 * Throws an Error with the message of the first process that fails, after the others have been stopped.
 */
export async function synthesizeInWorkers(args: readonly string[], count: number, onScene: () => void): Promise<void> {
  const workers = Array.from({ length: count }, (_, part) =>
    startProcess(['synthesize', ...args, '--resume', '--part', `${part}/${count}`]),
  );
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            worker.on('message', (message: WorkerMessage) => {
              if (message.kind === 'scene') onScene();
              else reject(new Error(message.message));
            });
            worker.on('error', reject);
            worker.on('exit', (code) => {
              if (code === 0) resolve();
              else reject(new Error(`a worker ended with ${endOf(worker)}; --resume goes on`));
            });
          }),
      ),
    );
  } finally {
    for (const worker of workers) worker.kill();
  }
}

/** Tells the process that started this one. Ends this process when that one is gone. */
export function tellParent(message: WorkerMessage): void {
  if (!process.connected) process.exit(1);
  process.send?.(message);
}

/** This program once more: other processes that do a part of a command's work. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process of this program is started with, before the command's name. */
const PROGRAM = [
  process.execPath,
  ...process.execArgv,
  process.argv[1],
  fileURLToPath(new URL('main.ts', import.meta.url)),
  '--',
];

/**
 * Starts another process, which can be sent messages and shares the terminal for its errors.
 * @param args the command's name and its flags. @param options.told whether what it prints is shown.
 * @param options.program instead of this one.
 */
export function startProcess(
  args: readonly string[],
  { told = false, program = PROGRAM }: { readonly told?: boolean; readonly program?: readonly string[] } = {},
): ChildProcess {
  const [node, ...rest] = [...program, ...args];
  return spawn(node, rest, { stdio: ['ignore', told ? 'inherit' : 'ignore', 'inherit', 'ipc'] });
}

/** How a process ended, for people. */
export function endOf({ exitCode, signalCode }: ChildProcess): string {
  return signalCode ?? `exit code ${exitCode}`;
}

/** Ends this process when the one that started it is gone. Returns whether there is one. */
export function endWithParent(): boolean {
  process.on('disconnect', () => process.exit(1));
  return process.connected ?? false;
}

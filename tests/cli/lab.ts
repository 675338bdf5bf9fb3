/** Runs the command line as a user does, in a process of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function lab(...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'lab', '--', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A fresh folder for a test's files. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'parallax-'));
}

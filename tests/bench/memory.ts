/** How much memory processes hold, as Linux tells it. */
import { readFileSync } from 'node:fs';

/** Memory that a process and all its descendants hold, MiB; NaN where the system does not tell. */
export function residentMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    return children
      .split(' ')
      .filter(Boolean)
      .map(Number)
      .reduce((sum, child) => sum + residentMemory(child), own);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
    if (!gone) throw error;
    return process.platform === 'linux' ? 0 : NaN;
  }
}

/**
 * Files that the page hands out.
 */
import type { MetricPoint } from './store';

/** Saves bytes under a name, through the browser's downloads. */
export function downloadBytes(fileName: string, data: Uint8Array, type: string): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(data)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The download has its own hold on the blob by the next task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** The metrics of a run as JSON lines, a line a step: the phase, the step, then TRL's names. */
export function metricsLines(points: readonly MetricPoint[]): string {
  return points.map(({ phase, step, metrics }) => `${JSON.stringify({ phase, step, ...metrics })}\n`).join('');
}

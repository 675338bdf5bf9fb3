/** How answers lie: errors against truths, and the rewards' histogram. */
import { EDNM, type ResultSample } from './evaluation';

/** A numeric answer: the truth, and by how much the answer misses it, in the task's unit. */
export interface ErrorPoint {
  readonly id: string;
  readonly truth: number;
  readonly error: number;
}

/** The tasks with numeric truths, in order of appearance. */
export function numericTasks(samples: readonly ResultSample[]): string[] {
  return [...new Set(samples.filter(({ truthNumber }) => truthNumber !== null).map(({ task }) => task))];
}

/** The points of a task; answers that are no numbers have none. */
export function errorPoints(samples: readonly ResultSample[], task: string): ErrorPoint[] {
  return samples.flatMap(({ id, task: own, truthNumber, answerNumber }) =>
    own === task && truthNumber !== null && answerNumber !== null
      ? [{ id, truth: truthNumber, error: answerNumber - truthNumber }]
      : [],
  );
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const BINS = 10;

/** EDNM of each numeric sample in ten bins from 0 to its maximum; the last one holds its upper end. */
export function rewardHistogram(samples: readonly ResultSample[]): Bin[] {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const { ednm } of samples) {
    if (ednm !== null) counts[Math.min(BINS - 1, Math.floor((ednm / EDNM.gamma) * BINS))]++;
  }
  return counts.map((count, bin) => ({
    from: (bin * EDNM.gamma) / BINS,
    to: ((bin + 1) * EDNM.gamma) / BINS,
    count,
  }));
}

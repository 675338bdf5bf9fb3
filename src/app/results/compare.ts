/** Two evaluations of the same questions, sample by sample. */
import type { EvaluationResults } from '../../evaluation/evaluation';
import type { ResultSample } from './evaluation';

/** Why two evaluations cannot be compared, with the remedy, or null where they can. */
export function comparisonProblem(first: EvaluationResults, second: EvaluationResults): string | null {
  if (first.fingerprint !== second.fingerprint) {
    return 'They were asked different questions: evaluate both on the same suite.';
  }
  if (first.mode !== second.mode) return 'Their answers were read in different modes: evaluate both in the same.';
  return null;
}

export interface ChangedSample {
  readonly id: string;
  readonly task: string;
  /** In the evaluation on show, and in the one that it is compared with. */
  readonly shown: ResultSample;
  readonly other: ResultSample;
}

export interface Comparison {
  /** Samples that score more in the evaluation on show, most gained first; and less, most lost first. */
  readonly better: readonly ChangedSample[];
  readonly worse: readonly ChangedSample[];
  /** Answered differently, for the same score. */
  readonly reworded: number;
  readonly same: number;
  /** Samples that only one of the two has. */
  readonly unmatched: number;
}

export function compareSamples(shown: readonly ResultSample[], other: readonly ResultSample[]): Comparison {
  const key = ({ benchmark, id }: ResultSample) => JSON.stringify([benchmark, id]);
  const others = new Map(other.map((sample) => [key(sample), sample]));
  const pairs = shown.flatMap((sample): ChangedSample[] => {
    const match = others.get(key(sample));
    return match ? [{ id: sample.id, task: sample.task, shown: sample, other: match }] : [];
  });
  const gain = (pair: ChangedSample) => pair.shown.score - pair.other.score;
  const level = pairs.filter((pair) => gain(pair) === 0);
  const reworded = level.filter((pair) => pair.shown.prediction !== pair.other.prediction).length;
  return {
    better: pairs.filter((pair) => gain(pair) > 0).sort((a, b) => gain(b) - gain(a)),
    worse: pairs.filter((pair) => gain(pair) < 0).sort((a, b) => gain(a) - gain(b)),
    reworded,
    same: level.length - reworded,
    unmatched: shown.length + other.length - 2 * pairs.length,
  };
}

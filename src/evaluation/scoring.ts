/**
 * Answers to scores: each answer's own, the benchmark's figures with their intervals, and what to know about them.
 */
import { bootstrapIntervals, cellsOf, type Interval } from './metrics/bootstrap';
import type { Answer, Benchmark, Figures, Mode } from './metrics/benchmark';
import { pythonFloat } from './parsers/python-text';

/** What `score` writes. Scores and figures run from 0 to 1. */
export interface ScoreReport {
  readonly suite: string;
  readonly mode: Mode;
  /** Number of answers scored. */
  readonly n: number;
  /** Of these, answers that the model did not give. They score 0. */
  readonly unanswered: number;
  readonly overall: number | null;
  readonly by_task: Readonly<Record<string, number>>;
  /** Further ways of averaging: CV-Bench's `official` and `micro`. */
  readonly others: Readonly<Record<string, number | null>>;
  readonly n_by_task: Readonly<Record<string, number>>;
  /** Bootstrap 95 % intervals: of `overall`, and of each task and further figure by name. */
  readonly intervals: Readonly<Record<string, Interval>>;
  /** What the bootstrap resampled: so many scenes, or answers where their scenes are not known. */
  readonly clusters: number;
  readonly notes: readonly string[];
  readonly samples: readonly ScoredSample[];
}

interface ScoredSample {
  readonly id: string | number;
  readonly task: string;
  readonly ground_truth: string;
  readonly prediction: string | null;
  readonly score: number;
}

/** Scores answers that `benchmark.problem` has nothing against. */
export function scoreAnswers(benchmark: Benchmark, answers: readonly Answer[], mode: Mode): ScoreReport {
  const scored = answers.map((answer) => ({ ...answer, score: benchmark.score(answer, mode) }));
  const { overall, byTask, others } = benchmark.figures(cellsOf(scored), mode);
  const { intervals, clusters } = bootstrapIntervals(scored, (cells) => {
    const drawn = benchmark.figures(cells, mode);
    // A draw that lacks one of CV-Bench's dimensions has no official score: its overall is another kind of average.
    const another = mode === 'vsi' && others.official !== null && drawn.others.official === null;
    return { overall: another ? null : drawn.overall, ...drawn.byTask, ...drawn.others };
  });
  const counts = new Map<string, number>();
  for (const { task } of answers) counts.set(task, (counts.get(task) ?? 0) + 1);
  return {
    suite: benchmark.name,
    mode,
    n: answers.length,
    unanswered: answers.filter(({ prediction }) => prediction === null).length,
    overall,
    by_task: byTask,
    others,
    n_by_task: Object.fromEntries(counts),
    intervals,
    clusters,
    notes: notes(benchmark, answers, others, mode),
    samples: scored.map(({ id, task, groundTruth, prediction, score }) => ({
      id,
      task,
      ground_truth: groundTruth,
      prediction,
      score,
    })),
  };
}

function notes(benchmark: Benchmark, answers: readonly Answer[], others: Figures['others'], mode: Mode): string[] {
  const zeros = answers.filter((answer) => {
    const { groundTruth } = answer;
    return pythonFloat(groundTruth) === 0 && benchmark.score({ ...answer, prediction: groundTruth }, mode) === 0;
  }).length;
  const sceneless = answers.filter(({ scene }) => scene === null).length;
  return [
    ...(zeros > 0 ? [`${zeros} truths are 0: relative accuracy is not defined there, and scores 0.`] : []),
    ...(sceneless > 0 ? [`${sceneless} answers name no scene: the intervals take each for independent.`] : []),
    ...(others.official === null
      ? ['The official score takes the source of every question and both dimensions; overall is micro accuracy.']
      : []),
  ];
}

/**
 * What a benchmark's metric is: how one answer is scored, and how the scores become the figures that are published.
 */

/** An answered question. */
export interface Answer {
  /** As its file gives it. */
  readonly id: string | number;
  /** The benchmark's `question_type` or `task`. */
  readonly task: string;
  readonly groundTruth: string;
  /** What the model said; null where it gave no answer, which scores 0. */
  readonly prediction: string | null;
  readonly options: readonly string[] | null;
  /** CV-Bench's `source`: the data set that the image is from. */
  readonly source: string | null;
  /** Questions about one scene are not independent: intervals resample whole scenes. Null where it is not known. */
  readonly scene: string | null;
}

/** Mean score of the answers of a task and a source. */
export interface Cell {
  readonly task: string;
  readonly source: string | null;
  readonly mean: number;
  readonly count: number;
}

export interface Figures {
  /** Null where there is nothing to average. */
  readonly overall: number | null;
  readonly byTask: Readonly<Record<string, number>>;
  /** Further ways of averaging, by name; null where the data do not allow one. */
  readonly others: Readonly<Record<string, number | null>>;
}

/** `vsi`: the benchmarks' own code. `lmms-eval`: that harness's later releases. */
export const MODES = ['vsi', 'lmms-eval'] as const;
export type Mode = (typeof MODES)[number];

export interface Benchmark {
  /** Name on the command line. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Why no answer to this question could be scored, with the remedy, or null where it can. */
  problem(answer: Omit<Answer, 'prediction'>): string | null;
  /** Score of an answer, 0 to 1. */
  score(answer: Answer, mode: Mode): number;
  /** Averages of cells that hold each at least one answer. */
  figures(cells: readonly Cell[], mode: Mode): Figures;
}

export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean score of each task over all its answers, whatever their sources. */
export function taskMeans(cells: readonly Cell[]): Record<string, number> {
  const tasks = [...new Set(cells.map(({ task }) => task))];
  return Object.fromEntries(tasks.map((task) => [task, microMean(cells.filter((cell) => cell.task === task))!]));
}

/** Mean score of all answers. */
export function microMean(cells: readonly Cell[]): number | null {
  const count = cells.reduce((sum, cell) => sum + cell.count, 0);
  return count === 0 ? null : cells.reduce((sum, cell) => sum + cell.mean * cell.count, 0) / count;
}

/**
 * The tables and bars of evaluations: measured rows, their baselines, and the published rows. What was measured on
 * synthetic questions never stands in a table with what was measured on real ones.
 */
import type { BenchmarkResult, EvaluationResults } from '../../evaluation/evaluation';
import type { Interval } from '../../evaluation/metrics/bootstrap';
import { published } from '../../evaluation/published';
import { blindName } from '../../evaluation/report';
import type { ScoreReport } from '../../evaluation/scoring';
import { taskTitle } from '../tasks';

/** Percent, with its 95 % interval where there is one. */
export interface Figure {
  readonly value: number;
  readonly interval: Interval | null;
}

interface FigureRow {
  readonly name: string;
  readonly mark: 'measured here' | 'published';
  readonly baseline: boolean;
  readonly overall: Figure | null;
  /** In the order of the columns. */
  readonly figures: readonly (Figure | null)[];
}

export interface FigureTable {
  readonly title: string;
  readonly columns: readonly { readonly task: string; readonly title: string }[];
  readonly rows: readonly FigureRow[];
}

/** Names of the benchmarks that the evaluations were scored by, in order. */
export function benchmarksOf(evaluations: readonly EvaluationResults[]): string[] {
  return [...new Set(evaluations.flatMap(({ benchmarks }) => benchmarks.map(({ benchmark }) => benchmark)))];
}

/**
 * The tables of one benchmark. Evaluations on real questions share theirs with the published rows; those on synthetic
 * ones have their own, and the published rows stand apart.
 */
export function figureTables(benchmark: string, evaluations: readonly EvaluationResults[]): FigureTable[] {
  const table = published[benchmark];
  const publishedRows = (table?.rows ?? []).map(({ model, origin, average, figures }): FigureRow => ({
    name: model,
    mark: origin,
    baseline: false,
    overall: { value: average, interval: null },
    figures: figures.map((value) => ({ value, interval: null })),
  }));
  const parts = (['real', 'synthetic'] as const).flatMap((origin): FigureTable[] => {
    const own = evaluations.filter((evaluation) => evaluation.origin === origin && resultOf(evaluation, benchmark));
    if (own.length === 0) return [];
    const title = resultOf(own[0], benchmark)!.title;
    const tasks = own.flatMap((evaluation) => Object.keys(resultOf(evaluation, benchmark)!.chance.byTask));
    const real = origin === 'real';
    // All published columns beside real figures; beside synthetic ones those that were asked, in the published order.
    const known = (table?.columns ?? []).filter(({ task }) => real || tasks.includes(task));
    const further = [...new Set(tasks)].filter((task) => !known.some((column) => column.task === task));
    const columns = [...known, ...further.map((task) => ({ task, title: taskTitle(task) }))];
    const measured = distinctRows(own.flatMap((evaluation) => measuredRows(evaluation, benchmark, columns)));
    const padded = publishedRows.map((row) => ({ ...row, figures: columns.map((_, at) => row.figures[at] ?? null) }));
    return [
      {
        title: real ? title : `${title}, synthetic questions`,
        columns,
        rows: real ? [...measured, ...padded] : measured,
      },
    ];
  });
  const apart =
    table && !evaluations.some((evaluation) => evaluation.origin === 'real' && resultOf(evaluation, benchmark));
  return apart
    ? [...parts, { title: `Published on the real ${table.title}`, columns: table.columns, rows: publishedRows }]
    : parts;
}

/** The rows, each baseline once that two evaluations of the same questions share. */
function distinctRows(rows: readonly FigureRow[]): FigureRow[] {
  const shared = new Map(rows.map((row) => [JSON.stringify(row), row]));
  return rows.filter((row) => !row.baseline || shared.get(JSON.stringify(row)) === row);
}

function resultOf(evaluation: EvaluationResults, benchmark: string): BenchmarkResult | undefined {
  return evaluation.benchmarks.find((result) => result.benchmark === benchmark);
}

function measuredRows(evaluation: EvaluationResults, benchmark: string, columns: FigureTable['columns']): FigureRow[] {
  const result = resultOf(evaluation, benchmark)!;
  const { model, blank, text_only, blind, chance } = result;
  const { policy } = evaluation;
  const row = (
    name: string,
    baseline: boolean,
    overall: number | null,
    byTask: Readonly<Record<string, number>>,
    intervals: ScoreReport['intervals'],
  ): FigureRow => ({
    name,
    mark: 'measured here',
    baseline,
    overall: figure(overall, intervals.overall),
    figures: columns.map(({ task }) => figure(byTask[task], intervals[task])),
  });
  const report = (name: string, baseline: boolean, { overall, by_task, intervals }: ScoreReport) =>
    row(name, baseline, overall, by_task, intervals);
  return [
    report(policy, false, model),
    ...(blank ? [report(`${policy}, blank images`, true, blank)] : []),
    ...(text_only ? [report(`${policy}, text only`, true, text_only)] : []),
    ...(blind ? [row(blindName(result), true, blind.overall, blind.byTask, {})] : []),
    row('Chance', true, chance.overall, chance.byTask, {}),
  ];
}

function figure(share: number | null | undefined, interval: Interval | undefined): Figure | null {
  if (share === null || share === undefined) return null;
  return { value: 100 * share, interval: interval ? [100 * interval[0], 100 * interval[1]] : null };
}

/** A figure as it reads: one decimal; '–' where there is none. */
export function figureText(value: Figure | null): string {
  return value === null ? '–' : value.value.toFixed(1);
}

/** Its interval; '' where there is none. */
export function intervalText(value: Figure | null): string {
  return value?.interval ? `${value.interval[0].toFixed(1)}–${value.interval[1].toFixed(1)}` : '';
}

/** A task's bars: a figure an evaluation, in their order, and chance. */
export interface TaskBars {
  readonly task: string;
  readonly title: string;
  readonly figures: readonly (Figure | null)[];
  readonly chance: number | null;
}

/** Bars of one benchmark, a group a task. */
export function taskBars(benchmark: string, evaluations: readonly EvaluationResults[]): TaskBars[] {
  const results = evaluations.map((evaluation) => resultOf(evaluation, benchmark));
  const columns = published[benchmark]?.columns ?? [];
  const measured = new Set(results.flatMap((result) => Object.keys(result?.model.by_task ?? {})));
  // In the published order, then the further ones.
  const known = columns.map(({ task }) => task).filter((task) => measured.has(task));
  return [...new Set([...known, ...measured])].map((task) => ({
    task,
    title: columns.find((column) => column.task === task)?.title ?? taskTitle(task),
    figures: results.map((result) =>
      result ? figure(result.model.by_task[task], result.model.intervals[task]) : null,
    ),
    chance: figure(results.find((result) => result)?.chance.byTask[task], undefined)?.value ?? null,
  }));
}

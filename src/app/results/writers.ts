/** Evaluations as texts: CSV for spreadsheets, JSON as `lab evaluate` writes it, and Markdown. */
import type { EvaluationFiles } from '../../lab/evaluation-protocol';
import { markdownTable, reportMarkdown } from '../../evaluation/report';
import { type Comparison, type ChangedSample } from './compare';
import { evaluationName, type ResultSample } from './evaluation';
import type { FigureTable } from './figures';

type Cell = string | number | null;

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/**
 * Rows as CSV (RFC 4180), with a line feed after the carriage return of each. A text that a spreadsheet would take for a
 * formula gets an apostrophe before it (OWASP, CSV injection): completions are not ours.
 */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r\n]/.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The tables of figures, a row a figure. */
export function figuresCsv(tables: readonly FigureTable[]): string {
  return csv([
    ['table', 'row', 'origin', 'baseline', 'task', 'percent', 'low', 'high'],
    ...tables.flatMap(({ title, columns, rows }) =>
      rows.flatMap(({ name, mark, baseline, overall, figures }) =>
        [
          { task: 'overall', figure: overall },
          ...columns.map(({ task }, at) => ({ task, figure: figures[at] })),
        ].flatMap(({ task, figure }) =>
          figure
            ? [[title, name, mark, String(baseline), task, figure.value, ...(figure.interval ?? [null, null])]]
            : [],
        ),
      ),
    ),
  ]);
}

/** The samples of evaluations, a row each. */
export function samplesCsv(
  evaluations: readonly { readonly name: string; readonly samples: readonly ResultSample[] }[],
): string {
  return csv([
    [
      'evaluation',
      'benchmark',
      'id',
      'task',
      'question',
      'ground_truth',
      'prediction',
      'score',
      'ednm',
      'completion',
      'error',
    ],
    ...evaluations.flatMap(({ name, samples }) =>
      samples.map(({ benchmark, id, task, sample, truth, prediction, score, ednm, completion, error }) => [
        name,
        benchmark,
        id,
        task,
        sample?.question ?? null,
        truth,
        prediction,
        score,
        ednm,
        completion,
        error,
      ]),
    ),
  ]);
}

/** results.json as `lab evaluate` writes it: this page opens it again. */
export function resultsJson({ results }: EvaluationFiles): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}

/** predictions.jsonl as `lab evaluate` writes it. */
export function predictionsJsonl({ predictions }: EvaluationFiles): string {
  return predictions.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Changed samples listed one by one up to so many of each kind. */
const LISTED = 20;

/** The report of `lab evaluate`; of two evaluations, both and what changed. */
export function markdown(
  shown: EvaluationFiles,
  compared: { readonly other: EvaluationFiles; readonly comparison: Comparison } | null,
): string {
  const report = reportMarkdown(shown.results);
  if (!compared) return report;
  const { other, comparison } = compared;
  const { better, worse, reworded, same } = comparison;
  const list = (title: string, changed: readonly ChangedSample[]) =>
    changed.length === 0
      ? ''
      : `\n### ${title}\n\n${changedTable(changed.slice(0, LISTED))}\n${changed.length > LISTED ? `\nand ${changed.length - LISTED} more.\n` : ''}`;
  return `${report}
${reportMarkdown(other.results)}
## From ${markdownCell(evaluationName(other))} to ${markdownCell(evaluationName(shown))}

${better.length} samples score more, ${worse.length} less; ${reworded} are answered differently for the same score, ${same} the same.
${list('Score more', better)}${list('Score less', worse)}`;
}

function changedTable(changed: readonly ChangedSample[]): string {
  const head = ['id', 'task', 'truth', 'before', 'after', 'score before', 'score after'];
  const rows = changed.map((pair) => changedCells(pair).map(markdownCell));
  return markdownTable(head, rows, 5);
}

function changedCells({ id, task, shown, other }: ChangedSample): string[] {
  return [
    id,
    task,
    shown.truth,
    other.prediction ?? '–',
    shown.prediction ?? '–',
    other.score.toFixed(2),
    shown.score.toFixed(2),
  ];
}

/** A text inside a cell of a Markdown table: on one line, and as it is written. */
function markdownCell(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
}

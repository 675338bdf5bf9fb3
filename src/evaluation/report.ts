/** An evaluation's results as a Markdown page: what was measured, its baselines, and the published rows. */
import type { BenchmarkResult, EvaluationResults, SeenFrames } from './evaluation';
import type { Interval } from './metrics/bootstrap';
import { published, type PublishedTable } from './published';
import type { ScoreReport } from './scoring';

/** Failures listed one by one up to so many. */
const LISTED = 20;

export function reportMarkdown(results: EvaluationResults): string {
  const { policy, suite, mode, fingerprint, questions, not_asked, stopped, failures, frames, origin } = results;
  const incomplete =
    not_asked > 0
      ? `\n**Incomplete: ${not_asked} of ${questions} questions were not asked**${stopped ? ` (${stopped})` : ''}. The same command goes on.\n`
      : '';
  return `# ${policy} on ${suite}

${questions} questions, fingerprint \`${fingerprint}\`: figures compare where it is the same. Answers are read in mode
\`${mode}\`. Percent, with bootstrap 95 % intervals${origin === 'synthetic' ? ', measured on synthetic questions' : ''}.
${frames.map((seen) => `${seenFramesSentence(seen)}\n`).join('')}${incomplete}
${results.benchmarks.map((result) => section(result, results)).join('\n')}${failureList(failures)}`;
}

/** Which frames of videos the model saw. */
export function seenFramesSentence({ of, shown, questions }: SeenFrames): string {
  const which = shown.length === of ? 'all' : shown.length === 1 ? `number ${shown[0]}` : `numbers ${shown.join(', ')}`;
  return `Questions about ${of} frames (${questions}): the model was shown ${which}.`;
}

/** What a table calls the guesser who sees no image. */
export function blindName({ blind_fitted }: Pick<BenchmarkResult, 'blind_fitted'>): string {
  return blind_fitted ? 'Best constant, answers known' : 'Best blind guess';
}

function section(result: BenchmarkResult, { policy, origin }: EvaluationResults): string {
  const { title, model, blank, text_only, blind, chance } = result;
  const table = published[result.benchmark];
  const columns = (table?.columns ?? []).map(({ task }) => task).filter((task) => task in chance.byTask);
  const tasks = [...new Set([...columns, ...Object.keys(chance.byTask)])];
  const plain = (name: string, figures: BenchmarkResult['blind']) =>
    figures
      ? [[name, 'baseline', percent(figures.overall), ...tasks.map((task) => percent(figures.byTask[task]))]]
      : [];
  const measured = (name: string, kind: string, report: ScoreReport) => [
    name,
    kind,
    ranged(report.overall, report.intervals.overall),
    ...tasks.map((task) => ranged(report.by_task[task], report.intervals[task])),
  ];
  const rows = [
    measured(policy, 'measured', model),
    ...(blank ? [measured(`${policy}, blank images`, 'baseline, measured', blank)] : []),
    ...(text_only ? [measured(`${policy}, text only`, 'baseline, measured', text_only)] : []),
    ...plain(blindName(result), blind),
    ...plain('Chance', chance),
  ];
  const others = Object.entries(model.others).flatMap(([name, figure]) =>
    figure === null ? [] : [`${name} ${percent(figure)}`],
  );
  const remarks = [
    `${model.n} answers scored, ${model.unanswered} of them not given.`,
    ...(others.length > 0 ? [`Averages: ${others.join(', ')}.`] : []),
    ...(result.blind_fitted
      ? ['The suite has no training split: the best constant was chosen with the answers known.']
      : []),
    ...model.notes,
  ];
  return `## ${title}${origin === 'synthetic' ? ', synthetic' : ''}

${markdownTable(['', '', 'overall', ...tasks], rows)}

${remarks.join(' ')}
${table ? `\n${publishedSection(table, origin)}\n` : ''}`;
}

function publishedSection({ title, columns, rows }: PublishedTable, origin: EvaluationResults['origin']): string {
  const warning = origin === 'synthetic' ? ' Not comparable with figures on synthetic questions.' : '';
  const lines = rows.map(({ model, origin: kind, average, figures }) => [
    model,
    kind,
    ...[average, ...figures].map((figure) => figure.toFixed(1)),
  ]);
  const head = ['', '', 'average', ...columns.map((column) => column.title)];
  return `### Published on the real ${title}\n\nFrom the M2-Reasoning project.${warning}\n\n${markdownTable(head, lines)}`;
}

function failureList(failures: EvaluationResults['failures']): string {
  if (failures.length === 0) return '';
  const lines = failures.slice(0, LISTED).map(({ id, error }) => `- \`${id}\`: ${error}`);
  const more = failures.length > LISTED ? [`- and ${failures.length - LISTED} more, in results.json`] : [];
  return `\n## Questions without an answer\n\n${[...lines, ...more].join('\n')}\n`;
}

function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : (100 * share).toFixed(1);
}

function ranged(share: number | null | undefined, interval: Interval | undefined): string {
  return interval ? `${percent(share)} (${percent(interval[0])}–${percent(interval[1])})` : percent(share);
}

/** A table whose first `labels` columns are words, and the others figures. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], labels = 2): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index < labels ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

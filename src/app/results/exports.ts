/** The files that the results view hands out. */
import { downloadBytes } from '../download';
import { chartsPng } from './chart-picture';
import { compareSamples } from './compare';
import { type Evaluation, evaluationName, samplesOf } from './evaluation';
import { benchmarksOf, figureTables } from './figures';
import { figuresCsv, markdown, predictionsJsonl, resultsJson, samplesCsv } from './writers';

interface Export {
  readonly name: string;
  readonly what: string;
  /** Saves what is on show; `compared` is null where there is nothing to compare with. */
  readonly save: (shown: Evaluation, compared: Evaluation | null) => Promise<void>;
}

const present = (shown: Evaluation, compared: Evaluation | null) => (compared ? [shown, compared] : [shown]);

function textExport(
  name: string,
  what: string,
  type: string,
  write: (shown: Evaluation, compared: Evaluation | null) => string,
): Export {
  return {
    name,
    what,
    save: async (shown, compared) => downloadBytes(name, new TextEncoder().encode(write(shown, compared)), type),
  };
}

export const exports: readonly Export[] = [
  textExport('figures.csv', 'tables', 'text/csv', (shown, compared) => {
    const results = present(shown, compared).map((evaluation) => evaluation.results);
    return figuresCsv(benchmarksOf(results).flatMap((benchmark) => figureTables(benchmark, results)));
  }),
  textExport('samples.csv', 'every sample', 'text/csv', (shown, compared) =>
    samplesCsv(
      present(shown, compared).map((evaluation) => ({
        name: evaluationName(evaluation),
        samples: samplesOf(evaluation),
      })),
    ),
  ),
  textExport('results.json', 'as evaluate writes it', 'application/json', resultsJson),
  textExport('predictions.jsonl', 'completions', 'application/jsonl', predictionsJsonl),
  textExport('report.md', 'Markdown', 'text/markdown', (shown, compared) =>
    markdown(shown, compared && { other: compared, comparison: compareSamples(samplesOf(shown), samplesOf(compared)) }),
  ),
  {
    name: 'charts.png',
    what: 'the charts',
    save: async (shown, compared) => {
      const charts = [...document.querySelectorAll<HTMLElement>('.results [data-chart]')];
      const names = present(shown, compared).map(evaluationName).join(' and ');
      const caption = `${names}; fingerprint ${shown.results.fingerprint}`;
      downloadBytes('charts.png', await chartsPng(charts, caption), 'image/png');
    },
  },
];

/**
 * `score`: predictions against their ground truths, by a benchmark's own metrics.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { benchmarks } from '../evaluation/benchmarks';
import { MODES } from '../evaluation/metrics/benchmark';
import { parsePredictions } from '../evaluation/predictions';
import { scoreAnswers } from '../evaluation/scoring';
import { type Command, readFlags, required, UsageError } from './command';

export const scoreCommand: Command = {
  name: 'score',
  summary: "score predictions by a benchmark's own metrics",
  usage: `Usage: npm run -s lab -- score --suite ${benchmarks.map(({ name }) => name).join('|')} --predictions FILE --out FILE.json
         [--mode ${MODES.join('|')}]

Each line of FILE is a JSON object: id, question_type or task, ground_truth, prediction (null: no answer), and where there
are any options, source (CV-Bench's), scene (what the intervals are clustered by).
Writes overall, by_task, n, each sample's score, and bootstrap 95 % intervals. Scores run from 0 to 1.

Flags:
  --suite NAME        vsi: mean relative accuracy and accuracy; cvbench: accuracy; general: exact match;
                      spatial: the lab's further families, scored as vsi
  --predictions FILE  JSON Lines
  --out FILE          the file to write
  --mode NAME         vsi (default): the benchmarks' own code; CV-Bench's overall is its official score
                      lmms-eval: that harness's; the first number anywhere, CV-Bench's micro accuracy`,
  async run(args) {
    const { values } = readFlags(args, {
      suite: { type: 'string' },
      predictions: { type: 'string' },
      out: { type: 'string' },
      mode: { type: 'string', default: 'vsi' },
    });
    const suite = required(values.suite, '--suite');
    const benchmark = benchmarks.find(({ name }) => name === suite);
    const names = benchmarks.map(({ name }) => name).join(', ');
    if (!benchmark) throw new UsageError(`--suite must be one of ${names}, not "${suite}"`);
    const mode = MODES.find((name) => name === values.mode);
    if (!mode) throw new UsageError(`--mode must be one of ${MODES.join(', ')}, not "${values.mode}"`);
    const file = required(values.predictions, '--predictions');
    const out = required(values.out, '--out');
    if (!existsSync(file)) throw new UsageError(`--predictions ${file}: there is no such file`);
    const report = scoreAnswers(benchmark, parsePredictions(readFileSync(file, 'utf8'), benchmark, file), mode);
    writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
    for (const note of report.notes) console.log(note);
    console.log(`${report.n} answers, overall ${(100 * (report.overall ?? 0)).toFixed(2)} %. Wrote ${out}`);
  },
};

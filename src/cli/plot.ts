/**
 * `plot`: a metric of one or more runs as a picture, and what its first and last tenth were.
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, readFlags, required, UsageError } from './command';
import { curvePicture, tenths } from './curve-picture';
import { readMetrics } from './run-directory';

export const plotCommand: Command = {
  name: 'plot',
  summary: 'draw a metric of runs as an SVG picture',
  usage: `Usage: npm run -s lab -- plot RUN... --out FILE.svg [--metric NAME] [--log FILE]

Draws a metric of a run's steps: each run's values, and the mean of each tenth of its steps. Prints the mean of the
first and of the last tenth.

Flags:
  RUN...                  folders that train, coldstart or pretrain has written
  --out FILE.svg          the picture to write
  --metric NAME           a field of the log (default rewards/ednm/mean)
  --log FILE              the log in each folder: metrics.jsonl (the default), cold_start.jsonl or perception.jsonl`,
  async run(args) {
    const { values, positionals } = readFlags(
      args,
      {
        out: { type: 'string' },
        metric: { type: 'string', default: 'rewards/ednm/mean' },
        log: { type: 'string' },
      },
      true,
    );
    const out = required(values.out, '--out');
    if (positionals.length === 0)
      throw new UsageError('no run is named; name folders that train, coldstart or pretrain has written');
    const metric = values.metric;
    const curves = positionals.map((folder) => ({
      label: basename(folder),
      values: readMetrics(folder, values.log).map((metrics, index) => {
        if (metric in metrics) return metrics[metric];
        throw new Error(`${folder}: step ${index + 1} has no ${metric}; it has ${Object.keys(metrics).join(', ')}`);
      }),
    }));
    writeFileSync(out, curvePicture(curves, metric));
    for (const { label, values: own } of curves) {
      const means = tenths(own);
      console.log(`${label}  first tenth ${means[0][2].toFixed(3)}  last tenth ${means.at(-1)![2].toFixed(3)}`);
    }
    console.log(`Wrote ${out}`);
  },
};

/** The experiment's report as a Markdown page. */
import { markdownTable } from '../report';
import { experimentAnswers } from './answers';
import { armNamed, BASE_ARM } from './arms';
import type { Estimate } from './bootstrap';
import { percent, signedPercent } from './percent';
import { type Comparison, type Figures, type Measure, MEASURES } from './results';

/** How a run of GRPO went. */
export interface RunRecord {
  readonly arm: string;
  readonly seed: number;
  readonly steps: number;
  /** Questions that were asked, and completions that were sampled for them. */
  readonly questions: number;
  readonly completions: number;
  readonly tokens: number;
  /** Of its steps. */
  readonly seconds: number;
}

/** What results.json holds, and all that the report is made from. */
export interface ExperimentResults {
  /** The command line that makes this report. */
  readonly command: string;
  /** Name of the starting policy. */
  readonly model: string;
  /** First digits of the SHA-256 of its weights. */
  readonly weights: string;
  readonly machine: string;
  readonly seeds: readonly number[];
  /** Seeds that are still to be run. */
  readonly seeds_left: readonly number[];
  /** Families that the runs trained on; held-out questions may be of others too. */
  readonly trained: readonly string[];
  /** Hash of the held-out questions. */
  readonly fingerprint: string;
  readonly comparison: Comparison;
  readonly runs: readonly RunRecord[];
  /** The config that all arms share. */
  readonly config: unknown;
}

/** A row or column of a table: its name, and the figures in it. */
interface Line {
  readonly name: string;
  readonly figures: Figures<Estimate>;
}

/** @param picture file name of the curves, beside the report. */
export function experimentReport(results: ExperimentResults, picture: string): string {
  const { model, weights, seeds, seeds_left, fingerprint, comparison, runs } = results;
  const { questions, scenes, start, arms } = comparison;
  const trained = arms.map(({ arm, figures }): Line => ({ name: `\`${arm}\``, figures }));
  const toStart = arms.map(({ arm, to_start }): Line => ({ name: `\`${arm}\``, figures: to_start }));
  const toBase = arms.flatMap(({ arm, to_base }): Line[] =>
    to_base ? [{ name: `\`${arm}\``, figures: to_base }] : [],
  );
  const all = [{ name: 'starting policy', figures: start }, ...trained];
  const { steps, completions } = runs[0];
  const others = Object.keys(comparison.questions_by_task).filter((task) => !results.trained.includes(task));
  const incomplete =
    seeds_left.length > 0 ? `\n**Incomplete: seeds ${seeds_left.join(', ')} are still to be run.**\n` : '';
  const base = `\`${BASE_ARM.name}\``;
  return `# Rewards, curriculum and sample weights, from one starting policy
${incomplete}
From the policy \`${model}\` (weights ${weights}) GRPO was run for ${steps} steps of ${completions / steps} completions,
once an arm and seed (${seeds.join(', ')}), all else equal. Each outcome answers, greedily, the same ${questions} held-out
questions about ${scenes} rooms that no run saw (fingerprint \`${fingerprint}\`). Synthetic questions: not comparable with
figures on real benchmarks.

## Arms

${markdownTable(
  ['arm', 'what it tests'],
  arms.map(({ arm }) => [`\`${arm}\``, armNamed(arm).tests]),
)}

## Figures

Percent, means over seeds and questions, with 95 % intervals. Arms earn different rewards, which do not compare: what
compares is numeric MRA, VSI-Bench's mean relative accuracy, and choice accuracy.

${byMeasure(all, share)}

### Difference to the starting policy, points

${byMeasure(toStart, points)}
${toBase.length > 0 ? `\n### Difference to ${base}, points\n\n${byMeasure(toBase, points)}\n` : ''}
### By seed

${seedTable(comparison)}

## By task

Percent: mean relative accuracy of numbers, accuracy of choices.${
    others.length > 0
      ? ' * The runs did not train on this family: what it tells is what training on the others does to it.'
      : ''
  }

${byTask(comparison, others, all, share)}

### Difference to the starting policy, points, by task

${byTask(comparison, others, toStart, points)}
${toBase.length > 0 ? `\n### Difference to ${base}, points, by task\n\n${byTask(comparison, others, toBase, points)}\n` : ''}
## While they trained

![The reward of each arm over the steps](${picture})

Each arm's own reward, so that curves do not compare in height: the mean of each tenth of the steps over seeds, and the
range from the lowest to the highest seed.

## How

Intervals: the 2.5th and 97.5th percentile of 1000 bootstrap draws from a fixed stream. A draw resamples seeds, one fewer
than there are, and rooms with all their questions, and moves the mean by the sum of the two changes; the runs share their
questions, so that the two are crossed. Differences are paired by question, and between arms by seed, before they are
drawn from. ${seeds.length === 1 ? 'With one seed only rooms are drawn: what another seed would give is not in the intervals.' : `With ${seeds.length} seeds, what they contribute reaches no further than from the lowest to the highest of them.`}
Tasks are many: by chance alone one in twenty of their differences leaves 0 outside its interval.

\`\`\`
${results.command}
\`\`\`

Made on ${results.machine}.
The config that all arms share, and all figures, are in results.json; answers and scores by
question in evaluations/.

${runTable(runs)}

## Answers

By rule: yes or no where the interval of the difference leaves 0 out, else that no difference can be told.

${experimentAnswers(comparison)
  .map(({ question, sentence }) => `- **${question}** ${sentence}`)
  .join('\n')}
`;
}

function byMeasure(lines: readonly Line[], written: (figure: Estimate) => string): string {
  const measures = (Object.keys(MEASURES) as Measure[]).filter((measure) => measure in lines[0].figures.measures);
  return markdownTable(
    ['', ...measures.map((measure) => MEASURES[measure])],
    lines.map(({ name, figures }) => [name, ...measures.map((measure) => written(figures.measures[measure]!))]),
    1,
  );
}

/** @param others tasks to mark. */
function byTask(
  { questions_by_task }: Comparison,
  others: readonly string[],
  lines: readonly Line[],
  written: (figure: Estimate) => string,
): string {
  return markdownTable(
    ['task', 'questions', ...lines.map(({ name }) => name)],
    Object.entries(questions_by_task).map(([task, count]) => [
      others.includes(task) ? `${task} *` : task,
      String(count),
      ...lines.map(({ figures }) => written(figures.tasks[task])),
    ]),
    1,
  );
}

function seedTable({ arms }: Comparison): string {
  const measures = (Object.keys(MEASURES) as Measure[]).filter((measure) => measure in arms[0].figures.measures);
  return markdownTable(
    ['arm', 'seed', ...measures.map((measure) => MEASURES[measure])],
    arms.flatMap(({ arm, runs }) =>
      runs.map(({ seed, figures }) => [
        `\`${arm}\``,
        String(seed),
        ...measures.map((measure) => percent(figures.measures[measure]!)),
      ]),
    ),
    1,
  );
}

function runTable(runs: readonly RunRecord[]): string {
  return markdownTable(
    ['arm', 'seed', 'steps', 'questions', 'completions', 'tokens', 'wall time of the steps'],
    runs.map(({ arm, seed, steps, questions, completions, tokens, seconds }) => [
      `\`${arm}\``,
      ...[seed, steps, questions, completions, tokens].map((count) => count.toLocaleString('en')),
      `${(seconds / 60).toFixed(1)} min`,
    ]),
    1,
  );
}

function share({ mean, interval: [low, high] }: Estimate): string {
  return `${percent(mean)} (${percent(low)} to ${percent(high)})`;
}

function points({ mean, interval: [low, high] }: Estimate): string {
  return `${signedPercent(mean)} (${signedPercent(low)} to ${signedPercent(high)})`;
}

/** The data set's card: what is in it, how its answers are spread, and what a guesser who sees no image scores. */
import { BlindBaseline, type BlindScore, type BlindSample } from './blind-baseline';
import type { SampleRecord } from './canonical';
import { VSI_TASKS } from './formats/vsi-bench';
import type { DatasetPlan } from './plan';

/** Answers of a task listed one by one up to so many, in ranges beyond. */
const LISTED = 10;

/** Counts samples as they come. Its tables grow with the number of different answers, not of samples. */
export class DatasetCard {
  readonly #plan: DatasetPlan;
  readonly #blind = new BlindBaseline();
  /** By task, then by split. */
  readonly #counts = new Map<string, Map<string, number>>();
  /** Of numeric tasks: by task, then by answer. */
  readonly #numbers = new Map<string, Map<number, number>>();
  /** Of choices: by task, then by letter. */
  readonly #letters = new Map<string, Map<string, number>>();

  constructor(plan: DatasetPlan) {
    this.#plan = plan;
  }

  add(sample: SampleRecord, categories: readonly string[]): void {
    increment(this.#counts, sample.task, sample.split);
    const blind: BlindSample = { ...sample, categories };
    this.#blind.add(blind);
    if (sample.kind === 'number' && sample.answer_value !== null) {
      increment(this.#numbers, sample.task, sample.answer_value);
    } else if (sample.kind === 'choice') increment(this.#letters, sample.task, sample.answer);
  }

  /** The card in Markdown, with the front matter of a Hugging Face data set. */
  markdown(): string {
    const { seed, scenes, frames, width, height } = this.#plan;
    const splitNames = Object.keys(this.#plan.split);
    const tasks = [...this.#counts.keys()].sort();
    const total = (task: string) => sum(this.#counts.get(task)!.values());
    const without = this.#plan.tasks.filter((task) => !this.#counts.has(task));
    const why = frames === 1 ? ' Questions about videos take several frames a scene.' : '';
    const missing = without.length === 0 ? '' : `\n\nWithout samples: ${without.join(', ')}.${why}`;
    const scores = this.#blind.scores();
    const varied = variation(this.#plan);
    return `---
pretty_name: Parallax synthetic rooms
task_categories: [visual-question-answering]
tags: [spatial-reasoning, synthetic]
---

# Parallax: questions about synthetic rooms

${tasks.reduce((all, task) => all + total(task), 0)} questions about ${scenes} rooms, each filmed on a walk through it in ${frames} frames
of ${width}x${height} pixels. Seed ${seed}. A question is about a single frame, or about all frames of its scene as a
video. Every answer follows from the scene's geometry. Colours, depth and ids are those of the lab's software
rasterizer. Split by scene, never by question.
${varied}
Made in a browser, the data set may have a folder \`videos\` as well: each scene's frames at their times, as the browser
encodes them. Unlike all other files, videos are not the same to the last byte everywhere.

## Samples

${table(
  ['task', ...splitNames, 'all'],
  tasks.map((task) => [
    task,
    ...splitNames.map((split) => String(this.#counts.get(task)!.get(split) ?? 0)),
    String(total(task)),
  ]),
)}${missing}

## Answers

${tasks.map((task) => this.#answers(task)).join('\n')}

## Blind baseline

What a guesser scores on \`test\` who reads the question and sees no image: it answers the constant that maximises the
metric on \`train\`, for the task, or for the task with the categories that the question names (the task's constant where
they are more than three, or \`train\` does not have them). Mean relative accuracy for numbers, accuracy for choices, in percent.

${
  scores.length === 0
    ? 'Not measured: it takes samples in a split `train` and in a split `test`.'
    : `${table(
        ['task', 'train samples', 'test samples', 'one constant', 'by categories'],
        scores.map((score) => [
          score.task,
          String(score.train),
          String(score.test),
          percent(score.byTask),
          percent(score.byCategories),
        ]),
      )}\n\n${overall(scores)}`
}
`;
  }

  #answers(task: string): string {
    const letters = this.#letters.get(task);
    if (letters) {
      const all = sum(letters.values());
      const shares = [...letters]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([letter, count]) => `${letter} ${percent(count / all)} %`);
      return `- \`${task}\`: ${shares.join(', ')}`;
    }
    const numbers = [...(this.#numbers.get(task) ?? [])].sort(([a], [b]) => a - b);
    const listed =
      numbers.length <= LISTED
        ? numbers.map(([value, count]) => `${value}: ${count}`)
        : ranges(numbers).map(({ low, high, count }) => `${low} to ${high}: ${count}`);
    return `- \`${task}\`: ${listed.join(', ')}`;
  }
}

/** What varies from scene to scene and what was brought, a paragraph each; nothing where the plan leaves both out. */
function variation({ randomization, own }: DatasetPlan): string {
  const ranges = Object.entries(randomization ?? {}).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? value.join(' to ') : value}`,
  );
  const brought = (own ?? []).map(({ file, category }) => `${category} (${file})`);
  return [
    ...(ranges.length > 0 ? [`\nRandomization, each scene drawing its own: ${ranges.join(', ')}.\n`] : []),
    ...(brought.length > 0 ? [`\nObjects that were brought: ${brought.join(', ')}.\n`] : []),
  ].join('');
}

/** VSI-Bench's mean: the levels of direction averaged first, then the mean of the tasks that are there. */
function vsiMean(scores: readonly BlindScore[], figure: 'byTask' | 'byCategories'): number | null {
  const own = scores.filter(({ task }) => VSI_TASKS.includes(task));
  if (own.length === 0) return null;
  const groups = new Map<string, number[]>();
  for (const score of own) {
    const group = score.task.replace(/^(object_rel_direction)_.*/, '$1');
    groups.set(group, [...(groups.get(group) ?? []), score[figure]]);
  }
  return mean([...groups.values()].map(mean));
}

function overall(scores: readonly BlindScore[]): string {
  const [byTask, byCategories] = [vsiMean(scores, 'byTask'), vsiMean(scores, 'byCategories')];
  if (byTask === null || byCategories === null) return 'None of the tasks is one of VSI-Bench.';
  const figures = `${percent(byTask)} with one constant, ${percent(byCategories)} by categories`;
  return `Mean over the VSI-Bench tasks, the levels of direction averaged first: ${figures}.`;
}

/** Up to ten ranges of equal width. */
function ranges(numbers: readonly (readonly [number, number])[]) {
  const [first, last] = [numbers[0][0], numbers[numbers.length - 1][0]];
  const width = (last - first) / LISTED;
  return Array.from({ length: LISTED }, (_, k) => {
    const inside = numbers.filter(([value]) => Math.min(LISTED - 1, Math.floor((value - first) / width)) === k);
    const figure = (value: number) => Number(value.toPrecision(3));
    return {
      low: figure(first + k * width),
      high: figure(first + (k + 1) * width),
      count: sum(inside.map(([, count]) => count)),
    };
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function increment<K>(counts: Map<string, Map<K, number>>, task: string, key: K): void {
  let own = counts.get(task);
  if (!own) counts.set(task, (own = new Map()));
  own.set(key, (own.get(key) ?? 0) + 1);
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

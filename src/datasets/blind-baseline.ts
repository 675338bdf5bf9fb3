/**
 * What a guesser scores who sees no image: the strongest simple one. For each task, and for each set of categories that
 * its questions name, it answers the constant that maximises the metric on the training split, and is scored on the
 * test split. A data set on which it does well teaches a model to guess.
 */
import type { SampleRecord } from './canonical';
import { meanRelativeAccuracy, steps } from './metrics';
import { answerText } from './selection';

/** What a sample contributes. */
export type BlindSample = Pick<SampleRecord, 'task' | 'kind' | 'options' | 'answer' | 'answer_value' | 'split'> & {
  readonly categories: readonly string[];
};

/** Scores of the guesser in [0, 1]. */
export interface BlindScore {
  readonly task: string;
  readonly train: number;
  readonly test: number;
  /** One constant for the whole task. */
  readonly byTask: number;
  /** A constant for each set of categories, the task's where the training split does not have the set. */
  readonly byCategories: number;
}

/** How often each answer occurs: numbers by value; choices by letter and by the right option's text. */
interface Answers {
  readonly numbers: Map<number, number>;
  readonly letters: Map<string, number>;
  readonly texts: Map<string, number>;
  total: number;
}

type Constant =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'letter'; readonly value: string }
  | { readonly kind: 'text'; readonly value: string };

export class BlindBaseline {
  readonly #groups = { train: new Map<string, Map<string, Answers>>(), test: new Map<string, Map<string, Answers>>() };

  /** Counts a sample; those of splits other than train and test are left out. */
  add(sample: BlindSample): void {
    const split = sample.split === 'train' ? 'train' : sample.split === 'test' ? 'test' : null;
    if (split === null) return;
    const tasks = this.#groups[split];
    let groups = tasks.get(sample.task);
    if (!groups) tasks.set(sample.task, (groups = new Map()));
    const key = sample.categories.join();
    let answers = groups.get(key);
    if (!answers) groups.set(key, (answers = noAnswers()));
    answers.total++;
    if (sample.kind === 'number' && sample.answer_value !== null) count(answers.numbers, sample.answer_value, 1);
    else {
      count(answers.letters, sample.answer, 1);
      count(answers.texts, answerText(sample), 1);
    }
  }

  /** A score for each task that has samples in both splits, by name. */
  scores(): BlindScore[] {
    const { train, test } = this.#groups;
    return [...test]
      .filter(([task]) => train.has(task))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([task, testGroups]) => {
        const trainGroups = train.get(task)!;
        const all = merged(trainGroups.values());
        const constant = bestConstant(all);
        let [byTask, byCategories, total] = [0, 0, 0];
        for (const [categories, answers] of testGroups) {
          const own = trainGroups.get(categories);
          byTask += score(constant, answers);
          byCategories += score(own ? bestConstant(own) : constant, answers);
          total += answers.total;
        }
        return { task, train: all.total, test: total, byTask: byTask / total, byCategories: byCategories / total };
      });
  }
}

function noAnswers(): Answers {
  return { numbers: new Map(), letters: new Map(), texts: new Map(), total: 0 };
}

function count<K>(table: Map<K, number>, key: K, amount: number): void {
  table.set(key, (table.get(key) ?? 0) + amount);
}

function merged(groups: Iterable<Answers>): Answers {
  const all = noAnswers();
  for (const { numbers, letters, texts, total } of groups) {
    for (const [value, times] of numbers) count(all.numbers, value, times);
    for (const [value, times] of letters) count(all.letters, value, times);
    for (const [value, times] of texts) count(all.texts, value, times);
    all.total += total;
  }
  return all;
}

/** Sum of the metric over `answers` when each is guessed to be `constant`. */
function score(constant: Constant, answers: Answers): number {
  if (constant.kind === 'letter') return answers.letters.get(constant.value) ?? 0;
  if (constant.kind === 'text') return answers.texts.get(constant.value) ?? 0;
  let sum = 0;
  for (const [truth, times] of answers.numbers) sum += times * meanRelativeAccuracy(constant.value, truth);
  return sum;
}

function bestConstant(answers: Answers): Constant {
  const constants: Constant[] = [
    ...[...new Set([...answers.numbers.keys()].flatMap((value) => [value, ...steps(value)]))].map((value) => ({
      kind: 'number' as const,
      value,
    })),
    ...[...answers.letters.keys()].map((value) => ({ kind: 'letter' as const, value })),
    ...[...answers.texts.keys()].map((value) => ({ kind: 'text' as const, value })),
  ];
  let best = constants[0];
  let bestScore = -1;
  for (const constant of constants) {
    const reached = score(constant, answers);
    if (reached > bestScore) [best, bestScore] = [constant, reached];
  }
  return best;
}

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

/** How often one answer occurs. */
interface Answer {
  /** Of a number; null of a choice. */
  readonly value: number | null;
  readonly letter: string;
  /** Text of the right option. */
  readonly text: string;
  times: number;
}

/** The different answers of some samples. */
type Answers = Map<string, Answer>;

type Constant = Partial<Pick<Answer, 'letter' | 'text'>> & { readonly value: number | null };

/** Sets of more categories hardly ever recur, and would make the tables grow with every scene. */
const LARGEST_SET = 3;
const LARGER = 'more categories';

export class BlindBaseline {
  /** By split, then by task, then by categories. */
  readonly #groups = {
    train: new Map<string, Map<string, Answers>>(),
    test: new Map<string, Map<string, Answers>>(),
  };

  /** Counts a sample; those of splits other than train and test are left out. */
  add(sample: BlindSample): void {
    const split = sample.split === 'train' ? 'train' : sample.split === 'test' ? 'test' : null;
    if (split === null) return;
    const { task, kind, answer, answer_value, categories } = sample;
    const groups = this.#groups[split].get(task) ?? new Map<string, Answers>();
    this.#groups[split].set(task, groups);
    const key = categories.length <= LARGEST_SET ? categories.join() : LARGER;
    const answers = groups.get(key) ?? new Map<string, Answer>();
    groups.set(key, answers);
    const value = kind === 'number' ? answer_value : null;
    count(answers, { value, letter: answer, text: answerText(sample), times: 1 });
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
          const own = categories === LARGER ? undefined : trainGroups.get(categories);
          byTask += score(constant, answers);
          byCategories += score(own ? bestConstant(own) : constant, answers);
          total += sizeOf(answers);
        }
        return { task, train: sizeOf(all), test: total, byTask: byTask / total, byCategories: byCategories / total };
      });
  }
}

function count(answers: Answers, answer: Answer): void {
  const key = `${answer.letter} ${answer.text}`;
  const known = answers.get(key);
  if (known) known.times += answer.times;
  else answers.set(key, { ...answer });
}

function merged(groups: Iterable<Answers>): Answers {
  const all: Answers = new Map();
  for (const answers of groups) for (const answer of answers.values()) count(all, answer);
  return all;
}

function sizeOf(answers: Answers): number {
  let size = 0;
  for (const { times } of answers.values()) size += times;
  return size;
}

/** Sum of the metric over `answers` when each is guessed to be `constant`. */
function score(constant: Constant, answers: Answers): number {
  let sum = 0;
  for (const { value, letter, text, times } of answers.values()) {
    if (constant.value === null || value === null)
      sum += times * Number(constant.letter === letter || constant.text === text);
    else sum += times * meanRelativeAccuracy(constant.value, value);
  }
  return sum;
}

/** The best of all constants that could be: each answer, and each number at which the metric jumps. */
function bestConstant(answers: Answers): Constant {
  const constants = new Map<string, Constant>();
  for (const { value, letter, text } of answers.values()) {
    if (value === null) {
      constants.set(`letter ${letter}`, { value, letter });
      constants.set(`text ${text}`, { value, text });
    } else for (const number of [value, ...steps(value)]) constants.set(String(number), { value: number });
  }
  let best: Constant = { value: null };
  let bestScore = -1;
  for (const constant of constants.values()) {
    const reached = score(constant, answers);
    if (reached > bestScore) [best, bestScore] = [constant, reached];
  }
  return best;
}

/**
 * What one scores without looking: by chance, and as the best blind guesser. Each is a mean score of every task, so that
 * the benchmark's own averages apply to it.
 */
import type { BlindSample, BlindScore } from '../datasets/blind-baseline';
import { BlindBaseline } from '../datasets/blind-baseline';
import type { Cell, Figures, Mode } from './metrics/benchmark';
import { generalBenchmark } from './metrics/general';
import { answerTo, type Question } from './suites/question';

/**
 * Expected scores of chance: a choice is drawn among its options, every other answer among the truths of the task's
 * other questions. All draws are counted, none is made.
 */
export function chanceCells(questions: readonly Question[], mode: Mode): Cell[] {
  return cellsBy(questions, (own) => {
    const truths = new Map<string, number>();
    for (const { sample } of own) truths.set(sample.answer, (truths.get(sample.answer) ?? 0) + 1);
    const scores = own.map((question) => {
      const { options } = question.sample;
      if (options !== null) return 1 / options.length;
      const scoreOf = (truth: string) => question.benchmark.score(answerTo(question, truth), mode);
      let sum = -scoreOf(question.sample.answer);
      for (const [truth, times] of truths) sum += times * scoreOf(truth);
      return own.length === 1 ? 0 : sum / (own.length - 1);
    });
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  });
}

/** What a guesser scores who sees no image. */
interface BlindGuess {
  readonly cells: Cell[];
  /** Whether its constants were chosen with the answers to the very questions known. */
  readonly fitted: boolean;
}

/**
 * Scores of the best blind guesser, who answers the constant that did best on the training split about the same
 * categories (the task's constant where there were none). Where a task of the questions has no training split, as the
 * real benchmarks have none, the constant of each task that does best on the questions themselves: no other does better.
 */
export function blindGuess(questions: readonly Question[], samples: Iterable<BlindSample>): BlindGuess {
  const all = [...samples];
  const trained = new Set(all.filter(({ split }) => split === 'train').map(({ task }) => task));
  const fitted = questions.some(({ sample }) => !trained.has(sample.task));
  const known = fitted
    ? questions.flatMap(({ sample }) => ['train', 'test'].map((split) => ({ ...sample, split, categories: [] })))
    : all;
  const baseline = new BlindBaseline();
  const exact = questions.some(({ benchmark }) => benchmark === generalBenchmark);
  // The guesser's numbers are scored by relative accuracy, and those of general problems by exact match, as texts are.
  for (const sample of known) baseline.add(exact ? { ...sample, kind: 'text' } : sample);
  const scores = new Map<string, BlindScore>(baseline.scores().map((score) => [score.task, score]));
  return { cells: cellsBy(questions, ([{ sample }]) => scores.get(sample.task)!.byCategories), fitted };
}

/** The figures of mean scores of one benchmark's tasks. */
export function baselineFigures(questions: readonly Question[], cells: readonly Cell[], mode: Mode): Figures {
  return questions[0].benchmark.figures(cells, mode);
}

function cellsBy(questions: readonly Question[], meanOf: (own: readonly Question[]) => number): Cell[] {
  const tasks = new Map<string, Question[]>();
  for (const question of questions) {
    const own = tasks.get(question.task);
    if (own) own.push(question);
    else tasks.set(question.task, [question]);
  }
  return [...tasks].map(([task, own]) => ({ task, source: own[0].source, mean: meanOf(own), count: own.length }));
}

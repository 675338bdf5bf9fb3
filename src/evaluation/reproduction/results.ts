/**
 * The experiment as data: each policy's figures on the held-out questions, its differences to the starting policy and to
 * the base arm, and the intervals of them all. Differences are paired: by question, and by seed where both are trained.
 */
import { groupBy } from '../../group-by';
import { BASE_ARM } from './arms';
import { estimate, type Estimate } from './bootstrap';
import type { ScoredReply } from './scored-reply';

/** What is measured over all questions of a kind, whatever their tasks. */
export const MEASURES = {
  numeric: 'Numeric MRA',
  choice: 'Choice accuracy',
  format: 'Valid format',
} as const;
export type Measure = keyof typeof MEASURES;

/** A trained policy on the held-out questions, which all policies answer in the same order. */
export interface TrainedReplies {
  readonly arm: string;
  readonly seed: number;
  readonly replies: readonly ScoredReply[];
}

/** Figures by measure and by task; what no question asks about is not there. Shares, from 0 to 1. */
export interface Figures<T> {
  readonly measures: Readonly<Partial<Record<Measure, T>>>;
  readonly tasks: Readonly<Record<string, T>>;
}

interface ArmResults {
  readonly arm: string;
  /** Means over seeds and questions. */
  readonly figures: Figures<Estimate>;
  readonly to_start: Figures<Estimate>;
  /** Null for the base arm, and where it was not run. */
  readonly to_base: Figures<Estimate> | null;
  readonly runs: readonly { readonly seed: number; readonly figures: Figures<number> }[];
}

export interface Comparison {
  readonly questions: number;
  readonly scenes: number;
  readonly questions_by_task: Readonly<Record<string, number>>;
  readonly start: Figures<Estimate>;
  readonly arms: readonly ArmResults[];
}

/** Compares trained policies, each arm with the same seeds, and the one that they started from. */
export function compare(start: readonly ScoredReply[], trained: readonly TrainedReplies[]): Comparison {
  const scenes = start.map(({ id, scene }) => scene ?? id);
  const arms = groupBy(trained, ({ arm }) => arm);
  const figuresOf = (runs: readonly Replies[], baseline?: readonly Replies[]) =>
    figures(start, (values, own) => {
      const scores = runs.map((run, seed) =>
        own.map((question) => values(run[question]) - (baseline ? values(baseline[seed][question]) : 0)),
      );
      return estimate(
        scores,
        own.map((question) => scenes[question]),
      );
    });
  const repliesOf = (arm: string) => arms.get(arm)?.map(({ replies }) => replies);
  return {
    questions: start.length,
    scenes: new Set(scenes).size,
    questions_by_task: Object.fromEntries(
      [...groupBy(start, ({ task }) => task)].map(([task, own]) => [task, own.length]),
    ),
    start: figuresOf([start]),
    arms: [...arms].map(([arm, runs]): ArmResults => {
      const replies = runs.map((run) => run.replies);
      const base = arm === BASE_ARM.name ? undefined : repliesOf(BASE_ARM.name);
      return {
        arm,
        figures: figuresOf(replies),
        to_start: figuresOf(
          replies,
          runs.map(() => start),
        ),
        to_base: base === undefined ? null : figuresOf(replies, base),
        runs: runs.map((run) => ({
          seed: run.seed,
          figures: figures(start, (value, own) => {
            const sum = own.reduce((total, question) => total + value(run.replies[question]), 0);
            return sum / own.length;
          }),
        })),
      };
    }),
  };
}

type Replies = readonly ScoredReply[];

/** `figureOf` for each measure and task: what a reply counts there, and the places of its questions. */
function figures<T>(
  questions: Replies,
  figureOf: (value: (reply: ScoredReply) => number, own: readonly number[]) => T,
): Figures<T> {
  const places = [...questions.keys()];
  const score = ({ score: own }: ScoredReply) => own;
  const format = ({ valid_format }: ScoredReply) => Number(valid_format);
  const ofKind = (kind: ScoredReply['kind']) => places.filter((place) => questions[place].kind === kind);
  const measured = { numeric: ofKind('number'), choice: ofKind('choice'), format: places };
  const measures: Partial<Record<Measure, T>> = {};
  for (const measure of ['numeric', 'choice', 'format'] as const) {
    const own = measured[measure];
    if (own.length > 0) measures[measure] = figureOf(measure === 'format' ? format : score, own);
  }
  const tasks = groupBy(places, (place) => questions[place].task);
  return { measures, tasks: Object.fromEntries([...tasks].map(([task, own]) => [task, figureOf(score, own)])) };
}

/**
 * An evaluation as data: a model's replies to the questions of a suite, scored by the benchmarks that the questions
 * belong to, beside the baselines that tell what the scores are worth.
 */
import type { BlindSample } from '../datasets/blind-baseline';
import { framesShown } from '../training/frames';
import { baselineFigures, blindGuess, chanceCells } from './baselines';
import type { Benchmark, Figures, Mode } from './metrics/benchmark';
import { finalAnswer } from './parsers/final-answer';
import { scoreAnswers, type ScoreReport } from './scoring';
import { answerTo, type Question } from './suites/question';

/** What a model wrote, by the question's id; null and a reason where it gave no answer. */
type Replies = ReadonlyMap<string, { readonly completion: string | null; readonly error: string | null }>;

export interface BenchmarkResult {
  readonly benchmark: string;
  readonly title: string;
  readonly model: ScoreReport;
  /** The model with grey frames in place of the true ones; null where it was not asked so or there are none. */
  readonly blank: ScoreReport | null;
  /** The model without any image; null where it was not asked so or there are none. */
  readonly text_only: ScoreReport | null;
  /** The best guesser who sees no image; null in evaluations of the first releases, where a suite has no training split. */
  readonly blind: Figures | null;
  /** Whether the guesser knew the answers to these questions, for want of a training split. */
  readonly blind_fitted: boolean;
  readonly chance: Figures;
}

/** Questions about equally many frames. */
export interface SeenFrames {
  readonly of: number;
  /** Which of them the model saw, counted from 1 as questions count them. */
  readonly shown: readonly number[];
  readonly questions: number;
}

export interface EvaluationResults {
  readonly policy: string;
  readonly suite: string;
  /** Figures of the two kinds never stand in one table. */
  readonly origin: 'synthetic' | 'real';
  /** Hash of the questions: figures compare where it is the same. */
  readonly fingerprint: string;
  readonly mode: Mode;
  readonly questions: number;
  /** Questions without a reply: the evaluation ended early. They are not in the figures. */
  readonly not_asked: number;
  /** Why it ended early, or null. */
  readonly stopped: string | null;
  readonly benchmarks: readonly BenchmarkResult[];
  /** Of questions about several frames. */
  readonly frames: readonly SeenFrames[];
  /** Questions that were asked and got no answer; each scores 0. */
  readonly failures: readonly { readonly id: string; readonly error: string }[];
}

export interface EvaluationInput {
  readonly policy: string;
  readonly suite: string;
  readonly origin: 'synthetic' | 'real';
  readonly fingerprint: string;
  readonly mode: Mode;
  readonly questions: readonly Question[];
  readonly replies: Replies;
  readonly blankReplies: Replies | null;
  readonly textReplies: Replies | null;
  /** Most frames that the model sees at once; null: all. */
  readonly frames: number | null;
  /** Samples of both splits, for the blind baseline. */
  readonly blindSamples: readonly BlindSample[];
  readonly stopped: string | null;
}

/** Scores an evaluation. Questions without a reply are counted, not scored. */
export function evaluationResults(input: EvaluationInput): EvaluationResults {
  const { policy, suite, origin, fingerprint, mode, questions, replies, blankReplies, textReplies, stopped } = input;
  const benchmarks = [...new Set(questions.map(({ benchmark }) => benchmark))];
  return {
    policy,
    suite,
    origin,
    fingerprint,
    mode,
    questions: questions.length,
    not_asked: questions.filter(({ sample }) => !replies.has(sample.id)).length,
    stopped,
    benchmarks: benchmarks.map((benchmark) => {
      const own = questions.filter((question) => question.benchmark === benchmark);
      const blind = blindGuess(own, input.blindSamples);
      const looked = own.some(({ sample }) => sample.frames.length > 0);
      return {
        benchmark: benchmark.name,
        title: benchmark.title,
        model: scoreReplies(benchmark, own, replies, mode),
        blank: looked && blankReplies ? scoreReplies(benchmark, own, blankReplies, mode) : null,
        text_only: looked && textReplies ? scoreReplies(benchmark, own, textReplies, mode) : null,
        blind: baselineFigures(own, blind.cells, mode),
        blind_fitted: blind.fitted,
        chance: baselineFigures(own, chanceCells(own, mode), mode),
      };
    }),
    frames: seenFrames(questions, input.frames),
    failures: questions.flatMap(({ sample }) => {
      const error = replies.get(sample.id)?.error;
      return error ? [{ id: sample.id, error }] : [];
    }),
  };
}

function seenFrames(questions: readonly Question[], most: number | null): SeenFrames[] {
  const counts = questions.map(({ sample }) => sample.frames.length).filter((count) => count > 1);
  return [...new Set(counts)].map((of) => ({
    of,
    shown: framesShown(of, most ?? of).map((index) => index + 1),
    questions: counts.filter((count) => count === of).length,
  }));
}

function scoreReplies(benchmark: Benchmark, questions: readonly Question[], replies: Replies, mode: Mode): ScoreReport {
  const answers = questions.flatMap((question) => {
    const reply = replies.get(question.sample.id);
    if (!reply) return [];
    return [answerTo(question, reply.completion === null ? null : finalAnswer(reply.completion))];
  });
  return scoreAnswers(benchmark, answers, mode);
}

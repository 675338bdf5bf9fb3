/**
 * An evaluation on the page, and its samples: each with what was asked, what the model wrote, and what it scored.
 */
import type { SampleRecord } from '../../datasets/canonical';
import type { EvaluationResults } from '../../evaluation/evaluation';
import { answeredNumber } from '../../evaluation/metrics/vsi-bench';
import { pythonFloat } from '../../evaluation/parsers/python-text';
import { ednm } from '../../kernels/rewards/ednm';
import type { EvaluatedScene, EvaluationFiles } from '../../lab/evaluation-protocol';
import { presets } from '../../training/presets';

export interface Evaluation extends EvaluationFiles {
  /** Tells the page's evaluations apart. */
  readonly id: number;
}

export type Verdict = 'right' | 'partly' | 'wrong';

/** A sample of an evaluation. */
export interface ResultSample {
  readonly id: string;
  /** Name of the benchmark that scored it. */
  readonly benchmark: string;
  readonly task: string;
  readonly truth: string;
  readonly prediction: string | null;
  readonly score: number;
  readonly verdict: Verdict;
  /** Of a task whose truths are all numbers; null of others. */
  readonly truthNumber: number | null;
  /** The number that was answered; null where there is none. */
  readonly answerNumber: number | null;
  /** EDNM of the answer, 0 where no number was answered; null where the task has no numbers. */
  readonly ednm: number | null;
  /** What the model wrote; null where it wrote nothing or its predictions were not opened. */
  readonly completion: string | null;
  /** Why there is no answer. */
  readonly error: string | null;
  readonly options: readonly string[] | null;
  /** What was asked; null where it is not known. */
  readonly sample: SampleRecord | null;
  /** Which of its frames the model saw, counted from 0. */
  readonly seen: readonly number[];
  readonly scene: EvaluatedScene | null;
}

/** EDNM's settings here, whatever a policy was trained with: those of the default preset. */
export const EDNM = presets.nano.reward;

/** The samples of an evaluation, benchmark by benchmark, in the order in which they were asked. */
export function samplesOf({ results, predictions, samples, scenes }: EvaluationFiles): ResultSample[] {
  const lines = new Map(predictions.map((line) => [line.id, line]));
  const asked = new Map(samples.map((sample) => [sample.id, sample]));
  const failures = new Map(results.failures.map(({ id, error }) => [id, error]));
  return results.benchmarks.flatMap(({ benchmark, model }) => {
    const numeric = numericTasks(model.samples);
    return model.samples.map((scored): ResultSample => {
      const id = String(scored.id);
      const { task, prediction, score, ground_truth: truth } = scored;
      const truthNumber = numeric.has(task) ? pythonFloat(truth) : null;
      const answer = truthNumber === null || prediction === null ? null : answeredNumber(prediction, results.mode);
      const answerNumber = answer !== null && Number.isFinite(answer) ? answer : null;
      const line = lines.get(id);
      const sample = asked.get(id) ?? null;
      return {
        id,
        benchmark,
        task,
        truth,
        prediction,
        score,
        verdict: score >= 1 ? 'right' : score > 0 ? 'partly' : 'wrong',
        truthNumber,
        answerNumber,
        ednm: truthNumber === null ? null : answerNumber === null ? 0 : ednm.reference(answerNumber, truthNumber, EDNM),
        completion: line?.completion ?? null,
        error: line?.error ?? failures.get(id) ?? null,
        options: sample?.options ?? line?.options ?? null,
        sample,
        seen: seenOf(results, sample?.frames.length ?? 0),
        scene: (sample && scenes[sample.scene]) ?? null,
      };
    });
  });
}

/** Which of `count` frames the model saw; all, where the evaluation does not say. */
function seenOf({ frames }: EvaluationResults, count: number): number[] {
  const shown = frames.find(({ of }) => of === count)?.shown;
  return shown ? shown.map((place) => place - 1) : Array.from({ length: count }, (_, frame) => frame);
}

/** Tasks whose every truth is a finite number. */
function numericTasks(samples: readonly { readonly task: string; readonly ground_truth: string }[]): Set<string> {
  const tasks = new Set(samples.map(({ task }) => task));
  for (const { task, ground_truth } of samples) {
    const value = pythonFloat(ground_truth);
    if (value === null || !Number.isFinite(value)) tasks.delete(task);
  }
  return tasks;
}

/** What an evaluation is called in lists. */
export const evaluationName = ({ results: { policy, suite } }: EvaluationFiles) => `${policy} on ${suite}`;

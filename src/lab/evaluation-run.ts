/** An evaluation from questions to results: the model sees the true frames, then blank ones, and is scored beside the baselines. */
import { evaluationResults } from '../evaluation/evaluation';
import { blanked } from '../evaluation/models/blank';
import type { Model } from '../evaluation/models/model';
import { type ReplyLine, replyLine } from '../evaluation/reply-line';
import type { Question } from '../evaluation/suites/question';
import type { EvaluationFiles, EvaluationProgress } from './evaluation-protocol';
import type { MadeSuite } from './evaluation-suite';

type OnProgress = (progress: EvaluationProgress) => void;

/** Evaluates `model` on a suite; answers are read as the benchmarks' own code reads them. */
export async function evaluateModel(
  model: Model,
  { source, samples, scenes }: MadeSuite,
  onProgress: OnProgress,
): Promise<EvaluationFiles> {
  const { questions, name: suite } = source;
  const replies = new Map<string, ReplyLine>();
  const stopped = await ask(model, questions, 'true images', replies, onProgress);
  const seen = questions.filter(({ sample }) => sample.frames.length > 0);
  const blankReplies = seen.length > 0 && stopped === null ? new Map<string, ReplyLine>() : null;
  const stoppedBlank = blankReplies && (await ask(model, seen.map(blanked), 'blank images', blankReplies, onProgress));
  onProgress({ stage: 'scoring', done: 0, total: 1 });
  const results = evaluationResults({
    ...source,
    suite,
    policy: model.name,
    mode: 'vsi',
    replies,
    blankReplies,
    textReplies: null,
    frames: model.frames,
    stopped: stopped ?? stoppedBlank,
  });
  return { results, predictions: [...replies.values()], samples, scenes };
}

/** Puts the replies to `questions` into `replies`. Returns why the model ended early, or null. */
function ask(
  model: Model,
  questions: readonly Question[],
  stage: 'true images' | 'blank images',
  replies: Map<string, ReplyLine>,
  onProgress: OnProgress,
): Promise<string | null> {
  onProgress({ stage, done: 0, total: questions.length });
  return model.answer(questions, (reply) => {
    replies.set(reply.question.sample.id, replyLine(reply));
    onProgress({ stage, done: replies.size, total: questions.length });
  });
}

/** A policy's reply to a held-out question with what it is worth, as a line of a file. */
import { z } from 'zod';
import { isWellFormed } from '../../kernels/score-answers';
import type { Reply } from '../models/model';
import { replyLine, replyLineSchema } from '../reply-line';
import { answerTo } from '../suites/question';

export const scoredReplySchema = replyLineSchema.extend({
  kind: z.enum(['number', 'choice', 'text']),
  /** Of the answer, from 0 to 1: mean relative accuracy of a number, accuracy of a choice. */
  score: z.number().min(0).max(1),
  /** Whether the completion is laid out as the format reward wants it. */
  valid_format: z.boolean(),
});

export type ScoredReply = Readonly<z.infer<typeof scoredReplySchema>>;

/** Scores a reply as the question's benchmark does. */
export function scoredReply(reply: Reply): ScoredReply {
  const { question, completion } = reply;
  const line = replyLine(reply);
  return {
    ...line,
    // The family's own name, as configs have it.
    task: question.sample.task,
    kind: question.sample.kind,
    score: question.benchmark.score(answerTo(question, line.prediction), 'vsi'),
    valid_format: completion !== null && isWellFormed(completion),
  };
}

/** A reply as a line of predictions.jsonl: what `score` reads, with the whole completion. */
import { z } from 'zod';
import type { Reply } from './models/model';
import { finalAnswer } from './parsers/final-answer';

export const replyLineSchema = z.object({
  id: z.string(),
  task: z.string(),
  ground_truth: z.string(),
  prediction: z.string().nullable(),
  options: z.array(z.string()).nullable(),
  source: z.string().nullable(),
  scene: z.string().nullable(),
  /** What the model wrote; null where it gave no answer, for the reason in `error`. */
  completion: z.string().nullable(),
  error: z.string().nullable(),
});

export type ReplyLine = Readonly<z.infer<typeof replyLineSchema>>;

export function replyLine({ question, completion, error }: Reply): ReplyLine {
  const { sample, task, source } = question;
  return {
    id: sample.id,
    task,
    ground_truth: sample.answer,
    prediction: completion === null ? null : finalAnswer(completion),
    options: sample.options && [...sample.options],
    source,
    scene: sample.scene === '' ? null : sample.scene,
    completion,
    error,
  };
}

/** The question as the blank-image baseline sees it. */
import type { Question } from '../suites/question';
import { blankImage } from './frame';

const SIZE = 256;

/** The question with a grey image in place of each of its frames. */
export function blanked(question: Question): Question {
  return { ...question, images: async () => question.sample.frames.map(() => blankImage(SIZE)) };
}

/** The question as the baselines see it that do not look: blank images, or none. */
import type { Question } from '../suites/question';
import { blankImage } from './frame';

const SIZE = 256;

/** The question with a grey image in place of each of its frames. */
export function blanked(question: Question): Question {
  return { ...question, images: async () => question.sample.frames.map(() => blankImage(SIZE)) };
}

/** The question alone. */
export function withoutImages(question: Question): Question {
  return { ...question, sample: { ...question.sample, frames: [] }, images: async () => [] };
}

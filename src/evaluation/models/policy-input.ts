/** What a policy of the lab reads of a question: its own tokens, and as many frames as it sees at once. */
import { type Architecture, frameCount } from '../../policy/parameters';
import type { Tokenizer } from '../../policy/tokenizer';
import { framesCounted } from '../../tasks/camera-motion';
import { promptText } from '../../tasks/contract';
import { framesShown } from '../../training/frames';
import type { Picture } from '../../training/report';
import type { Question } from '../suites/question';
import { framePicture, ImageError } from './frame';

export interface PolicyInput {
  readonly prompt: readonly number[];
  /** In order, of a video spread over time: at most as many as the policy sees. */
  readonly frames: readonly Picture[];
}

/** The policy's input, or why it cannot read the question. */
export async function policyInput(
  question: Question,
  tokenizer: Tokenizer,
  a: Architecture,
): Promise<PolicyInput | string> {
  const prompt = [tokenizer.special.bos, ...tokenizer.encode(promptText(question.sample))];
  if (prompt.length > a.max_prompt_length) {
    return `the prompt has ${prompt.length} tokens, and the policy reads ${a.max_prompt_length}`;
  }
  const counted = framesCounted(question.sample.question);
  if (counted !== null && counted > frameCount(a)) {
    return `the question names frames by their numbers among ${counted}, and the policy sees ${frameCount(a)}; ask it about videos of so many`;
  }
  try {
    const images = await question.images();
    const shown = framesShown(images.length, frameCount(a));
    return { prompt, frames: shown.map((image) => framePicture(images[image], a.frame_size)) };
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

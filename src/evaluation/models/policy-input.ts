/** What a policy of the lab reads of a question: its own tokens, and as many frames as it sees at once. */
import { type Architecture, frameCount } from '../../policy/parameters';
import { promptTokens } from '../../policy/question-tokens';
import type { Tokenizer } from '../../policy/tokenizer';
import { framesCounted } from '../../tasks/camera-motion';
import { framesShown } from '../../training/frames';
import type { Picture } from '../../training/report';
import type { Question } from '../suites/question';
import { framePicture, ImageError } from './frame';

export interface PolicyInput {
  readonly prompt: readonly number[];
  /** In order, of a video spread over time: at most as many as the policy sees. */
  readonly frames: readonly Picture[];
}

/** Why the policy cannot read the question of a prompt, whatever its pictures are like; null where it can. */
export function unreadable(
  { sample }: Pick<Question, 'sample'>,
  prompt: readonly number[],
  a: Architecture,
): string | null {
  if (prompt.length > a.max_prompt_length) {
    return `the prompt has ${prompt.length} tokens, and the policy reads ${a.max_prompt_length}`;
  }
  const counted = framesCounted(sample.question);
  if (counted !== null && counted > frameCount(a)) {
    return `the question names frames by their numbers among ${counted}, and the policy sees ${frameCount(a)}; ask it about videos of so many`;
  }
  return null;
}

/** The policy's input, or why it cannot read the question. */
export async function policyInput(
  question: Question,
  tokenizer: Tokenizer,
  a: Architecture,
): Promise<PolicyInput | string> {
  const prompt = promptTokens(tokenizer, question.sample);
  const refusal = unreadable(question, prompt, a);
  if (refusal !== null) return refusal;
  try {
    const images = await question.images();
    const shown = framesShown(images.length, frameCount(a));
    return { prompt, frames: shown.map((image) => framePicture(images[image], a.frame_size)) };
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

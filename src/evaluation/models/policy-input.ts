/** What a policy of the lab reads of a question: its own tokens, and one frame. */
import type { Architecture } from '../../policy/parameters';
import type { Tokenizer } from '../../policy/tokenizer';
import { promptText } from '../../tasks/contract';
import type { Question } from '../suites/question';
import { ImageError, type PackedFrame, packedFrame } from './frame';

export interface PolicyInput {
  readonly prompt: readonly number[];
  /** Of a video its middle one; black where the question has none. */
  readonly frame: PackedFrame;
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
  const images = await question.images();
  if (images.length === 0) return { prompt, frame: new Uint32Array(a.frame_size ** 2) };
  try {
    return { prompt, frame: packedFrame(images[Math.floor((images.length - 1) / 2)], a.frame_size) };
  } catch (error) {
    if (error instanceof ImageError) return error.message;
    throw error;
  }
}

/** What is evaluated: anything that answers questions about frames. */
import type { Architecture } from '../../policy/parameters';
import type { Tokenizer } from '../../policy/tokenizer';
import { promptText } from '../../tasks/contract';
import type { Question } from '../suites/question';

/** What came of asking a question. */
export interface Reply {
  readonly question: Question;
  /** What the model wrote, or null where it gave no answer. */
  readonly completion: string | null;
  /** Why there is no answer; null where there is one. */
  readonly error: string | null;
}

export interface Model {
  /** For tables. */
  readonly name: string;
  /**
   * Asks all questions. `onReply` hears of each at most once, in any order; it is not told of questions that were not
   * asked since `answer` ended early.
   * @returns why it ended before all were asked, for people, or null.
   * @throws Error when nothing further can be answered: a wrong key, a lost device.
   */
  answer(questions: readonly Question[], onReply: (reply: Reply) => void): Promise<string | null>;
}

/** What a policy of the lab reads of a question, or why it cannot read it. */
export function promptTokens(
  { sample }: Question,
  tokenizer: Tokenizer,
  { max_prompt_length }: Architecture,
): number[] | string {
  const tokens = [tokenizer.special.bos, ...tokenizer.encode(promptText(sample))];
  if (tokens.length <= max_prompt_length) return tokens;
  return `the prompt has ${tokens.length} tokens, and the policy reads ${max_prompt_length}`;
}

/** The one frame that a policy of the lab is shown: a video's middle one; null where there is none. */
export async function frameShown(question: Question): Promise<Uint8Array | null> {
  const images = await question.images();
  return images.length === 0 ? null : images[Math.floor((images.length - 1) / 2)];
}

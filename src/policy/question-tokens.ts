/** Questions as the policy's tokens: what it reads, and what it should have said. */
import { formatCompletion, promptText } from '../tasks/contract';
import type { Question } from '../tasks/family';
import type { Tokenizer } from './tokenizer';

/** What the policy reads of a question, begun by the token that begins sequences. */
export function promptTokens(tokenizer: Tokenizer, question: Pick<Question, 'question' | 'options'>): number[] {
  return [tokenizer.special.bos, ...tokenizer.encode(promptText(question))];
}

/** Prompt and true completion of a question. */
export function tokenTexts(
  tokenizer: Tokenizer,
  question: Pick<Question, 'question' | 'options' | 'reasoning' | 'answer'>,
): { prompt: number[]; completion: number[] } {
  return {
    prompt: promptTokens(tokenizer, question),
    completion: [...tokenizer.encode(formatCompletion(question.reasoning, question.answer)), tokenizer.special.eos],
  };
}

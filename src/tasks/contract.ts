/**
 * The output contract between a question and a policy: how a question is put as a prompt, and how a completion is laid
 * out so that rewards can find the answer (M2-Reasoning: thoughts between think tags, the answer between answer tags).
 */
import type { Question } from './family';

/** The tags of a completion, in their order. */
export const CONTRACT_TAGS = ['<think>', '</think>', '<answer>', '</answer>'] as const;

/** The completion that states `reasoning` and then `answer`. */
export function formatCompletion(reasoning: string, answer: string): string {
  const [think, thinkEnd, open, close] = CONTRACT_TAGS;
  return `${think}${reasoning}${thinkEnd}${open}${answer}${close}`;
}

/**
 * What the policy reads: the question and, for a choice, its lettered options. The benchmarks' sentences around it
 * ("These are frames of a video.", "Answer with …") are left out: the policy is trained on the contract and pays for
 * every token.
 */
export function promptText({ question, options }: Pick<Question, 'question' | 'options'>): string {
  if (options === null) return question;
  return [question, 'Options:', ...options.map((option, index) => `${letterOf(index)}. ${option}`)].join('\n');
}

/** The letter of option `index`: A, B, C, … Throws RangeError beyond Z. */
export function letterOf(index: number): string {
  if (!(Number.isInteger(index) && index >= 0 && index < 26)) {
    throw new RangeError(`letterOf: option ${index} has no letter; options are numbered from 0 to 25`);
  }
  return String.fromCharCode(65 + index);
}

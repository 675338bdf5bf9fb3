/**
 * The reader's own answer, rewarded as the policy's would be: the shortest way to see what EDNM does.
 */
import type { RewardConfig } from '../training/config';

/**
 * The EDNM reward of a typed answer, the definition that `src/kernels/score-answers.ts` computes for completions:
 * gamma * exp(-lambda * |answer - truth| / (|truth| + epsilon)); null when the text is no number.
 */
export function rewardOfGuess(text: string, truth: number, { gamma, lambda, epsilon }: RewardConfig): number | null {
  const answer = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(answer)) return null;
  return gamma * Math.exp((-lambda * Math.abs(answer - truth)) / (Math.abs(truth) + epsilon));
}

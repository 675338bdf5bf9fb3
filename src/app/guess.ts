/**
 * The reader's own answer, rewarded as the policy's would be: the shortest way to see what EDNM does.
 */
import { ednm } from '../kernels/rewards/ednm';
import type { RewardConfig } from '../training/config';

/** The EDNM reward of a typed answer, as a completion would earn it; null when the text is no number. */
export function rewardOfGuess(text: string, truth: number, settings: RewardConfig): number | null {
  const answer = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(answer)) return null;
  return ednm.reference(answer, truth, settings);
}

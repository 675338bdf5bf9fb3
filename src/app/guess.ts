/**
 * The reader's own answer, rewarded as the policy's would be: the shortest way to see what a reward does.
 */
import { rewardNamed } from '../kernels/rewards/registry';
import type { RewardConfig } from '../training/config';

/** The reward of a typed answer, as a completion of GRPO's first step would earn it; null when the text is no number. */
export function rewardOfGuess(text: string, truth: number, settings: RewardConfig): number | null {
  const answer = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(answer)) return null;
  return rewardNamed(settings.function).reference(answer, truth, settings);
}

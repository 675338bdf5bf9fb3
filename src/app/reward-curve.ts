/**
 * The rewards for numbers as curves: what an answer earns by its relative error, computed by the definitions that the scoring
 * kernel is held against.
 */
import { z } from 'zod';
import { NUMERIC_REWARDS } from '../kernels/rewards/registry';
import type { RewardSettings } from '../kernels/rewards/reward';
import { type RewardConfig, runConfigSchema } from '../training/config';
import { configOf, type Draft } from './settings';

/** The truth that answers are held against: at 1, `epsilon` is a share of it. */
const TRUTH = 1;
/** Points to a relative error of 1. Whole hundredths meet the edges of the binary reward and of MRA. */
const RESOLUTION = 100;

/** Relative errors that are drawn, (answer - truth) / truth: from nothing answered to three times the truth. */
export const ERRORS: readonly number[] = Array.from(
  { length: 3 * RESOLUTION + 1 },
  (_, index) => (index - RESOLUTION) / RESOLUTION,
);

export interface RewardCurve {
  readonly id: string;
  readonly title: string;
  /** Whether it is the reward that the run uses. */
  readonly chosen: boolean;
  /** A reward for each of ERRORS. */
  readonly rewards: readonly number[];
}

const rewardOnly = z.object({ reward: runConfigSchema.shape.reward });

/** The reward's part of a draft, whatever the rest is like; null while it is invalid itself. */
export function rewardOf(draft: Draft): RewardConfig | null {
  return rewardOnly.safeParse(configOf(draft)).data?.reward ?? null;
}

/** The shapes that a reward takes over a run, by what each is called: one, or where it is annealed the first and the last. */
function shapes(settings: readonly (keyof RewardSettings)[], config: RewardConfig): [string, RewardSettings][] {
  if (!settings.includes('sharpness')) return [['', config]];
  return [
    [` at the first step (k = ${config.sharpness})`, config],
    [` at the last step (k = ${config.sharpness_end})`, { ...config, sharpness: config.sharpness_end }],
  ];
}

/** The curves of all rewards in the registry's order, by a run's settings. */
export function rewardCurves(config: RewardConfig): RewardCurve[] {
  return NUMERIC_REWARDS.flatMap(({ name, title, settings, reference }) =>
    shapes(settings, config).map(([when, values], index) => ({
      id: `${name}-${index}`,
      title: title + when,
      chosen: name === config.function,
      rewards: ERRORS.map((error) => reference(TRUTH + error * TRUTH, TRUTH, values)),
    })),
  );
}

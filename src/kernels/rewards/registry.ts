/** All rewards for numbers, a line each; configs, the scoring kernel, the page's curves and the tests follow from it. */
import { binary } from './binary';
import { ednm } from './ednm';
import { gaussian } from './gaussian';
import { linear } from './linear';
import { mra } from './mra';
import type { NumericReward, RewardSettings } from './reward';
import { sigmoid } from './sigmoid';

export const NUMERIC_REWARDS: readonly NumericReward[] = [ednm, binary, mra, linear, gaussian, sigmoid];

/** @throws Error naming the rewards that there are. */
export function rewardNamed(name: string): NumericReward {
  const reward = NUMERIC_REWARDS.find((candidate) => candidate.name === name);
  if (reward) return reward;
  throw new Error(`there is no reward "${name}"; the rewards are ${NUMERIC_REWARDS.map((r) => r.name).join(', ')}`);
}

/** The scoring kernel's parameters that choose a reward and carry its settings. */
export function rewardParameters(reward: NumericReward, settings: RewardSettings) {
  const [setting_0 = 0, setting_1 = 0, setting_2 = 0, setting_3 = 0] = reward.settings.map((name) => settings[name]);
  return { reward: NUMERIC_REWARDS.indexOf(reward), setting_0, setting_1, setting_2, setting_3 };
}

/** WGSL of all rewards, and numeric_reward, which calls the one of a number. */
export function rewardsWgsl(): string {
  const cases = NUMERIC_REWARDS.map(
    ({ name }, index) => `    case ${index}u: { return reward_${name}(answer, truth, settings); }`,
  );
  return `${NUMERIC_REWARDS.map(({ wgsl }) => wgsl).join('\n')}
// The reward of a number, by its place in src/kernels/rewards/registry.ts.
fn numeric_reward(reward: u32, answer: f32, truth: f32, settings: vec4f) -> f32 {
  switch reward {
${cases.join('\n')}
    default: { return 0.0; }
  }
}
`;
}

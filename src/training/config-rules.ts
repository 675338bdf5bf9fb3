/**
 * What fields of a config ask of each other: each rule names the field that is refused, and what to do about it.
 */
import { videoTaskNames } from '../tasks/registry';
import type { RunConfig } from './config';
import { LOSS_TYPES } from './losses/loss-types';

interface Rule {
  readonly path: readonly [string, string];
  readonly message: string;
  holds(config: RunConfig): boolean;
}

const aggregatesByReward = ({ reward }: RunConfig) => reward.multi_objective_aggregation === 'normalize_then_sum';

export const RULES: readonly Rule[] = [
  {
    path: ['data', 'tasks'],
    message: `${videoTaskNames.join(', ')} ask about videos; set policy.frames to 2 or more, or leave them out`,
    holds: ({ data, policy }) => policy.frames > 1 || !data.tasks.some((task) => videoTaskNames.includes(task)),
  },
  {
    path: ['policy', 'patch_size'],
    message: 'must divide policy.frame_size',
    holds: ({ policy }) => policy.frame_size % policy.patch_size === 0,
  },
  {
    path: ['policy', 'stem_stages'],
    message:
      'each stage halves policy.patch_size, and doubles the values of a place up to half of policy.dim; use fewer',
    holds: ({ policy }) =>
      policy.patch_size % 2 ** policy.stem_stages === 0 && policy.dim % 2 ** policy.stem_stages === 0,
  },
  {
    path: ['policy', 'heads'],
    message: 'must divide policy.dim',
    holds: ({ policy }) => policy.dim % policy.heads === 0,
  },
  {
    path: ['policy', 'partial_rotary_factor'],
    message: 'must make an even number of a head’s width, policy.dim over policy.heads',
    // A head without a whole width is the fault of the rule before.
    holds: ({ policy: { dim, heads, partial_rotary_factor } }) =>
      dim % heads !== 0 || (partial_rotary_factor * (dim / heads)) % 2 === 0,
  },
  {
    path: ['grpo', 'delta'],
    message: 'only bounds the clipped losses; set it to 0, or loss_type to grpo, dr_grpo, dapo or bnpo',
    holds: ({ grpo }) => grpo.delta === 0 || LOSS_TYPES[grpo.loss_type].surrogate === 'clipped',
  },
  {
    path: ['grpo', 'delta'],
    message: 'must be above 1 + epsilon_high, or 0 for no bound',
    holds: ({ grpo }) => grpo.delta === 0 || grpo.delta > 1 + grpo.epsilon_high,
  },
  {
    path: ['grpo', 'epsilon_high'],
    message:
      'is the bound of the ratio itself for loss_type cispo, where a ratio of 1 must pass; use 1 or more, such as 5',
    holds: ({ grpo }) => grpo.loss_type !== 'cispo' || grpo.epsilon_high >= 1,
  },
  {
    path: ['grpo', 'adv_estimator'],
    message: 'rloo takes rewards as they are; set scale_rewards to none',
    holds: ({ grpo }) => grpo.adv_estimator !== 'rloo' || grpo.scale_rewards === 'none',
  },
  {
    path: ['grpo', 'adv_estimator'],
    message: 'rloo compares a completion with others; set num_generations to 2 or more',
    holds: ({ grpo }) => grpo.adv_estimator !== 'rloo' || grpo.num_generations > 1,
  },
  {
    path: ['grpo', 'dynamic_sampling'],
    message: 'a group of one completion never has a spread; set num_generations to 2 or more',
    holds: ({ grpo }) => !grpo.dynamic_sampling || grpo.num_generations > 1,
  },
  {
    path: ['reward', 'multi_objective_aggregation'],
    message: 'normalize_then_sum scales by group and batch itself; leave scale_rewards at group',
    holds: (config) => !aggregatesByReward(config) || config.grpo.scale_rewards === 'group',
  },
];

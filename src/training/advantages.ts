/**
 * From rewards to advantages, on the device, by the config's adv_estimator, scale_rewards and
 * multi_objective_aggregation, and by the samples' weights where they have any.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { GROUP_SCALING, groupAdvantages } from '../kernels/group-advantages';
import { normalizeThenSum } from '../kernels/normalize-then-sum';
import { weighAdvantages } from '../kernels/weigh-advantages';
import type { BatchShape } from '../policy/inputs';
import type { RunConfig } from './config';
import { type Rewards, rewardWeights } from './rewards';

export class AdvantageEstimator {
  private readonly backend: Backend;
  private readonly config: RunConfig;
  private readonly sizes: { readonly groups: number; readonly group_size: number };
  private readonly advantages: DeviceTensor;
  private readonly groupStatistics: DeviceTensor;
  private readonly sampleWeights: DeviceTensor;

  constructor(backend: Backend, config: RunConfig, { prompts, generations }: BatchShape) {
    this.backend = backend;
    this.config = config;
    this.sizes = { groups: prompts, group_size: generations };
    this.advantages = backend.allocate('advantages', 'float32', [prompts * generations]);
    this.groupStatistics = backend.allocate('group statistics', 'float32', [prompts, 2]);
    this.sampleWeights = backend.allocate('sample weights', 'float32', [prompts]);
  }

  /**
   * Advantages of a rollout, a completion each.
   * @param weights a weight a group, which multiplies its advantages; null for none.
   * @returns a tensor that belongs to the estimator and is overwritten by the next call.
   */
  estimate(rewards: Rewards, weights: readonly number[] | null): DeviceTensor {
    const { backend, config, sizes, advantages } = this;
    const { adv_estimator, scale_rewards } = config.grpo;
    if (config.reward.multi_objective_aggregation === 'normalize_then_sum') {
      const { accuracy, exact, format } = rewards;
      const parameters = { ...sizes, ...rewardWeights(config.reward) };
      backend.dispatch(normalizeThenSum, { accuracy, exact, format, advantages }, parameters);
    } else {
      const scale = adv_estimator === 'rloo' ? 'leave_one_out' : scale_rewards === 'group' ? 'group' : 'none';
      backend.dispatch(
        groupAdvantages,
        { rewards: rewards.total, advantages, statistics: this.groupStatistics },
        { ...sizes, scale: GROUP_SCALING[scale] },
      );
    }
    const byBatch = scale_rewards === 'batch';
    if (weights !== null || byBatch) {
      backend.write(this.sampleWeights, Float32Array.from(weights ?? Array<number>(sizes.groups).fill(1)));
      backend.dispatch(
        weighAdvantages,
        { rewards: rewards.total, sample_weights: this.sampleWeights, advantages },
        { ...sizes, batch: byBatch ? 1 : 0 },
      );
    }
    return advantages;
  }
}

/**
 * A step's groups of completions with their rewards. With dynamic sampling (DAPO, arXiv 2503.14476, section 3.2) groups whose
 * completions all earn the same, and so teach nothing, give way to other questions, for a bounded number of times.
 *
 * Batches have one size, so each further one is sampled whole: places that stay are asked the same again, under the same
 * seed, and come out as they did.
 */
import type { BatchShape } from '../policy/inputs';
import type { Generator, Rollout } from '../policy/generation';
import type { PromptBatch } from '../policy/prompts';
import type { Weights } from '../policy/weights';
import { hashSeed } from '../random';
import type { RunContext, TokenizedSample } from './context';
import { levelOf, type Outcome, type Slot } from './curriculum';
import { drawForPlace } from './drawing';
import type { FrameBatch } from './frames';
import { showSamples } from './prompting';
import { perfectReward, type Rewards, type RewardScorer } from './rewards';
import type { Stopwatch } from './stopwatch';

/** Differences up to this are rounding. */
const NO_SPREAD = 1e-8;

/** What a rollout earned, on the processor: a value a completion. */
export interface Scores {
  readonly total: Float32Array;
  readonly accuracy: Float32Array;
}

interface StepRollout {
  /** The questions, a group each. */
  readonly samples: readonly TokenizedSample[];
  readonly rollout: Rollout;
  readonly rewards: Rewards;
  readonly scores: Scores;
  /** How every group went that was sampled, those given up included; the last ones are those of `samples`. */
  readonly outcomes: readonly Outcome[];
  /** By metric name: samples that were too long, batches sampled, groups given up. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Mean accuracy of each group in [0, 1]: numbers by what a perfect one earns. */
export function groupAccuracies(
  { accuracy }: Scores,
  samples: readonly TokenizedSample[],
  generations: number,
  perfect: number,
): number[] {
  return samples.map(({ sample }, group) => {
    const earned = accuracy.subarray(group * generations, (group + 1) * generations);
    const mean = earned.reduce((sum, value) => sum + value, 0) / generations;
    return Math.min(1, sample.question.answerValue === null ? mean : mean / perfect);
  });
}

/** Whether the completions of a group earned differently, so that there is an advantage to tell. */
export function hasSpread(total: Float32Array, group: number, generations: number): boolean {
  const earned = total.subarray(group * generations, (group + 1) * generations);
  return Math.max(...earned) - Math.min(...earned) > NO_SPREAD;
}

export class RolloutSampler {
  private readonly context: RunContext;
  private readonly shape: BatchShape;
  private readonly parts: {
    readonly generator: Generator;
    readonly scorer: RewardScorer;
    readonly frames: FrameBatch;
    readonly prompts: PromptBatch;
  };

  constructor(context: RunContext, shape: BatchShape, parts: RolloutSampler['parts']) {
    this.context = context;
    this.shape = shape;
    this.parts = parts;
  }

  /** Asks what `slots` say and samples the answers. Tensors are overwritten by the next call. */
  async sample(step: number, slots: readonly Slot[], weights: Weights, watch: Stopwatch): Promise<StepRollout> {
    const { config, onStage, backend } = this.context;
    const { dynamic_sampling, max_num_gen_batches, temperature } = config.grpo;
    const { generations } = this.shape;
    const { generator, scorer, frames, prompts } = this.parts;
    const seed = hashSeed(config.seed, 'rollout', step);
    const counts = { 'data/redrawn': 0, 'data/num_gen_batches': 0, 'data/resampled_groups': 0 };
    const samples: TokenizedSample[] = [];
    const outcomes: Outcome[] = [];
    let vacant = slots.map((_, index) => index);
    for (let round = 0; ; round++) {
      onStage('rendering rooms');
      for (const index of vacant) {
        const place = { phase: 'grpo', step, index, round, fitCompletion: false } as const;
        const { drawn, redrawn } = drawForPlace(this.context, place, slots[index]);
        samples[index] = drawn;
        counts['data/redrawn'] += redrawn;
      }
      await showSamples(this.context, samples, frames, prompts);
      watch.lap('render');

      onStage('generating completions');
      const rollout = await generator.generate(weights, prompts, { temperature, seed });
      watch.lap('generate');

      onStage('scoring rewards');
      const rewards = scorer.score(rollout, samples, step);
      const scores = {
        total: (await backend.read(rewards.total)) as Float32Array,
        accuracy: (await backend.read(rewards.accuracy)) as Float32Array,
      };
      watch.lap('reward');

      const accuracies = groupAccuracies(scores, samples, generations, perfectReward(config.reward));
      outcomes.push(...vacant.map((index) => this.outcome(samples[index], slots[index], accuracies[index])));
      counts['data/num_gen_batches']++;
      vacant = slots.flatMap((_, index) => (hasSpread(scores.total, index, generations) ? [] : [index]));
      if (!dynamic_sampling || vacant.length === 0 || counts['data/num_gen_batches'] >= max_num_gen_batches) {
        return { samples, rollout, rewards, scores, outcomes, counts };
      }
      counts['data/resampled_groups'] += vacant.length;
    }
  }

  private outcome({ sample }: TokenizedSample, slot: Slot, accuracy: number): Outcome {
    const { task, difficulty } = sample.question;
    const levels = this.context.config.dynamic_optimization.difficulty_levels;
    return { task, level: levelOf(difficulty.value, levels), wanted: slot.level, accuracy };
  }
}

/**
 * The curves that the page draws, as data: which metric, with which band, and what a reader should look for in it.
 */
import { NUMERIC_REWARDS } from '../kernels/rewards/registry';
import type { RunPhase } from '../lab/protocol';
import type { Term } from './glossary';
import type { BandSource } from './series';

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly phase: RunPhase;
  readonly metric: string;
  readonly band: BandSource | null;
  /** In the empty chart: what will be seen. */
  readonly expectation: string;
  readonly term: Term | null;
  /** Drawn over two columns. */
  readonly wide: boolean;
  /** Hidden while no step has the metric. */
  readonly optional: boolean;
  readonly unit: string;
}

const common = { band: null, term: null, wide: false, optional: false, unit: '' } as const;

export const chartSpecs: readonly ChartSpec[] = [
  {
    ...common,
    id: 'loss',
    title: 'Loss',
    phase: 'cold_start',
    metric: 'loss',
    wide: true,
    term: 'coldStart',
    expectation: 'Cross-entropy of the true chains of thought: falls fast, then slowly.',
    unit: 'nats',
  },
  {
    ...common,
    id: 'eval-loss',
    title: 'Held-out loss',
    phase: 'cold_start',
    metric: 'eval_loss',
    optional: true,
    expectation: 'Cross-entropy on samples that are never trained on; where it rises while the loss falls, stop.',
    unit: 'nats',
  },
  {
    ...common,
    id: 'eval-token-accuracy',
    title: 'Held-out token accuracy',
    phase: 'cold_start',
    metric: 'eval_mean_token_accuracy',
    optional: true,
    expectation: 'Share of the true tokens that the policy finds likeliest.',
  },
  {
    ...common,
    id: 'cold-grad-norm',
    title: 'Gradient norm',
    phase: 'cold_start',
    metric: 'grad_norm',
    term: 'gradNorm',
    expectation: 'Settles after the warm-up.',
  },
  {
    ...common,
    id: 'cold-learning-rate',
    title: 'Learning rate',
    phase: 'cold_start',
    metric: 'learning_rate',
    expectation: 'Rises over the warm-up to its peak.',
  },
  {
    ...common,
    id: 'cold-step-time',
    title: 'Step time',
    phase: 'cold_start',
    metric: 'step_time',
    expectation: 'Seconds a step; the first ones compile.',
    unit: 's',
  },
  {
    ...common,
    id: 'ednm',
    title: 'EDNM reward',
    phase: 'grpo',
    metric: 'rewards/ednm/mean',
    band: { std: 'rewards/ednm/std' },
    wide: true,
    term: 'ednm',
    expectation:
      'How near the numbers come to the truth, with the spread over completions. This is the curve to watch: it should rise.',
  },
  ...NUMERIC_REWARDS.filter(({ name }) => name !== 'ednm').map(({ name, title, description }) => ({
    ...common,
    id: `reward-${name}`,
    title: `${title} reward`,
    phase: 'grpo' as const,
    metric: `rewards/${name}/mean`,
    band: { std: `rewards/${name}/std` },
    optional: true,
    expectation: description,
  })),
  {
    ...common,
    id: 'eval-mra',
    title: 'Held-out MRA',
    phase: 'grpo',
    metric: 'eval_mra',
    term: 'heldOut',
    optional: true,
    expectation: 'Mean relative accuracy of greedy numbers, the same questions each time: whether it answers better.',
  },
  {
    ...common,
    id: 'eval-exact-match',
    title: 'Held-out choices',
    phase: 'grpo',
    metric: 'eval_rewards/exact_match/mean',
    term: 'heldOut',
    optional: true,
    expectation: 'Share of held-out choice questions answered by the right letter, greedily; it should not fall.',
  },
  {
    ...common,
    id: 'reward',
    title: 'Total reward',
    phase: 'grpo',
    metric: 'reward',
    band: { std: 'reward_std' },
    expectation: 'Accuracy plus the weighted format reward, with the spread within groups.',
  },
  {
    ...common,
    id: 'exact-match',
    title: 'Exact match',
    phase: 'grpo',
    metric: 'rewards/exact_match/mean',
    band: { std: 'rewards/exact_match/std' },
    optional: true,
    expectation: 'Share of choice questions answered by the right letter.',
  },
  {
    ...common,
    id: 'format',
    title: 'Format reward',
    phase: 'grpo',
    metric: 'rewards/format/mean',
    term: 'format',
    expectation: 'Share of completions that keep the contract; near 1 after the cold start.',
  },
  {
    ...common,
    id: 'kl',
    title: 'KL to reference',
    phase: 'grpo',
    metric: 'kl',
    term: 'kl',
    optional: true,
    expectation: 'Starts at 0 and grows slowly as the policy moves.',
    unit: 'nats',
  },
  {
    ...common,
    id: 'entropy',
    title: 'Entropy',
    phase: 'grpo',
    metric: 'entropy',
    term: 'entropy',
    expectation: 'Falls as the policy grows sure; a collapse is a warning.',
    unit: 'nats',
  },
  {
    ...common,
    id: 'length',
    title: 'Completion length',
    phase: 'grpo',
    metric: 'completions/mean_length',
    band: { low: 'completions/min_length', high: 'completions/max_length' },
    expectation: 'Mean tokens a completion, from shortest to longest.',
    unit: 'tokens',
  },
  {
    ...common,
    id: 'grad-norm',
    title: 'Gradient norm',
    phase: 'grpo',
    metric: 'grad_norm',
    term: 'gradNorm',
    expectation: 'Spikes are steps that clipping tamed.',
  },
  {
    ...common,
    id: 'step-time',
    title: 'Step time',
    phase: 'grpo',
    metric: 'step_time',
    expectation: 'Seconds a step; the first ones compile.',
    unit: 's',
  },
];

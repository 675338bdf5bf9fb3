/**
 * What is read back of a rollout: rewards, advantages and lengths of every completion, and tokens and frames of the
 * first groups for people to look at. A few kilobytes; the budget says how many groups are shown.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import type { BatchShape } from '../policy/inputs';
import type { Rollout } from '../policy/generation';
import type { Architecture } from '../policy/parameters';
import type { Tokenizer } from '../policy/tokenizer';
import type { RewardConfig, RunConfig } from './config';
import type { TokenizedSample } from './context';
import { type FrameBatch, framesShown } from './frames';
import type { CompletionRow, Picture } from './report';
import type { Rewards } from './rewards';
import { hasSpread, type Scores } from './rollouts';

/** Bytes that a step may read back, and those that it takes for a completion's figures. */
const [STEP_BYTES, FIGURE_BYTES] = [64 * 1024, 32];
/** Left for what is read back beside the rollout: loss, norms and statistics. */
const SPARE_BYTES = 1024;
/** More groups than this are not worth a reader's time. */
const MAX_SHOWN_GROUPS = 4;

/** A rollout's figures on the processor; arrays hold a value a completion. */
export interface RolloutReadBack extends Scores {
  /** Null unless exact match is rewarded beside the accuracy. */
  readonly exact: Float32Array | null;
  readonly format: Float32Array;
  readonly advantages: Float32Array;
  readonly lengths: readonly number[];
  readonly finished: readonly boolean[];
  /** Tokens of the first groups' completions, row by row. */
  readonly tokens: Int32Array;
  /** The frames of the same groups. */
  readonly pictures: readonly (readonly Picture[])[];
}

/**
 * The first groups whose completions and frames fit into the budget, each as the frames to show of it. Of the first there
 * are as many as fit, spread over time, so that something is there to look at.
 * @param counts frames of each group's question.
 */
export function shownFrames(
  counts: readonly number[],
  {
    generations,
    max_completion_length,
    bytesPerFrame,
  }: Readonly<Record<'generations' | 'max_completion_length' | 'bytesPerFrame', number>>,
): number[][] {
  const bytesPerCompletions = generations * max_completion_length * 4;
  let left = STEP_BYTES - SPARE_BYTES - counts.length * generations * FIGURE_BYTES;
  const shown: number[][] = [];
  for (const count of counts.slice(0, MAX_SHOWN_GROUPS)) {
    left -= bytesPerCompletions;
    if (left < 0) break;
    const frames = framesShown(count, Math.floor(left / bytesPerFrame));
    if (frames.length < count && shown.length > 0) break;
    left -= frames.length * bytesPerFrame;
    shown.push(frames);
  }
  return shown;
}

/** Reads back what `scores`, which are there already, leave out. */
export async function readRollout(
  backend: Backend,
  a: Architecture,
  { generations }: BatchShape,
  samples: readonly TokenizedSample[],
  scores: Scores,
  tensors: Rollout & Rewards & { readonly advantages: DeviceTensor },
  frames: FrameBatch,
  { exact_match_weight }: RewardConfig,
): Promise<RolloutReadBack> {
  const floats = async (tensor: DeviceTensor) => (await backend.read(tensor)) as Float32Array;
  const { max_completion_length } = a;
  const shown = shownFrames(
    samples.map((sample) => sample.frames.length),
    { generations, max_completion_length, bytesPerFrame: frames.bytesPerFrame },
  );
  const tokenCount = shown.length * generations * max_completion_length;
  const endedAt = Array.from(await backend.read(tensors.finished));
  return {
    ...scores,
    exact: exact_match_weight > 0 ? await floats(tensors.exact) : null,
    format: await floats(tensors.format),
    advantages: await floats(tensors.advantages),
    lengths: endedAt.map((length) => (length === 0 ? max_completion_length : length)),
    finished: endedAt.map((length) => length > 0),
    tokens: tokenCount === 0 ? new Int32Array(0) : ((await backend.read(tensors.tokens, tokenCount)) as Int32Array),
    pictures: await frames.pictures(shown),
  };
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n - 1), 0 for a single value. */
function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  const squares = Array.from(values).reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Name of the reward that scores a sample's answer; `numeric` is the one that the config gives numbers. */
function accuracyName({ sample }: TokenizedSample, numeric: string): string {
  return sample.question.answerValue === null ? 'exact_match' : numeric;
}

/**
 * Metrics of a rollout, by TRL's names. rewards/{numeric} and rewards/exact_match cover the completions that they score, and
 * are absent in a step without such questions; where exact match has a weight of its own it covers all. reward_std is the
 * mean of the groups' standard deviations, or with scale_rewards batch that of the batch; frac_reward_zero_std the share
 * of groups that have no spread. num_tokens is the step's; the run adds them up.
 */
export function rolloutMetrics(
  rollout: RolloutReadBack,
  samples: readonly TokenizedSample[],
  { generations }: BatchShape,
  { reward, grpo }: RunConfig,
): Record<string, number> {
  const groupOf = (row: number) => Math.floor(row / generations);
  const groups = samples.map((_, group) => rollout.total.slice(group * generations, (group + 1) * generations));
  const deviations = groups.map(standardDeviation);
  const numeric = reward.function;
  const ended = rollout.lengths.filter((_, row) => rollout.finished[row]);
  const metrics: Record<string, number> = {
    num_tokens: rollout.lengths.reduce((sum, length, row) => sum + length + samples[groupOf(row)].prompt.length, 0),
    'completions/mean_length': mean(rollout.lengths),
    'completions/min_length': Math.min(...rollout.lengths),
    'completions/max_length': Math.max(...rollout.lengths),
    'completions/clipped_ratio': 1 - ended.length / rollout.lengths.length,
    ...(ended.length > 0 && {
      'completions/mean_terminated_length': mean(ended),
      'completions/min_terminated_length': Math.min(...ended),
      'completions/max_terminated_length': Math.max(...ended),
    }),
    reward: mean(rollout.total),
    reward_std: grpo.scale_rewards === 'batch' ? standardDeviation(rollout.total) : mean(deviations),
    frac_reward_zero_std: mean(samples.map((_, group) => Number(!hasSpread(rollout.total, group, generations)))),
    'rewards/format/mean': mean(rollout.format),
    'rewards/format/std': standardDeviation(rollout.format),
  };
  for (const name of [numeric, 'exact_match']) {
    const scores = rollout.accuracy.filter((_, row) => accuracyName(samples[groupOf(row)], numeric) === name);
    if (scores.length === 0) continue;
    metrics[`rewards/${name}/mean`] = mean(scores);
    metrics[`rewards/${name}/std`] = standardDeviation(scores);
  }
  if (rollout.exact !== null) {
    metrics['rewards/exact_match/mean'] = mean(rollout.exact);
    metrics['rewards/exact_match/std'] = standardDeviation(rollout.exact);
  }
  return metrics;
}

/** The first groups' completions as rows of the table. */
export function completionRows(
  rollout: RolloutReadBack,
  samples: readonly TokenizedSample[],
  { generations }: BatchShape,
  tokenizer: Tokenizer,
  numeric: string,
  step: number,
): CompletionRow[] {
  const rows = rollout.pictures.length * generations;
  const columns = rows === 0 ? 0 : rollout.tokens.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const group = Math.floor(row / generations);
    const sample = samples[group];
    const tokens = rollout.tokens.slice(row * columns, row * columns + rollout.lengths[row]);
    const completion = tokenizer.decode(Array.from(tokens));
    return {
      step,
      group,
      task: sample.sample.question.task,
      prompt: tokenizer.decode(sample.prompt),
      completion,
      truth: sample.sample.question.answer,
      answer: /<answer>([^]*?)<\/answer>/.exec(completion)?.[1].trim() ?? null,
      rewards: {
        ...(rollout.exact !== null && { exact_match: rollout.exact[row] }),
        [accuracyName(sample, numeric)]: rollout.accuracy[row],
        format: rollout.format[row],
      },
      reward: rollout.total[row],
      advantage: rollout.advantages[row],
    };
  });
}

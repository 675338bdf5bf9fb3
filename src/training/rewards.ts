/**
 * Rewards of a rollout: the targets of its questions go to the device, and the scoring kernel reads the completions'
 * tokens there.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { type AnswerTarget, encodeTargets, encodeTokenText, TARGET_WORDS } from '../kernels/answer-text';
import { rewardNamed, rewardParameters } from '../kernels/rewards/registry';
import { scoreAnswers } from '../kernels/score-answers';
import type { BatchShape } from '../policy/inputs';
import type { Rollout } from '../policy/generation';
import type { RunContext, TokenizedSample } from './context';
import type { RewardConfig } from './config';
import { sharpnessAt } from './schedule';

/** Room for each target's text, words: a choice is a letter, and other texts are short. */
const TEXT_WORDS = 16;

/** Rewards on the device, one a completion. */
export interface Rewards {
  /** The weighted sum of accuracy, exact match and format. */
  readonly total: DeviceTensor;
  /** The config's reward where the truth is a number, exact match where it is a text. */
  readonly accuracy: DeviceTensor;
  readonly exact: DeviceTensor;
  readonly format: DeviceTensor;
  /** float32 [rows, 2]: the number that was answered, and whether there was one. */
  readonly parsed: DeviceTensor;
}

/** TRL's `reward_weights`: how much each reward counts in the sum. */
export function rewardWeights({ accuracy_weight, exact_match_weight, format_weight }: RewardConfig) {
  return { accuracy_weight, exact_weight: exact_match_weight, format_weight };
}

export class RewardScorer {
  private readonly backend: Backend;
  private readonly settings: RewardConfig;
  /** GRPO steps of the run. */
  private readonly steps: number;
  private readonly rows: number;
  private readonly shape: BatchShape;
  private readonly columns: number;
  private readonly vocabulary: number;
  private readonly eos: number;
  private readonly tokenText: DeviceTensor;
  private readonly targets: DeviceTensor;
  private readonly rewards: Rewards;

  constructor({ backend, architecture, config, tokenizer }: RunContext, shape: BatchShape) {
    const rows = shape.prompts * shape.generations;
    const text = encodeTokenText(tokenizer.tokenTexts());
    this.backend = backend;
    this.settings = config.reward;
    this.steps = config.grpo.steps;
    this.rows = rows;
    this.shape = shape;
    this.columns = architecture.max_completion_length;
    this.vocabulary = architecture.vocabulary;
    this.eos = tokenizer.special.eos;
    this.tokenText = backend.allocate('token text', 'uint32', [text.length], text);
    this.targets = backend.allocate('targets', 'uint32', [shape.prompts * (TARGET_WORDS + TEXT_WORDS)]);
    this.rewards = {
      total: backend.allocate('reward', 'float32', [rows]),
      accuracy: backend.allocate('accuracy reward', 'float32', [rows]),
      exact: backend.allocate('exact match', 'float32', [rows]),
      format: backend.allocate('format reward', 'float32', [rows]),
      parsed: backend.allocate('parsed answers', 'float32', [rows, 2]),
    };
  }

  /**
   * Scores a rollout of step `step`, from 1, whose groups belong to `samples`.
   * @returns tensors that belong to the scorer and are overwritten by the next call.
   */
  score(rollout: Rollout, samples: readonly TokenizedSample[], step: number): Rewards {
    const { backend, settings, rewards } = this;
    const settingsNow = { ...settings, sharpness: sharpnessAt(step, this.steps, settings) };
    const targets = samples.map(({ sample: { question } }): AnswerTarget =>
      question.answerValue === null
        ? { kind: 'text', text: question.answer }
        : { kind: 'number', value: question.answerValue },
    );
    backend.write(this.targets, encodeTargets(targets, this.targets.shape[0]));
    backend.dispatch(
      scoreAnswers,
      { tokens: rollout.tokens, token_text: this.tokenText, targets: this.targets, ...rewards },
      {
        rows: this.rows,
        max_completion: this.columns,
        group_size: this.shape.generations,
        vocabulary: this.vocabulary,
        eos: this.eos,
        ...rewardParameters(rewardNamed(settings.function), settingsNow),
        ...rewardWeights(settings),
      },
    );
    return rewards;
  }
}

/** What a perfect number earns; accuracy rewards over it are accuracies in [0, 1]. */
export function perfectReward(settings: RewardConfig): number {
  return rewardNamed(settings.function).reference(1, 1, settings);
}

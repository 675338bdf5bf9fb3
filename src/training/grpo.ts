/**
 * The GRPO step (Group Relative Policy Optimization; DeepSeekMath, arXiv 2402.03300, section 4), from rooms to weights:
 *
 *   1. draw questions about fresh rooms, as the curriculum asks, and let the policy see a frame of each
 *   2. sample a group of completions for each question
 *   3. reward each completion (EDNM or exact match, and the format)
 *   4. advantages: each reward against the mean and spread of its group, weighted by what there is to learn
 *   5. log-probabilities under the reference policy, for the KL penalty
 *   6. several clipped updates on the same completions
 *
 * Where it departs from the textbook: the policy that samples is the policy that learns, there is no replay; with
 * num_iterations 1 the old log-probabilities are those of the decoding graph, whose rounding differs in the last digits
 * from the training graph's, so that the first ratios are 1 to about six digits.
 *
 * From the frame to the weights everything stays on the device. What is read back, a few kilobytes, is counted.
 */
import type { DeviceTensor, Session } from '../backends/backend';
import { BackendScope } from '../backends/scope';
import { writeOnnx } from '../graph/onnx-file';
import { TOKEN_AVERAGES, tokenWeights } from '../kernels/token-weights';
import type { BatchShape } from '../policy/inputs';
import { adapterSpecs } from '../policy/lora';
import { Generator, type Rollout } from '../policy/generation';
import { allocatePrompts, type PromptBatch } from '../policy/prompts';
import type { StoredTensors } from '../policy/safetensors';
import { copyWeights, initializeWeights, loadWeights, type Weights } from '../policy/weights';
import { AdvantageEstimator } from './advantages';
import { completionRows, readRollout, rolloutMetrics } from './completions';
import { loraOf } from './config';
import type { RunContext } from './context';
import { Curriculum, type CurriculumState } from './curriculum';
import { FrameBatch } from './frames';
import { LOSS_TYPES, type LossType } from './losses/loss-types';
import { mostFrames } from './mixture';
import { logProbabilityModel } from './objective';
import { AdamW } from './optimizer';
import type { StepReport } from './report';
import { perfectReward, RewardScorer } from './rewards';
import { RolloutEvaluation } from './rollout-evaluation';
import { groupAccuracies, RolloutSampler } from './rollouts';
import { learningValue } from './sample-weights';
import { betaAt, learningRateAt } from './schedule';
import { Stopwatch } from './stopwatch';
import { type UpdateBatch, Updater, type UpdateResult } from './update';

export class Grpo {
  readonly optimizer: AdamW;
  /** The policy as it was when GRPO began, with LoRA the weights themselves; null when the KL penalty has no weight. */
  readonly reference: Weights | null;
  /** LoRA's adapters, which are trained in place of the weights; null without LoRA. */
  readonly adapters: Weights | null;
  private readonly context: RunContext;
  private readonly shape: BatchShape;
  private readonly weights: Weights;
  readonly curriculum: Curriculum;
  private readonly sampler: RolloutSampler;
  private readonly updater: Updater;
  private readonly frames: FrameBatch;
  private readonly prompts: PromptBatch;
  private readonly referenceSession: Session | null;
  private readonly temperature: DeviceTensor;
  private readonly advantages: AdvantageEstimator;
  private readonly evaluation: RolloutEvaluation;
  private readonly tokenWeights: DeviceTensor;
  private readonly referenceLogProbabilities: DeviceTensor;

  private constructor(
    context: RunContext,
    shape: BatchShape,
    weights: Weights,
    adapters: Weights | null,
    reference: Weights | null,
    parts: { generator: Generator; updater: Updater; referenceSession: Session | null; curriculum: Curriculum },
  ) {
    const { backend, architecture: a, config } = context;
    const rows = shape.prompts * shape.generations;
    const perToken = [rows, a.max_completion_length];
    this.context = context;
    this.shape = shape;
    this.weights = { ...weights, ...adapters };
    this.adapters = adapters;
    this.reference = reference;
    this.curriculum = parts.curriculum;
    this.updater = parts.updater;
    this.referenceSession = parts.referenceSession;
    this.optimizer = new AdamW(backend, a, config.grpo);
    this.frames = new FrameBatch(backend, context.frames, a, shape);
    this.prompts = allocatePrompts(backend, a, shape);
    this.sampler = new RolloutSampler(context, shape, {
      generator: parts.generator,
      scorer: new RewardScorer(context, shape),
      frames: this.frames,
      prompts: this.prompts,
    });
    this.temperature = backend.allocate('temperature', 'float32', [1], Float32Array.of(config.grpo.temperature));
    this.advantages = new AdvantageEstimator(backend, config, shape);
    this.evaluation = new RolloutEvaluation(context);
    this.tokenWeights = backend.allocate('token weights', 'float32', perToken);
    this.referenceLogProbabilities = backend.allocate('reference log-probabilities', 'float32', perToken);
  }

  /**
   * Compiles the graphs of a run's GRPO phase, which updates `weights` in place, or with LoRA adapters beside them.
   * @param resumed what a run goes on with: weights of its reference policy, its adapters and the curriculum's table; by
   * default the reference policy is `weights` as they are now, adapters begin anew, and the table is empty.
   */
  static async create(
    run: RunContext,
    weights: Weights,
    resumed?: {
      readonly reference: StoredTensors | null;
      readonly adapters: StoredTensors | null;
      readonly curriculum: CurriculumState;
    },
  ): Promise<Grpo> {
    const lora = loraOf(run.config);
    const a = { ...run.architecture, lora };
    const context = { ...run, backend: new BackendScope(run.backend), architecture: a };
    const { backend, config, tokenizer } = context;
    const { prompts_per_step, num_generations } = config.grpo;
    const shape = { prompts: prompts_per_step, generations: num_generations, slots: mostFrames(config.data, a) };
    const { anneal_beta, beta_end } = config.dynamic_optimization;
    const penalized = config.grpo.beta > 0 || (anneal_beta && beta_end > 0);
    const startingPolicy = () => {
      if (lora) return weights;
      if (resumed?.reference) return loadWeights(backend, a, resumed.reference);
      return copyWeights(backend, weights, 'reference');
    };
    const adapters = () => {
      if (resumed?.adapters) return loadWeights(backend, a, resumed.adapters, adapterSpecs(a));
      return initializeWeights(backend, a, config.seed, adapterSpecs(a));
    };
    return new Grpo(context, shape, weights, lora ? adapters() : null, penalized ? startingPolicy() : null, {
      curriculum: new Curriculum(config, resumed?.curriculum),
      generator: await Generator.create(backend, a, shape, tokenizer.special),
      updater: await Updater.create(backend, a, shape, config.grpo),
      referenceSession: penalized
        ? await backend.compile('reference log-probabilities', writeOnnx(logProbabilityModel(run.architecture, shape)))
        : null,
    });
  }

  /** Step `step`, from 1. */
  async step(step: number): Promise<StepReport> {
    const { backend, architecture: a, config, tokenizer } = this.context;
    const { grpo } = config;
    const watch = new Stopwatch();
    const { eval_steps, steps } = grpo;
    const ends = eval_steps > 0 && (step % eval_steps === 0 || step === steps);
    const begun = eval_steps > 0 && step === 1 && !ends ? await this.evaluate(step, watch) : {};

    const bytesBefore = backend.bytesRead;
    const slots = this.curriculum.slots(step, this.shape.prompts);
    const { samples, rollout, rewards, scores, outcomes, counts } = await this.sampler.sample(
      step,
      slots,
      this.weights,
      watch,
    );
    const accuracies = groupAccuracies(scores, samples, this.shape.generations, perfectReward(config.reward));
    const { sample_weights, min_sample_weight } = config.dynamic_optimization;
    const sampleWeights = accuracies.map((accuracy) => learningValue(accuracy, min_sample_weight));
    const advantages = this.advantages.estimate(rewards, sample_weights ? sampleWeights : null);
    const batch = this.weigh(rollout, advantages);
    const readBack = await readRollout(
      backend,
      a,
      this.shape,
      samples,
      scores,
      { ...rollout, ...rewards, advantages },
      this.frames,
      config.reward,
    );
    watch.lap('reward');

    this.context.onStage('computing gradients');
    await this.logReference(rollout);
    const learningRate = learningRateAt(step, grpo);
    const beta = betaAt(step, config);
    const updates: UpdateResult[] = [];
    for (let iteration = 0; iteration < grpo.num_iterations; iteration++) {
      updates.push(
        await this.updater.update(this.weights, this.optimizer, this.prompts, batch, {
          ...grpo,
          beta,
          policy_weight: 1,
          supervised_weight: 0,
          learningRate,
        }),
      );
    }
    watch.lap('update');
    this.curriculum.observe(outcomes);

    const metrics = {
      ...rolloutMetrics(readBack, samples, this.shape, config),
      ...updateMetrics(updates, grpo.loss_type, this.reference !== null),
      learning_rate: learningRate,
      beta,
      ...counts,
      'device/bytes_read_back': backend.bytesRead - bytesBefore,
      ...begun,
      ...(ends ? await this.evaluate(step, watch) : {}),
      ...watch.metrics(),
    };
    return {
      phase: 'grpo',
      step,
      metrics,
      completions: completionRows(readBack, samples, this.shape, tokenizer, config.reward.function, step),
      pictures: readBack.pictures,
      curriculum: this.curriculum.table(),
    };
  }

  /** Figures of the policy as it is now, on held-out questions. What it reads back is not of the step's. */
  private async evaluate(step: number, watch: Stopwatch): Promise<Record<string, number>> {
    const figures = await this.evaluation.evaluate(this.weights, step);
    watch.lap('evaluate');
    return figures;
  }

  /** Frees what the phase allocated. */
  dispose(): Promise<void> {
    return this.context.backend.dispose();
  }

  /** Log-probabilities of the rollout under the reference policy. */
  private async logReference(rollout: Rollout): Promise<void> {
    if (!this.referenceSession || !this.reference) return;
    await this.context.backend.run(
      this.referenceSession,
      { ...this.reference, ...this.prompts, completion_tokens: rollout.tokens, temperature: this.temperature },
      { log_probabilities: this.referenceLogProbabilities },
    );
  }

  /** The rollout as a batch for the loss, each token weighted after loss_type. */
  private weigh(rollout: Rollout, advantages: DeviceTensor): UpdateBatch {
    const { backend, architecture: a, config } = this.context;
    backend.dispatch(
      tokenWeights,
      {
        mask: rollout.mask,
        finished: rollout.finished,
        weights: this.tokenWeights,
      },
      {
        rows: this.shape.prompts * this.shape.generations,
        max_completion: a.max_completion_length,
        loss_type: TOKEN_AVERAGES[LOSS_TYPES[config.grpo.loss_type].average],
        mask_truncated: config.grpo.mask_truncated_completions ? 1 : 0,
      },
    );
    return {
      completion_tokens: rollout.tokens,
      token_weights: this.tokenWeights,
      advantages,
      old_log_probabilities: rollout.logProbabilities,
      // Without a penalty there is no reference; the policy itself keeps its term finite.
      reference_log_probabilities: this.reference ? this.referenceLogProbabilities : rollout.logProbabilities,
    };
  }
}

/**
 * Averages over a step's updates, and extremes of the clipping; clipping is named as TRL names it for the loss type, and KL
 * is told, as there, where it is penalized.
 */
function updateMetrics(
  updates: readonly UpdateResult[],
  lossType: LossType,
  penalized: boolean,
): Record<string, number> {
  const each = (value: (update: UpdateResult) => number) => updates.map(value);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const low = each(({ statistics }) => statistics.clip_low);
  const high = each(({ statistics }) => statistics.clip_high);
  const clipping = {
    clipped: {
      'clip_ratio/low_mean': mean(low),
      'clip_ratio/low_min': Math.min(...low),
      'clip_ratio/high_mean': mean(high),
      'clip_ratio/high_max': Math.max(...high),
      'clip_ratio/region_mean': mean(low.map((value, update) => value + high[update])),
    },
    cispo: { cispo_clip_ratio: mean(high) },
    sapo: {},
  };
  return {
    loss: mean(each(({ loss }) => loss)),
    policy_loss: mean(each(({ statistics }) => statistics.policy_loss)),
    ...(penalized && { kl: mean(each(({ statistics }) => statistics.kl)) }),
    entropy: mean(each(({ statistics }) => statistics.entropy)),
    ...clipping[LOSS_TYPES[lossType].surrogate],
    grad_norm: mean(each(({ gradNorm }) => gradNorm)),
  };
}

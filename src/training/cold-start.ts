/**
 * The cold start: supervised steps on verified chains of thought, so that GRPO begins with a policy that keeps to the
 * output contract (paper, the first of its two stages).
 *
 * It runs GRPO's training graph with policy_weight 0 and supervised_weight 1, and true completions in place of sampled
 * ones; one completion a prompt. A step is one update, from the gradients of one pass or the sum over several.
 */
import { BackendScope } from '../backends/scope';
import type { Weights } from '../policy/weights';
import type { RunContext, SupervisedSample } from './context';
import { FrameBatch } from './frames';
import { GradientSum } from './gradient-sum';
import type { Objective } from './objective';
import { AdamW } from './optimizer';
import type { StepReport } from './report';
import { learningRateAt } from './schedule';
import { SupervisedBatch } from './supervised-batch';
import { SupervisedEvaluation } from './supervised-evaluation';
import { Updater } from './update';

/** GRPO's plainest objective; its surrogate has no weight here. */
const OBJECTIVE: Objective = {
  loss_type: 'dapo',
  importance_sampling_level: 'token',
  delta: 0,
  top_entropy_quantile: 1,
};

export class ColdStart {
  readonly optimizer: AdamW;
  private readonly context: RunContext;
  private readonly weights: Weights;
  /** Holds the gradients of the last pass. */
  readonly updater: Updater;
  private readonly frames: FrameBatch;
  private readonly batch: SupervisedBatch;
  /** Null where a step is one pass. */
  private readonly sum: GradientSum | null;
  /** Null where the config asks for none. */
  private readonly evaluation: SupervisedEvaluation | null;

  private constructor(
    context: RunContext,
    weights: Weights,
    parts: { updater: Updater; frames: FrameBatch; evaluation: SupervisedEvaluation | null },
  ) {
    const { backend, architecture: a, config } = context;
    this.context = context;
    this.weights = weights;
    this.updater = parts.updater;
    this.frames = parts.frames;
    this.evaluation = parts.evaluation;
    this.optimizer = new AdamW(backend, a, config.cold_start);
    this.batch = new SupervisedBatch(context, config.cold_start.batch_size);
    const accumulates = config.cold_start.gradient_accumulation_steps > 1;
    this.sum = accumulates ? new GradientSum(backend, this.updater.gradients) : null;
  }

  /** Compiles the cold start's graphs. It updates `weights` in place. */
  static async create(run: RunContext, weights: Weights): Promise<ColdStart> {
    const context = { ...run, backend: new BackendScope(run.backend) };
    const { backend, architecture: a, config } = context;
    const { batch_size, eval_steps } = config.cold_start;
    const frames = new FrameBatch(backend, context.frames, a, { prompts: batch_size, generations: 1 });
    return new ColdStart(context, weights, {
      updater: await Updater.create(backend, a, { prompts: batch_size, generations: 1 }, OBJECTIVE),
      frames,
      evaluation: eval_steps > 0 ? await SupervisedEvaluation.create(context, frames) : null,
    });
  }

  /** Step `step`, from 1. */
  async step(step: number): Promise<StepReport> {
    const start = performance.now();
    const { backend, config } = this.context;
    const { batch_size: rows, gradient_accumulation_steps: passes, eval_steps, steps } = config.cold_start;
    const bytesBefore = backend.bytesRead;
    this.context.onStage('rendering rooms');
    const draws = await Promise.all(
      Array.from({ length: passes * rows }, (_, index) =>
        this.context.samples(this.context, { phase: 'cold_start', step, index, round: 0, fitCompletion: true }),
      ),
    );
    const samples = draws.map(({ drawn }) => drawn);
    const tokens = completionTokens(samples);

    let [loss, entropy] = [0, 0];
    for (let pass = 0; pass < passes; pass++) {
      const passSamples = samples.slice(pass * rows, (pass + 1) * rows);
      await this.batch.fill(passSamples, this.frames);
      this.context.onStage('computing gradients');
      const share = completionTokens(passSamples) / tokens;
      const result = await this.differentiate();
      this.sum?.add(this.updater.gradients, pass, share);
      loss += share * result.loss;
      entropy += share * result.statistics.entropy;
    }
    const learningRate = learningRateAt(step, config.cold_start);
    const gradients = this.sum?.gradients ?? this.updater.gradients;
    const gradNorm = await this.optimizer.step(this.weights, gradients, learningRate);
    const evaluates = eval_steps > 0 && (step % eval_steps === 0 || step === steps);
    const metrics = {
      loss,
      entropy,
      grad_norm: gradNorm,
      learning_rate: learningRate,
      num_tokens: samples.reduce((sum, { prompt, completion }) => sum + prompt.length + completion.length, 0),
      'data/redrawn': draws.reduce((sum, { redrawn }) => sum + redrawn, 0),
      ...(evaluates ? await this.evaluation?.evaluate(this.weights) : {}),
      'device/bytes_read_back': backend.bytesRead - bytesBefore,
      step_time: (performance.now() - start) / 1000,
    };
    return { phase: 'cold_start', step, metrics, completions: [], pictures: {}, curriculum: [] };
  }

  /** Frees what the phase allocated. */
  dispose(): Promise<void> {
    return this.context.backend.dispose();
  }

  /** Loss, statistics and gradients of the batch as it is. */
  private async differentiate() {
    await this.updater.differentiate(this.weights, this.batch.prompts, this.batch.completions, {
      ...this.context.config.grpo,
      temperature: 1,
      beta: 0,
      policy_weight: 0,
      supervised_weight: 1,
    });
    return this.updater.results();
  }
}

function completionTokens(samples: readonly SupervisedSample[]): number {
  return samples.reduce((sum, { completion }) => sum + completion.length, 0);
}

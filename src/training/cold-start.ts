/**
 * The cold start: supervised steps on verified chains of thought, so that GRPO begins with a policy that keeps to the
 * output contract (paper, the first of its two stages).
 *
 * It runs GRPO's training graph with policy_weight 0 and supervised_weight 1, and true completions in place of sampled
 * ones; one completion a prompt. A step is one update, from the gradients of one pass or the sum over several. Samples with
 * as many frames share passes, so that few have empty frame slots to compute; each token counts the same wherever it is.
 */
import { BackendScope } from '../backends/scope';
import { BySlots } from '../policy/frame-slots';
import type { Weights } from '../policy/weights';
import type { RunContext, SupervisedSample } from './context';
import { FrameBatch, slotsNeeded } from './frames';
import { GradientSum } from './gradient-sum';
import type { Objective } from './objective';
import { AdamW } from './optimizer';
import type { StepReport } from './report';
import { learningRateAt } from './schedule';
import { SupervisedBatch } from './supervised-batch';
import { SupervisedEvaluation } from './supervised-evaluation';
import { allocateGradients, Updater } from './update';

/** GRPO's plainest objective; its surrogate has no weight here. */
const OBJECTIVE: Objective = {
  loss_type: 'dapo',
  importance_sampling_level: 'token',
  delta: 0,
  top_entropy_quantile: 1,
};

/** What a pass over a batch runs on. */
interface Pass {
  readonly frames: FrameBatch;
  readonly batch: SupervisedBatch;
  readonly updater: Updater;
}

export class ColdStart {
  readonly optimizer: AdamW;
  /** Of the last pass. */
  readonly gradients: Weights;
  private readonly context: RunContext;
  private readonly weights: Weights;
  private readonly passes: BySlots<Pass>;
  /** Null where a step is one pass. */
  private readonly sum: GradientSum | null;
  /** Null where the config asks for none. */
  private readonly evaluation: SupervisedEvaluation | null;

  private constructor(
    context: RunContext,
    weights: Weights,
    parts: { passes: BySlots<Pass>; gradients: Weights; evaluation: SupervisedEvaluation | null },
  ) {
    const { backend, architecture: a, config } = context;
    this.context = context;
    this.weights = weights;
    this.passes = parts.passes;
    this.gradients = parts.gradients;
    this.evaluation = parts.evaluation;
    this.optimizer = new AdamW(backend, a, config.cold_start);
    const accumulates = config.cold_start.gradient_accumulation_steps > 1;
    this.sum = accumulates ? new GradientSum(backend, this.gradients) : null;
  }

  /** Compiles the cold start's graphs. It updates `weights` in place. */
  static async create(run: RunContext, weights: Weights): Promise<ColdStart> {
    const context = { ...run, backend: new BackendScope(run.backend) };
    const { backend, architecture: a, config } = context;
    const { batch_size, eval_steps } = config.cold_start;
    const gradients = allocateGradients(backend, a);
    const passes = await BySlots.create(a, async (slots): Promise<Pass> => {
      const shape = { prompts: batch_size, generations: 1, slots };
      return {
        frames: new FrameBatch(backend, context.frames, a, shape),
        batch: new SupervisedBatch(context, shape),
        updater: await Updater.create(backend, a, shape, OBJECTIVE, gradients),
      };
    });
    const evaluation = eval_steps > 0 ? await SupervisedEvaluation.create(context) : null;
    return new ColdStart(context, weights, { passes, gradients, evaluation });
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
    const samples = draws
      .map(({ drawn }) => drawn)
      .sort((one, other) => slotsNeeded(one.frames) - slotsNeeded(other.frames));
    const tokens = completionTokens(samples);

    let [loss, entropy] = [0, 0];
    for (let pass = 0; pass < passes; pass++) {
      const passSamples = samples.slice(pass * rows, (pass + 1) * rows);
      const result = await this.differentiate(passSamples);
      const share = completionTokens(passSamples) / tokens;
      this.sum?.add(this.gradients, pass, share);
      loss += share * result.loss;
      entropy += share * result.statistics.entropy;
    }
    const learningRate = learningRateAt(step, config.cold_start);
    const gradients = this.sum?.gradients ?? this.gradients;
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

  /** Loss, statistics and gradients of a batch of samples. */
  private async differentiate(samples: readonly SupervisedSample[]) {
    const most = Math.max(...samples.map(({ frames: seen }) => slotsNeeded(seen)));
    const { frames, batch, updater } = this.passes.fitting(most);
    await batch.fill(samples, frames);
    this.context.onStage('computing gradients');
    await updater.differentiate(this.weights, batch.prompts, batch.completions, {
      ...this.context.config.grpo,
      temperature: 1,
      beta: 0,
      policy_weight: 0,
      supervised_weight: 1,
    });
    return updater.results();
  }
}

function completionTokens(samples: readonly SupervisedSample[]): number {
  return samples.reduce((sum, { completion }) => sum + completion.length, 0);
}

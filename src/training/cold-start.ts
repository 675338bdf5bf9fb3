/**
 * The cold start: supervised steps on verified chains of thought, so that GRPO begins with a policy that keeps to the
 * output contract (paper, the first of its two stages).
 *
 * It runs GRPO's training graph with policy_weight 0 and supervised_weight 1, and true completions in place of sampled
 * ones. A step is one update, from the sum of the gradients of the passes that its samples are packed into; each token
 * of a completion counts the same, wherever it is. Where several processes train together, each takes its share of the
 * passes.
 */
import { BackendScope } from '../backends/scope';
import type { Weights } from '../policy/weights';
import type { RunContext } from './context';
import { GradientSum } from './gradient-sum';
import type { Objective } from './objective';
import { AdamW } from './optimizer';
import { completionTokens, packPasses, type Pass, type PassShape } from './packing';
import { PeerSum } from './peers';
import type { StepReport } from './report';
import { learningRateAt } from './schedule';
import { packedGraphs, SupervisedBatch } from './supervised-batch';
import { SupervisedEvaluation } from './supervised-evaluation';
import { allocateGradients, Updater } from './update';

/** GRPO's plainest objective; its surrogate has no weight here. */
const OBJECTIVE: Objective = {
  loss_type: 'dapo',
  importance_sampling_level: 'token',
  delta: 0,
  top_entropy_quantile: 1,
};

/** What passes of a shape run on. */
interface Packed {
  readonly batch: SupervisedBatch;
  readonly updater: Updater;
}

export class ColdStart {
  readonly optimizer: AdamW;
  /** Of the last pass. */
  readonly gradients: Weights;
  private readonly context: RunContext;
  private readonly weights: Weights;
  /** By the shape of the pass; compiled when a step first has one of it. */
  private readonly compiled = new Map<string, Packed>();
  private readonly sum: GradientSum;
  private readonly peerSum: PeerSum;
  /** Null where the config asks for none. */
  private readonly evaluation: SupervisedEvaluation | null;

  /** It updates `weights` in place. */
  constructor(run: RunContext, weights: Weights) {
    const context = { ...run, backend: new BackendScope(run.backend) };
    const { backend, architecture: a, config } = context;
    this.context = context;
    this.weights = weights;
    this.gradients = allocateGradients(backend, a);
    this.sum = new GradientSum(backend, this.gradients);
    this.peerSum = new PeerSum(backend, Object.values(this.sum.gradients), context.peers);
    this.optimizer = new AdamW(backend, a, config.cold_start);
    this.evaluation = config.cold_start.eval_steps > 0 ? new SupervisedEvaluation(context) : null;
  }

  /** Step `step`, from 1. */
  async step(step: number): Promise<StepReport> {
    const start = performance.now();
    const { backend, config, architecture, peers } = this.context;
    const { batch_size, gradient_accumulation_steps, eval_steps, steps } = config.cold_start;
    const bytesBefore = backend.bytesRead;
    this.context.onStage('rendering rooms');
    const draws = await Promise.all(
      Array.from({ length: gradient_accumulation_steps * batch_size }, (_, index) =>
        this.context.samples(this.context, { phase: 'cold_start', step, index, round: 0, fitCompletion: true }),
      ),
    );
    const samples = draws.map(({ drawn }) => drawn);
    const tokens = completionTokens(samples);
    const passes = packPasses(samples, architecture, batch_size);

    const own = passes.filter((_, index) => index % peers.size === peers.rank);
    const summed = passes.length > 1 || peers.size > 1;
    if (own.length === 0) this.sum.clear();
    let [loss, entropy] = [0, 0];
    for (const [index, pass] of own.entries()) {
      const result = await this.differentiate(pass);
      const share = completionTokens(pass.views.flatMap((view) => view.samples)) / tokens;
      if (summed) this.sum.add(this.gradients, index, share);
      loss += share * result.loss;
      entropy += share * result.statistics.entropy;
    }
    if (peers.size > 1) [loss, entropy] = await this.peerSum.update([loss, entropy]);
    const learningRate = learningRateAt(step, config.cold_start);
    const gradients = summed ? this.sum.gradients : this.gradients;
    const gradNorm = await this.optimizer.step(this.weights, gradients, learningRate);
    const evaluates = eval_steps > 0 && peers.rank === 0 && (step % eval_steps === 0 || step === steps);
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
    return { phase: 'cold_start', step, metrics, completions: [], pictures: [], curriculum: [] };
  }

  /** Frees what the phase allocated. */
  dispose(): Promise<void> {
    return this.context.backend.dispose();
  }

  /** Loss, statistics and gradients of a pass. */
  private async differentiate(pass: Pass) {
    const { batch, updater } = await this.packed(pass.shape);
    await batch.fill(pass);
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

  private async packed(shape: PassShape): Promise<Packed> {
    const key = JSON.stringify(shape);
    const there = this.compiled.get(key);
    if (there) return there;
    const { backend, onStage } = this.context;
    onStage('compiling the cold start');
    const graphs = packedGraphs(this.context.architecture, shape);
    const packed = {
      batch: new SupervisedBatch(this.context, shape),
      updater: await Updater.create(backend, graphs.architecture, graphs.batch, OBJECTIVE, this.gradients),
    };
    this.compiled.set(key, packed);
    return packed;
  }
}

/**
 * The cold start: supervised steps on verified chains of thought, so that GRPO begins with a policy that keeps to the
 * output contract (paper, the first of its two stages).
 *
 * It runs GRPO's training graph with policy_weight 0 and supervised_weight 1, and true completions in place of sampled
 * ones; one completion a prompt.
 */
import type { DeviceTensor } from '../backends/backend';
import { BackendScope } from '../backends/scope';
import { TOKEN_AVERAGES, tokenWeights } from '../kernels/token-weights';
import { allocatePrompts, type PromptBatch } from '../policy/prompts';
import type { Weights } from '../policy/weights';
import type { RunContext } from './context';
import { drawForPlace } from './drawing';
import { FrameBatch } from './frames';
import type { Objective } from './objective';
import { AdamW } from './optimizer';
import { showSamples } from './prompting';
import type { StepReport } from './report';
import { learningRateAt } from './schedule';
import { type UpdateBatch, Updater } from './update';

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
  /** Holds the gradients of the last step. */
  readonly updater: Updater;
  private readonly frames: FrameBatch;
  private readonly prompts: PromptBatch;
  private readonly batch: UpdateBatch;
  private readonly mask: DeviceTensor;
  private readonly finished: DeviceTensor;

  private constructor(context: RunContext, weights: Weights, updater: Updater) {
    const { backend, architecture: a, config } = context;
    const rows = config.cold_start.batch_size;
    const perToken = [rows, a.max_completion_length];
    this.context = context;
    this.weights = weights;
    this.updater = updater;
    this.optimizer = new AdamW(backend, a, config.cold_start);
    this.frames = new FrameBatch(backend, context.frames, a, rows);
    this.prompts = allocatePrompts(backend, a, { prompts: rows, generations: 1 });
    this.batch = {
      completion_tokens: backend.allocate('true completions', 'int32', perToken),
      token_weights: backend.allocate('token weights', 'float32', perToken),
      // The policy-gradient and KL terms have weight 0: these stay zero.
      advantages: backend.allocate('no advantages', 'float32', [rows]),
      old_log_probabilities: backend.allocate('no old log-probabilities', 'float32', perToken),
      reference_log_probabilities: backend.allocate('no reference log-probabilities', 'float32', perToken),
    };
    this.mask = backend.allocate('completion mask', 'float32', perToken);
    this.finished = backend.allocate('finished', 'uint32', [rows], new Uint32Array(rows).fill(1));
  }

  /** Compiles the cold start's graphs. It updates `weights` in place. */
  static async create(run: RunContext, weights: Weights): Promise<ColdStart> {
    const context = { ...run, backend: new BackendScope(run.backend) };
    const shape = { prompts: run.config.cold_start.batch_size, generations: 1 };
    return new ColdStart(
      context,
      weights,
      await Updater.create(context.backend, context.architecture, shape, OBJECTIVE),
    );
  }

  /** Step `step`, from 1. */
  async step(step: number): Promise<StepReport> {
    const start = performance.now();
    const { backend, architecture: a, config, tokenizer } = this.context;
    const bytesBefore = backend.bytesRead;
    const rows = config.cold_start.batch_size;
    this.context.onStage('rendering rooms');
    const draws = Array.from({ length: rows }, (_, index) =>
      drawForPlace(this.context, { phase: 'cold_start', step, index, round: 0, fitCompletion: true }),
    );
    const samples = draws.map(({ drawn }) => drawn);
    const redrawn = draws.reduce((sum, draw) => sum + draw.redrawn, 0);

    await showSamples(this.context, samples, this.frames, this.prompts);
    const tokens = new Int32Array(rows * a.max_completion_length).fill(tokenizer.special.pad);
    const mask = new Float32Array(rows * a.max_completion_length);
    samples.forEach(({ completion }, row) => {
      tokens.set(completion, row * a.max_completion_length);
      mask.fill(1, row * a.max_completion_length, row * a.max_completion_length + completion.length);
    });
    backend.write(this.batch.completion_tokens, tokens);
    backend.write(this.mask, mask);
    backend.dispatch(
      tokenWeights,
      {
        mask: this.mask,
        finished: this.finished,
        weights: this.batch.token_weights,
      },
      { rows, max_completion: a.max_completion_length, loss_type: TOKEN_AVERAGES.dapo, mask_truncated: 0 },
    );
    this.context.onStage('computing gradients');
    const learningRate = learningRateAt(step, config.cold_start);
    const { loss, gradNorm, statistics } = await this.updater.update(
      this.weights,
      this.optimizer,
      this.prompts,
      this.batch,
      {
        ...config.grpo,
        temperature: 1,
        beta: 0,
        policy_weight: 0,
        supervised_weight: 1,
        learningRate,
      },
    );
    const metrics = {
      loss,
      entropy: statistics.entropy,
      grad_norm: gradNorm,
      learning_rate: learningRate,
      num_tokens: samples.reduce((sum, { prompt, completion }) => sum + prompt.length + completion.length, 0),
      'data/redrawn': redrawn,
      'device/bytes_read_back': backend.bytesRead - bytesBefore,
      step_time: (performance.now() - start) / 1000,
    };
    return { phase: 'cold_start', step, metrics, completions: [], pictures: {}, curriculum: [] };
  }

  /** Frees what the phase allocated. */
  dispose(): Promise<void> {
    return this.context.backend.dispose();
  }
}

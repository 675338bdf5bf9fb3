/**
 * Samples with their true completions as a batch on the device: what the cold start trains on and is evaluated on.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { TOKEN_AVERAGES, tokenWeights } from '../kernels/token-weights';
import type { BatchShape } from '../policy/inputs';
import { allocatePrompts, type PromptBatch } from '../policy/prompts';
import type { RunContext, SupervisedSample } from './context';
import type { FrameBatch } from './frames';
import { showSamples } from './prompting';
import type { UpdateBatch } from './update';

export class SupervisedBatch {
  readonly prompts: PromptBatch;
  readonly completions: UpdateBatch;
  private readonly context: RunContext;
  private readonly mask: DeviceTensor;
  private readonly finished: DeviceTensor;
  private readonly rows: number;

  /** @param shape with one completion a prompt. */
  constructor(context: RunContext, shape: BatchShape) {
    const { backend, architecture: a } = context;
    const rows = shape.prompts;
    const perToken = [rows, a.max_completion_length];
    this.context = context;
    this.rows = rows;
    this.prompts = allocatePrompts(backend, a, shape);
    this.completions = {
      completion_tokens: backend.allocate('true completions', 'int32', perToken),
      token_weights: backend.allocate('token weights', 'float32', perToken),
      ...unweighted(backend, rows, perToken),
    };
    this.mask = backend.allocate('completion mask', 'float32', perToken);
    this.finished = backend.allocate('finished', 'uint32', [rows], new Uint32Array(rows).fill(1));
  }

  /**
   * Overwrites the batch with as many samples as it has rows; each token of a completion counts the same.
   * @returns the number of tokens that count.
   */
  async fill(samples: readonly SupervisedSample[], frames: FrameBatch): Promise<number> {
    const { backend, architecture: a, tokenizer } = this.context;
    const { rows } = this;
    await showSamples(this.context, samples, frames, this.prompts);
    const tokens = new Int32Array(rows * a.max_completion_length).fill(tokenizer.special.pad);
    const mask = new Float32Array(rows * a.max_completion_length);
    samples.forEach(({ completion }, row) => {
      tokens.set(completion, row * a.max_completion_length);
      mask.fill(1, row * a.max_completion_length, row * a.max_completion_length + completion.length);
    });
    backend.write(this.completions.completion_tokens, tokens);
    backend.write(this.mask, mask);
    backend.dispatch(
      tokenWeights,
      { mask: this.mask, finished: this.finished, weights: this.completions.token_weights },
      { rows, max_completion: a.max_completion_length, loss_type: TOKEN_AVERAGES.dapo, mask_truncated: 0 },
    );
    return samples.reduce((sum, { completion }) => sum + completion.length, 0);
  }
}

/** Inputs of the policy-gradient and KL terms, which have weight 0: these stay zero. */
function unweighted(backend: Backend, rows: number, perToken: readonly number[]) {
  return {
    advantages: backend.allocate('no advantages', 'float32', [rows]),
    old_log_probabilities: backend.allocate('no old log-probabilities', 'float32', perToken),
    reference_log_probabilities: backend.allocate('no reference log-probabilities', 'float32', perToken),
  };
}

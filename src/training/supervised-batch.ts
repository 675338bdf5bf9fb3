/**
 * Samples with their true completions as a batch on the device: what a pass of the cold start trains on, or is evaluated
 * on. A pass is packed (packing.ts): what the graph takes for prompts are its views, each with the one token that all
 * prompts begin with, and what it takes for completions are texts, a prompt's other tokens and its completion. Of these
 * only the completion's tokens count.
 */
import type { DeviceTensor } from '../backends/backend';
import { TOKEN_AVERAGES, tokenWeights } from '../kernels/token-weights';
import type { BatchShape } from '../policy/inputs';
import { type Architecture, textPositions } from '../policy/parameters';
import { allocatePrompts, type PromptBatch, writePrompts } from '../policy/prompts';
import type { RunContext } from './context';
import { FrameBatch } from './frames';
import { type Pass, type PassShape, textLength } from './packing';
import type { UpdateBatch } from './update';

/** What the policy's graphs are built with for passes of a shape; the weights are those of the policy. */
export function packedGraphs(a: Architecture, shape: PassShape): { architecture: Architecture; batch: BatchShape } {
  const { views, slots, texts, length } = shape;
  return {
    architecture: {
      ...a,
      max_prompt_length: 1,
      max_completion_length: length,
      text_positions: textPositions(a),
    },
    batch: { prompts: views, generations: 1, slots, texts },
  };
}

export class SupervisedBatch {
  readonly prompts: PromptBatch & { readonly text_views: DeviceTensor };
  readonly completions: UpdateBatch;
  private readonly context: RunContext;
  private readonly shape: PassShape;
  private readonly frames: FrameBatch;
  private readonly mask: DeviceTensor;
  private readonly finished: DeviceTensor;

  constructor(context: RunContext, shape: PassShape) {
    const { backend, tokenizer } = context;
    const { texts, views } = shape;
    const { architecture, batch } = packedGraphs(context.architecture, shape);
    const perToken = [texts, shape.length];
    this.context = context;
    this.shape = shape;
    this.frames = new FrameBatch(backend, context.frames, architecture, batch);
    const prompts = allocatePrompts(backend, architecture, batch);
    const first = Array.from({ length: views }, () => [tokenizer.special.bos]);
    writePrompts(backend, architecture, prompts, first, tokenizer.special.pad);
    this.prompts = {
      ...prompts,
      prompt_lengths: backend.allocate('tokens before the texts', 'int32', [texts, 1], new Int32Array(texts).fill(1)),
      text_views: backend.allocate('views of the texts', 'float32', [texts, views]),
    };
    this.completions = {
      completion_tokens: backend.allocate('texts', 'int32', perToken),
      token_weights: backend.allocate('token weights', 'float32', perToken),
      // Inputs of the policy-gradient and KL terms, which have weight 0: these stay zero.
      advantages: backend.allocate('no advantages', 'float32', [texts]),
      old_log_probabilities: backend.allocate('no old log-probabilities', 'float32', perToken),
      reference_log_probabilities: backend.allocate('no reference log-probabilities', 'float32', perToken),
    };
    this.mask = backend.allocate('completion mask', 'float32', perToken);
    this.finished = backend.allocate('finished', 'uint32', [texts], new Uint32Array(texts).fill(1));
  }

  /** Overwrites the batch with a pass of its shape; each token of a completion counts the same. */
  async fill({ views }: Pass): Promise<void> {
    const { backend, tokenizer } = this.context;
    const { texts, length, views: places } = this.shape;
    const seen = Array.from({ length: places }, (_, place) => views[place]?.frames ?? []);
    await this.frames.show(seen, this.prompts);
    const tokens = new Int32Array(texts * length).fill(tokenizer.special.pad);
    const mask = new Float32Array(texts * length);
    const textViews = new Float32Array(texts * places);
    const packed = views.flatMap(({ samples }, view) => samples.map((sample) => ({ view, sample })));
    packed.forEach(({ view, sample }, text) => {
      const { prompt, completion } = sample;
      const end = text * length + textLength(sample);
      tokens.set([...prompt.slice(1), ...completion], text * length);
      mask.fill(1, end - completion.length, end);
      textViews[text * places + view] = 1;
    });
    backend.write(this.completions.completion_tokens, tokens);
    backend.write(this.mask, mask);
    backend.write(this.prompts.text_views, textViews);
    backend.dispatch(
      tokenWeights,
      { mask: this.mask, finished: this.finished, weights: this.completions.token_weights },
      { rows: texts, max_completion: length, loss_type: TOKEN_AVERAGES.dapo, mask_truncated: 0 },
    );
  }
}

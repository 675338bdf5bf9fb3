/**
 * What the policy's graphs are given: weights under their own names, and a batch of prompts of fixed sizes. A prompt has
 * room for some number of frames; slots that it leaves empty are told by a mask, and nothing attends to them.
 */
import type { GraphBuilder, Value } from '../graph/builder';
import { type Architecture, frameCount, parameterSpecs, patchLength, visualTokenCount } from './parameters';

/** The fixed sizes of a batch; each batch shape has graphs of its own. */
export interface BatchShape {
  /** N: questions. */
  readonly prompts: number;
  /** G: completions of each. */
  readonly generations: number;
  /** F: frames that each question has room for, from 1 to those of the policy; left out: as many as the policy sees. */
  readonly slots?: number;
  /**
   * R: completions in a packed batch, in which each says by the input text_views which prompt it goes on from; G is 1
   * then. Left out: N*G, those of a prompt after each other.
   */
  readonly texts?: number;
}

/** Completions of a batch: R, or N*G. */
export function completionCount({ prompts, generations, texts = prompts * generations }: BatchShape): number {
  return texts;
}

/** F: frames that a prompt of the batch has room for. */
export function slotCount(architecture: Architecture, { slots = frameCount(architecture) }: BatchShape): number {
  return slots;
}

/** Declares every weight as an input of the graph, under its own name. */
export function declareWeights(g: GraphBuilder, architecture: Architecture): void {
  for (const { name, shape } of parameterSpecs(architecture)) g.input(name, 'float32', shape);
}

/** What of a batch of prompts may be attended to. */
export interface PromptMasks {
  /** float32 [N, Tq]: 1 for prompt tokens, 0 for padding. */
  readonly mask: Value;
  /** float32 [N, F]: 1 for a frame, 0 for a slot without one. Null for one slot, in which there always is a frame. */
  readonly frameMask: Value | null;
}

/** The inputs that describe a batch of prompts. */
export interface PromptInputs extends PromptMasks {
  /** float32 [N*P, patchLength]: the frames' patches, whatever in a slot without a frame. */
  readonly patches: Value;
  /** int32 [N, Tq]: prompt tokens, padded on the left. */
  readonly tokens: Value;
  /** int32 [N, Tq]: position of each prompt token, 0 for padding. */
  readonly positions: Value;
}

/** Declares the inputs of a batch of prompts. */
export function declarePrompts(g: GraphBuilder, a: Architecture, shape: BatchShape): PromptInputs {
  const { prompts } = shape;
  return {
    patches: g.input('patches', 'float32', [prompts * visualTokenCount(a, slotCount(a, shape)), patchLength(a)]),
    tokens: g.input('prompt_tokens', 'int32', [prompts, a.max_prompt_length]),
    positions: g.input('prompt_positions', 'int32', [prompts, a.max_prompt_length]),
    ...declareMasks(g, a, shape),
  };
}

/** Inputs of every graph over whole completions, beside weights and prompts. */
export interface CompletionInputs {
  /** int32 [N*G, C], packed [R, C]. */
  readonly tokens: Value;
  /** int32 [N, 1], packed [R, 1]: text positions before the completion. */
  readonly promptLengths: Value;
  /** float32 [R, N] of a packed batch: 1 where the completion goes on from the prompt, else 0. */
  readonly textViews: Value | null;
}

/** Declares the inputs that describe completions. */
export function declareCompletions(g: GraphBuilder, a: Architecture, shape: BatchShape): CompletionInputs {
  const { prompts, texts } = shape;
  return {
    tokens: g.input('completion_tokens', 'int32', [completionCount(shape), a.max_completion_length]),
    promptLengths: g.input('prompt_lengths', 'int32', [texts ?? prompts, 1]),
    textViews: texts === undefined ? null : g.input('text_views', 'float32', [texts, prompts]),
  };
}

/** Declares the masks of a batch of prompts alone. */
export function declareMasks(g: GraphBuilder, a: Architecture, shape: BatchShape): PromptMasks {
  const slots = slotCount(a, shape);
  return {
    mask: g.input('prompt_mask', 'float32', [shape.prompts, a.max_prompt_length]),
    frameMask: slots > 1 ? g.input('frame_mask', 'float32', [shape.prompts, slots]) : null,
  };
}

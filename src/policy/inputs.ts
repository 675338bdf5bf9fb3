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

/** Declares the masks of a batch of prompts alone. */
export function declareMasks(g: GraphBuilder, a: Architecture, shape: BatchShape): PromptMasks {
  const slots = slotCount(a, shape);
  return {
    mask: g.input('prompt_mask', 'float32', [shape.prompts, a.max_prompt_length]),
    frameMask: slots > 1 ? g.input('frame_mask', 'float32', [shape.prompts, slots]) : null,
  };
}

/**
 * A batch of prompts on a backend: the tensors that the policy's graphs read, allocated once for a batch shape and
 * overwritten every step.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import type { BatchShape } from './architecture';
import { type Architecture, visualTokenCount, patchLength } from './parameters';

/** Device tensors by the names of the graphs' inputs, plus the prompts' lengths. */
export interface PromptBatch {
  readonly patches: DeviceTensor;
  readonly prompt_tokens: DeviceTensor;
  readonly prompt_positions: DeviceTensor;
  readonly prompt_mask: DeviceTensor;
  /** int32 [N, 1]. */
  readonly prompt_lengths: DeviceTensor;
}

export function allocatePrompts(backend: Backend, a: Architecture, { prompts }: BatchShape): PromptBatch {
  const text = [prompts, a.max_prompt_length];
  return {
    patches: backend.allocate('patches', 'float32', [prompts * visualTokenCount(a), patchLength(a)]),
    prompt_tokens: backend.allocate('prompt tokens', 'int32', text),
    prompt_positions: backend.allocate('prompt positions', 'int32', text),
    prompt_mask: backend.allocate('prompt mask', 'float32', text),
    prompt_lengths: backend.allocate('prompt lengths', 'int32', [prompts, 1]),
  };
}

/** Tokens padded on the left to `length`, with their positions and mask. */
function padLeft(tokens: readonly number[], length: number, padding: number) {
  const pads = length - tokens.length;
  return {
    tokens: [...Array<number>(pads).fill(padding), ...tokens],
    positions: [...Array<number>(pads).fill(0), ...tokens.map((_, index) => index)],
    mask: [...Array<number>(pads).fill(0), ...tokens.map(() => 1)],
  };
}

/**
 * Writes a batch of tokenized prompts (all but their frames).
 * @param texts one list of tokens a prompt.
 * @throws RangeError naming the first prompt that is empty or too long, and the setting to raise.
 */
export function writePrompts(
  backend: Backend,
  a: Architecture,
  batch: PromptBatch,
  texts: readonly (readonly number[])[],
  padding: number,
): void {
  texts.forEach((text, index) => {
    if (text.length === 0) throw new RangeError(`prompt ${index} has no tokens`);
    if (text.length > a.max_prompt_length) {
      throw new RangeError(
        `prompt ${index} has ${text.length} tokens, but policy.max_prompt_length is ${a.max_prompt_length}; raise it`,
      );
    }
  });
  const padded = texts.map((text) => padLeft(text, a.max_prompt_length, padding));
  backend.write(batch.prompt_tokens, Int32Array.from(padded.flatMap(({ tokens }) => tokens)));
  backend.write(batch.prompt_positions, Int32Array.from(padded.flatMap(({ positions }) => positions)));
  backend.write(batch.prompt_mask, Float32Array.from(padded.flatMap(({ mask }) => mask)));
  backend.write(
    batch.prompt_lengths,
    Int32Array.from(texts, (text) => text.length),
  );
}

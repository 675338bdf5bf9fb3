/**
 * A batch of prompts on a backend: the tensors that the policy's graphs read, allocated once for a batch shape and
 * overwritten every step.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { type BatchShape, slotCount } from './inputs';
import { type Architecture, visualTokenCount, patchLength } from './parameters';

/** Device tensors by the names of the graphs' inputs, plus the prompts' lengths. */
export interface PromptBatch {
  readonly patches: DeviceTensor;
  readonly prompt_tokens: DeviceTensor;
  readonly prompt_positions: DeviceTensor;
  readonly prompt_mask: DeviceTensor;
  /** Of a batch with several frame slots. */
  readonly frame_mask?: DeviceTensor;
  /** int32 [N, 1]. */
  readonly prompt_lengths: DeviceTensor;
}

/** Tensors for a batch of prompts. Until `writeFrameMask` is told otherwise there is a frame in each slot. */
export function allocatePrompts(backend: Backend, a: Architecture, shape: BatchShape): PromptBatch {
  const { prompts } = shape;
  const slots = slotCount(a, shape);
  const text = [prompts, a.max_prompt_length];
  return {
    patches: backend.allocate('patches', 'float32', [prompts * visualTokenCount(a, slots), patchLength(a)]),
    prompt_tokens: backend.allocate('prompt tokens', 'int32', text),
    prompt_positions: backend.allocate('prompt positions', 'int32', text),
    prompt_mask: backend.allocate('prompt mask', 'float32', text),
    ...(slots > 1 && {
      frame_mask: backend.allocate(
        'frame mask',
        'float32',
        [prompts, slots],
        new Float32Array(prompts * slots).fill(1),
      ),
    }),
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
 * Writes a batch of tokenized prompts; their frames are written apart.
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

/**
 * Tells how many frames each prompt of a batch has: those in its first slots. One slot always holds a frame.
 * @throws RangeError naming the first prompt that has none, or more than there is room for.
 */
export function writeFrameMask(
  backend: Backend,
  batch: Pick<PromptBatch, 'frame_mask'>,
  counts: readonly number[],
): void {
  const slots = batch.frame_mask?.shape[1] ?? 1;
  const wrong = counts.findIndex((count) => count < 1 || count > slots);
  if (wrong !== -1) {
    throw new RangeError(`prompt ${wrong} has ${counts[wrong]} frames; the batch has room for 1 to ${slots}`);
  }
  if (!batch.frame_mask) return;
  const mask = counts.flatMap((count) => Array.from({ length: slots }, (_, slot) => (slot < count ? 1 : 0)));
  backend.write(batch.frame_mask, Float32Array.from(mask));
}

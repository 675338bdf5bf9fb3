/**
 * Puts a step's samples before the policy: what the cameras see, if there is anything to see, as patches, the questions as
 * tokens.
 */
import { type PromptBatch, writePrompts } from '../policy/prompts';
import type { RunContext, SupervisedSample } from './context';
import type { FrameBatch } from './frames';

/** Draws the samples' frames and writes their prompts into `prompts`, in order. */
export async function showSamples(
  { backend, architecture, tokenizer }: RunContext,
  samples: readonly SupervisedSample[],
  frames: FrameBatch,
  prompts: PromptBatch,
): Promise<void> {
  await frames.show(
    samples.map(({ frames: seen }) => seen),
    prompts,
  );
  const texts = samples.map(({ prompt }) => prompt);
  writePrompts(backend, architecture, prompts, texts, tokenizer.special.pad);
}

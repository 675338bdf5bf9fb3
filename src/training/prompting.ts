/**
 * Puts a step's samples before the policy: what the cameras see, if there is anything to see, as patches, the questions as tokens.
 */
import { frameCount } from '../policy/parameters';
import { type PromptBatch, writePrompts } from '../policy/prompts';
import type { RunContext, SupervisedSample } from './context';
import type { FrameBatch } from './frames';

/** Draws the samples' frames, black where a sample has fewer than the policy sees, and writes their prompts into `prompts`, in order. */
export async function showSamples(
  { backend, architecture, tokenizer }: RunContext,
  samples: readonly SupervisedSample[],
  frames: FrameBatch,
  prompts: PromptBatch,
): Promise<void> {
  const black = (seen: number) => Array<null>(frameCount(architecture) - seen).fill(null);
  const contents = samples.flatMap(({ frames: seen }) => [...seen, ...black(seen.length)]);
  await frames.draw(contents, prompts.patches);
  const texts = samples.map(({ prompt }) => prompt);
  writePrompts(backend, architecture, prompts, texts, tokenizer.special.pad);
}

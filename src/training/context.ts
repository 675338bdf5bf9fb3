/**
 * What both phases of a run work with: the backend, the policy's architecture and tokenizer, where frames and samples
 * come from.
 */
import type { Backend } from '../backends/backend';
import type { Architecture } from '../policy/parameters';
import type { Tokenizer } from '../policy/tokenizer';
import { hashSeed } from '../random';
import { formatCompletion, promptText } from '../tasks/contract';
import type { RunConfig } from './config';
import type { FrameSource } from './frames';
import { drawSample, type TrainingSample } from './mixture';
import type { RunPhase } from './report';

export interface RunContext {
  readonly backend: Backend;
  readonly config: RunConfig;
  readonly architecture: Architecture;
  readonly tokenizer: Tokenizer;
  readonly frames: FrameSource;
  /** Told which stage of a step begins, for people. */
  readonly onStage: (stage: string) => void;
}

/** A sample with its texts as tokens. */
export interface TokenizedSample {
  readonly sample: TrainingSample;
  readonly prompt: readonly number[];
  /** The true completion, chain of thought and answer, ended by the end-of-sequence token. */
  readonly completion: readonly number[];
}

/** How many samples in a row may be too long before a run gives up. */
const MAX_REDRAWS = 50;

/**
 * Draws the samples of a step. Prompts that are too long for the policy are drawn again, and where `fitCompletions` is
 * set so are samples whose true completion is too long; `redrawn` says how often.
 * @throws Error naming the settings to raise when hardly any sample fits.
 */
export function drawSamples(
  context: RunContext,
  phase: RunPhase,
  step: number,
  count: number,
  fitCompletions: boolean,
): { samples: TokenizedSample[]; redrawn: number } {
  const { architecture, config, tokenizer } = context;
  let redrawn = 0;
  const samples = Array.from({ length: count }, (_, index) => {
    for (let attempt = 0; attempt < MAX_REDRAWS; attempt++) {
      const seed = hashSeed(config.seed, phase, step, index, attempt);
      const sample = drawSample(seed, config.data, architecture.frame_size);
      const prompt = [tokenizer.special.bos, ...tokenizer.encode(promptText(sample.question))];
      const { reasoning, answer } = sample.question;
      const completion = [...tokenizer.encode(formatCompletion(reasoning, answer)), tokenizer.special.eos];
      const fits =
        prompt.length <= architecture.max_prompt_length &&
        (!fitCompletions || completion.length <= architecture.max_completion_length);
      if (fits) return { sample, prompt, completion };
      redrawn++;
    }
    throw new Error(
      `${MAX_REDRAWS} samples in a row were too long for the policy; raise policy.max_prompt_length ` +
        `(${architecture.max_prompt_length}) or grpo.max_completion_length (${architecture.max_completion_length})`,
    );
  });
  return { samples, redrawn };
}

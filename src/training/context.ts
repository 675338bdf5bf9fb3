/**
 * What both phases of a run work with: the backend, the policy's architecture and tokenizer, where frames and samples
 * come from.
 */
import type { Backend } from '../backends/backend';
import type { Architecture } from '../policy/parameters';
import type { Tokenizer } from '../policy/tokenizer';
import type { RunConfig } from './config';
import type { FrameSource } from './frames';
import type { TrainingSample } from './mixture';

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

/**
 * What both phases of a run work with: the backend, the policy's architecture and tokenizer, where frames and samples
 * come from.
 */
import type { Backend } from '../backends/backend';
import type { Architecture } from '../policy/parameters';
import type { Tokenizer } from '../policy/tokenizer';
import type { RunConfig } from './config';
import type { Draw, Place } from './drawing';
import type { FrameContent, FrameSource } from './frames';
import type { TrainingSample } from './mixture';
import type { Peers } from './peers';

export interface RunContext {
  readonly backend: Backend;
  readonly config: RunConfig;
  readonly architecture: Architecture;
  readonly tokenizer: Tokenizer;
  readonly frames: FrameSource;
  /** Where the cold start and its evaluation have their samples from. */
  readonly samples: SampleSource;
  /** Those who compute the cold start's gradients together. */
  readonly peers: Peers;
  /** Told which stage of a step begins, for people. */
  readonly onStage: (stage: string) => void;
}

/** Gives the sample of a place: drawn, or taken from a data set. The same place has the same sample. */
export type SampleSource = (context: RunContext, place: Place) => Promise<Draw<SupervisedSample>>;

/** Texts as tokens, and what the policy sees with them: all that supervision needs of a sample. */
export interface SupervisedSample {
  /** In order; none for a blank frame. */
  readonly frames: readonly FrameContent[];
  /** The same for samples that show the same frames; left out: nothing is known of that. */
  readonly view?: string;
  readonly prompt: readonly number[];
  /** The true completion, chain of thought and answer, ended by the end-of-sequence token. */
  readonly completion: readonly number[];
}

/** A drawn sample with its texts as tokens. */
export interface TokenizedSample extends SupervisedSample {
  readonly sample: TrainingSample;
}

/**
 * What the page and the worker that evaluates say to each other. A worker makes one evaluation and is done; to cancel it
 * is to end it.
 */
import type { SampleRecord, SceneRecord } from '../datasets/canonical';
import type { EvaluationResults } from '../evaluation/evaluation';
import type { ReplyLine } from '../evaluation/reply-line';

/** The lab's suites, in their small size. */
export const SUITES = ['image', 'cv', 'vsi', 'general'] as const;
export type SuiteName = (typeof SUITES)[number];

/** A run that is kept in the browser's storage, or a policy that comes with the page at an address. */
export type EvaluatedPolicy = { readonly run: string } | { readonly shipped: string; readonly page: string };

export interface EvaluationRequest {
  readonly policy: EvaluatedPolicy;
  readonly suite: SuiteName;
}

export interface EvaluationProgress {
  readonly stage: 'scenes' | 'compiling' | 'true images' | 'blank images' | 'scoring';
  readonly done: number;
  readonly total: number;
}

/** A scene that questions are about. */
export interface EvaluatedScene {
  /** Null where it is not known. */
  readonly record: SceneRecord | null;
  /** PNG files by the number of the frame. */
  readonly frames: Readonly<Record<number, Blob>>;
}

/** All that an evaluation leaves behind: what `lab evaluate` writes to its folder. */
export interface EvaluationFiles {
  readonly results: EvaluationResults;
  readonly predictions: readonly ReplyLine[];
  /** What was asked; of an opened evaluation, none where its samples.jsonl was not opened with it. */
  readonly samples: readonly SampleRecord[];
  readonly scenes: Readonly<Record<string, EvaluatedScene>>;
}

export type EvaluationEvent =
  | { readonly type: 'progress'; readonly progress: EvaluationProgress }
  | { readonly type: 'evaluated'; readonly files: EvaluationFiles }
  | { readonly type: 'failed'; readonly message: string };

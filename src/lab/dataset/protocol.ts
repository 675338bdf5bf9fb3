/** What the page and the worker that makes data sets say to each other. A worker makes one data set and is done. */
import type { DatasetPlan } from '../../datasets/plan';
import type { DatasetProgress } from './make-dataset';

export type DatasetRequest =
  | {
      readonly type: 'make';
      readonly plan: DatasetPlan;
      /** Names of formats beyond the canonical one. */
      readonly formats: readonly string[];
      /** Whether each scene gets a video as well. */
      readonly videos: boolean;
      /** The file that the reader chose; null to keep the archive in the browser's storage until it is downloaded. */
      readonly target: FileSystemFileHandle | null;
    }
  | { readonly type: 'cancel' };

export type DatasetEvent =
  | { readonly type: 'progress'; readonly progress: DatasetProgress }
  /** The archive is whole. `file` is it where no target was given. */
  | { readonly type: 'made'; readonly samples: number; readonly bytes: number; readonly file: File | null }
  /** Ended on request; no archive is left. */
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly message: string; readonly remedy: string };

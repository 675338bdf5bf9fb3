/**
 * The lab's own suites, frozen by their seeds so that figures compare over time. Half of the scenes are the training
 * split: nobody is asked about them, the blind baseline learns its guesses there.
 */
import { CV_TASKS } from '../../datasets/formats/cv-bench';
import { VSI_TASKS } from '../../datasets/formats/vsi-bench';
import type { DatasetPlan } from '../../datasets/plan';

export const SIZES = ['small', 'full'] as const;
export type Size = (typeof SIZES)[number];

const halves = { train: 0.5, test: 0.5 };

/** Synthetic rooms asked about as VSI-Bench (a walk shown in 16 frames) and as CV-Bench (one frame) ask. */
export const sceneSuites: Readonly<Record<'vsi' | 'cv', (size: Size) => DatasetPlan>> = {
  vsi: (size) => ({
    seed: 20250701,
    scenes: size === 'small' ? 32 : 256,
    frames: 16,
    width: 256,
    height: 256,
    tasks: VSI_TASKS,
    split: halves,
  }),
  cv: (size) => ({
    seed: 20250702,
    scenes: size === 'small' ? 64 : 512,
    frames: 6,
    width: 256,
    height: 256,
    tasks: Object.keys(CV_TASKS),
    split: halves,
  }),
};

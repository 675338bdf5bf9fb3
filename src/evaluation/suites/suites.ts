/**
 * The lab's own suites, frozen by their seeds so that figures compare over time. Half of the scenes are the training
 * split: nobody is asked about them, the blind baseline learns its guesses there.
 */
import { CV_TASKS } from '../../datasets/formats/cv-bench';
import { VSI_TASKS } from '../../datasets/formats/vsi-bench';
import type { DatasetPlan } from '../../datasets/plan';
import { imageTaskNames } from '../../tasks/registry';

export const SIZES = ['small', 'full'] as const;
export type Size = (typeof SIZES)[number];

const halves = { train: 0.5, test: 0.5 };

/**
 * Synthetic rooms asked about as VSI-Bench asks (a walk shown in 16 frames), as CV-Bench asks (one frame), and by every
 * family that one image suffices for, which is what the lab's policies train on.
 */
export const sceneSuites: Readonly<Record<'vsi' | 'cv' | 'image', (size: Size) => DatasetPlan>> = {
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
  image: (size) => ({
    seed: 20250704,
    scenes: size === 'small' ? 96 : 768,
    frames: 1,
    width: 256,
    height: 256,
    tasks: imageTaskNames,
    split: halves,
  }),
};

/**
 * MRA, mean relative accuracy: VSI-Bench's metric for numbers (arXiv 2412.14171, section 3.2), as a reward. The share of ten
 * ever stricter tolerances, from 50 % to 5 %, that the answer keeps.
 */
import wgsl from '../../../shaders/rewards/mra.wgsl?raw';
import type { NumericReward } from './reward';

/** Tolerances in hundredths: 1 - theta for theta of 0.50, 0.55, …, 0.95. */
const TOLERANCES = [50, 45, 40, 35, 30, 25, 20, 15, 10, 5];
/** Bounds are inclusive; float32 must not decide at errors that are a tolerance exactly, such as 1.1 for 1. */
const SLACK = 1e-6;

export const mra: NumericReward = {
  name: 'mra',
  title: 'MRA',
  description: 'share of the tolerances 50 %, 45 %, …, 5 % that |answer - truth| / |truth| keeps',
  settings: [],
  wgsl,
  reference(answer, truth) {
    const distance = Math.abs(answer - truth);
    const kept = TOLERANCES.filter((tolerance) => distance <= (tolerance / 100 + SLACK) * Math.abs(truth));
    return kept.length / TOLERANCES.length;
  },
};

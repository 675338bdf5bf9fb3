/**
 * The annealed sigmoid: a bell whose sharpness k a run raises from step to step, lenient to the first guesses and strict to
 * the last ones.
 */
import wgsl from '../../../shaders/rewards/sigmoid.wgsl?raw';
import { type NumericReward, relativeError } from './reward';

export const sigmoid: NumericReward = {
  name: 'sigmoid',
  title: 'Annealed sigmoid',
  description: '2 / (1 + exp(k e^2)), e = |answer - truth| / (|truth| + epsilon), k from sharpness to sharpness_end',
  settings: ['sharpness', 'epsilon'],
  wgsl,
  reference: (answer, truth, { sharpness, epsilon }) =>
    2 / (1 + Math.exp(sharpness * relativeError(answer, truth, epsilon) ** 2)),
};

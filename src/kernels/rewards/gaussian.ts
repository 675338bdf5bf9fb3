/** The Gaussian reward: flat near the truth, and nearly nothing beyond three sigma of relative error. */
import wgsl from '../../../shaders/rewards/gaussian.wgsl?raw';
import { type NumericReward, relativeError } from './reward';

export const gaussian: NumericReward = {
  name: 'gaussian',
  title: 'Gaussian',
  description: 'exp(-e^2 / (2 sigma^2)), e = |answer - truth| / (|truth| + epsilon)',
  settings: ['sigma', 'epsilon'],
  wgsl,
  reference: (answer, truth, { sigma, epsilon }) =>
    Math.exp(-((relativeError(answer, truth, epsilon) / sigma) ** 2) / 2),
};

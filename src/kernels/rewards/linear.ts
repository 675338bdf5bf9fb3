/** The linear reward of Video-R1 (arXiv 2503.21776): what is left of 1 after the relative error is taken off. */
import wgsl from '../../../shaders/rewards/linear.wgsl?raw';
import { type NumericReward, relativeError } from './reward';

export const linear: NumericReward = {
  name: 'linear',
  title: 'Linear',
  description: '1 - |answer - truth| / (|truth| + epsilon), and nothing from an error of 1 on',
  settings: ['epsilon'],
  wgsl,
  reference: (answer, truth, { epsilon }) => Math.max(0, 1 - relativeError(answer, truth, epsilon)),
};

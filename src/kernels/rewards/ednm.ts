/**
 * EDNM, exponential decay numeric matching: the nearer the answer, the more it earns, and it never earns nothing. The
 * idea is M2-Reasoning's (arXiv 2507.08306); the formula is a recollection of it that agrees with the name, and its
 * default settings are ours.
 */
import wgsl from '../../../shaders/rewards/ednm.wgsl?raw';
import type { NumericReward } from './reward';

export const ednm: NumericReward = {
  name: 'ednm',
  title: 'EDNM',
  description: 'gamma * exp(-lambda * |answer - truth| / (|truth| + epsilon))',
  settings: ['gamma', 'lambda', 'epsilon'],
  wgsl,
  reference: (answer, truth, { gamma, lambda, epsilon }) =>
    gamma * Math.exp((-lambda * Math.abs(answer - truth)) / (Math.abs(truth) + epsilon)),
};

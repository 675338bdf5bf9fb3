/** The binary reward, which EDNM was made to better: all or nothing, within a relative tolerance. */
import wgsl from '../../../shaders/rewards/binary.wgsl?raw';
import type { NumericReward } from './reward';

export const binary: NumericReward = {
  name: 'binary',
  title: 'Binary',
  description: '1 if |answer - truth| <= tolerance * |truth|, else 0',
  settings: ['tolerance'],
  wgsl,
  reference: (answer, truth, { tolerance }) => (Math.abs(answer - truth) <= tolerance * Math.abs(truth) ? 1 : 0),
};

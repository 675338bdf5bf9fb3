/**
 * PPO's clipped surrogate (arXiv 1707.06347, equation 7), with the upper bound of its own of DAPO (arXiv 2503.14476) and,
 * where `delta` bounds it from both sides, the two-sided clipping of INTELLECT-2 (arXiv 2505.07291):
 *
 *   -min(min(ratio, delta) * A, clip(ratio, 1 - epsilon, 1 + epsilon_high) * A)
 *
 * Without delta a ratio that has run away keeps its full gradient where the advantage is negative.
 */
import { indicator, type Surrogate, type SurrogateInputs } from './surrogate';

export function clippedSurrogate(
  { g, ratio, advantage, positive, negative, scalar }: SurrogateInputs,
  twoSided: boolean,
): Surrogate {
  const one = g.float(1);
  const low = g.node('Sub', [one, scalar('epsilon')]);
  const high = g.node('Add', [one, scalar('epsilon_high')]);
  const clipped = g.node('Min', [g.node('Max', [ratio, low]), high]);
  const bounded = twoSided ? g.node('Min', [ratio, scalar('delta')]) : ratio;
  const gain = g.node('Min', [g.node('Mul', [bounded, advantage]), g.node('Mul', [clipped, advantage])]);
  return {
    loss: g.node('Neg', [gain]),
    clippedLow: g.node('Mul', [indicator(g, g.node('Less', [ratio, low])), negative]),
    clippedHigh: g.node('Mul', [indicator(g, g.node('Greater', [ratio, high])), positive]),
    constants: [],
  };
}

/**
 * CISPO (MiniMax-M1, arXiv 2506.13585, section 3.1): REINFORCE, each token weighted by its ratio up to a bound. The weight
 * takes no part in the gradient, so that no token's gradient is ever clipped away:
 *
 *   -sg[min(ratio, epsilon_high)] * A * log-probability
 */
import { indicator, type Surrogate, type SurrogateInputs } from './surrogate';

const WEIGHT = 'cispo_weight';

export function cispoSurrogate({ g, ratio, logProbability, advantage, positive, scalar }: SurrogateInputs): Surrogate {
  const bound = scalar('epsilon_high');
  const weight = g.node('Min', [ratio, bound], {}, WEIGHT);
  const gain = g.node('Mul', [g.node('Mul', [weight, advantage]), logProbability]);
  return {
    loss: g.node('Neg', [gain]),
    clippedHigh: g.node('Mul', [indicator(g, g.node('Greater', [ratio, bound])), positive]),
    constants: [WEIGHT],
  };
}

/**
 * SAPO, Soft Adaptive Policy Optimization (arXiv 2511.20347): in place of a hard clip a gate that lets the gradient fade as
 * the ratio leaves 1, faster where the advantage is not positive:
 *
 *   -sigmoid(tau * (ratio - 1)) * 4 / tau * A,   tau by the advantage's sign
 */
import type { Surrogate, SurrogateInputs } from './surrogate';

export function sapoSurrogate({ g, ratio, advantage, positive, scalar }: SurrogateInputs): Surrogate {
  const [above, other] = [scalar('sapo_temperature_pos'), scalar('sapo_temperature_neg')];
  const tau = g.node('Add', [other, g.node('Mul', [positive, g.node('Sub', [above, other])])]);
  const gate = g.node('Sigmoid', [g.node('Mul', [tau, g.node('Sub', [ratio, g.float(1)])])]);
  const scale = g.node('Div', [g.node('Mul', [g.float(4), advantage]), tau]);
  return { loss: g.node('Neg', [g.node('Mul', [gate, scale])]), constants: [] };
}

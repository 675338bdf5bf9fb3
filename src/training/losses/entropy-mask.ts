/**
 * Which tokens have the highest entropy (Wang et al., "Beyond the 80/20 rule", arXiv 2506.01939): those where the policy
 * chooses between ways to go on; TRL's `top_entropy_quantile`.
 *
 * TRL keeps the entropies from the quantile 1 - top on, interpolated as torch.quantile does. Of n ascending entropies these
 * are the ones from number ceil((n - 1) * (1 - top)), counted from 0, on; so the mask needs one order statistic, which is
 * found by narrowing an interval: no sorting, and no operator that a GPU lacks.
 */
import type { GraphBuilder, Value } from '../../graph/builder';
import { indicator } from './surrogate';

/** Thresholds tried at once, and how often the interval narrows: 64^5 steps are finer than float32. */
const THRESHOLDS = 64;
const ROUNDS = 5;
/** Takes rounding off a product that should be a whole number. */
const SLACK = 1e-4;

/**
 * 1 for the tokens of highest entropy, 0 for others and for padding, [tokens, 1].
 * @param entropy [tokens, 1], at least 0.
 * @param mask [tokens, 1]: 1 for tokens that count.
 * @param top share of the counting tokens to keep, [1].
 */
export function topEntropyMask(g: GraphBuilder, entropy: Value, mask: Value, top: Value, outputName: string): Value {
  const sum = (x: Value, axes: readonly number[]) => g.node('ReduceSum', [x, g.int64s(axes)], { keepdims: 1 });
  const one = g.float(1);
  const counting = sum(mask, [0, 1]);
  const below = g.node('Ceil', [
    g.node('Sub', [g.node('Mul', [g.node('Sub', [counting, one]), g.node('Sub', [one, top])]), g.float(SLACK)]),
  ]);
  // How many tokens to keep, [1, 1]; the threshold is the largest that still keeps so many.
  const wanted = g.node('Sub', [counting, below]);
  const steps = g.constant(
    'float32',
    [1, THRESHOLDS],
    Array.from({ length: THRESHOLDS }, (_, step) => step / THRESHOLDS),
  );
  let low = g.constant('float32', [1, 1], [0]);
  let width = g.node('Add', [g.node('ReduceMax', [entropy, g.int64s([0, 1])], { keepdims: 1 }), g.float(1e-3)]);
  for (let round = 0; round < ROUNDS; round++) {
    const thresholds = g.node('Add', [low, g.node('Mul', [width, steps])]);
    const above = g.node('Mul', [indicator(g, g.node('GreaterOrEqual', [entropy, thresholds])), mask]);
    const enough = indicator(g, g.node('GreaterOrEqual', [sum(above, [0]), wanted]));
    const place = g.node('Sub', [sum(enough, [1]), one]);
    width = g.node('Mul', [width, g.float(1 / THRESHOLDS)]);
    low = g.node('Add', [low, g.node('Mul', [place, width])]);
  }
  return g.node('Mul', [indicator(g, g.node('GreaterOrEqual', [entropy, low])), mask], {}, outputName);
}

/** Who may attend to whom: biases that are added to attention scores, 0 where it is allowed, MASKED where not. */
import type { GraphBuilder, Value } from '../graph/builder';
import type { PromptMasks } from './inputs';
import { range, reshape } from './layers';
import { type Architecture, patchCount } from './parameters';

/** Added to the attention scores of masked positions; WGSL has no dependable infinity. */
export const MASKED = -1e9;

/** A batch of prefixes: N prompts of P visual tokens in F slots. */
export interface PrefixSizes {
  readonly prompts: number;
  readonly slots: number;
  readonly visualLength: number;
  /** T. */
  readonly prefixLength: number;
}

/** [N, 1, T, T]: visual tokens see each other, text sees what came before it, nobody sees padding or absent frames. */
export function prefixBias(g: GraphBuilder, a: Architecture, sizes: PrefixSizes, masks: PromptMasks): Value {
  const { prefixLength, visualLength: visual } = sizes;
  const structure = range(prefixLength).flatMap((row) =>
    range(prefixLength).map((column) => (column <= row || (row < visual && column < visual) ? 0 : MASKED)),
  );
  const causal = g.constant('float32', [1, 1, prefixLength, prefixLength], structure);
  return g.node('Add', [causal, paddingBias(g, a, sizes, masks)]);
}

/** [N, 1, 1, T]: 0 where a prefix position may be attended to, MASKED where it is padding or of no frame. */
export function paddingBias(
  g: GraphBuilder,
  a: Architecture,
  sizes: PrefixSizes,
  { mask, frameMask }: PromptMasks,
): Value {
  const { prompts, visualLength, prefixLength } = sizes;
  const biasOf = (present: Value) => g.node('Mul', [g.node('Sub', [g.float(1), present]), g.float(MASKED)]);
  const text = biasOf(mask);
  const visual =
    frameMask === null
      ? g.constant('float32', [prompts, visualLength], Array(prompts * visualLength).fill(0))
      : perVisualToken(g, a, sizes, biasOf(frameMask));
  const all = g.node('Concat', [visual, text], { axis: 1 });
  return reshape(g, all, [prompts, 1, 1, prefixLength]);
}

/** The value of each visual token's frame: [N, F] to [N, P]. */
function perVisualToken(g: GraphBuilder, a: Architecture, sizes: PrefixSizes, ofFrames: Value): Value {
  const { prompts, slots, visualLength } = sizes;
  const apart = reshape(g, ofFrames, [prompts, slots, 1]);
  const repeated = g.node('Expand', [apart, g.int64s([prompts, slots, patchCount(a)])]);
  return reshape(g, repeated, [prompts, visualLength]);
}

/**
 * [N, 1, rows, T + columns]: the prefix's padding, then `own` [1, 1, rows, columns] over the completion.
 * @param padding as paddingBias gives it.
 */
export function completionBias(
  g: GraphBuilder,
  { prompts, prefixLength }: PrefixSizes,
  padding: Value,
  own: Value,
  [rows, columns]: readonly [number, number],
): Value {
  const overPrefix = g.node('Expand', [padding, g.int64s([prompts, 1, rows, prefixLength])]);
  const overOwn = g.node('Expand', [own, g.int64s([prompts, 1, rows, columns])]);
  return g.node('Concat', [overPrefix, overOwn], { axis: 3 });
}

/** [1, 1, G*length, length]: tokens of a completion see those before them in it. */
export function causalBias(g: GraphBuilder, generations: number, length: number): Value {
  const rows = generations * length;
  const causal = range(rows).flatMap((row) => range(length).map((column) => (column <= row % length ? 0 : MASKED)));
  return g.constant('float32', [1, 1, rows, length], causal);
}

/** A transformer block, of the language model and of the vision tower alike. */
import type { GraphBuilder, Value } from '../graph/builder';
import { lastOf, linear, norm, reshape } from './layers';
import type { Architecture } from './parameters';
import { rotated, type Rotation } from './rotary';

/** The sizes of a block's batch, and how its queries and keys turn. */
export interface BlockShape {
  readonly batch: number;
  readonly length: number;
  /** How many of the last positions the result holds; all of them if left out. */
  readonly needed?: number;
  /** [batch, 1, length, D]. */
  readonly rotation?: Rotation | null;
}

/** Queries [batch*H, needed, D], scaled; keys and values [batch*H, length, D]. */
export interface Heads {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

/**
 * A pre-norm block on [batch*length, dim]; its result holds the last `needed` positions of each sequence alone.
 * @param name of its weights.
 * @param attend maps the heads to the attended, in the shape of the queries.
 */
export function block(
  g: GraphBuilder,
  a: Architecture,
  x: Value,
  name: string,
  { batch, length, needed = length, rotation = null }: BlockShape,
  attend: (heads: Heads) => Value,
): Value {
  const headWidth = a.dim / a.heads;
  const qkv = linear(g, norm(g, x, `${name}.attention_norm`), `${name}.attention.qkv`);
  const split = g.node('Transpose', [reshape(g, qkv, [batch, length, 3, a.heads, headWidth])], {
    perm: [2, 0, 3, 1, 4],
  });
  const heads = [batch * a.heads, length, headWidth];
  const parts = g.multi('Split', [split], { axis: 0, num_outputs: 3 }, 3);
  const turned = parts.map((part, index) => (index < 2 ? rotated(g, a, part, rotation) : part));
  const [q, k, v] = turned.map((part) => reshape(g, part, heads));
  // Scaling the queries is cheaper than scaling the scores.
  const query = g.node('Mul', [lastOf(g, q, needed, length, 1), g.float(1 / Math.sqrt(headWidth))]);
  const attended = reshape(g, attend({ query, key: k, value: v }), [batch, a.heads, needed, headWidth]);
  const merged = reshape(g, g.node('Transpose', [attended], { perm: [0, 2, 1, 3] }), [batch * needed, a.dim]);
  const residual = lastOf(g, reshape(g, x, [batch, length, a.dim]), needed, length, 1);
  const before = reshape(g, residual, [batch * needed, a.dim]);
  const afterAttention = g.node('Add', [before, linear(g, merged, `${name}.attention.out`)]);
  const up = linear(g, norm(g, afterAttention, `${name}.mlp_norm`), `${name}.mlp.up`);
  return g.node('Add', [afterAttention, linear(g, g.node('Gelu', [up]), `${name}.mlp.down`)]);
}

/** The small pieces of graph that all parts of the policy are made of. Layers take their weights by name. */
import type { GraphBuilder, Value } from '../graph/builder';

const NORM_EPSILON = 1e-5;

/** [rows, from] to [rows, to], with the weight and bias of the layer. */
export function linear(g: GraphBuilder, x: Value, name: string): Value {
  return g.node('Gemm', [x, `${name}.weight`, `${name}.bias`]);
}

/** Layer normalization over the last axis. */
export function norm(g: GraphBuilder, x: Value, name: string): Value {
  const attributes = { axis: -1, epsilon: { float: NORM_EPSILON } };
  return g.node('LayerNormalization', [x, `${name}.weight`, `${name}.bias`], attributes);
}

export function reshape(g: GraphBuilder, x: Value, shape: readonly number[]): Value {
  return g.node('Reshape', [x, g.int64s(shape)]);
}

/** Entries `start` up to `end` of `x` along `axis`. */
export function slice(g: GraphBuilder, x: Value, start: number, end: number, axis: number): Value {
  return g.node('Slice', [x, g.int64s([start]), g.int64s([end]), g.int64s([axis])]);
}

/** The last `count` of `length` entries of `x` along `axis`. */
export function lastOf(g: GraphBuilder, x: Value, count: number, length: number, axis: number): Value {
  return count === length ? x : slice(g, x, length - count, length, axis);
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

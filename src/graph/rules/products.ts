/** Gradients of matrix products. Products of two dimensions become Gemm, which transposes without a copy. */
import { floatAttribute, intAttribute } from '../attributes';
import type { Value } from '../builder';
import type { GradientGraph } from '../gradient-graph';
import { firstGradient, type GradientRule } from './rule';

/** a b with either transposed; both have two dimensions. */
function gemmOf(graph: GradientGraph, a: Value, b: Value, transA: boolean, transB: boolean, alpha = 1): Value {
  const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0 };
  return graph.node('Gemm', [a, b], alpha === 1 ? attributes : { ...attributes, alpha: { float: alpha } });
}

/**
 * a^T b of two matrices with many rows. Processors transpose the left operand in strips, again for each strip of the
 * right one's columns: with the wider one on the left, and the small result transposed, that takes up to a third less.
 */
function transposedProduct(graph: GradientGraph, a: Value, b: Value, alpha = 1): Value {
  const [left, right] = [graph.shape(a)[1], graph.shape(b)[1]];
  const rightIsWider = typeof left === 'number' && typeof right === 'number' && right > left;
  if (!rightIsWider) return gemmOf(graph, a, b, true, false, alpha);
  return graph.transpose(gemmOf(graph, b, a, true, false, alpha), [1, 0]);
}

/** `value` with its last two axes exchanged. */
function swapped(graph: GradientGraph, value: Value): Value {
  const axes = graph.shape(value).map((_, axis) => axis);
  return graph.transpose(value, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** `value` with all axes but the last flattened into one. */
function rows(graph: GradientGraph, value: Value): Value {
  const extents = graph.extentsOf(value);
  return graph.reshape(value, [graph.count(extents.slice(0, -1)), extents[extents.length - 1]]);
}

export const matMul: GradientRule = {
  opType: 'MatMul',
  gradient(context) {
    const { node, graph, needs } = context;
    const [left, right] = node.inputs;
    // Vectors stand for a row and a column.
    const a = graph.rank(left) === 1 ? graph.unsqueeze(left, [0]) : left;
    const b = graph.rank(right) === 1 ? graph.unsqueeze(right, [1]) : right;
    let gradient = firstGradient(context);
    if (graph.rank(left) === 1)
      gradient = graph.unsqueeze(gradient, [Math.max(0, graph.rank(gradient) - (b === right ? 1 : 0))]);
    if (graph.rank(right) === 1) gradient = graph.unsqueeze(gradient, [graph.rank(gradient)]);
    if (graph.rank(b) === 2) {
      const flat = rows(graph, gradient);
      return [
        needs(0) ? graph.reshapeLike(gemmOf(graph, flat, b, false, true), left) : null,
        needs(1) ? graph.reshapeLike(transposedProduct(graph, rows(graph, a), flat), right) : null,
      ];
    }
    const toLeft = () => graph.sumTo(graph.node('MatMul', [gradient, swapped(graph, b)]), a);
    const toRight = () => graph.sumTo(graph.node('MatMul', [swapped(graph, a), gradient]), b);
    return [needs(0) ? graph.reshapeLike(toLeft(), left) : null, needs(1) ? graph.reshapeLike(toRight(), right) : null];
  },
};

/** Y = alpha A' B' + beta C */
export const gemm: GradientRule = {
  opType: 'Gemm',
  gradient(context) {
    const { node, graph, needs } = context;
    const [a, b, c] = node.inputs;
    const gradient = firstGradient(context);
    const transA = intAttribute(node, 'transA', 0) !== 0;
    const transB = intAttribute(node, 'transB', 0) !== 0;
    const alpha = floatAttribute(node, 'alpha', 1);
    const toA = () =>
      transA ? gemmOf(graph, b, gradient, transB, true, alpha) : gemmOf(graph, gradient, b, false, !transB, alpha);
    const toB = () => {
      if (transB) return gemmOf(graph, gradient, a, true, transA, alpha);
      return transA ? gemmOf(graph, a, gradient, false, false, alpha) : transposedProduct(graph, a, gradient, alpha);
    };
    return [
      needs(0) ? toA() : null,
      needs(1) ? toB() : null,
      c && needs(2) ? graph.scale(graph.sumTo(gradient, c), floatAttribute(node, 'beta', 1)) : null,
    ];
  },
};

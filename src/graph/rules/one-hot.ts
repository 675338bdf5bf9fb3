/**
 * The adjoint of picking elements by index: a product with a one-hot matrix. Scattering with atomic additions would be
 * shorter, but floating-point sums would then depend on the order in which the GPU gets to them.
 */
import type { Value } from '../builder';
import type { Extent, GradientGraph } from '../gradient-graph';

/** The int32 numbers 0 .. extent - 1. */
function iota(graph: GradientGraph, extent: Extent): Value {
  if (typeof extent === 'number') {
    return graph.constant('int32', [extent], [...Array(extent).keys()]);
  }
  const limit = graph.reshape(extent.runtime, []);
  const range = graph.node('Range', [graph.constant('int64', [], [0]), limit, graph.constant('int64', [], [1])]);
  return graph.cast(range, 'int32');
}

/** `indices` as int32 counted from the front; negative ones count from `extent`. */
export function positions(graph: GradientGraph, indices: Value, extent: Extent): Value {
  const known = graph.contents(indices);
  if (known !== null && typeof extent === 'number') {
    const dims = graph.shape(indices).filter((size) => typeof size === 'number');
    return graph.constant(
      'int32',
      dims,
      known.map((index) => (index < 0 ? index + extent : index)),
    );
  }
  const narrow = graph.cast(indices, 'int32');
  const size = typeof extent === 'number' ? graph.scalar(extent, narrow) : graph.cast(extent.runtime, 'int32');
  // A runtime extent has shape [1]; a scalar index must stay one.
  const wrapped = graph.reshapeLike(graph.add(narrow, size), narrow);
  return graph.where(graph.node('Less', [narrow, graph.scalar(0, narrow)]), wrapped, narrow);
}

/**
 * Ones where `indices` (int32, from the front) name the position along `axis`, in floats of the type of `like`. The
 * positions run along `axis` of the result, and the axis of `indices` there must have size 1.
 */
export function oneHot(graph: GradientGraph, indices: Value, axis: number, extent: Extent, like: Value): Value {
  const rank = graph.rank(indices);
  const shape = Array.from({ length: rank }, (_, at): Extent => (at === axis ? extent : 1));
  const names = graph.reshape(iota(graph, extent), shape);
  return graph.cast(graph.node('Equal', [indices, names]), graph.dataType(like));
}

/** Adds the rows of `value` along `axis` into an axis of `extent` rows, each at its position in `indices` (a vector). */
export function scatterAlong(graph: GradientGraph, value: Value, axis: number, indices: Value, extent: Extent): Value {
  const extents = graph.extentsOf(value);
  const [outer, inner] = [extents.slice(0, axis), extents.slice(axis + 1)];
  const [before, behind] = [graph.count(outer), graph.count(inner)];
  const picked = oneHot(graph, graph.unsqueeze(indices, [0]), 0, extent, value);
  const whole = [...outer, extent, ...inner];
  if (before === 1) {
    return graph.reshape(graph.node('Gemm', [picked, graph.reshape(value, [extents[axis], behind])]), whole);
  }
  if (behind === 1) {
    const flat = graph.reshape(value, [before, extents[axis]]);
    return graph.reshape(graph.node('Gemm', [flat, picked], { transB: 1 }), whole);
  }
  return graph.reshape(graph.node('MatMul', [picked, graph.reshape(value, [before, extents[axis], behind])]), whole);
}

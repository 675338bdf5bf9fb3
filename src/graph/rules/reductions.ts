/** Gradients of reductions: what each element contributed, times the gradient broadcast back over the reduced axes. */
import { intAttribute } from '../attributes';
import type { Value } from '../builder';
import type { GradientGraph } from '../gradient-graph';
import { reducedAxes } from '../inference/contraction';
import { firstGradient, type GradientContext, type GradientRule, unsupported } from './rule';

interface Reduction {
  readonly graph: GradientGraph;
  readonly x: Value;
  /** The result and its gradient, with the reduced axes kept as size 1. */
  readonly y: Value;
  readonly gradient: Value;
  readonly axes: readonly number[];
}

function reductionOf(context: GradientContext): Reduction {
  const { node, graph } = context;
  const [x] = node.inputs;
  const axes = reducedAxes(graph.inference.context(node));
  if (axes === null) throw unsupported(node, 'the axes are computed while the graph runs; make them constant');
  graph.rank(x);
  const kept = (value: Value) => (intAttribute(node, 'keepdims', 1) === 0 ? graph.unsqueeze(value, axes) : value);
  return { graph, x, y: kept(node.outputs[0]), gradient: kept(firstGradient(context)), axes };
}

function reduction(opType: string, gradient: (reduction: Reduction) => Value): GradientRule {
  return {
    opType,
    gradient(context) {
      const parts = reductionOf(context);
      return [parts.graph.expandLike(gradient(parts), parts.x)];
    },
  };
}

/** How many elements were reduced into each result, as a scalar of x's type. */
function reducedCount({ graph, x, axes }: Reduction): Value {
  const count = graph.count(axes.map((axis) => graph.extent(x, axis)));
  if (typeof count === 'number') return graph.scalar(count, x);
  return graph.cast(graph.vector([count]), graph.dataType(x));
}

/** The extreme elements share the gradient equally. */
function shared({ graph, x, y, gradient, axes }: Reduction): Value {
  const mask = graph.cast(graph.node('Equal', [x, y]), graph.dataType(x));
  const ties = graph.reduce('Sum', mask, axes, true);
  return graph.mul(mask, graph.div(gradient, ties));
}

/** -1, 0 or 1 as x is negative, 0 or positive. */
function signOf(graph: GradientGraph, x: Value): Value {
  const zero = graph.scalar(0, x);
  const type = graph.dataType(x);
  return graph.sub(graph.cast(graph.node('Greater', [x, zero]), type), graph.cast(graph.node('Less', [x, zero]), type));
}

export const reduceSum = reduction('ReduceSum', ({ gradient }) => gradient);
export const reduceMean = reduction('ReduceMean', (parts) => parts.graph.div(parts.gradient, reducedCount(parts)));
export const reduceMax = reduction('ReduceMax', shared);
export const reduceMin = reduction('ReduceMin', shared);
export const reduceSumSquare = reduction('ReduceSumSquare', ({ graph, x, gradient }) =>
  graph.mul(x, graph.scale(gradient, 2)),
);
export const reduceL1 = reduction('ReduceL1', ({ graph, x, gradient }) => graph.mul(gradient, signOf(graph, x)));

/** x / |x|, and 0 where the whole vector is 0. */
export const reduceL2 = reduction('ReduceL2', ({ graph, x, y, gradient }) => {
  const nonzero = graph.node('Greater', [y, graph.scalar(0, y)]);
  return graph.mul(x, graph.div(gradient, graph.where(nonzero, y, graph.scalar(1, y))));
});

export const reduceLogSum = reduction('ReduceLogSum', ({ graph, y, gradient }) =>
  graph.div(gradient, graph.node('Exp', [y])),
);
export const reduceLogSumExp = reduction('ReduceLogSumExp', ({ graph, x, y, gradient }) =>
  graph.mul(gradient, graph.node('Exp', [graph.sub(x, y)])),
);

/**
 * Each element's slope is the product of the others. They are multiplied out, n products of n factors with the own
 * factor set to 1, so that zeros need no division.
 */
export const reduceProd: GradientRule = {
  opType: 'ReduceProd',
  gradient(context) {
    const { graph, x, gradient, axes } = reductionOf(context);
    const rank = graph.rank(x);
    const outer = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
    const order = [...outer, ...axes];
    const n = graph.count(axes.map((axis) => graph.extent(x, axis)));
    if (typeof n !== 'number') throw unsupported(context.node, 'the reduced sizes must be known; fix the input shapes');
    const moved = graph.transpose(x, order);
    const m = graph.count(outer.map((axis) => graph.extent(x, axis)));
    const diagonal = Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    const others = graph.where(
      graph.constant('bool', [n, n], diagonal),
      graph.scalar(1, x),
      graph.reshape(moved, [m, 1, n]),
    );
    const products = graph.reduce('Prod', others, [2], false);
    const back = graph.transpose(
      graph.reshapeLike(products, moved),
      order.map((_, axis) => order.indexOf(axis)),
    );
    return [graph.mul(gradient, back)];
  },
};

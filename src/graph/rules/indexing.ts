/** Gradients of operators that pick elements: what was picked gets its gradient back, everything else gets zeros. */
import { intAttribute, stringAttribute } from '../attributes';
import type { Value } from '../builder';
import type { Extent, GradientGraph } from '../gradient-graph';
import { fromFront } from '../inference/rule';
import { oneHot, positions, scatterAlong } from './one-hot';
import { firstGradient, type GradientRule, unsupported } from './rule';

export const gather: GradientRule = {
  opType: 'Gather',
  gradient(context) {
    const { node, graph } = context;
    const [data, indices] = node.inputs;
    const gradient = firstGradient(context);
    const axis = fromFront(intAttribute(node, 'axis', 0), graph.rank(data));
    const extents = graph.extentsOf(gradient);
    const picked = extents.slice(axis, axis + graph.rank(indices));
    const count = graph.count(picked);
    const flat = graph.reshape(gradient, [
      ...extents.slice(0, axis),
      count,
      ...extents.slice(axis + graph.rank(indices)),
    ]);
    const extent = graph.extent(data, axis);
    const rows = graph.reshape(positions(graph, indices, extent), [count]);
    return [graph.reshapeLike(scatterAlong(graph, flat, axis, rows, extent), data)];
  },
};

/** Sends `gradient` to the positions along `axis` of `data` that `indices`, of the same shape, name. */
function scatterElements(graph: GradientGraph, gradient: Value, data: Value, indices: Value, axis: number): Value {
  const extent = graph.extent(data, axis);
  const places = positions(graph, indices, extent);
  let spread: Value;
  if (graph.shape(indices)[axis] === 1) {
    spread = graph.mul(gradient, oneHot(graph, places, axis, extent, gradient));
  } else {
    const mask = oneHot(graph, graph.unsqueeze(places, [axis]), axis, extent, gradient);
    spread = graph.reduce('Sum', graph.mul(mask, graph.unsqueeze(gradient, [axis])), [axis + 1], false);
  }
  // Along the other axes the indices may stop short of the data.
  const short = graph.shape(data).map((size, at): Extent => {
    if (at === axis || size === graph.shape(spread)[at]) return 0;
    return graph.arithmetic('Sub', graph.extent(data, at), graph.extent(spread, at));
  });
  return graph.pad(
    spread,
    short.map(() => 0),
    short,
  );
}

export const gatherElements: GradientRule = {
  opType: 'GatherElements',
  gradient(context) {
    const { node, graph } = context;
    const [data, indices] = node.inputs;
    const axis = fromFront(intAttribute(node, 'axis', 0), graph.rank(data));
    return [scatterElements(graph, firstGradient(context), data, indices, axis)];
  },
};

export const topK: GradientRule = {
  opType: 'TopK',
  gradient(context) {
    const { node, graph } = context;
    const [data] = node.inputs;
    const gradient = firstGradient(context);
    const axis = fromFront(intAttribute(node, 'axis', -1), graph.rank(data));
    const [, indices] = graph.outputsOf(node, 2);
    return [scatterElements(graph, gradient, data, indices, axis)];
  },
};

/** Indices of several axes become one index into those axes flattened. */
export const gatherND: GradientRule = {
  opType: 'GatherND',
  gradient(context) {
    const { node, graph } = context;
    const [data, indices] = node.inputs;
    const gradient = firstGradient(context);
    const batchRank = intAttribute(node, 'batch_dims', 0);
    const depth = graph.shape(indices)[graph.rank(indices) - 1];
    if (typeof depth !== 'number') throw unsupported(node, 'the last size of its indices must be known');
    const extents = graph.extentsOf(data);
    const indexed = extents.slice(batchRank, batchRank + depth);
    const batch = graph.count(extents.slice(0, batchRank));
    const inner = graph.count(extents.slice(batchRank + depth));
    const count = graph.count(graph.extentsOf(indices).slice(batchRank, -1));
    const table = graph.reshape(indices, [graph.arithmetic('Mul', batch, count), depth]);
    let place: Value | undefined;
    indexed.forEach((extent, axis) => {
      const column = positions(graph, graph.slice(graph.cast(table, 'int32'), 1, axis, 1), extent);
      if (place === undefined) {
        place = column;
        return;
      }
      const size = typeof extent === 'number' ? graph.scalar(extent, place) : graph.cast(extent.runtime, 'int32');
      place = graph.add(graph.node('Mul', [place, size]), column);
    });
    if (place === undefined) throw unsupported(node, 'its indices are empty');
    const whole = graph.count(indexed);
    const mask = oneHot(graph, graph.reshape(place, [batch, 1, count]), 1, whole, gradient);
    return [graph.reshapeLike(graph.node('MatMul', [mask, graph.reshape(gradient, [batch, count, inner])]), data)];
  },
};

/** ScatterElements and ScatterND: what was overwritten gets no gradient; the updates get that of their places. */
function scatter(opType: 'ScatterElements' | 'ScatterND', reader: 'GatherElements' | 'GatherND'): GradientRule {
  return {
    opType,
    gradient(context) {
      const { node, graph, needs } = context;
      const [, indices, updates] = node.inputs;
      const gradient = firstGradient(context);
      const reduction = stringAttribute(node, 'reduction', 'none');
      if (reduction !== 'none' && reduction !== 'add') throw unsupported(node, `reduction "${reduction}"`);
      const axis: Record<string, number> = opType === 'ScatterElements' ? { axis: intAttribute(node, 'axis', 0) } : {};
      const cleared = () => graph.node(opType, [gradient, indices, graph.zerosLike(updates)], axis);
      return [
        !needs(0) ? null : reduction === 'add' ? gradient : cleared(),
        null,
        needs(2) ? graph.node(reader, [gradient, indices], axis) : null,
      ];
    },
  };
}

export const scatterElementsRule = scatter('ScatterElements', 'GatherElements');
export const scatterND = scatter('ScatterND', 'GatherND');

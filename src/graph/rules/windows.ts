/** Gradients of Slice and Pad. */
import { intsAttribute, stringAttribute } from '../attributes';
import type { Value } from '../builder';
import type { Extent, GradientGraph } from '../gradient-graph';
import { fromFront } from '../inference/rule';
import { sliceBounds, slicedRange } from '../inference/indexing';
import { positions, scatterAlong } from './one-hot';
import { firstGradient, type GradientContext, type GradientRule, unsupported } from './rule';

const TO_START = -(2 ** 31);

/** `value` with `step - 1` zeros between neighbours along `axis`, in reverse order if `step` is negative. */
function spreadOut(graph: GradientGraph, value: Value, axis: number, step: number): Value {
  const forward =
    step > 0
      ? value
      : graph.node('Slice', [
          value,
          graph.int64s([-1]),
          graph.int64s([TO_START]),
          graph.int64s([axis]),
          graph.int64s([-1]),
        ]);
  const stride = Math.abs(step);
  const extents = graph.extentsOf(value);
  const count = extents[axis] as number;
  if (stride === 1 || count === 0) return forward;
  const apart = graph.unsqueeze(forward, [axis + 1]);
  const none = graph.shape(apart).map(() => 0);
  const padded = graph.pad(apart, none, none.with(axis + 1, stride - 1));
  const flat = graph.reshape(padded, extents.with(axis, count * stride));
  return graph.slice(flat, axis, 0, (count - 1) * stride + 1);
}

export const slice: GradientRule = {
  opType: 'Slice',
  gradient(context) {
    const { node, graph } = context;
    const [data] = node.inputs;
    let gradient = firstGradient(context);
    const sizes = graph.shape(data);
    const bounds = sliceBounds(graph.inference.context(node));
    if (bounds === null) return [byPositions(context, gradient)];
    const before: Extent[] = sizes.map(() => 0);
    const behind: Extent[] = sizes.map(() => 0);
    for (const [i, axis] of bounds.axes.entries()) {
      const [size, start, end, step] = [sizes[axis], bounds.starts[i], bounds.ends[i], bounds.steps[i]];
      if (typeof size === 'number' && typeof start === 'number' && typeof end === 'number') {
        const { first, count } = slicedRange(size, start, end, step);
        const low = count === 0 ? size : step > 0 ? first : first + (count - 1) * step;
        gradient = spreadOut(graph, gradient, axis, step);
        before[axis] = low;
        behind[axis] = count === 0 ? 0 : size - low - ((count - 1) * Math.abs(step) + 1);
      } else if (start === 0 && step === 1) {
        const taken = graph.extent(gradient, axis);
        behind[axis] = graph.arithmetic('Sub', graph.extent(data, axis), taken);
      } else return [byPositions(context, firstGradient(context))];
    }
    return [graph.pad(gradient, before, behind)];
  },
};

/** Where bounds or sizes are not known: a vector 0, 1, 2, … sliced in the same way says what was taken. */
function byPositions({ node, graph }: GradientContext, gradient: Value): Value {
  const [data, starts, ends, axes, steps] = node.inputs;
  const named = axes ? graph.contents(axes) : null;
  if (axes && named === null) throw unsupported(node, 'its axes are computed while the graph runs; make them constant');
  const count = graph.shape(starts)[0];
  if (typeof count !== 'number') throw unsupported(node, 'the number of its bounds is not known');
  const order = named ?? Array.from({ length: count }, (_, axis) => axis);
  return order.reduce((part, axis, i) => {
    const at = fromFront(axis, graph.rank(data));
    const one = (bounds: Value) => graph.slice(bounds, 0, i, 1);
    const extent = graph.extent(data, at);
    const size = graph.reshape(graph.vector([extent]), []);
    const all = graph.node('Range', [graph.constant('int64', [], [0]), size, graph.constant('int64', [], [1])]);
    const wide = (bounds: Value) => graph.cast(one(bounds), 'int64');
    const step = steps ? [wide(steps)] : [];
    const taken = graph.node('Slice', [all, wide(starts), wide(ends), graph.int64s([0]), ...step]);
    return scatterAlong(graph, part, at, positions(graph, taken, extent), extent);
  }, gradient);
}

/** The index of the element of an axis of `size` that Pad shows at `position` (negative before the axis starts). */
function shownAt(mode: string, position: number, size: number): number {
  if (mode === 'edge') return Math.min(Math.max(position, 0), size - 1);
  if (mode === 'wrap') return ((position % size) + size) % size;
  const period = Math.max(1, 2 * (size - 1));
  const folded = ((position % period) + period) % period;
  return folded < size ? folded : period - folded;
}

export const pad: GradientRule = {
  opType: 'Pad',
  gradient(context) {
    const { node, graph, needs } = context;
    const [data, amounts, fill, axes] = node.inputs;
    const gradient = firstGradient(context);
    const pads = intsAttribute(node, 'pads') ?? graph.contents(amounts);
    if (pads === null) throw unsupported(node, 'its pads are computed while the graph runs; make them constant');
    const named = axes ? graph.contents(axes) : null;
    if (axes && named === null)
      throw unsupported(node, 'its axes are computed while the graph runs; make them constant');
    const rank = graph.rank(data);
    const order = (named ?? Array.from({ length: rank }, (_, axis) => axis)).map((axis) => fromFront(axis, rank));
    const mode = stringAttribute(node, 'mode', 'constant');
    let inside = gradient;
    const before = graph.shape(data).map(() => 0);
    const behind = [...before];
    order.forEach((axis, i) => {
      const [low, high] = [pads[i], pads[order.length + i]];
      const size = graph.extent(data, axis);
      if (low === 0 && high === 0) return;
      if (mode !== 'constant') {
        if (typeof size !== 'number') throw unsupported(node, `mode "${mode}" needs known sizes; fix the input shapes`);
        const shown = Array.from({ length: size + low + high }, (_, at) => shownAt(mode, at - low, size));
        inside = scatterAlong(graph, inside, axis, graph.constant('int32', [shown.length], shown), size);
        return;
      }
      // A negative amount cut elements off, which get zeros back.
      before[axis] = Math.max(0, -low);
      behind[axis] = Math.max(0, -high);
      const kept = graph.arithmetic('Sub', size, before[axis] + behind[axis]);
      inside = graph.slice(inside, axis, Math.max(0, low), kept);
    });
    const all = (value: Value) =>
      graph.reduce(
        'Sum',
        value,
        graph.shape(value).map((_, axis) => axis),
        false,
      );
    const toFill = () => graph.reshapeLike(graph.sub(all(gradient), all(inside)), fill);
    return [graph.pad(inside, before, behind), null, fill && needs(2) ? toFill() : null];
  },
};

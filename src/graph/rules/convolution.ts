/**
 * Gradients of Conv and ConvTranspose in one, two or three dimensions. The input's gradient is the transposed operator
 * with the same weights. The weights' gradient is a convolution of the input by the output's gradient in which batch
 * and channels change places, as do strides and dilations.
 */
import { intAttribute, intsAttribute, stringAttribute } from '../attributes';
import type { Value } from '../builder';
import type { Extent, GradientGraph } from '../gradient-graph';
import { type Window, windowOf } from '../inference/contraction';
import type { OnnxNode } from '../model';
import { firstGradient, type GradientRule, unsupported } from './rule';

interface Padded extends Window {
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

function paddedWindow(graph: GradientGraph, node: OnnxNode, x: Value, weight: Value): Padded {
  const kernel = intsAttribute(node, 'kernel_shape') ?? graph.shape(weight).slice(2);
  if (!kernel.every((size) => typeof size === 'number')) throw unsupported(node, 'its kernel size must be known');
  const window = windowOf({ node }, graph.shape(x).slice(2), kernel);
  if (window.begins === null || window.ends === null) {
    throw unsupported(node, 'SAME padding of a size that is not known; fix the input shapes');
  }
  return { ...window, begins: window.begins, ends: window.ends };
}

/** Where the kernel's taps lie along an axis: from the first to the last. */
function reach({ kernel, dilations }: Window): number[] {
  return kernel.map((size, axis) => (size - 1) * dilations[axis] + 1);
}

/** `value` [a, b, …] as [b, a, …]. */
function exchanged(graph: GradientGraph, value: Value): Value {
  const axes = graph.shape(value).map((_, axis) => axis);
  return graph.transpose(value, [1, 0, ...axes.slice(2)]);
}

/** `value` [n, groups * c, …] as [c, groups * n, …]. */
function groupsToFront(graph: GradientGraph, value: Value, groups: number): Value {
  if (groups === 1) return exchanged(graph, value);
  const [n, channels, ...spatial] = graph.extentsOf(value);
  const c = graph.arithmetic('Div', channels, groups);
  const apart = graph.reshape(value, [n, groups, c, ...spatial]);
  const moved = graph.transpose(apart, [2, 1, 0, ...spatial.map((_, axis) => axis + 3)]);
  return graph.reshape(moved, [c, graph.arithmetic('Mul', groups, n), ...spatial]);
}

/**
 * The adjoint of the convolution with `weight`: from a `gradient` over the small sizes to one over the large ones,
 * those of `large`, all of whose elements get a value.
 */
function transposedConvolution(
  graph: GradientGraph,
  gradient: Value,
  weight: Value,
  large: Value,
  window: Padded,
  group: number,
): Value {
  const { kernel, strides, dilations, begins, ends } = window;
  const common = { kernel_shape: [...kernel], strides: [...strides], dilations: [...dilations], group };
  const sizes = graph.shape(large).slice(2);
  const extent = reach(window);
  const spare = sizes.map((size, axis) => {
    if (strides[axis] === 1) return 0;
    return typeof size === 'number' ? (size + begins[axis] + ends[axis] - extent[axis]) % strides[axis] : null;
  });
  if (spare.every((amount) => amount !== null)) {
    return graph.node('ConvTranspose', [gradient, weight], {
      ...common,
      pads: [...begins, ...ends],
      ...(spare.some((amount) => amount > 0) && { output_padding: spare }),
    });
  }
  // How far the last window falls short is not known: make room for the most, and cut out what is there.
  const whole = graph.node('ConvTranspose', [gradient, weight], {
    ...common,
    output_padding: strides.map((stride) => stride - 1),
  });
  return sizes.reduce<Value>(
    (part, _, axis) => graph.slice(part, axis + 2, begins[axis], graph.extent(large, axis + 2)),
    whole,
  );
}

/** The weights' gradient: `large` correlated with `small`, which slides over it. In the shape of `weight`. */
function weightGradient(
  graph: GradientGraph,
  large: Value,
  small: Value,
  weight: Value,
  window: Padded,
  group: number,
): Value {
  const { strides, dilations, begins, ends } = window;
  const correlated = graph.node('Conv', [groupsToFront(graph, large, group), exchanged(graph, small)], {
    strides: [...dilations],
    dilations: [...strides],
    pads: [...begins, ...ends],
    group,
  });
  // Rows that no window reached show up as extra taps.
  let taps = correlated;
  window.kernel.forEach((size, axis) => {
    if (graph.shape(taps)[axis + 2] !== size) taps = graph.slice(taps, axis + 2, 0, size);
  });
  return graph.reshapeLike(exchanged(graph, taps), weight);
}

/** The bias's gradient: the sum over everything but channels. */
function biasGradient(graph: GradientGraph, gradient: Value): Value {
  const axes = graph.shape(gradient).flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  return graph.reduce('Sum', gradient, axes, false);
}

export const conv: GradientRule = {
  opType: 'Conv',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, weight, bias] = node.inputs;
    const gradient = firstGradient(context);
    const group = intAttribute(node, 'group', 1);
    const window = paddedWindow(graph, node, x, weight);
    return [
      needs(0) ? transposedConvolution(graph, gradient, weight, x, window, group) : null,
      needs(1) ? weightGradient(graph, x, gradient, weight, window, group) : null,
      bias && needs(2) ? biasGradient(graph, gradient) : null,
    ];
  },
};

export const convTranspose: GradientRule = {
  opType: 'ConvTranspose',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, weight, bias] = node.inputs;
    if (stringAttribute(node, 'auto_pad', 'NOTSET') !== 'NOTSET' || intsAttribute(node, 'output_shape') !== undefined) {
      throw unsupported(node, 'auto_pad and output_shape; export it with explicit pads');
    }
    const gradient = firstGradient(context);
    const group = intAttribute(node, 'group', 1);
    const window = paddedWindow(graph, node, x, weight);
    const { kernel, strides, dilations, begins, ends } = window;
    const toX = () => {
      const slid = graph.node('Conv', [gradient, weight], {
        kernel_shape: [...kernel],
        strides: [...strides],
        dilations: [...dilations],
        pads: [...begins, ...ends],
        group,
      });
      // Output padding can leave room for one more window.
      return graph.shape(x).reduce<Value>((part, size, axis) => {
        if (axis < 2 || graph.shape(part)[axis] === size) return part;
        return graph.slice(part, axis, 0, graph.extent(x, axis));
      }, slid);
    };
    return [
      needs(0) ? toX() : null,
      needs(1) ? weightGradient(graph, gradient, x, weight, window, group) : null,
      bias && needs(2) ? biasGradient(graph, gradient) : null,
    ];
  },
};

/**
 * The pooling windows of `x` [n, c, …] as channels [n*c, taps, …], by a convolution with one-hot kernels, and what
 * brings gradients of them back to `x`.
 */
export function patches(graph: GradientGraph, x: Value, window: Padded) {
  const [n, c, ...spatial] = graph.extentsOf(x);
  const taps = window.kernel.reduce((whole, size) => whole * size, 1);
  const identity = Array.from({ length: taps * taps }, (_, i) => (i % (taps + 1) === 0 ? 1 : 0));
  const kernel = graph.constant(graph.dataType(x), [taps, 1, ...window.kernel], identity);
  const planes = graph.reshape(x, [graph.arithmetic('Mul', n, c), 1, ...spatial]);
  const attributes = {
    strides: [...window.strides],
    dilations: [...window.dilations],
    pads: [...window.begins, ...window.ends],
  };
  return {
    taps,
    of: (value: Value): Value => graph.node('Conv', [value, kernel], attributes),
    planes,
    /** Sums gradients of the windows, [n*c, taps or 1, …], into the shape of `x`. */
    back(gradient: Value): Value {
      const each = graph.shape(gradient)[1] === 1;
      const ones = () => graph.constant(graph.dataType(x), [1, 1, ...window.kernel], Array(taps).fill(1));
      const spread = transposedConvolution(graph, gradient, each ? ones() : kernel, planes, window, 1);
      return graph.reshapeLike(spread, x);
    },
  };
}

/** Extents of `value` [n, c, …] as planes [n*c, 1, …]. */
export function asPlanes(graph: GradientGraph, value: Value): Value {
  const [n, c, ...spatial] = graph.extentsOf(value);
  const planes: Extent[] = [graph.arithmetic('Mul', n, c), 1, ...spatial];
  return graph.reshape(value, planes);
}

export { paddedWindow, type Padded };

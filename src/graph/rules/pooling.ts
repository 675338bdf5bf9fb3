/**
 * Gradients of pooling. Windows are taken apart and put together again by convolutions with constant kernels, which are
 * deterministic and run on the GPU. Of equal maxima, each gets an equal share.
 */
import { intAttribute } from '../attributes';
import type { Value } from '../builder';
import type { GradientGraph } from '../gradient-graph';
import type { OnnxNode } from '../model';
import { asPlanes, type Padded, paddedWindow, patches } from './convolution';
import { firstGradient, type GradientContext, type GradientRule, unsupported } from './rule';

/** The node's window, with the padding behind grown (or shrunk) to what its output really covers. */
function coveredWindow({ node, graph }: GradientContext): Padded {
  const [x] = node.inputs;
  // The kernel is an attribute of pooling nodes: the weight argument is not looked at.
  const window = paddedWindow(graph, node, x, x);
  if (intAttribute(node, 'ceil_mode', 0) === 0) return window;
  const outputs = graph.shape(node.outputs[0]).slice(2);
  const ends = graph
    .shape(x)
    .slice(2)
    .map((size, axis) => {
      const count = outputs[axis];
      if (typeof size !== 'number' || typeof count !== 'number') {
        throw unsupported(node, 'ceil_mode needs known sizes; fix the input shapes');
      }
      const { kernel, strides, dilations, begins } = window;
      const reached = (count - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1;
      return Math.max(window.ends[axis], reached - size - begins[axis]);
    });
  return { ...window, ends };
}

/** How many elements each window averages, row-major over the output; one number where all are alike. */
function windowCounts(graph: GradientGraph, node: OnnxNode, window: Padded): Value {
  const [x] = node.inputs;
  const { kernel, strides, dilations, begins } = window;
  const padding = paddedWindow(graph, node, x, x);
  const counted = intAttribute(node, 'count_include_pad', 0) !== 0;
  const plain = [...begins, ...window.ends].every((amount) => amount === 0);
  if (plain)
    return graph.scalar(
      kernel.reduce((whole, size) => whole * size, 1),
      x,
    );
  const sizes = graph.shape(x).slice(2);
  const outputs = graph.shape(node.outputs[0]).slice(2);
  const perAxis = outputs.map((count, axis) => {
    const size = sizes[axis];
    if (typeof count !== 'number' || typeof size !== 'number') {
      throw unsupported(node, 'padding needs known sizes; fix the input shapes');
    }
    const [low, high] = counted ? [-begins[axis], size + padding.ends[axis]] : [0, size];
    return Array.from({ length: count }, (_, at) => {
      const start = at * strides[axis] - begins[axis];
      const taps = Array.from({ length: kernel[axis] }, (_tap, k) => start + k * dilations[axis]);
      return taps.filter((place) => place >= low && place < high).length;
    });
  });
  const counts = perAxis.reduce((all, axis) => all.flatMap((count) => axis.map((more) => count * more)), [1]);
  const dims = [1, 1, ...perAxis.map((axis) => axis.length)];
  return graph.constant(graph.dataType(x), dims, counts);
}

export const averagePool: GradientRule = {
  opType: 'AveragePool',
  gradient(context) {
    const { node, graph } = context;
    const window = coveredWindow(context);
    const share = graph.div(firstGradient(context), windowCounts(graph, node, window));
    return [patches(graph, node.inputs[0], window).back(asPlanes(graph, share))];
  },
};

export const maxPool: GradientRule = {
  opType: 'MaxPool',
  gradient(context) {
    const { node, graph } = context;
    const [x] = node.inputs;
    const gradient = firstGradient(context);
    const window = coveredWindow(context);
    const type = graph.dataType(x);
    const windows = patches(graph, x, window);
    let winners = graph.cast(graph.node('Equal', [windows.of(windows.planes), asPlanes(graph, node.outputs[0])]), type);
    if ([...window.begins, ...window.ends].some((amount) => amount !== 0)) {
      // Padding shows up as zeros, which may equal a maximum of 0.
      const [, , ...spatial] = graph.extentsOf(x);
      winners = graph.mul(winners, windows.of(graph.expand(graph.scalar(1, x), [1, 1, ...spatial])));
    }
    const ties = graph.reduce('Sum', winners, [1], true);
    return [windows.back(graph.mul(winners, graph.div(asPlanes(graph, gradient), ties)))];
  },
};

export const globalAveragePool: GradientRule = {
  opType: 'GlobalAveragePool',
  gradient(context) {
    const { node, graph } = context;
    const [x] = node.inputs;
    const count = graph.count(graph.extentsOf(x).slice(2));
    const divisor =
      typeof count === 'number' ? graph.scalar(count, x) : graph.cast(graph.vector([count]), graph.dataType(x));
    return [graph.expandLike(graph.div(firstGradient(context), divisor), x)];
  },
};

export const globalMaxPool: GradientRule = {
  opType: 'GlobalMaxPool',
  gradient(context) {
    const { node, graph } = context;
    const [x] = node.inputs;
    const winners = graph.cast(graph.node('Equal', [x, node.outputs[0]]), graph.dataType(x));
    const axes = Array.from({ length: graph.rank(x) - 2 }, (_, i) => i + 2);
    const ties = graph.reduce('Sum', winners, axes, true);
    return [graph.mul(winners, graph.div(firstGradient(context), ties))];
  },
};

/** Gradients of Softmax and LogSoftmax. Before operator set 13 both normalized over all axes from `axis` on. */
import { intAttribute } from '../attributes';
import type { GradientGraph } from '../gradient-graph';
import { fromFront } from '../inference/rule';
import type { OnnxNode } from '../model';
import { firstGradient, type GradientRule } from './rule';

function normalizedAxes(graph: GradientGraph, node: OnnxNode): number[] {
  const rank = graph.rank(node.inputs[0]);
  const first = fromFront(intAttribute(node, 'axis', graph.opset >= 13 ? -1 : 1), rank);
  return graph.opset >= 13 ? [first] : Array.from({ length: rank - first }, (_, i) => first + i);
}

/** y (g - sum(g y)) */
export const softmax: GradientRule = {
  opType: 'Softmax',
  gradient(context) {
    const { node, graph } = context;
    const gradient = firstGradient(context);
    const [y] = node.outputs;
    const mixed = graph.reduce('Sum', graph.mul(gradient, y), normalizedAxes(graph, node), true);
    return [graph.mul(graph.sub(gradient, mixed), y)];
  },
};

/** g - exp(y) sum(g) */
export const logSoftmax: GradientRule = {
  opType: 'LogSoftmax',
  gradient(context) {
    const { node, graph } = context;
    const gradient = firstGradient(context);
    const total = graph.reduce('Sum', gradient, normalizedAxes(graph, node), true);
    return [graph.sub(gradient, graph.mul(graph.node('Exp', [node.outputs[0]]), total))];
  },
};

/**
 * Gradients of the classification losses that exporters write as one node. Classes lie along axis 1; a target that is
 * ignored, or that is no class at all, has weight 0.
 */
import { intAttribute, stringAttribute } from '../attributes';
import type { Value } from '../builder';
import { oneHot } from './one-hot';
import { type GradientContext, type GradientRule, unsupported } from './rule';

/**
 * For each score, its one-hot target times the weight of its sample times the incoming gradient, and that factor by
 * itself, [n, 1, …].
 */
function weightedTargets({ node, graph, gradients, needs }: GradientContext) {
  const [scores, labels, classWeights] = node.inputs;
  if (needs(2)) throw unsupported(node, 'it has no gradient with respect to the class weights');
  const type = graph.dataType(scores);
  const rank = graph.rank(scores);
  const targets = graph.unsqueeze(graph.cast(labels, 'int32'), [1]);
  const picked = oneHot(graph, targets, 1, graph.extent(scores, 1), scores);
  let weight = graph.reduce('Sum', picked, [1], true);
  if (classWeights) {
    const trailing = Array.from({ length: rank - 2 }, () => 1);
    const perClass = graph.reshape(classWeights, [1, graph.extent(scores, 1), ...trailing]);
    weight = graph.reduce('Sum', graph.mul(picked, perClass), [1], true);
  }
  if ('ignore_index' in node.attributes) {
    const ignored = graph.node('Equal', [
      targets,
      graph.constant('int32', [], [intAttribute(node, 'ignore_index', 0)]),
    ]);
    weight = graph.mul(weight, graph.cast(graph.node('Not', [ignored]), type));
  }
  const gradient = gradients[0] ?? graph.zerosLike(node.outputs[0]);
  const reduction = stringAttribute(node, 'reduction', 'mean');
  let factor: Value;
  if (reduction === 'none') factor = graph.mul(weight, graph.unsqueeze(gradient, [1]));
  else if (reduction === 'sum') factor = graph.mul(weight, gradient);
  else {
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    factor = graph.mul(weight, graph.div(gradient, graph.reduce('Sum', weight, axes, false)));
  }
  return { factor, targets: graph.mul(picked, factor) };
}

export const negativeLogLikelihoodLoss: GradientRule = {
  opType: 'NegativeLogLikelihoodLoss',
  gradient: (context) => [context.graph.neg(weightedTargets(context).targets)],
};

export const softmaxCrossEntropyLoss: GradientRule = {
  opType: 'SoftmaxCrossEntropyLoss',
  gradient(context) {
    const { node, graph, gradients } = context;
    const [scores] = node.inputs;
    const exponentials = graph.node('Exp', [graph.sub(scores, graph.reduce('Max', scores, [1], true))]);
    const softmax = graph.div(exponentials, graph.reduce('Sum', exponentials, [1], true));
    const { factor, targets } = weightedTargets(context);
    const gradient = graph.sub(graph.mul(softmax, factor), targets);
    // The second output is the log-softmax.
    const further = gradients[1] ?? null;
    if (further === null) return [gradient];
    const total = graph.reduce('Sum', further, [1], true);
    return [graph.add(gradient, graph.sub(further, graph.mul(softmax, total)))];
  },
};

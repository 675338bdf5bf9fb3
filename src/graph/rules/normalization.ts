/**
 * Gradients of normalizations y = n(x) * scale + bias, where n(x) = (x - mean) / deviation over some axes:
 * with h = g * scale, dx = (h - mean(h) - n mean(h n)) / deviation.
 */
import { floatAttribute, intAttribute } from '../attributes';
import type { Value } from '../builder';
import type { GradientGraph } from '../gradient-graph';
import { fromFront } from '../inference/rule';
import { firstGradient, type GradientRule, unsupported } from './rule';

/** 1 / sqrt(value + epsilon) */
function inverseRoot(graph: GradientGraph, value: Value, epsilon: number): Value {
  return graph.node('Reciprocal', [graph.node('Sqrt', [graph.shift(value, epsilon)])]);
}

/** x - mean and 1 / deviation over `axes`. */
function centred(graph: GradientGraph, x: Value, axes: readonly number[], epsilon: number) {
  const difference = graph.sub(x, graph.reduce('Mean', x, axes, true));
  const variance = graph.reduce('Mean', graph.mul(difference, difference), axes, true);
  return { difference, inverse: inverseRoot(graph, variance, epsilon) };
}

/** The gradient of x from that of the normalized value, h. */
function throughNormalization(
  graph: GradientGraph,
  h: Value,
  normalized: Value,
  inverse: Value,
  axes: readonly number[],
  isCentred: boolean,
): Value {
  const along = graph.mul(normalized, graph.reduce('Mean', graph.mul(h, normalized), axes, true));
  const rest = isCentred ? graph.sub(h, graph.reduce('Mean', h, axes, true)) : h;
  return graph.mul(graph.sub(rest, along), inverse);
}

export const layerNormalization: GradientRule = {
  opType: 'LayerNormalization',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, scale, bias] = node.inputs;
    const gradient = firstGradient(context);
    const rank = graph.rank(x);
    const axis = fromFront(intAttribute(node, 'axis', -1), rank);
    const axes = Array.from({ length: rank - axis }, (_, i) => axis + i);
    let normalized: Value;
    let inverse: Value;
    if (graph.dataType(x) === 'float32') {
      // The operator gives its statistics out in single precision.
      const [, mean, inverseDeviation] = graph.outputsOf(node, 3);
      inverse = inverseDeviation;
      normalized = graph.mul(graph.sub(x, mean), inverse);
    } else {
      const parts = centred(graph, x, axes, floatAttribute(node, 'epsilon', 1e-5));
      inverse = parts.inverse;
      normalized = graph.mul(parts.difference, inverse);
    }
    const toX = () => throughNormalization(graph, graph.mul(gradient, scale), normalized, inverse, axes, true);
    return [
      needs(0) ? toX() : null,
      needs(1) ? graph.sumTo(graph.mul(gradient, normalized), scale) : null,
      bias && needs(2) ? graph.sumTo(gradient, bias) : null,
    ];
  },
};

export const rmsNormalization: GradientRule = {
  opType: 'RMSNormalization',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, scale] = node.inputs;
    const gradient = firstGradient(context);
    const rank = graph.rank(x);
    const axis = fromFront(intAttribute(node, 'axis', -1), rank);
    const axes = Array.from({ length: rank - axis }, (_, i) => axis + i);
    const square = graph.reduce('Mean', graph.mul(x, x), axes, true);
    const inverse = inverseRoot(graph, square, floatAttribute(node, 'epsilon', 1e-5));
    const normalized = graph.mul(x, inverse);
    const toX = () => throughNormalization(graph, graph.mul(gradient, scale), normalized, inverse, axes, false);
    return [needs(0) ? toX() : null, needs(1) ? graph.sumTo(graph.mul(gradient, normalized), scale) : null];
  },
};

/** `perChannel`, a vector, in a shape that broadcasts along axis 1 of a tensor of `rank`. */
function alongChannels(graph: GradientGraph, perChannel: Value, rank: number): Value {
  return graph.reshape(perChannel, [graph.extent(perChannel, 0), ...Array.from({ length: rank - 2 }, () => 1)]);
}

/** `value` summed over all axes but the channels'. */
function perChannel(graph: GradientGraph, value: Value): Value {
  const axes = graph.shape(value).flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  return graph.reduce('Sum', value, axes, false);
}

/** Batch normalization in inference: the statistics are inputs like the others. */
export const batchNormalization: GradientRule = {
  opType: 'BatchNormalization',
  gradient(context) {
    const { node, graph, needs } = context;
    if (intAttribute(node, 'training_mode', 0) !== 0 || node.outputs.filter((name) => name !== '').length > 1) {
      throw unsupported(node, 'it is in training mode; export the model in evaluation mode');
    }
    const [x, scale, bias, mean, variance] = node.inputs;
    const rank = graph.rank(x);
    const gradient = firstGradient(context);
    const inverse = inverseRoot(graph, variance, floatAttribute(node, 'epsilon', 1e-5));
    const slope = graph.mul(scale, inverse);
    const weighted = () =>
      graph.mul(perChannel(graph, graph.mul(gradient, graph.sub(x, alongChannels(graph, mean, rank)))), inverse);
    const toVariance = () => graph.scale(graph.mul(weighted(), graph.mul(slope, inverse)), -0.5);
    return [
      needs(0) ? graph.mul(gradient, alongChannels(graph, slope, rank)) : null,
      needs(1) ? weighted() : null,
      bias && needs(2) ? perChannel(graph, gradient) : null,
      needs(3) ? graph.neg(graph.mul(perChannel(graph, gradient), slope)) : null,
      needs(4) ? toVariance() : null,
    ];
  },
};

export const instanceNormalization: GradientRule = {
  opType: 'InstanceNormalization',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, scale] = node.inputs;
    const rank = graph.rank(x);
    const axes = Array.from({ length: rank - 2 }, (_, i) => i + 2);
    const gradient = firstGradient(context);
    const { difference, inverse } = centred(graph, x, axes, floatAttribute(node, 'epsilon', 1e-5));
    const normalized = graph.mul(difference, inverse);
    const h = () => graph.mul(gradient, alongChannels(graph, scale, rank));
    return [
      needs(0) ? throughNormalization(graph, h(), normalized, inverse, axes, true) : null,
      needs(1) ? perChannel(graph, graph.mul(gradient, normalized)) : null,
      needs(2) ? perChannel(graph, gradient) : null,
    ];
  },
};

/** Group normalization: channels in groups, each normalized as one; scale and bias per channel (per group up to 20). */
export const groupNormalization: GradientRule = {
  opType: 'GroupNormalization',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, scale] = node.inputs;
    const gradient = firstGradient(context);
    const rank = graph.rank(x);
    const groups = intAttribute(node, 'num_groups', 1);
    const [n, channels, ...spatial] = graph.extentsOf(x);
    const inGroup = graph.arithmetic('Div', channels, groups);
    const apart = (value: Value) => graph.reshape(value, [n, groups, inGroup, ...spatial]);
    const axes = Array.from({ length: rank - 1 }, (_, i) => i + 2);
    const { difference, inverse } = centred(graph, apart(x), axes, floatAttribute(node, 'epsilon', 1e-5));
    const normalized = graph.mul(difference, inverse);
    // Scales of channels stand along axes 1 and 2 of the parted tensor, scales of groups along axis 1 alone.
    const rest = spatial.map(() => 1);
    const parted = graph.reshape(scale, [groups, graph.opset >= 21 ? inGroup : 1, ...rest]);
    const toScale = (value: Value) => graph.reshapeLike(graph.sumTo(value, parted), scale);
    const toX = () => throughNormalization(graph, graph.mul(apart(gradient), parted), normalized, inverse, axes, true);
    return [
      needs(0) ? graph.reshapeLike(toX(), x) : null,
      needs(1) ? toScale(graph.mul(apart(gradient), normalized)) : null,
      needs(2) ? toScale(apart(gradient)) : null,
    ];
  },
};

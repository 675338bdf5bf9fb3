/**
 * The gradient of Resize, which is linear and works on one axis after another: along an axis of size n it multiplies by
 * a matrix, and that matrix is what Resize makes of the n by n identity. The gradient is multiplied by its transpose.
 */
import { type AttributeValue, type Value } from '../builder';
import { stringAttribute } from '../attributes';
import type { GradientGraph } from '../gradient-graph';
import type { OnnxNode } from '../model';
import { firstGradient, type GradientRule, unsupported } from './rule';

const KEPT = [
  'mode',
  'coordinate_transformation_mode',
  'nearest_mode',
  'cubic_coeff_a',
  'exclude_outside',
  'antialias',
];

/** The node's attributes that say how values are interpolated. */
function interpolation(node: OnnxNode): Record<string, AttributeValue> {
  const kept: Record<string, AttributeValue> = {};
  for (const name of KEPT) {
    const attribute = node.attributes[name];
    if (attribute?.kind === 'int' || attribute?.kind === 'string') kept[name] = attribute.value;
    else if (attribute?.kind === 'float') kept[name] = { float: attribute.value };
  }
  return kept;
}

/** The matrix [resized, size] of one axis, which grows by `scale` or, where that is not given, to `resized`. */
function axisMatrix(graph: GradientGraph, node: OnnxNode, size: number, resized: number, scale: number | null): Value {
  const identity = Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
  const square = graph.constant(graph.dataType(node.inputs[0]), [size, size], identity);
  const amount = scale === null ? ['', graph.int64s([resized, size])] : [graph.constant('float32', [2], [scale, 1])];
  return graph.node('Resize', [square, '', ...amount], interpolation(node));
}

export const resize: GradientRule = {
  opType: 'Resize',
  gradient(context) {
    const { node, graph } = context;
    const [x, , scales] = node.inputs;
    if (stringAttribute(node, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize') {
      throw unsupported(node, 'tf_crop_and_resize');
    }
    if ('axes' in node.attributes || stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
      throw unsupported(node, 'axes and keep_aspect_ratio_policy; export it with the scale of every axis');
    }
    const given = scales ? graph.contents(scales) : null;
    const before = graph.shape(x);
    const after = graph.shape(node.outputs[0]);
    return [
      before.reduce<Value>((gradient, size, axis) => {
        const resized = after[axis];
        if (size === resized) return gradient;
        if (typeof size !== 'number' || typeof resized !== 'number') {
          throw unsupported(node, 'its sizes must be known; fix the input shapes');
        }
        const matrix = axisMatrix(graph, node, size, resized, given === null ? null : given[axis]);
        const extents = graph.extentsOf(gradient);
        const flat = [graph.count(extents.slice(0, axis)), resized, graph.count(extents.slice(axis + 1))];
        const back = graph.node('MatMul', [graph.transpose(matrix, [1, 0]), graph.reshape(gradient, flat)]);
        return graph.reshape(back, extents.with(axis, size));
      }, firstGradient(context)),
    ];
  },
};

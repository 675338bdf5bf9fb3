/** Gradients of operators that move elements about without choosing among them. */
import { intAttribute, intsAttribute } from '../attributes';
import type { Value } from '../builder';
import type { Extent } from '../gradient-graph';
import { fromFront } from '../inference/rule';
import { firstGradient, type GradientRule } from './rule';

/** Operators that keep the order of the elements and change the shape. */
const reshaping = (opType: string): GradientRule => ({
  opType,
  gradient: (context) => [context.graph.reshapeLike(firstGradient(context), context.node.inputs[0])],
});

export const reshape = reshaping('Reshape');
export const flatten = reshaping('Flatten');
export const squeeze = reshaping('Squeeze');
export const unsqueeze = reshaping('Unsqueeze');

export const transpose: GradientRule = {
  opType: 'Transpose',
  gradient(context) {
    const { node, graph } = context;
    const axes = Array.from({ length: graph.rank(node.inputs[0]) }, (_, axis) => axis);
    const order = intsAttribute(node, 'perm') ?? axes.toReversed();
    return [
      graph.transpose(
        firstGradient(context),
        axes.map((axis) => order.indexOf(axis)),
      ),
    ];
  },
};

export const expand: GradientRule = {
  opType: 'Expand',
  gradient: (context) => [context.graph.sumTo(firstGradient(context), context.node.inputs[0])],
};

/** Each axis is split into (repeats, size) and summed over the repeats. */
export const tile: GradientRule = {
  opType: 'Tile',
  gradient(context) {
    const { node, graph } = context;
    const [x] = node.inputs;
    const gradient = firstGradient(context);
    const split = graph.shape(x).flatMap((_, axis): Extent[] => {
      const size = graph.extent(x, axis);
      return [graph.arithmetic('Div', graph.extent(gradient, axis), size), size];
    });
    const axes = graph.shape(x).map((_, axis) => 2 * axis);
    return [graph.reduce('Sum', graph.reshape(gradient, split), axes, false)];
  },
};

export const concat: GradientRule = {
  opType: 'Concat',
  gradient(context) {
    const { node, graph, needs } = context;
    const gradient = firstGradient(context);
    const axis = fromFront(intAttribute(node, 'axis', 0), graph.rank(gradient));
    const sizes = node.inputs.map((input) => graph.extent(input, axis));
    if (sizes.every((size) => typeof size === 'number') && sizes.length > 1) {
      return graph.opset >= 13
        ? graph.multi('Split', [gradient, graph.int64s(sizes)], { axis }, sizes.length)
        : graph.multi('Split', [gradient], { axis, split: sizes }, sizes.length);
    }
    let start: Extent = 0;
    return node.inputs.map((_, index) => {
      const from = start;
      start = graph.arithmetic('Add', from, sizes[index]);
      return needs(index) ? graph.slice(gradient, axis, from, sizes[index]) : null;
    });
  },
};

export const split: GradientRule = {
  opType: 'Split',
  gradient({ node, graph, gradients }) {
    const axis = fromFront(intAttribute(node, 'axis', 0), graph.rank(node.inputs[0]));
    const parts = gradients.map((gradient, index): Value => gradient ?? graph.zerosLike(node.outputs[index]));
    return [parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis })];
  },
};

/** The inverse rearrangement of blocks; DepthToSpace in either mode is undone by reshapes and a transpose. */
export const depthToSpace: GradientRule = {
  opType: 'DepthToSpace',
  gradient(context) {
    const { node, graph } = context;
    const gradient = firstGradient(context);
    const block = intAttribute(node, 'blocksize', 1);
    const mode = node.attributes.mode;
    const columnsFirst = mode?.kind === 'string' && mode.value === 'CRD';
    const [batch, , height, width] = graph.extentsOf(node.inputs[0]);
    const channels = graph.extent(node.outputs[0], 1);
    const blocks = graph.reshape(gradient, [batch, channels, height, block, width, block]);
    const order = columnsFirst ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
    return [graph.reshapeLike(graph.transpose(blocks, order), node.inputs[0])];
  },
};

export const spaceToDepth: GradientRule = {
  opType: 'SpaceToDepth',
  gradient(context) {
    const { node, graph } = context;
    const block = intAttribute(node, 'blocksize', 1);
    const [batch, , height, width] = graph.extentsOf(node.outputs[0]);
    const channels = graph.extent(node.inputs[0], 1);
    const blocks = graph.reshape(firstGradient(context), [batch, block, block, channels, height, width]);
    return [graph.reshapeLike(graph.transpose(blocks, [0, 3, 4, 1, 5, 2]), node.inputs[0])];
  },
};

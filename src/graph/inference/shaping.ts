/** Shapes of operators that move elements about, and the contents of the shape vectors that they are given. */
import { floatAttribute, intAttribute, intsAttribute, tensorAttribute } from '../attributes';
import { product, quotient, type Size } from '../dimensions';
import { decodeTensorData } from '../tensor-data';
import {
  broadcastShapes,
  carrying,
  fromFront,
  type InferenceContext,
  type InferenceRule,
  namedAxes,
  numbers,
  UNKNOWN,
} from './rule';

const shapeOf: InferenceRule = (context) => {
  const shape = context.input(0)?.shape;
  if (shape == null) return [{ dataType: 'int64', shape: [context.fresh()] }];
  const clamp = (position: number) => Math.min(Math.max(fromFront(position, shape.length), 0), shape.length);
  const start = clamp(intAttribute(context.node, 'start', 0));
  const end = clamp(intAttribute(context.node, 'end', shape.length));
  const elements = shape.slice(start, end);
  return [{ dataType: 'int64', shape: [elements.length], elements }];
};

const sizeOf: InferenceRule = (context) => {
  const shape = context.input(0)?.shape;
  return [{ dataType: 'int64', shape: [], ...(shape != null && { elements: [product(shape)] }) }];
};

/** The shape that Reshape's second input asks for; null when its rank is unknown. */
function reshaped(context: InferenceContext, data: readonly Size[] | null): Size[] | null {
  const target = context.input(1);
  const wanted = target?.elements;
  if (wanted === undefined) {
    const rank = target?.shape?.[0];
    return typeof rank === 'number' ? Array.from({ length: rank }, () => context.fresh()) : null;
  }
  const zeroCopies = intAttribute(context.node, 'allowzero', 0) === 0;
  const shape = wanted.map((size, axis) => (size === 0 && zeroCopies ? (data?.[axis] ?? null) : size));
  const open = shape.indexOf(-1);
  if (open >= 0) {
    const rest = shape.filter((_, axis) => axis !== open);
    const known = data !== null && rest.every((size) => size !== null);
    shape[open] = known ? quotient(product(data), product(rest as Size[])) : null;
  } else if (data !== null && shape.filter((size) => size === null).length === 1) {
    // An unknown entry may be -1 or 0 too; whichever it is, the element count fixes the size.
    const rest = shape.filter((size) => size !== null);
    shape[shape.indexOf(null)] = quotient(product(data), product(rest));
  }
  return shape.map((size) => size ?? context.fresh());
}

const reshape: InferenceRule = (context) => {
  const data = context.input(0) ?? UNKNOWN;
  return [carrying(data.dataType, reshaped(context, data.shape), data.elements)];
};

const flatten: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  if (shape === null) return [{ dataType, shape: [context.fresh(), context.fresh()] }];
  const axis = fromFront(intAttribute(context.node, 'axis', 1), shape.length);
  return [{ dataType, shape: [product(shape.slice(0, axis)), product(shape.slice(axis))] }];
};

const squeeze: InferenceRule = (context) => {
  const { dataType, shape, elements } = context.input(0) ?? UNKNOWN;
  const axes = namedAxes(context, 1);
  // Without axes, which dimensions go depends on their sizes: a symbol could be 1.
  if (shape === null || axes === null || (axes === 'absent' && shape.some((size) => typeof size === 'string'))) {
    return [{ dataType, shape: null }];
  }
  const dropped = axes === 'absent' ? null : axes.map((axis) => fromFront(axis, shape.length));
  const left = shape.filter((size, axis) => (dropped === null ? size !== 1 : !dropped.includes(axis)));
  return [carrying(dataType, left, elements)];
};

const unsqueeze: InferenceRule = (context) => {
  const { dataType, shape, elements } = context.input(0) ?? UNKNOWN;
  const axes = namedAxes(context, 1);
  if (shape === null || axes === null || axes === 'absent') return [{ dataType, shape: null }];
  const rank = shape.length + axes.length;
  const added = axes.map((axis) => fromFront(axis, rank));
  const rest = [...shape];
  const whole = Array.from({ length: rank }, (_, axis) => (added.includes(axis) ? 1 : (rest.shift() ?? 1)));
  return [carrying(dataType, whole, elements)];
};

const transpose: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  const order = intsAttribute(context.node, 'perm');
  return [
    {
      dataType,
      shape: shape === null ? null : order === undefined ? shape.toReversed() : order.map((axis) => shape[axis]),
    },
  ];
};

const expand: InferenceRule = (context) => {
  const data = context.input(0) ?? UNKNOWN;
  const target = context.input(1);
  const wanted = target?.elements?.map((size) => size ?? context.fresh());
  const length = target?.shape?.[0];
  const unknown = typeof length === 'number' ? Array.from({ length }, () => context.fresh()) : null;
  const shape = broadcastShapes(context, [data.shape, wanted ?? unknown]);
  const count = shape?.length === 1 && typeof shape[0] === 'number' ? shape[0] : null;
  const single = data.elements?.length === 1 && count !== null && count <= LIMIT ? data.elements[0] : undefined;
  return [{ dataType: data.dataType, shape, ...(single !== undefined && { elements: Array(count!).fill(single) }) }];
};

/** Longer contents are not followed. */
const LIMIT = 4096;

const tile: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  const repeats = context.input(1)?.elements;
  return [
    {
      dataType,
      shape:
        shape?.map((size, axis) => {
          const count = repeats?.[axis];
          return count == null ? context.fresh() : product([size, count]);
        }) ?? null,
    },
  ];
};

/** A sum of sizes, known where all are numbers or all but one are 0. */
function total(context: InferenceContext, sizes: readonly Size[]): Size {
  const symbols = sizes.filter((size) => typeof size === 'string');
  const sum = sizes.reduce<number>((whole, size) => whole + (typeof size === 'number' ? size : 0), 0);
  if (symbols.length === 0) return sum;
  return symbols.length === 1 && sum === 0 ? symbols[0] : context.fresh();
}

const concat: InferenceRule = (context) => {
  const facts = context.node.inputs.map((_, index) => context.input(index) ?? UNKNOWN);
  const dataType = facts[0].dataType;
  const shapes = facts.map((fact) => fact.shape);
  if (!shapes.every((shape) => shape !== null)) return [{ dataType, shape: null }];
  const axis = fromFront(intAttribute(context.node, 'axis', 0), shapes[0].length);
  const shape = shapes[0].map((size, at) =>
    at === axis
      ? total(
          context,
          shapes.map((part) => part[axis]),
        )
      : (shapes.find((part) => typeof part[at] === 'number')?.[at] ?? size),
  );
  const parts = facts.map((fact, index) => fact.elements ?? unknownElements(shapes[index][0]));
  return [carrying(dataType, shape, parts.every((part) => part !== undefined) ? parts.flat() : undefined)];
};

function unknownElements(size: Size | undefined): null[] | undefined {
  return typeof size === 'number' && size <= LIMIT ? Array(size).fill(null) : undefined;
}

const split: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  const count = context.node.outputs.length;
  if (shape === null) return context.node.outputs.map(() => ({ dataType, shape: null }));
  const axis = fromFront(intAttribute(context.node, 'axis', 0), shape.length);
  const stated = intsAttribute(context.node, 'split') ?? context.input(1)?.elements;
  const size = shape[axis];
  return context.node.outputs.map((_, index) => {
    let part: Size | null = null;
    if (stated !== undefined) part = stated[index];
    else if (context.input(1) !== undefined) part = null;
    else if (typeof size === 'number') {
      // With num_outputs the last part may be smaller.
      const length = Math.ceil(size / count);
      part = Math.max(0, Math.min(length, size - index * length));
    } else part = quotient(size, count);
    return { dataType, shape: shape.map((other, at) => (at === axis ? (part ?? context.fresh()) : other)) };
  });
};

const range: InferenceRule = (context) => {
  const { dataType } = context.input(0) ?? UNKNOWN;
  const [start, limit, delta] = [0, 1, 2].map((index) => context.input(index)?.elements?.[0]);
  if (typeof start === 'number' && typeof limit === 'number' && typeof delta === 'number') {
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    const elements = count <= LIMIT ? Array.from({ length: count }, (_, i) => start + i * delta) : undefined;
    return [carrying(dataType, [count], elements)];
  }
  return [{ dataType, shape: [start === 0 && delta === 1 && limit != null ? limit : context.fresh()] }];
};

const constantOfShape: InferenceRule = (context) => {
  const wanted = context.input(0)?.elements;
  const value = tensorAttribute(context.node, 'value');
  const dataType = value?.dataType ?? 'float32';
  if (wanted === undefined) {
    const rank = context.input(0)?.shape?.[0];
    return [{ dataType, shape: typeof rank === 'number' ? Array.from({ length: rank }, () => context.fresh()) : null }];
  }
  const shape = wanted.map((size) => size ?? context.fresh());
  const content = value === undefined ? 0 : decodeTensorData(value)[0];
  const count = product(shape);
  const elements = typeof count === 'number' && count <= LIMIT ? Array<number>(count).fill(content) : undefined;
  return [carrying(dataType, shape, elements)];
};

const constant: InferenceRule = (context) => {
  const { attributes } = context.node;
  const tensor = tensorAttribute(context.node, 'value');
  if (tensor !== undefined) {
    const count = tensor.dims.reduce((whole, size) => whole * size, 1);
    return [
      { dataType: tensor.dataType, shape: tensor.dims, ...(count <= LIMIT && { elements: decodeTensorData(tensor) }) },
    ];
  }
  if ('value_int' in attributes) {
    return [{ dataType: 'int64', shape: [], elements: [intAttribute(context.node, 'value_int', 0)] }];
  }
  if ('value_float' in attributes) {
    return [{ dataType: 'float32', shape: [], elements: [floatAttribute(context.node, 'value_float', 0)] }];
  }
  const ints = intsAttribute(context.node, 'value_ints');
  if (ints !== undefined) return [{ dataType: 'int64', shape: [ints.length], elements: ints }];
  const floats = attributes.value_floats;
  if (floats?.kind === 'floats') return [{ dataType: 'float32', shape: [floats.value.length], elements: floats.value }];
  return [UNKNOWN];
};

const blocks =
  (toDepth: boolean): InferenceRule =>
  (context) => {
    const { dataType, shape } = context.input(0) ?? UNKNOWN;
    const block = intAttribute(context.node, 'blocksize', 1);
    if (shape?.length !== 4) return [{ dataType, shape: null }];
    const shrink = (size: Size, by: number) => quotient(size, by) ?? context.fresh();
    const channels = toDepth ? product([shape[1], block * block]) : shrink(shape[1], block * block);
    const spatial = shape.slice(2).map((size) => (toDepth ? shrink(size, block) : product([size, block])));
    return [{ dataType, shape: [shape[0], channels, ...spatial] }];
  };

/** Output sizes are given, or the input's times the scales, rounded down. */
const resize: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  if (shape === null || 'axes' in context.node.attributes)
    return [{ dataType, shape: shape?.map(() => context.fresh()) ?? null }];
  const sizes = context.input(3)?.elements;
  const scales = numbers(context.input(2));
  const resized = shape.map((size, axis): Size => {
    if (sizes !== undefined) return sizes[axis] ?? context.fresh();
    const scale = scales?.[axis];
    if (scale === 1) return size;
    return scale === undefined || typeof size !== 'number' ? context.fresh() : Math.floor(size * scale);
  });
  return [{ dataType, shape: resized }];
};

export const SHAPING_INFERENCE: Readonly<Record<string, InferenceRule>> = {
  Shape: shapeOf,
  Size: sizeOf,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  Range: range,
  ConstantOfShape: constantOfShape,
  Constant: constant,
  Resize: resize,
  DepthToSpace: blocks(false),
  SpaceToDepth: blocks(true),
};

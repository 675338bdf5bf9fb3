/** Shapes of operators that pick elements, and the contents of the shape vectors that they pick from. */
import { intAttribute, intsAttribute } from '../attributes';
import type { Size } from '../dimensions';
import {
  carrying,
  type Fact,
  fromFront,
  type InferenceContext,
  type InferenceRule,
  namedAxes,
  numbers,
  UNKNOWN,
} from './rule';

/** Bounds of a Slice node: attributes up to operator set 9, inputs since. Null entries are not known. */
export function sliceBounds(context: InferenceContext): {
  starts: readonly (Size | null)[];
  ends: readonly (Size | null)[];
  axes: readonly number[];
  steps: readonly number[];
} | null {
  const { node } = context;
  const starts = intsAttribute(node, 'starts') ?? context.input(1)?.elements;
  const ends = intsAttribute(node, 'ends') ?? context.input(2)?.elements;
  if (starts === undefined || ends === undefined) return null;
  const axes = namedAxes(context, 3);
  const rank = context.input(0)?.shape?.length;
  const steps = context.input(4) === undefined ? starts.map(() => 1) : numbers(context.input(4));
  if (axes === null || steps === null || rank === undefined) return null;
  const positions = axes === 'absent' ? starts.map((_, axis) => axis) : axes.map((axis) => fromFront(axis, rank));
  return { starts, ends, axes: positions, steps };
}

/** First index, step and count of a slice of `size` elements, after the clamping that Slice does. */
export function slicedRange(size: number, start: number, end: number, step: number): { first: number; count: number } {
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? size : size - 1;
  const clamp = (position: number, below: number) => Math.min(Math.max(position, below), high);
  const first = clamp(start < 0 ? start + size : start, step > 0 ? 0 : Math.min(0, high));
  const last = clamp(end < 0 ? end + size : end, low);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) };
}

const slice: InferenceRule = (context) => {
  const { dataType, shape, elements } = context.input(0) ?? UNKNOWN;
  const bounds = sliceBounds(context);
  if (shape === null) return [{ dataType, shape }];
  if (bounds === null) {
    const axes = namedAxes(context, 3);
    const count = context.input(1)?.shape?.[0];
    const touched =
      axes === null || (axes === 'absent' && typeof count !== 'number')
        ? shape.map((_, axis) => axis)
        : axes === 'absent'
          ? Array.from({ length: count as number }, (_, axis) => axis)
          : axes.map((axis) => fromFront(axis, shape.length));
    return [{ dataType, shape: shape.map((size, axis) => (touched.includes(axis) ? context.fresh() : size)) }];
  }
  const sizes: Size[] = [...shape];
  let taken: Fact['elements'] = elements;
  bounds.axes.forEach((axis, i) => {
    const size = shape[axis];
    const [start, end, step] = [bounds.starts[i], bounds.ends[i], bounds.steps[i]];
    const far = typeof end === 'number' && end >= 2 ** 31 - 1;
    if (typeof size === 'number' && typeof start === 'number' && typeof end === 'number') {
      const { first, count } = slicedRange(size, start, end, step);
      sizes[axis] = count;
      taken = taken && Array.from({ length: count }, (_, k) => elements![first + k * step]);
      return;
    }
    taken = undefined;
    if (start === 0 && step === 1 && (far || end === size)) return;
    sizes[axis] = context.fresh();
  });
  return [carrying(dataType, sizes, shape.length === 1 ? taken : undefined)];
};

const gather: InferenceRule = (context) => {
  const data = context.input(0) ?? UNKNOWN;
  const indices = context.input(1) ?? UNKNOWN;
  const { dataType } = data;
  if (data.shape === null || indices.shape === null) return [{ dataType, shape: null }];
  const axis = fromFront(intAttribute(context.node, 'axis', 0), data.shape.length);
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  const positions = numbers(indices);
  const { elements } = data;
  if (data.shape.length !== 1 || elements === undefined || positions === null) return [{ dataType, shape }];
  return [
    carrying(
      dataType,
      shape,
      positions.map((at) => elements[fromFront(at, elements.length)]),
    ),
  ];
};

const likeIndices: InferenceRule = (context) => [
  { dataType: context.input(0)?.dataType ?? null, shape: context.input(1)?.shape ?? null },
];

const gatherND: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  const indices = context.input(1)?.shape;
  const depth = indices?.[indices.length - 1];
  if (shape === null || indices == null || typeof depth !== 'number') return [{ dataType, shape: null }];
  const batch = intAttribute(context.node, 'batch_dims', 0);
  return [{ dataType, shape: [...indices.slice(0, -1), ...shape.slice(batch + depth)] }];
};

const pad: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  const amounts = intsAttribute(context.node, 'pads') ?? context.input(1)?.elements;
  if (shape === null) return [{ dataType, shape }];
  const axes = context.input(3) === undefined ? shape.map((_, axis) => axis) : numbers(context.input(3));
  const sizes = shape.map((size, axis): Size => {
    if (amounts === undefined || axes === null) return context.fresh();
    const at = axes.findIndex((other) => fromFront(other, shape.length) === axis);
    if (at < 0) return size;
    const [before, behind] = [amounts[at], amounts[axes.length + at]];
    if (before === 0 && behind === 0) return size;
    const known = typeof size === 'number' && typeof before === 'number' && typeof behind === 'number';
    return known ? size + before + behind : context.fresh();
  });
  return [{ dataType, shape: sizes }];
};

const nonZero: InferenceRule = (context) => [
  { dataType: 'int64', shape: [context.input(0)?.shape?.length ?? context.fresh(), context.fresh()] },
];

const oneHot: InferenceRule = (context) => {
  const indices = context.input(0)?.shape;
  const dataType = context.input(2)?.dataType ?? null;
  if (indices == null) return [{ dataType, shape: null }];
  const depth = context.input(1)?.elements?.[0] ?? context.fresh();
  const axis = fromFront(intAttribute(context.node, 'axis', -1), indices.length + 1);
  return [{ dataType, shape: indices.toSpliced(axis, 0, depth) }];
};

export const INDEXING_INFERENCE: Readonly<Record<string, InferenceRule>> = {
  Slice: slice,
  Gather: gather,
  GatherElements: likeIndices,
  GatherND: gatherND,
  ScatterElements: (context) => [{ ...(context.input(0) ?? UNKNOWN), elements: undefined }],
  ScatterND: (context) => [{ ...(context.input(0) ?? UNKNOWN), elements: undefined }],
  Pad: pad,
  NonZero: nonZero,
  OneHot: oneHot,
};

/** Shapes of products, reductions, convolutions, pooling and normalization. */
import { intAttribute, intsAttribute, stringAttribute } from '../attributes';
import { product, type Size } from '../dimensions';
import {
  broadcastShapes,
  type Fact,
  fromFront,
  type InferenceContext,
  type InferenceRule,
  namedAxes,
  numbers,
  UNKNOWN,
} from './rule';

const matMul: InferenceRule = (context) => {
  const a = context.input(0) ?? UNKNOWN;
  const b = context.input(1) ?? UNKNOWN;
  if (a.shape === null || b.shape === null) return [{ dataType: a.dataType, shape: null }];
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const batch = broadcastShapes(context, [left.slice(0, -2), right.slice(0, -2)]) ?? [];
  const rows = a.shape.length === 1 ? [] : [left[left.length - 2]];
  const columns = b.shape.length === 1 ? [] : [right[right.length - 1]];
  return [{ dataType: a.dataType, shape: [...batch, ...rows, ...columns] }];
};

const gemm: InferenceRule = (context) => {
  const a = context.input(0) ?? UNKNOWN;
  const b = context.input(1) ?? UNKNOWN;
  if (a.shape?.length !== 2 || b.shape?.length !== 2) return [{ dataType: a.dataType, shape: null }];
  const rows = a.shape[intAttribute(context.node, 'transA', 0) === 0 ? 0 : 1];
  const columns = b.shape[intAttribute(context.node, 'transB', 0) === 0 ? 1 : 0];
  return [{ dataType: a.dataType, shape: [rows, columns] }];
};

/**
 * The terms of an Einsum, one letter an axis: the inputs' and the output's. An ellipsis becomes upper-case letters
 * (`A` is its last axis), which the equation itself does not use. Null where a rank is unknown or letters run out.
 */
export function einsumTerms(
  equation: string,
  ranks: readonly (number | undefined)[],
): { inputs: string[]; output: string } | null {
  const [left, right] = equation.replace(/\s/g, '').split('->');
  if (/[A-Z]/.test(equation))
    return ranks.every((rank) => rank !== undefined) && !equation.includes('.') ? plain() : null;
  let widest = 0;
  const letters = (count: number) =>
    Array.from({ length: count }, (_, i) => String.fromCharCode(65 + count - 1 - i)).join('');
  const terms = left.split(',');
  const inputs: string[] = [];
  for (const [index, term] of terms.entries()) {
    const rank = ranks[index];
    if (rank === undefined) return null;
    const width = term.includes('...') ? rank - (term.length - 3) : 0;
    widest = Math.max(widest, width);
    inputs.push(term.replace('...', letters(width)));
  }
  if (right !== undefined) return { inputs, output: right.replace('...', letters(widest)) };
  return { inputs, output: letters(widest) + onceOnly(terms.join('')) };

  function plain() {
    const output = right ?? onceOnly(left.replaceAll(',', ''));
    return { inputs: left.split(','), output };
  }
}

/** The letters that occur once, in alphabetical order: the output of an equation without an arrow. */
function onceOnly(all: string): string {
  const used = [...all].filter((letter) => /[A-Za-z]/.test(letter));
  return used
    .filter((letter) => used.indexOf(letter) === used.lastIndexOf(letter))
    .sort()
    .join('');
}

const einsum: InferenceRule = (context) => {
  const facts = context.node.inputs.map((_, index) => context.input(index) ?? UNKNOWN);
  const { dataType } = facts[0];
  const terms = einsumTerms(
    stringAttribute(context.node, 'equation', ''),
    facts.map((fact) => fact.shape?.length),
  );
  if (terms === null) return [{ dataType, shape: null }];
  const sizes = new Map<string, Size>();
  terms.inputs.forEach((term, index) =>
    [...term].forEach((letter, axis) => {
      const size = facts[index].shape?.[axis] ?? context.fresh();
      const known = sizes.get(letter);
      // The ellipsis broadcasts, so a size of 1 gives way.
      if (known === undefined || known === 1 || (typeof known === 'string' && typeof size === 'number' && size !== 1)) {
        sizes.set(letter, size);
      }
    }),
  );
  return [{ dataType, shape: [...terms.output].map((letter) => sizes.get(letter) ?? context.fresh()) }];
};

/** The axes that a reduction reduces; null when they are not known before it runs. */
export function reducedAxes(context: InferenceContext): readonly number[] | null {
  const rank = context.input(0)?.shape?.length;
  const axes = namedAxes(context, 1);
  if (rank === undefined || axes === null) return null;
  if (axes !== 'absent' && axes.length > 0) return axes.map((axis) => fromFront(axis, rank));
  if (intAttribute(context.node, 'noop_with_empty_axes', 0) !== 0) return [];
  return Array.from({ length: rank }, (_, axis) => axis);
}

const reduce: InferenceRule = (context) => {
  const data = context.input(0) ?? UNKNOWN;
  const keep = intAttribute(context.node, 'keepdims', 1) !== 0;
  const axes = reducedAxes(context);
  const { dataType } = data;
  if (data.shape === null) return [{ dataType, shape: null }];
  if (axes === null) return [{ dataType, shape: keep ? data.shape.map(() => context.fresh()) : null }];
  const shape = data.shape.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keep ? [1] : []));
  const isProduct = context.node.opType === 'ReduceProd' && data.elements?.every((element) => element !== null);
  const negative = data.elements?.some((element) => typeof element === 'number' && element < 0) ?? true;
  if (!isProduct || negative || data.shape.length !== 1 || axes.length !== 1) return [{ dataType, shape }];
  return [{ dataType, shape, elements: [product(data.elements as Size[])] }];
};

const argument: InferenceRule = (context) => {
  const shape = context.input(0)?.shape ?? null;
  const axis = fromFront(intAttribute(context.node, 'axis', 0), shape?.length ?? 0);
  const keep = intAttribute(context.node, 'keepdims', 1) !== 0;
  return [{ dataType: 'int64', shape: shape?.flatMap((size, at) => (at !== axis ? [size] : keep ? [1] : [])) ?? null }];
};

const topK: InferenceRule = (context) => {
  const data = context.input(0) ?? UNKNOWN;
  const count = numbers(context.input(1))?.[0];
  const axis = fromFront(intAttribute(context.node, 'axis', -1), data.shape?.length ?? 0);
  const shape = data.shape?.map((size, at) => (at === axis ? (count ?? context.fresh()) : size)) ?? null;
  return [
    { dataType: data.dataType, shape },
    { dataType: 'int64', shape },
  ];
};

/** Window geometry of a convolution or pooling node along each spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and behind; null where SAME padding depends on a size that is not known. */
  readonly begins: readonly number[] | null;
  readonly ends: readonly number[] | null;
}

/** Reads strides, dilations and padding (explicit or `auto_pad`) of a node over spatial sizes `spatial`. */
export function windowOf(
  context: Pick<InferenceContext, 'node'>,
  spatial: readonly Size[],
  kernel: readonly number[],
): Window {
  const { node } = context;
  const ones = spatial.map(() => 1);
  const strides = intsAttribute(node, 'strides') ?? ones;
  const dilations = intsAttribute(node, 'dilations') ?? ones;
  const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
  const extent = kernel.map((size, axis) => (size - 1) * dilations[axis] + 1);
  if (auto === 'NOTSET' || auto === 'VALID') {
    const pads = (auto === 'NOTSET' ? intsAttribute(node, 'pads') : undefined) ?? [...ones, ...ones].map(() => 0);
    return { kernel, strides, dilations, begins: pads.slice(0, spatial.length), ends: pads.slice(spatial.length) };
  }
  const totals = spatial.map((size, axis) => {
    if (strides[axis] === 1) return extent[axis] - 1;
    if (typeof size !== 'number') return null;
    return Math.max(0, (Math.ceil(size / strides[axis]) - 1) * strides[axis] + extent[axis] - size);
  });
  if (!totals.every((total) => total !== null)) return { kernel, strides, dilations, begins: null, ends: null };
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total) => Math.ceil(total / 2));
  const upper = auto === 'SAME_UPPER';
  return { kernel, strides, dilations, begins: upper ? small : large, ends: upper ? large : small };
}

function slidSizes(context: InferenceContext, spatial: readonly Size[], window: Window, ceil: boolean): Size[] {
  const { kernel, strides, dilations, begins, ends } = window;
  return spatial.map((size, axis) => {
    if (begins === null || ends === null) return context.fresh();
    const spare = begins[axis] + ends[axis] - (kernel[axis] - 1) * dilations[axis] - 1;
    if (typeof size !== 'number') return strides[axis] === 1 && spare === -1 ? size : context.fresh();
    const steps = (size + spare) / strides[axis];
    if (!ceil) return Math.floor(steps) + 1;
    // A window may not start in the padding behind.
    const count = Math.ceil(steps) + 1;
    return (count - 1) * strides[axis] >= size + begins[axis] ? count - 1 : count;
  });
}

const conv: InferenceRule = (context) => {
  const x = context.input(0) ?? UNKNOWN;
  const weight = context.input(1)?.shape;
  const kernel = intsAttribute(context.node, 'kernel_shape') ?? weight?.slice(2);
  if (x.shape === null) return [{ dataType: x.dataType, shape: null }];
  const spatial = x.shape.slice(2);
  const sizes = kernel?.every((size) => typeof size === 'number')
    ? slidSizes(context, spatial, windowOf(context, spatial, kernel), false)
    : spatial.map(() => context.fresh());
  return [{ dataType: x.dataType, shape: [x.shape[0], weight?.[0] ?? context.fresh(), ...sizes] }];
};

const convTranspose: InferenceRule = (context) => {
  const x = context.input(0) ?? UNKNOWN;
  const weight = context.input(1)?.shape;
  const kernel = intsAttribute(context.node, 'kernel_shape') ?? weight?.slice(2);
  const { dataType } = x;
  if (x.shape === null || weight == null || !kernel?.every((size) => typeof size === 'number')) {
    return [{ dataType, shape: null }];
  }
  const spatial = x.shape.slice(2);
  const { node } = context;
  const channels = product([weight[1], intAttribute(node, 'group', 1)]);
  const stated = intsAttribute(node, 'output_shape');
  const explicit = stringAttribute(node, 'auto_pad', 'NOTSET') === 'NOTSET';
  const window = windowOf(context, spatial, kernel);
  const extra = intsAttribute(node, 'output_padding');
  const sizes = spatial.map((size, axis): Size => {
    if (stated !== undefined) return stated[stated.length - spatial.length + axis];
    if (typeof size !== 'number' || !explicit || window.begins === null || window.ends === null) return context.fresh();
    const extent = (kernel[axis] - 1) * window.dilations[axis] + 1;
    return window.strides[axis] * (size - 1) + (extra?.[axis] ?? 0) + extent - window.begins[axis] - window.ends[axis];
  });
  return [{ dataType, shape: [x.shape[0], channels, ...sizes] }];
};

const pool: InferenceRule = (context) => {
  const x = context.input(0) ?? UNKNOWN;
  const kernel = intsAttribute(context.node, 'kernel_shape');
  if (x.shape === null || kernel === undefined) return context.node.outputs.map(() => ({ ...x, shape: null }));
  const spatial = x.shape.slice(2);
  const ceil = intAttribute(context.node, 'ceil_mode', 0) !== 0;
  const sizes = slidSizes(context, spatial, windowOf(context, spatial, kernel), ceil);
  const shape = [...x.shape.slice(0, 2), ...sizes];
  return [
    { dataType: x.dataType, shape },
    { dataType: 'int64', shape },
  ];
};

const globalPool: InferenceRule = (context) => {
  const x = context.input(0) ?? UNKNOWN;
  return [{ dataType: x.dataType, shape: x.shape?.map((size, axis) => (axis < 2 ? size : 1)) ?? null }];
};

const normalized: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  const axis = fromFront(intAttribute(context.node, 'axis', -1), shape?.length ?? 0);
  const statistics: Fact = { dataType, shape: shape?.map((size, at) => (at < axis ? size : 1)) ?? null };
  return [{ dataType, shape }, statistics, statistics];
};

/** Losses over classes along axis 1: a scalar, or with reduction "none" one for each target. */
const classificationLoss: InferenceRule = (context) => {
  const scores = context.input(0) ?? UNKNOWN;
  const each = stringAttribute(context.node, 'reduction', 'mean') === 'none';
  const shape = each ? (context.input(1)?.shape ?? null) : [];
  return [
    { dataType: scores.dataType, shape },
    { ...scores, elements: undefined },
  ];
};

const first: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  return [{ dataType, shape }];
};

const REDUCTIONS = ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare'];

export const CONTRACTION_INFERENCE: Readonly<Record<string, InferenceRule>> = {
  ...Object.fromEntries(REDUCTIONS.map((name) => [`Reduce${name}`, reduce])),
  MatMul: matMul,
  Gemm: gemm,
  Einsum: einsum,
  ArgMax: argument,
  ArgMin: argument,
  TopK: topK,
  Conv: conv,
  ConvTranspose: convTranspose,
  AveragePool: pool,
  MaxPool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  SoftmaxCrossEntropyLoss: classificationLoss,
  NegativeLogLikelihoodLoss: classificationLoss,
  LayerNormalization: normalized,
  RMSNormalization: first,
  BatchNormalization: first,
  InstanceNormalization: first,
  GroupNormalization: first,
};

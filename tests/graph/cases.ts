/** The table of gradient checks: for each rule the forms of its operator. */
import type { GraphBuilder, Value } from '../../src/graph/builder';
import type { GradientCase, Operand, Precision } from './gradient-case';

const operand = (...dims: number[]): Operand => ({ dims });
const between = (low: number, high: number, ...dims: number[]): Operand => ({ dims, low, high });
/** Values at least 0.3 apart, in mixed order, so that maxima and kinks stay where they are within a step. */
const apart = (...dims: number[]): Operand => {
  const count = dims.reduce((product, size) => product * size, 1);
  return {
    dims,
    values: Array.from({ length: count }, (_, i) => (((i * 7 + 3) % count) - Math.floor(count / 2) + 0.5) * 0.3),
  };
};

type Attributes = Parameters<GraphBuilder['node']>[2];

/** A case in which one node takes the operands in order. */
function one(
  opType: string,
  what: string,
  operands: Record<string, Operand>,
  attributes: Attributes = {},
  more: Partial<GradientCase> = {},
): GradientCase {
  return {
    opType,
    what,
    operands,
    build: (g) => g.node(opType, Object.keys(operands), attributes),
    ...more,
  };
}

const single: Partial<GradientCase> = { precision: 'float32' };

const ARITHMETIC: GradientCase[] = ['Add', 'Sub', 'Mul', 'Div'].flatMap((opType) => [
  one(opType, 'equal shapes', { a: operand(2, 3), b: between(0.5, 2, 2, 3) }),
  one(opType, 'broadcast both ways', { a: operand(2, 1, 3), b: between(0.5, 2, 4, 1) }),
  one(opType, 'a scalar', { a: operand(), b: between(0.5, 2, 2, 2) }),
  one(opType, 'symbols that turn out 1', {
    a: { ...operand(1, 3), declared: ['n', 'm'] },
    b: { ...between(0.5, 2, 4, 3), declared: ['k', 'm'] },
  }),
  {
    opType,
    what: 'one operand twice',
    operands: { a: between(0.5, 2, 3) },
    build: (g) => g.node(opType, ['a', 'a']),
  },
]);

const scalar = (g: GraphBuilder, precision: Precision, value: number): Value => g.constant(precision, [], [value]);

const EXTREMA: GradientCase[] = ['Max', 'Min'].flatMap((opType) => [
  one(opType, 'two, broadcast', {
    a: { dims: [2, 3], values: [1, -2, 3, -4, 5, -6] },
    b: { dims: [3], values: [0.5, 0, 4] },
  }),
  one(opType, 'three', {
    a: apart(5),
    b: { dims: [5], values: [0.1, -0.1, 0.2, -0.3, 0.4] },
    c: { dims: [1], values: [0.05] },
  }),
  one(opType, 'one', { a: operand(3) }),
]);

const OTHERS: GradientCase[] = [
  one('Pow', 'both', { a: between(0.5, 2, 2, 3), b: operand(3) }),
  {
    opType: 'Pow',
    what: 'constant square of negative numbers',
    operands: { a: operand(4) },
    build: (g, p) => g.node('Pow', ['a', scalar(g, p, 2)]),
  },
  {
    opType: 'Pow',
    what: 'constant cube',
    operands: { a: operand(4) },
    build: (g, p) => g.node('Pow', ['a', scalar(g, p, 3)]),
  },
  {
    opType: 'Pow',
    what: 'int64 exponent',
    operands: { a: between(0.5, 1, 4) },
    build: (g) => g.node('Pow', ['a', g.int64s([3])]),
  },
  {
    opType: 'Mod',
    what: 'fmod',
    operands: { a: { dims: [3], values: [5.3, -4.1, 2.2] }, b: { dims: [], values: [2] } },
    build: (g) => g.node('Mod', ['a', 'b'], { fmod: 1 }),
  },
  one('Sum', 'three, broadcast', { a: operand(2, 3), b: operand(3), c: operand(2, 1) }),
  one('Mean', 'two, broadcast', { a: operand(2, 3), b: operand(3) }, {}, single),
  {
    opType: 'Where',
    what: 'broadcast branches',
    operands: { a: operand(2, 3), b: operand(1, 3) },
    build: (g) => g.node('Where', [g.constant('bool', [2, 1], [1, 0]), 'a', 'b']),
  },
  {
    opType: 'Clip',
    what: 'bounds as inputs',
    operands: {
      a: { dims: [6], values: [-2, -0.5, 0, 0.5, 2, 3] },
      low: { dims: [], values: [-1] },
      high: { dims: [], values: [1] },
    },
    build: (g) => g.node('Clip', ['a', 'low', 'high']),
  },
  {
    opType: 'Clip',
    what: 'an upper bound only',
    operands: { a: { dims: [3], values: [-2, 0.5, 3] } },
    build: (g, p) => g.node('Clip', ['a', '', scalar(g, p, 1)]),
  },
  {
    opType: 'PRelu',
    what: 'slope per channel',
    precision: 'float32',
    operands: { a: apart(2, 3), slope: operand(3) },
    build: (g) => g.node('PRelu', ['a', 'slope']),
  },
  ...[0, 1].flatMap((exclusive) =>
    [0, 1].map((reverse): GradientCase => ({
      opType: 'CumSum',
      what: `exclusive ${exclusive}, reverse ${reverse}`,
      operands: { a: operand(2, 4) },
      build: (g) => g.node('CumSum', ['a', g.constant('int64', [], [-1])], { exclusive, reverse }),
    })),
  ),
  {
    opType: 'Trilu',
    what: 'lower with a diagonal',
    operands: { a: operand(3, 4) },
    build: (g) => g.node('Trilu', ['a', g.constant('int64', [], [1])], { upper: 0 }),
  },
  one('Trilu', 'upper', { a: operand(2, 3, 3) }),
  one('Dropout', 'inference', { a: operand(3) }),
];

/** Functions of one operand: the range in which they are smooth. */
const SMOOTH: [string, number, number, Attributes?, Precision?, number?, string?][] = [
  ['Identity', -1, 1],
  ['Neg', -1, 1],
  ['Abs', 0.2, 1],
  ['Abs', -1, -0.2],
  ['Reciprocal', 0.5, 2],
  ['Sqrt', 0.5, 2],
  ['Exp', -1, 1],
  ['Log', 0.5, 2],
  ['Sin', -1, 1],
  ['Cos', -1, 1],
  ['Tan', -1, 1, {}, 'float32'],
  ['Asin', -0.7, 0.7, {}, 'float32'],
  ['Acos', -0.7, 0.7, {}, 'float32'],
  ['Atan', -1, 1, {}, 'float32'],
  ['Sinh', -1, 1, {}, 'float32'],
  ['Cosh', -1, 1, {}, 'float32'],
  ['Tanh', -1, 1],
  ['Asinh', -1, 1, {}, 'float32'],
  ['Acosh', 1.5, 3, {}, 'float32'],
  ['Atanh', -0.6, 0.6, {}, 'float32'],
  ['Erf', -1, 1, {}, 'float32'],
  ['Relu', 0.2, 1],
  ['Relu', -1, -0.2],
  ['LeakyRelu', 0.2, 1, {}, 'float32'],
  ['LeakyRelu', -1, -0.2, { alpha: { float: 0.3 } }, 'float32'],
  ['ThresholdedRelu', 1.2, 2, {}, 'float32'],
  ['ThresholdedRelu', -1, 0.8, {}, 'float32'],
  ['Elu', 0.2, 1, {}, 'float32'],
  ['Elu', -1, -0.2, { alpha: { float: 0.7 } }, 'float32'],
  ['Selu', 0.2, 1, {}, 'float32'],
  ['Selu', -1, -0.2, {}, 'float32'],
  ['Celu', 0.2, 1, {}, 'float32'],
  ['Celu', -1, -0.2, { alpha: { float: 0.7 } }, 'float32'],
  ['Sigmoid', -2, 2],
  ['HardSigmoid', -2, 2, {}, 'float32'],
  ['HardSigmoid', 3, 4, {}, 'float32'],
  ['HardSwish', -2, 2, {}, 'float32'],
  ['HardSwish', 3.2, 4, {}, 'float32'],
  ['HardSwish', -4, -3.2, {}, 'float32'],
  ['Softplus', -2, 2, {}, 'float32'],
  ['Softsign', 0.2, 1, {}, 'float32'],
  ['Softsign', -1, -0.2, {}, 'float32'],
  ['Mish', -2, 2, {}, 'float32'],
  ['Gelu', -2, 2, {}, 'float32'],
  ['Gelu', -2, 2, { approximate: 'tanh' }, 'float32'],
  ['Gelu', -2, 2, {}, 'float32', 21, 'com.microsoft'],
  ['QuickGelu', -2, 2, {}, 'float32', 21, 'com.microsoft'],
  ['Ceil', 0.2, 0.7],
  ['Floor', 0.2, 0.7],
  ['Round', 0.6, 0.9],
  ['Sign', 0.2, 0.7],
  ['Softmax', -1, 1],
  ['LogSoftmax', -1, 1],
];
const UNARY = SMOOTH.map(([opType, low, high, attributes = {}, precision = 'float64', opset = 21, domain = '']) =>
  one(
    opType,
    `on [${low}, ${high}] ${JSON.stringify(attributes)} ${domain}`,
    { x: between(low, high, 2, 3) },
    attributes,
    { precision, opset, domain },
  ),
);

const MORE_UNARY: GradientCase[] = [
  ...['Softmax', 'LogSoftmax'].flatMap((opType) => [
    one(opType, 'over axis 1 of 3', { x: operand(2, 3, 2) }, { axis: 1 }),
    one(opType, 'operator set 11, all axes from 1 on', { x: operand(2, 3, 2) }, { axis: 1 }, { opset: 11 }),
    one(opType, 'symbolic', { x: { ...operand(2, 3), declared: ['n', 'm'] } }, { axis: -1 }),
  ]),
  {
    opType: 'Hardmax',
    what: 'flat',
    operands: { x: apart(2, 3) },
    precision: 'float32',
    build: (g) => g.node('Hardmax', ['x']),
  },
  {
    opType: 'Cast',
    what: 'to float32 and back',
    operands: { x: operand(3) },
    precision: 'float32',
    build: (g) => g.node('Cast', [g.node('Sin', [g.node('Cast', ['x'], { to: 11 })])], { to: 1 }),
  },
  {
    opType: 'CastLike',
    what: 'same type',
    operands: { x: operand(3) },
    build: (g, p) => g.node('CastLike', ['x', scalar(g, p, 0)]),
  },
  ...['RandomNormalLike', 'RandomUniformLike', 'EyeLike'].map((opType): GradientCase => ({
    opType,
    what: 'times zero',
    operands: { x: operand(2, 2) },
    build: (g, p) => g.node('Add', ['x', g.node('Mul', [g.node(opType, ['x']), scalar(g, p, 0)])]),
  })),
];

const SHAPING: GradientCase[] = [
  {
    opType: 'Reshape',
    what: '0 and -1',
    operands: { x: operand(2, 3, 4) },
    build: (g) => g.node('Reshape', ['x', g.int64s([0, -1])]),
  },
  {
    opType: 'Reshape',
    what: 'a computed shape with symbols',
    operands: { x: { ...operand(2, 3, 4), declared: ['n', 't', 4] } },
    build: (g) => {
      const shape = g.node('Shape', ['x']);
      const n = g.node('Gather', [shape, g.constant('int64', [], [0])], { axis: 0 });
      const target = g.node('Concat', [g.node('Unsqueeze', [n, g.int64s([0])]), g.int64s([-1])], { axis: 0 });
      return g.node('Reshape', ['x', target]);
    },
  },
  one('Flatten', 'axis 2', { x: operand(2, 3, 4) }, { axis: 2 }),
  {
    opType: 'Squeeze',
    what: 'axes as input',
    operands: { x: operand(1, 3, 1) },
    build: (g) => g.node('Squeeze', ['x', g.int64s([-1])]),
  },
  one('Squeeze', 'no axes', { x: operand(1, 3, 1) }),
  one('Squeeze', 'axes as attribute', { x: operand(1, 3, 1) }, { axes: [0] }, { opset: 11 }),
  {
    opType: 'Unsqueeze',
    what: 'axes as input',
    operands: { x: operand(3) },
    build: (g) => g.node('Unsqueeze', ['x', g.int64s([0, -1])]),
  },
  one('Unsqueeze', 'axes as attribute', { x: operand(3) }, { axes: [1] }, { opset: 12 }),
  one('Transpose', 'given order', { x: operand(2, 3, 4) }, { perm: [2, 0, 1] }),
  one('Transpose', 'reversed', { x: operand(2, 3, 4) }),
  {
    opType: 'Expand',
    what: 'new and grown axes',
    operands: { x: operand(3, 1) },
    build: (g) => g.node('Expand', ['x', g.int64s([2, 1, 4])]),
  },
  {
    opType: 'Tile',
    what: 'both axes',
    operands: { x: operand(2, 3) },
    build: (g) => g.node('Tile', ['x', g.int64s([3, 2])]),
  },
  {
    opType: 'Tile',
    what: 'symbolic',
    operands: { x: { ...operand(2, 3), declared: ['n', 3] } },
    build: (g) => g.node('Tile', ['x', g.int64s([3, 2])]),
  },
  one('Concat', 'negative axis', { a: operand(2, 1), b: operand(2, 3) }, { axis: -1 }),
  one('Concat', 'operator set 11', { a: operand(1, 2), b: operand(3, 2) }, { axis: 0 }, { opset: 11 }),
  one(
    'Concat',
    'symbolic',
    { a: { ...operand(1, 2), declared: ['n', 2] }, b: { ...operand(3, 2), declared: ['m', 2] } },
    { axis: 0 },
  ),
  {
    opType: 'Split',
    what: 'one part used',
    operands: { x: operand(2, 6) },
    build: (g) => g.multi('Split', ['x', g.int64s([1, 2, 3])], { axis: 1 }, 3)[1],
  },
  {
    opType: 'Split',
    what: 'both parts used, num_outputs',
    operands: { x: operand(5, 2) },
    build: (g) => {
      const [a, b] = g.multi('Split', ['x'], { axis: 0, num_outputs: 2 }, 2);
      return g.node('Concat', [b, a, b], { axis: 0 });
    },
  },
  {
    opType: 'Split',
    what: 'attribute',
    operands: { x: operand(5, 2) },
    opset: 11,
    build: (g) => g.multi('Split', ['x'], { axis: 0, split: [2, 3] }, 2)[0],
  },
  one('DepthToSpace', 'depth first', { x: operand(1, 8, 2, 3) }, { blocksize: 2 }),
  one('DepthToSpace', 'columns first', { x: operand(1, 8, 2, 3) }, { blocksize: 2, mode: 'CRD' }),
  one('SpaceToDepth', 'blocks of 2', { x: operand(1, 2, 4, 6) }, { blocksize: 2 }, single),
];

const INDEXING: GradientCase[] = [
  ...(['int64', 'int32'] as const).flatMap((type): GradientCase[] => [
    {
      opType: 'Gather',
      what: `embedding, repeated and negative ${type} indices`,
      operands: { x: operand(4, 3) },
      build: (g) => g.node('Gather', ['x', g.constant(type, [2, 2], [1, -1, 1, 0])]),
    },
    {
      opType: 'Gather',
      what: `middle axis, ${type}`,
      operands: { x: operand(2, 3, 2) },
      build: (g) => g.node('Gather', ['x', g.constant(type, [2], [2, 0])], { axis: 1 }),
    },
    {
      opType: 'Gather',
      what: `a scalar index on the last axis, ${type}`,
      operands: { x: operand(2, 3) },
      build: (g) => g.node('Gather', ['x', g.constant(type, [], [-2])], { axis: -1 }),
    },
    {
      opType: 'GatherElements',
      what: `one per row, ${type}`,
      operands: { x: operand(2, 3) },
      build: (g) => g.node('GatherElements', ['x', g.constant(type, [2, 1], [2, -3])], { axis: 1 }),
    },
    {
      opType: 'GatherElements',
      what: `several, fewer rows, ${type}`,
      operands: { x: operand(3, 3) },
      build: (g) => g.node('GatherElements', ['x', g.constant(type, [2, 4], [2, 0, 0, 1, -1, 1, 1, 1])], { axis: 1 }),
    },
  ]),
  {
    opType: 'Gather',
    what: 'computed indices, symbolic',
    operands: {
      x: { dims: [4, 3], declared: ['n', 3], values: [0.9, 0.1, 0.5, -0.8, 0.3, 0.2, 0.7, -0.5, 0.4, 0.6, 0, -0.3] },
    },
    build: (g) => g.node('Gather', ['x', g.node('ArgMax', ['x'], { axis: 0, keepdims: 0 })]),
  },
  {
    opType: 'GatherND',
    what: 'pairs',
    operands: { x: operand(2, 3, 2) },
    build: (g) => g.node('GatherND', ['x', g.constant('int64', [3, 2], [0, 1, 1, -1, 0, 1])]),
  },
  {
    opType: 'GatherND',
    what: 'batch dimension',
    operands: { x: operand(2, 3, 2) },
    build: (g) => g.node('GatherND', ['x', g.constant('int64', [2, 1], [2, 0])], { batch_dims: 1 }),
  },
  {
    opType: 'TopK',
    what: 'largest two',
    operands: { x: apart(2, 4) },
    build: (g) => g.multi('TopK', ['x', g.int64s([2])], { axis: 1 }, 2)[0],
  },
  ...['none', 'add'].flatMap((reduction): GradientCase[] => [
    {
      opType: 'ScatterElements',
      what: reduction,
      operands: { x: operand(3, 3), u: operand(1, 3) },
      build: (g) =>
        g.node('ScatterElements', ['x', g.constant('int64', [1, 3], [2, 0, 1]), 'u'], { axis: 0, reduction }),
    },
    {
      opType: 'ScatterND',
      what: reduction,
      operands: { x: operand(3, 2), u: operand(2, 2) },
      build: (g) => g.node('ScatterND', ['x', g.constant('int64', [2, 1], [2, 0]), 'u'], { reduction }),
    },
  ]),
];

const sliced = (
  what: string,
  dims: number[],
  starts: number[],
  ends: number[],
  axes: number[],
  steps: number[],
  declared?: (number | string)[],
): GradientCase => ({
  opType: 'Slice',
  what,
  operands: { x: { dims, ...(declared && { declared }) } },
  build: (g) => g.node('Slice', ['x', g.int64s(starts), g.int64s(ends), g.int64s(axes), g.int64s(steps)]),
});
const padded = (what: string, mode: string, pads: number[], ...dims: number[]): GradientCase => ({
  opType: 'Pad',
  what,
  operands: { x: operand(...dims) },
  build: (g) => g.node('Pad', ['x', g.int64s(pads)], { mode }),
});
const BIG = 2 ** 62;
const WINDOWS: GradientCase[] = [
  sliced('inside', [4, 5], [1, 0], [3, -1], [0, 1], [1, 1]),
  sliced('steps', [7, 5], [1, -1], [BIG, -BIG], [0, 1], [2, -1]),
  sliced('steps back by 2', [7], [-2], [-BIG], [0], [-2]),
  sliced('bounds far outside', [4], [-100], [100], [-1], [3]),
  sliced('symbolic, all but the last', [4, 2], [0], [-1], [0], [1], ['n', 2]),
  sliced('symbolic, all but the first', [4, 2], [1], [BIG], [0], [1], ['n', 2]),
  sliced('symbolic, every other one backwards', [5, 2], [-1], [-BIG], [0], [-2], ['n', 2]),
  {
    opType: 'Slice',
    what: 'computed end',
    operands: { x: operand(4, 3) },
    build: (g) => {
      const end = g.node('Unsqueeze', [
        g.node('ReduceMax', [g.node('Cast', [g.node('Greater', ['x', 'x'])], { to: 7 })], { keepdims: 0 }),
        g.int64s([0]),
      ]);
      return g.node('Slice', [
        'x',
        g.node('Add', [end, g.int64s([1])]),
        g.node('Add', [end, g.int64s([3])]),
        g.int64s([0]),
      ]);
    },
  },
  padded('zeros', 'constant', [1, 0, 2, 1], 2, 3),
  padded('negative amounts', 'constant', [-1, 2, 0, -1], 3, 3),
  padded('reflect', 'reflect', [2, 1, 1, 2], 3, 4),
  padded('edge', 'edge', [2, 0, 1, 3], 3, 4),
  padded('wrap', 'wrap', [2, 0, 1, 3], 3, 4),
  {
    opType: 'Pad',
    what: 'value and axes as inputs',
    operands: { x: operand(2, 3), fill: operand() },
    build: (g) => g.node('Pad', ['x', g.int64s([1, 2]), 'fill', g.int64s([-1])]),
  },
];

const PRODUCTS: GradientCase[] = [
  ...(
    [
      [
        [2, 3],
        [3, 4],
      ],
      [[3], [3]],
      [[3], [3, 2]],
      [[2, 3], [3]],
      [
        [2, 2, 3],
        [3, 4],
      ],
      [[2, 2, 3], [3]],
      [[3], [2, 3, 2]],
      [
        [2, 3],
        [2, 3, 2],
      ],
      [
        [2, 2, 3],
        [2, 3, 2],
      ],
      [
        [2, 1, 2, 3],
        [3, 3, 2],
      ],
      [
        [1, 2, 3],
        [2, 3, 1],
      ],
    ] as const
  ).map(([a, b]) => one('MatMul', `[${a}] by [${b}]`, { a: operand(...a), b: operand(...b) })),
  one('MatMul', 'symbolic rows', { a: { ...operand(2, 2, 3), declared: ['n', 't', 3] }, b: operand(3, 2) }),
  one('MatMul', 'symbolic batches that broadcast', {
    a: { ...operand(1, 2, 3), declared: ['n', 2, 3] },
    b: { ...operand(2, 3, 2), declared: ['m', 3, 2] },
  }),
  {
    opType: 'MatMul',
    what: 'one operand twice',
    operands: { a: operand(3, 3) },
    build: (g) => g.node('MatMul', ['a', 'a']),
  },
  ...[0, 1].flatMap((transA) =>
    [0, 1].map((transB) =>
      one(
        'Gemm',
        `transA ${transA}, transB ${transB}`,
        { a: transA ? operand(3, 2) : operand(2, 3), b: transB ? operand(4, 3) : operand(3, 4), c: operand(4) },
        { transA, transB, alpha: { float: 0.5 }, beta: { float: 2 } },
      ),
    ),
  ),
  one('Gemm', 'no bias', { a: operand(2, 3), b: operand(3, 2) }),
  one('Gemm', 'bias of one column', { a: operand(2, 3), b: operand(3, 2), c: operand(2, 1) }),
  one('Einsum', 'batched product', { a: operand(2, 2, 3), b: operand(2, 3, 2) }, { equation: 'bij,bjk->bik' }),
  one(
    'Einsum',
    'ellipsis that broadcasts',
    { a: operand(1, 2, 3), b: operand(2, 3, 2) },
    { equation: '...ij,...jk->...ik' },
  ),
  one('Einsum', 'implicit output', { a: operand(2, 3), b: operand(3, 2) }, { equation: 'ij,jk' }),
  one('Einsum', 'a letter summed alone', { a: operand(2, 3), b: operand(2, 2) }, { equation: 'ij,ik->k' }),
  one('Einsum', 'transpose of one', { a: operand(2, 3) }, { equation: 'ij->ji' }),
];

const REDUCED: [string, Operand, Precision?][] = [
  ['Sum', operand(2, 3, 2)],
  ['Mean', operand(2, 3, 2)],
  ['Max', apart(2, 3, 2)],
  ['Min', apart(2, 3, 2)],
  ['Prod', operand(2, 3, 2), 'float32'],
  ['L1', between(0.2, 1, 2, 3, 2), 'float32'],
  ['L2', operand(2, 3, 2), 'float32'],
  ['LogSum', between(0.5, 1, 2, 3, 2), 'float32'],
  ['LogSumExp', operand(2, 3, 2)],
  ['SumSquare', operand(2, 3, 2)],
];
const REDUCTIONS: GradientCase[] = REDUCED.flatMap(([kind, x, precision = 'float64']): GradientCase[] => {
  const opType = `Reduce${kind}`;
  return [
    {
      opType,
      what: 'axes as input, kept',
      precision,
      operands: { x },
      build: (g) => g.node(opType, ['x', g.int64s([-2])], { keepdims: 1 }),
    },
    {
      opType,
      what: 'two axes as input, dropped',
      precision,
      operands: { x },
      build: (g) => g.node(opType, ['x', g.int64s([0, 2])], { keepdims: 0 }),
    },
    { opType, what: 'all axes', precision, operands: { x }, build: (g) => g.node(opType, ['x'], { keepdims: 0 }) },
    {
      opType,
      what: 'axes as attribute',
      precision,
      operands: { x },
      opset: 11,
      build: (g) => g.node(opType, ['x'], { axes: [1, -1], keepdims: 0 }),
    },
    {
      opType,
      what: 'no axes, no reduction',
      precision,
      operands: { x: kind === 'LogSum' ? between(0.5, 1, 2, 2) : x },
      build: (g) => g.node('Mul', [g.node(opType, ['x'], { noop_with_empty_axes: 1 }), 'x']),
    },
    {
      opType,
      what: 'symbolic',
      precision,
      operands: { x: { ...x, declared: kind === 'Prod' ? x.dims : ['n', 't', 2] } },
      build: (g) => g.node(opType, ['x', g.int64s([1])], { keepdims: 0 }),
    },
  ];
});

const NORMALIZATION: GradientCase[] = [
  one('LayerNormalization', 'last axis', { x: operand(2, 4), scale: operand(4), bias: operand(4) }),
  one(
    'LayerNormalization',
    'two axes, no bias',
    { x: operand(2, 3, 2), scale: operand(3, 2) },
    { axis: 1, epsilon: { float: 0.01 } },
  ),
  one('LayerNormalization', 'single precision', { x: operand(2, 4), scale: operand(4), bias: operand(4) }, {}, single),
  one(
    'RMSNormalization',
    'last axis',
    { x: operand(2, 4), scale: operand(4) },
    {},
    { precision: 'float32', opset: 23 },
  ),
  one('BatchNormalization', 'inference', {
    x: operand(2, 3, 2),
    scale: operand(3),
    bias: operand(3),
    mean: operand(3),
    variance: between(0.5, 1, 3),
  }),
  one(
    'InstanceNormalization',
    'images',
    { x: operand(2, 2, 2, 3), scale: operand(2), bias: operand(2) },
    { epsilon: { float: 0.01 } },
    single,
  ),
];

NORMALIZATION.push(
  one(
    'GroupNormalization',
    'per channel',
    { x: operand(2, 4, 3), scale: operand(4), bias: operand(4) },
    { num_groups: 2, epsilon: { float: 0.01 } },
    single,
  ),
  one(
    'GroupNormalization',
    'per group, operator set 18',
    { x: operand(2, 4, 3), scale: operand(2), bias: operand(2) },
    { num_groups: 2, epsilon: { float: 0.01 } },
    { ...single, opset: 18 },
  ),
);

const CONVOLUTION: GradientCase[] = [
  one('Conv', '2D', { x: operand(2, 2, 4, 5), w: operand(3, 2, 3, 2), b: operand(3) }, { pads: [1, 0, 1, 1] }, single),
  one(
    'Conv',
    'stride 2 that leaves a remainder',
    { x: operand(1, 2, 6, 5), w: operand(2, 2, 3, 3) },
    { strides: [2, 3], pads: [1, 1, 1, 1] },
    single,
  ),
  one('Conv', 'dilated, one dimension', { x: operand(2, 2, 7), w: operand(2, 2, 3) }, { dilations: [2] }, single),
  one('Conv', 'groups', { x: operand(2, 4, 3, 3), w: operand(6, 2, 2, 2) }, { group: 2 }, single),
  one(
    'Conv',
    'depthwise',
    { x: operand(1, 3, 4, 4), w: operand(3, 1, 3, 3), b: operand(3) },
    { group: 3, pads: [1, 1, 1, 1] },
    single,
  ),
  one(
    'Conv',
    'SAME_UPPER, stride 2',
    { x: operand(1, 1, 5, 6), w: operand(1, 1, 2, 3) },
    { auto_pad: 'SAME_UPPER', strides: [2, 2] },
    single,
  ),
  one('Conv', 'SAME_LOWER', { x: operand(1, 1, 4, 4), w: operand(1, 1, 2, 2) }, { auto_pad: 'SAME_LOWER' }, single),
  one('Conv', 'three dimensions', { x: operand(1, 1, 3, 3, 3), w: operand(1, 1, 2, 2, 2) }, {}, single),
  one(
    'Conv',
    'symbolic batch and sizes, stride 2',
    { x: { ...operand(2, 1, 6, 5), declared: ['n', 1, 'h', 'w'] }, w: operand(2, 1, 3, 3) },
    { strides: [2, 2], pads: [1, 1, 1, 1] },
    single,
  ),
  one(
    'Conv',
    'symbolic batch, groups',
    { x: { ...operand(2, 2, 4), declared: ['n', 2, 4] }, w: operand(2, 1, 2) },
    { group: 2 },
    single,
  ),
  one(
    'ConvTranspose',
    'stride 2',
    { x: operand(1, 2, 3, 3), w: operand(2, 3, 3, 3), b: operand(3) },
    { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] },
    single,
  ),
  one('ConvTranspose', 'groups', { x: operand(2, 4, 3), w: operand(4, 1, 2) }, { group: 2 }, single),
  one('AveragePool', 'plain', { x: operand(1, 2, 4, 4) }, { kernel_shape: [2, 2], strides: [2, 2] }, single),
  one(
    'AveragePool',
    'padded',
    { x: operand(1, 1, 4, 5) },
    { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] },
    single,
  ),
  one(
    'AveragePool',
    'padding counted, ceil',
    { x: operand(1, 1, 4, 6) },
    { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2], count_include_pad: 1, ceil_mode: 1 },
    single,
  ),
  one('AveragePool', 'ceil', { x: operand(1, 1, 6) }, { kernel_shape: [3], strides: [2], ceil_mode: 1 }, single),
  one('MaxPool', 'plain', { x: apart(1, 2, 4, 4) }, { kernel_shape: [2, 2], strides: [2, 2] }, single),
  one(
    'MaxPool',
    'overlapping, padded',
    { x: apart(1, 1, 5, 5) },
    { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
    single,
  ),
  one(
    'MaxPool',
    'dilated, ceil',
    { x: apart(1, 1, 8) },
    { kernel_shape: [2], dilations: [2], strides: [2], ceil_mode: 1 },
    single,
  ),
  one('MaxPool', 'symbolic batch', { x: { ...apart(2, 2, 4), declared: ['n', 2, 4] } }, { kernel_shape: [2] }, single),
  one('GlobalAveragePool', 'images', { x: operand(2, 2, 3, 2) }, {}, single),
  one('GlobalMaxPool', 'images', { x: apart(2, 2, 3, 2) }, {}, single),
];

const LOSSES: GradientCase[] = ['SoftmaxCrossEntropyLoss', 'NegativeLogLikelihoodLoss'].flatMap(
  (opType): GradientCase[] => [
    ...['mean', 'sum', 'none'].map((reduction): GradientCase => ({
      opType,
      what: reduction,
      operands: { scores: operand(3, 4) },
      precision: 'float32',
      build: (g) => g.node(opType, ['scores', g.constant('int64', [3], [2, 0, 3])], { reduction }),
    })),
    {
      opType,
      what: 'class weights, an ignored class, more axes, operator set 13',
      operands: { scores: operand(2, 3, 2) },
      precision: 'float32',
      opset: 13,
      build: (g, p) =>
        g.node(opType, ['scores', g.constant('int64', [2, 2], [2, 0, 1, 2]), g.constant(p, [3], [0.5, 1, 2])], {
          ignore_index: 1,
        }),
    },
    {
      opType,
      what: 'ignored -100',
      operands: { scores: operand(3, 4) },
      precision: 'float32',
      build: (g) => g.node(opType, ['scores', g.constant('int64', [3], [2, -100, 3])], { ignore_index: -100 }),
    },
  ],
);
LOSSES.push({
  opType: 'SoftmaxCrossEntropyLoss',
  what: 'both outputs',
  operands: { scores: operand(3, 4) },
  precision: 'float32',
  build: (g) => {
    const [loss, logs] = g.multi('SoftmaxCrossEntropyLoss', ['scores', g.constant('int64', [3], [2, 0, 3])], {}, 2);
    return g.node('Add', [logs, loss]);
  },
});

const INTERPOLATIONS: Record<string, string>[] = [
  { mode: 'nearest' },
  { mode: 'linear' },
  { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
  { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  { mode: 'cubic' },
];
const RESIZING: GradientCase[] = INTERPOLATIONS.flatMap((attributes): GradientCase[] => [
  {
    opType: 'Resize',
    what: `scales, ${JSON.stringify(attributes)}`,
    precision: 'float32',
    operands: { x: operand(1, 2, 3, 4) },
    build: (g) => g.node('Resize', ['x', '', g.constant('float32', [4], [1, 1, 2, 1.5])], attributes),
  },
  {
    opType: 'Resize',
    what: `sizes, ${JSON.stringify(attributes)}`,
    precision: 'float32',
    operands: { x: operand(1, 1, 3, 4) },
    build: (g) => g.node('Resize', ['x', '', '', g.int64s([1, 1, 5, 7])], attributes),
  },
]);

export const CASES: readonly GradientCase[] = [
  ...ARITHMETIC,
  ...EXTREMA,
  ...OTHERS,
  ...UNARY,
  ...MORE_UNARY,
  ...SHAPING,
  ...INDEXING,
  ...WINDOWS,
  ...PRODUCTS,
  ...REDUCTIONS,
  ...NORMALIZATION,
  ...CONVOLUTION,
  ...LOSSES,
  ...RESIZING,
];

import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { GraphBuilder, type Value } from '../../src/graph/builder';
import { compare, type Feeds, tensor } from './finite-differences';
import { stream } from '../../src/random';

/** Smooth functions with bounded derivatives, so that graphs of any depth stay within the step's accuracy. */
const UNARY = ['Tanh', 'Sigmoid', 'Sin', 'Cos', 'Neg', 'Softmax', 'LogSoftmax', 'Identity'] as const;
const BINARY = ['Add', 'Sub', 'Mul', 'MatMul', 'Concat', 'Where', 'Max'] as const;
const MOVES = ['Transpose', 'Reshape', 'Slice', 'Gather', 'ReduceSum', 'ReduceMean', 'Expand', 'Split'] as const;

const step = fc.record({
  operator: fc.constantFrom(...UNARY, ...BINARY, ...MOVES),
  /** Which earlier values to take, counted from the latest. */
  left: fc.nat(5),
  right: fc.nat(5),
  choice: fc.nat(20),
});

const INPUTS = { a: [2, 3], b: [3, 2], c: [3] } as const;

/** The graph that `steps` describe: all values are matrices of sizes 1 to 12; a step that does not fit is left out. */
function compose(
  steps: readonly { operator: string; left: number; right: number; choice: number }[],
  symbolic: boolean,
) {
  const g = new GraphBuilder('random');
  const values: { name: Value; dims: readonly number[] }[] = [];
  for (const [name, dims] of Object.entries(INPUTS)) {
    g.input(name, 'float64', symbolic ? dims.map((_, axis) => `${name}${axis}`) : dims);
    values.push({ name, dims });
  }
  for (const { operator, left, right, choice } of steps) {
    const x = values[Math.max(0, values.length - 1 - left)];
    const y = values[Math.max(0, values.length - 1 - right)];
    const rank = x.dims.length;
    const axis = choice % rank;
    const same = x.dims.join() === y.dims.join();
    const push = (name: Value, dims: readonly number[]) => values.push({ name, dims });
    if ((UNARY as readonly string[]).includes(operator)) push(g.node(operator, [x.name]), x.dims);
    else if (['Add', 'Sub', 'Mul', 'Max'].includes(operator)) {
      const narrow = y.dims.length <= rank && y.dims.every((size, i) => size === x.dims[i + rank - y.dims.length]);
      // Max has kinks: of values half a step apart at least it is smooth.
      if (operator === 'Max') push(g.node('Max', [x.name, g.constant('float64', [], [-9])]), x.dims);
      else if (narrow) push(g.node(operator, [x.name, y.name]), x.dims);
    } else if (operator === 'MatMul' && rank === 2 && y.dims.length === 2 && x.dims[1] === y.dims[0]) {
      push(g.node('MatMul', [x.name, y.name]), [x.dims[0], y.dims[1]]);
    } else if (operator === 'Concat' && same && x.dims[axis] < 5) {
      push(
        g.node('Concat', [x.name, y.name], { axis }),
        x.dims.map((size, i) => (i === axis ? 2 * size : size)),
      );
    } else if (operator === 'Where' && same) {
      push(g.node('Where', [g.constant('bool', [1], [choice % 2]), x.name, y.name]), x.dims);
    } else if (operator === 'Transpose') push(g.node('Transpose', [x.name]), x.dims.toReversed());
    else if (operator === 'Reshape') {
      const size = x.dims.reduce((product, dim) => product * dim, 1);
      if (size % 2 === 0) push(g.node('Reshape', [x.name, g.int64s([2, -1])]), [2, size / 2]);
    } else if (operator === 'Slice' && x.dims[axis] > 1) {
      const reversed = choice % 2 === 0;
      const bounds = reversed ? [[-1], [-100], [-2]] : [[1], [100], [1]];
      const [starts, ends, steps_] = bounds.map((one) => g.int64s(one));
      const count = reversed ? Math.ceil(x.dims[axis] / 2) : x.dims[axis] - 1;
      push(
        g.node('Slice', [x.name, starts, ends, g.int64s([axis]), steps_]),
        x.dims.map((size, i) => (i === axis ? count : size)),
      );
    } else if (operator === 'Gather') {
      const indices = [0, -1, 0];
      push(
        g.node('Gather', [x.name, g.int64s(indices)], { axis }),
        x.dims.map((size, i) => (i === axis ? 3 : size)),
      );
    } else if (operator === 'ReduceSum' || operator === 'ReduceMean') {
      push(
        g.node(operator, [x.name, g.int64s([axis])], { keepdims: 1 }),
        x.dims.map((size, i) => (i === axis ? 1 : size)),
      );
    } else if (operator === 'Expand' && x.dims[axis] === 1) {
      const target = x.dims.map((_, i) => (i === axis ? 3 : 1));
      push(
        g.node('Expand', [x.name, g.int64s(target)]),
        x.dims.map((size, i) => (i === axis ? 3 : size)),
      );
    } else if (operator === 'Split' && x.dims[axis] === 2) {
      const parts = g.multi('Split', [x.name], { axis, num_outputs: 2 }, 2);
      push(
        parts[choice % 2],
        x.dims.map((size, i) => (i === axis ? 1 : size)),
      );
    }
  }
  const last = values.slice(-3).map(({ name }) => g.node('ReduceMean', [g.node('Sin', [name])], { keepdims: 0 }));
  g.output(g.node('Add', [g.node('Add', [last[0], last[1]]), last[2]], {}, 'loss'), 'float64', []);
  return g.build();
}

test.each([
  ['known sizes', false],
  ['symbolic sizes', true],
])('random graphs of %s agree with finite differences', async (_, symbolic) => {
  const feeds: Feeds = {};
  for (const [name, dims] of Object.entries(INPUTS)) {
    const random = stream(5, name);
    const count = dims.reduce((product: number, size) => product * size, 1);
    feeds[name] = tensor(
      'float64',
      Array.from({ length: count }, () => random.uniform(-1, 1)),
      dims,
    );
  }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const { error, where } = await compare(compose(steps, symbolic), feeds, Object.keys(INPUTS), 'float64');
      expect(error, where).toBeLessThan(1e-7);
    }),
    {
      numRuns: 60,
      // x * Sigmoid(x), which onnxruntime-node's extended optimizations fuse into an operator without double precision.
      examples: [
        [
          [
            { operator: 'Sigmoid', left: 2, right: 0, choice: 0 },
            { operator: 'Mul', left: 0, right: 3, choice: 0 },
            { operator: 'Tanh', left: 0, right: 0, choice: 0 },
            { operator: 'Tanh', left: 0, right: 0, choice: 0 },
            { operator: 'Tanh', left: 0, right: 0, choice: 0 },
          ],
        ],
      ],
    },
  );
});

test('a graph as exporters write it, with sizes computed on the way, agrees with finite differences', async () => {
  const g = new GraphBuilder('exported');
  g.input('x', 'float64', ['batch', 'time', 4]);
  g.input('w', 'float64', [4, 4]);
  g.input('cls', 'float64', [1, 1, 4]);
  const shape = g.node('Shape', ['x']);
  const size = (axis: number) => g.node('Gather', [shape, g.constant('int64', [], [axis])], { axis: 0 });
  const vector = (value: Value) => g.node('Unsqueeze', [value, g.int64s([0])]);
  const [batch, time] = [size(0), size(1)];
  // cls.expand(batch, -1, -1): -1 is replaced by 1 through ConstantOfShape, Mul, Equal and Where.
  const wanted = g.node('Concat', [vector(batch), g.int64s([-1]), g.int64s([-1])], { axis: 0 });
  const ones = g.node('ConstantOfShape', [g.int64s([3])], {
    value: { name: '', dataType: 'int64', dims: [1], data: new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]) },
  });
  const open = g.node('Equal', [wanted, g.node('Mul', [ones, g.constant('int64', [], [-1])])]);
  const cls = g.node('Expand', ['cls', g.node('Where', [open, ones, wanted])]);
  const all = g.node('Concat', [cls, g.node('MatMul', ['x', 'w'])], { axis: 1 });
  // view(batch, time + 1, 2, 2).transpose(1, 2)
  const longer = g.node('Add', [time, g.constant('int64', [], [1])]);
  const heads = g.node('Concat', [vector(batch), vector(longer), g.int64s([2]), g.int64s([-1])], { axis: 0 });
  const split = g.node('Transpose', [g.node('Reshape', [all, heads])], { perm: [0, 2, 1, 3] });
  const scores = g.node('Softmax', [g.node('MatMul', [split, g.node('Transpose', [split], { perm: [0, 1, 3, 2] })])], {
    axis: -1,
  });
  const first = g.node('Slice', [
    g.node('MatMul', [scores, split]),
    g.int64s([0]),
    g.int64s([-1]),
    g.int64s([2]),
    g.int64s([1]),
  ]);
  g.output(g.node('ReduceMean', [g.node('Mul', [first, first])], { keepdims: 0 }, 'loss'), 'float64', []);
  const random = stream(6, 'exported');
  const draw = (dims: number[]) =>
    tensor(
      'float64',
      Array.from({ length: dims.reduce((p, size_) => p * size_, 1) }, () => random.normal()),
      dims,
    );
  const feeds: Record<string, ort.Tensor> = { x: draw([2, 3, 4]), w: draw([4, 4]), cls: draw([1, 1, 4]) };
  const { error, where } = await compare(g.build(), feeds, ['x', 'w', 'cls'], 'float64');
  expect(error, where).toBeLessThan(1e-7);
});

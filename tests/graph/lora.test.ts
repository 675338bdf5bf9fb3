/** Low-rank adapters against the frozen model, the merged model and finite differences, on models of several makes. */
import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { type AttributeValue, GraphBuilder, type Value } from '../../src/graph/builder';
import { differentiate } from '../../src/graph/differentiate';
import {
  linearWeights,
  type LowRankAdapter,
  mergeAdapters,
  targetedWeights,
  withAdapters,
} from '../../src/graph/low-rank-adapters';
import type { DataType, OnnxModel } from '../../src/graph/model';
import { readOnnx, writeOnnx } from '../../src/graph/onnx-file';
import { encodeTensorData } from '../../src/graph/tensor-data';
import { stream } from '../../src/random';
import { compare, type Feeds, tensor } from './finite-differences';
import { BLOCK_WEIGHTS, transformerBlock, VOCABULARY } from './transformer-block';
import { randomFeeds } from './random-feeds';

const RANK = 2;

function normals(count: number, ...path: string[]): number[] {
  const random = stream(9, 'lora test', ...path);
  return Array.from({ length: count }, () => 0.7 * random.normal());
}

/** A graph with its matrix `w` as an initializer; `loss` weighs the elements of what `layer` returns. */
function build(layer: (g: GraphBuilder) => Value, dims: readonly number[], dataType: DataType = 'float64'): OnnxModel {
  const g = new GraphBuilder('layers');
  const count = dims.reduce((product, size) => product * size, 1);
  g.initializer({ name: 'w', dataType, dims, data: encodeTensorData(dataType, normals(count, 'w')) });
  const y = g.node('Identity', [layer(g)], {}, 'y');
  g.output(y, dataType, [null, null]);
  // A loss that is quadratic in the outputs sees every element.
  g.output(g.node('ReduceSum', [g.node('Mul', [y, y])], { keepdims: 0 }, 'loss'), dataType, []);
  return g.build();
}

const withBias = (g: GraphBuilder, dataType: DataType = 'float64') => g.constant(dataType, [4], [0.1, -0.2, 0.3, 0.4]);
const gemm = (x: readonly number[], attributes: Record<string, AttributeValue>) => (g: GraphBuilder) =>
  g.node('Gemm', [g.input('x', 'float64', x), 'w', withBias(g)], attributes);

/** By name: the model, and the shape of its input x. */
const LAYERS: Record<string, { model: OnnxModel; x: readonly number[] }> = {
  'MatMul and Add': {
    model: build(
      (g) => g.node('Add', [g.node('MatMul', [g.input('x', 'float64', [2, 5, 3]), 'w']), withBias(g)]),
      [3, 4],
    ),
    x: [2, 5, 3],
  },
  'MatMul of a vector': {
    model: build((g) => g.node('MatMul', [g.input('x', 'float64', [3]), 'w']), [3, 4]),
    x: [3],
  },
  'MatMul by a transposed weight': {
    model: build(
      (g) => {
        const turned = g.node('Transpose', [g.node('Identity', ['w'])], { perm: [1, 0] });
        return g.node('MatMul', [g.input('x', 'float64', [5, 3]), turned]);
      },
      [4, 3],
    ),
    x: [5, 3],
  },
  Gemm: { model: build(gemm([5, 3], {}), [3, 4]), x: [5, 3] },
  'Gemm as torch.nn.Linear is exported': { model: build(gemm([5, 3], { transB: 1 }), [4, 3]), x: [5, 3] },
  'Gemm with everything': {
    model: build(gemm([3, 5], { transA: 1, transB: 1, alpha: { float: 0.5 }, beta: { float: -2 } }), [4, 3]),
    x: [3, 5],
  },
  'one weight in two layers': {
    model: build(
      (g) => {
        const once = g.node('Tanh', [g.node('MatMul', [g.input('x', 'float64', [2, 3]), 'w'])]);
        return g.node('Gemm', [once, 'w'], { alpha: { float: 2 } });
      },
      [3, 3],
    ),
    x: [2, 3],
  },
};

function adapterOf(model: OnnxModel, scaling: number, weight = 'w'): { adapter: LowRankAdapter; feeds: Feeds } {
  const { inputs, outputs } = linearWeights(model).find(({ name }) => name === weight)!;
  const adapter = { weight, a: `${weight}.A`, b: `${weight}.B`, rank: RANK, scaling };
  const feeds = {
    [adapter.a]: tensor('float64', normals(inputs * RANK, weight, 'A'), [inputs, RANK]),
    [adapter.b]: tensor('float64', normals(RANK * outputs, weight, 'B'), [RANK, outputs]),
  };
  return { adapter, feeds };
}

/** Outputs of a model that has gone through a file. */
async function run(model: OnnxModel, feeds: Feeds): Promise<Record<string, number[]>> {
  const file = writeOnnx(readOnnx(writeOnnx(model)));
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, [...(data as Float64Array)].map(Number)]),
  );
}

const zeros = (one: ort.Tensor) => tensor('float64', Array(one.size).fill(0), one.dims);
const factorsOf = (feeds: Feeds) =>
  Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, data as Float64Array]));

test.each(Object.entries(LAYERS))('%s: nothing changes while B is 0', async (_, { model, x }) => {
  const input = tensor(
    'float64',
    normals(
      x.reduce((product, size) => product * size),
      'x',
    ),
    x,
  );
  const { adapter, feeds } = adapterOf(model, 1.5);
  const adapted = withAdapters(model, [adapter]);
  expect(adapted.graph.outputs).toEqual(model.graph.outputs);
  const got = await run(adapted, { x: input, ...feeds, 'w.B': zeros(feeds['w.B']) });
  expect(got).toEqual(await run(model, { x: input }));
});

test.each(Object.entries(LAYERS))('%s: the adapter does what the merged weight does', async (_, { model, x }) => {
  const input = tensor(
    'float64',
    normals(
      x.reduce((product, size) => product * size),
      'x',
    ),
    x,
  );
  const { adapter, feeds } = adapterOf(model, 1.5);
  const got = await run(withAdapters(model, [adapter]), { x: input, ...feeds });
  const merged = await run(mergeAdapters(model, [adapter], factorsOf(feeds)), { x: input });
  const frozen = await run(model, { x: input });
  expect(Math.max(...merged.y.map((value, i) => Math.abs(value - frozen.y[i])))).toBeGreaterThan(0.1);
  got.y.forEach((value, i) => expect(value).toBeCloseTo(merged.y[i], 12));
});

test.each(Object.entries(LAYERS))('%s: gradients agree with finite differences', async (_, { model, x }) => {
  const input = tensor(
    'float64',
    normals(
      x.reduce((product, size) => product * size),
      'x',
    ),
    x,
  );
  const { adapter, feeds } = adapterOf(model, 0.75);
  const { error, where } = await compare(
    withAdapters(model, [adapter]),
    { x: input, ...feeds },
    ['w.A', 'w.B'],
    'float64',
  );
  expect(error, where).toBeLessThan(1e-7);
});

test('the merged weight is W + scaling A B, computed by hand', async () => {
  const g = new GraphBuilder('by hand');
  g.initializer({ name: 'w', dataType: 'float32', dims: [2, 2], data: encodeTensorData('float32', [1, 2, 3, 4]) });
  g.output(g.node('Gemm', [g.input('x', 'float32', [1, 2]), 'w'], { transB: 1 }, 'y'), 'float32', [1, 2]);
  const adapter = { weight: 'w', a: 'A', b: 'B', rank: 1, scaling: 10 };
  const merged = mergeAdapters(g.build(), [adapter], { A: [1, 2], B: [3, 5] });
  // A B = [[3, 5], [6, 10]] is [in, out]; the stored weight is [out, in].
  const [weight] = merged.graph.initializers;
  expect([...new Float32Array(weight.data.slice().buffer)]).toEqual([31, 62, 53, 104]);
});

test('a transformer with adapters at every linear layer: gradients of them alone, by finite differences', async () => {
  const model = transformerBlock('float64');
  const weights = linearWeights(model).map(({ name }) => name);
  expect(weights).toEqual(['qkv', 'projection', 'up', 'down', 'head']);
  const parts = weights.map((weight) => adapterOf(model, 0.5, weight));
  const adapted = withAdapters(
    model,
    parts.map(({ adapter }) => adapter),
  );
  const base = Object.entries(randomFeeds(model, VOCABULARY)).map(([name, { type, dims, data }]) => [
    name,
    type === 'int32' ? new ort.Tensor('int32', Int32Array.from(data), [...dims]) : tensor('float64', data, dims),
  ]);
  const feeds: Feeds = Object.assign(Object.fromEntries(base), ...parts.map((part) => part.feeds));
  const wrt = parts.flatMap(({ adapter }) => [adapter.a, adapter.b]);
  const { error, where } = await compare(adapted, feeds, wrt, 'float64');
  expect(error, where).toBeLessThan(1e-7);

  const training = differentiate(adapted, { loss: 'loss', wrt });
  const gradients = training.graph.outputs.map(({ name }) => name).filter((name) => name.startsWith('grad_'));
  expect(gradients).toEqual(wrt.map((name) => `grad_${name}`));
  // No operators but those that the differentiated transformer has, which runs on WebGPU alone (webgpu.browser.test.ts).
  const operators = (of: OnnxModel) => new Set(of.graph.nodes.map(({ opType }) => opType));
  const known = operators(differentiate(model, { loss: 'loss', wrt: BLOCK_WEIGHTS }));
  expect([...operators(training)].filter((opType) => !known.has(opType))).toEqual([]);
});

test.each(['float16', 'float32'] as const)('%s weights get adapters and merged weights of their type', (dataType) => {
  const model = build((g) => g.node('MatMul', [g.input('x', dataType, [2, 3]), 'w']), [3, 4], dataType);
  const { adapter } = adapterOf(model, 2);
  const adapted = withAdapters(model, [adapter]);
  expect(adapted.graph.inputs.slice(-2)).toEqual([
    { name: 'w.A', dataType, shape: [3, RANK] },
    { name: 'w.B', dataType, shape: [RANK, 4] },
  ]);
  expect(adapted.graph.initializers.find(({ name }) => name === 'lora_scaling')?.dataType).toBe(dataType);
  const merged = mergeAdapters(model, [adapter], { 'w.A': Array(6).fill(0), 'w.B': Array(8).fill(1) });
  expect(merged.graph.initializers).toEqual(model.graph.initializers);
});

test('weights in Constant nodes, as some exporters write them, are adapted and merged', async () => {
  const { model, x } = LAYERS.Gemm;
  const [w, ...others] = model.graph.initializers;
  const constant = {
    name: '',
    opType: 'Constant',
    domain: '',
    inputs: [],
    outputs: ['w'],
    attributes: { value: { kind: 'tensor' as const, value: { ...w, name: '' } } },
  };
  const graph = { ...model.graph, initializers: others, nodes: [constant, ...model.graph.nodes] };
  const { adapter, feeds } = adapterOf({ ...model, graph }, 1.5);
  const input = tensor('float64', normals(15, 'x'), x);
  const expected = await run(withAdapters(model, [adapter]), { x: input, ...feeds });
  expect(await run(withAdapters({ ...model, graph }, [adapter]), { x: input, ...feeds })).toEqual(expected);
  const merged = await run(mergeAdapters({ ...model, graph }, [adapter], factorsOf(feeds)), { x: input });
  merged.y.forEach((value, i) => expect(value).toBeCloseTo(expected.y[i], 12));
});

test("targets are named as PEFT's target_modules are", () => {
  const g = new GraphBuilder('targets');
  let x = g.input('x', 'float32', [2, 2]);
  for (const name of ['layers.0.up.weight', 'layers.1.up.weight', 'layers.1.setup.weight', 'onnx::MatMul_7']) {
    g.initializer({ name, dataType: 'float32', dims: [2, 2], data: new Uint8Array(16) });
    x = g.node('MatMul', [x, name]);
  }
  g.output(x, 'float32', [2, 2]);
  const targeted = (...targets: string[]) => targetedWeights(g.build(), targets).map(({ name }) => name);
  expect(targeted('up')).toEqual(['layers.0.up.weight', 'layers.1.up.weight']);
  expect(targeted('1.up', 'onnx::MatMul_7')).toEqual(['layers.1.up.weight', 'onnx::MatMul_7']);
  expect(targeted('layers.1.setup.weight')).toEqual(['layers.1.setup.weight']);
  expect(() => targeted('up', 'down')).toThrow(
    'no linear layer has a weight named "down"; those of the model have "layers.0.up.weight", "layers.1.up.weight", ' +
      '"layers.1.setup.weight", "onnx::MatMul_7"',
  );
});

test('what cannot be adapted is refused by name', () => {
  const { model } = LAYERS.Gemm;
  const { adapter } = adapterOf(model, 1);
  const attempt =
    (changes: Partial<LowRankAdapter>, to = model) =>
    () =>
      withAdapters(to, [{ ...adapter, ...changes }]);
  expect(attempt({ weight: 'v' })).toThrow('no linear layer has a weight named "v"; those of the model have "w"');
  expect(attempt({ weight: 'x' })).toThrow('no linear layer has a weight named "x"');
  expect(attempt({ b: 'w.A' })).toThrow('already has a value named "w.A"');
  expect(attempt({ a: 'y' })).toThrow('already has a value named "y"');
  expect(attempt({ rank: 0 })).toThrow('the rank of the adapter of "w" must be a whole number from 1 on, not 0');
  expect(attempt({}, { ...model, opsets: { '': 9 } })).toThrow('operator set 9; export it again with 11 or newer');
  const again = { ...adapter, a: 'C', b: 'D' };
  expect(() => withAdapters(model, [adapter, again])).toThrow('"w" is given two adapters');
  const factors = { 'w.A': Array(6).fill(0), 'w.B': Array(7).fill(0) };
  expect(() => mergeAdapters(model, [adapter], factors)).toThrow('the adapter of "w" needs 8 values named "w.B"');
  expect(() => mergeAdapters(transformerBlock(), [{ ...adapter, weight: 'up' }], {})).toThrow('"up" is an input');

  const tied = build(
    (g) => {
      const embedded = g.node('Gather', ['w', g.input('tokens', 'int32', [2])], { axis: 0 });
      return g.node('MatMul', [embedded, g.node('Transpose', ['w'], { perm: [1, 0] })]);
    },
    [4, 3],
  );
  expect(attempt({}, tied)).toThrow('"w" is read by operator "Gather" (node "Gather") too');
  const bothWays = build(
    (g) => {
      const once = g.node('Gemm', [g.input('x', 'float64', [2, 3]), 'w']);
      return g.node('Gemm', [once, 'w'], { transB: 1 });
    },
    [3, 3],
  );
  expect(attempt({}, bothWays)).toThrow('"w" is read by operator "Gemm" (node "Gemm_1") the other way round too');
  const shown = {
    ...model,
    graph: {
      ...model.graph,
      outputs: [...model.graph.outputs, { name: 'w', dataType: 'float64' as const, shape: [3, 4] }],
    },
  };
  expect(attempt({}, shown)).toThrow(`"w" is read by the graph's output "w" too`);
});

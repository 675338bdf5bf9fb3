import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder';
import { differentiate } from '../../src/graph/differentiate';
import type { OnnxModel } from '../../src/graph/model';
import { writeOnnx } from '../../src/graph/onnx-file';
import { encodeTensorData } from '../../src/graph/tensor-data';
import { compare, tensor } from './finite-differences';
import { randomFeeds } from './random-feeds';
import { BLOCK_WEIGHTS, transformerBlock, VOCABULARY } from './transformer-block';

/** loss = sum((x w + b)^2), with an unused branch. */
function affine(): GraphBuilder {
  const g = new GraphBuilder('affine');
  g.input('x', 'float64', [2, 3]);
  g.initializer({
    name: 'w',
    dataType: 'float64',
    dims: [3, 2],
    data: encodeTensorData('float64', [1, 2, 3, 4, 5, 6]),
  });
  g.initializer({ name: 'b', dataType: 'float64', dims: [2], data: encodeTensorData('float64', [0.1, 0.2]) });
  g.initializer({ name: 'idle', dataType: 'float64', dims: [2, 2], data: encodeTensorData('float64', [0, 0, 0, 0]) });
  const y = g.node('Add', [g.node('MatMul', ['x', 'w'], {}, 'product'), 'b'], {}, 'y');
  g.node('Relu', ['idle'], {}, 'unused');
  g.output(y, 'float64', [2, 2]);
  g.output(g.node('ReduceSum', [g.node('Mul', [y, y])], { keepdims: 0 }, 'loss'), 'float64', []);
  return g;
}

const X = new ort.Tensor('float64', Float64Array.from([1, 0, -1, 2, 1, 0]), [2, 3]);
const W = new ort.Tensor('float64', Float64Array.from([1, 2, 3, 4, 5, 6]), [3, 2]);
const IDLE = new ort.Tensor('float64', new Float64Array(4), [2, 2]);

test('outputs are the loss, the gradients and what is kept; initializers become inputs', async () => {
  const model = differentiate(affine().build(), { loss: 'loss', wrt: ['w', 'x', 'idle'], keepOutputs: ['y'] });
  expect(model.graph.inputs.map((info) => info.name)).toEqual(['x', 'w', 'idle']);
  expect(model.graph.outputs.map((info) => info.name)).toEqual(['loss', 'grad_w', 'grad_x', 'grad_idle', 'y']);
  expect(model.graph.outputs[1]).toEqual({ name: 'grad_w', dataType: 'float64', shape: [3, 2] });
  expect(model.graph.nodes.some((node) => node.outputs.includes('unused'))).toBe(false);
  const session = await ort.InferenceSession.create(writeOnnx(model));
  const results = await session.run({ x: X, w: W, idle: IDLE });
  // y = x w + b = [[-3.9, -3.8], [5.1, 8.2]]; grad_w = x^T (2 y).
  const expected = [12.6, 25.2, 10.2, 16.4, 7.8, 7.6];
  expected.forEach((value, i) => expect(results.grad_w.data[i]).toBeCloseTo(value, 10));
  expect(results.grad_idle.dims).toEqual([2, 2]);
  expect([...(results.grad_idle.data as Float64Array)]).toEqual([0, 0, 0, 0]);
});

test('gradients can be differentiated again', async () => {
  const once = differentiate(affine().build(), { loss: 'loss', wrt: ['b'], keepOutputs: [] });
  const g = once.graph;
  const squared: OnnxModel = {
    ...once,
    graph: {
      ...g,
      nodes: [
        ...g.nodes,
        {
          name: 'norm',
          opType: 'ReduceSumSquare',
          domain: '',
          inputs: ['grad_b'],
          outputs: ['norm'],
          attributes: { keepdims: { kind: 'int', value: 0 } },
        },
      ],
      outputs: [{ name: 'norm', dataType: 'float64', shape: [] }],
    },
  };
  const twice = differentiate(squared, { loss: 'norm', wrt: ['b'] });
  const session = await ort.InferenceSession.create(writeOnnx(twice));
  const { grad_b } = await session.run({ x: X, b: new ort.Tensor('float64', Float64Array.from([0.1, 0.2]), [2]) });
  // grad_b = 2 * column sums of y = (2.4, 8.8); the norm's gradient is 2 grad_b * d grad_b / db, which is 4.
  expect(grad_b.data[0]).toBeCloseTo(2 * 2.4 * 4, 9);
  expect(grad_b.data[1]).toBeCloseTo(2 * 8.8 * 4, 9);
});

test('the loss itself may be what is differentiated by', async () => {
  const g = new GraphBuilder('itself');
  g.input('x', 'float32', [1]);
  g.output(g.node('Neg', ['x'], {}, 'y'), 'float32', [1]);
  const session = await ort.InferenceSession.create(writeOnnx(differentiate(g.build(), { loss: 'x', wrt: ['x'] })));
  const { grad_x } = await session.run({ x: new ort.Tensor('float32', [3], [1]) });
  expect([...(grad_x.data as Float32Array)]).toEqual([1]);
});

test('several gradients that are one value get a name each', async () => {
  const g = new GraphBuilder('sum');
  for (const name of ['a', 'b']) g.input(name, 'float32', [2]);
  g.output(g.node('ReduceSum', [g.node('Exp', [g.node('Add', ['a', 'b'])])], { keepdims: 0 }, 'loss'), 'float32', []);
  const model = differentiate(g.build(), { loss: 'loss', wrt: ['a', 'b'] });
  const feed = new ort.Tensor('float32', [0, 0], [2]);
  const results = await (await ort.InferenceSession.create(writeOnnx(model))).run({ a: feed, b: feed });
  expect([...(results.grad_a.data as Float32Array), ...(results.grad_b.data as Float32Array)]).toEqual([1, 1, 1, 1]);
});

test('values declared constant stop the gradient', async () => {
  const model = differentiate(affine().build(), { loss: 'loss', wrt: ['w', 'b'], constants: ['product'] });
  const session = await ort.InferenceSession.create(writeOnnx(model));
  const b = new ort.Tensor('float64', Float64Array.from([0.1, 0.2]), [2]);
  const { grad_w, grad_b } = await session.run({ x: X, w: W, b });
  expect([...(grad_w.data as Float64Array)]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(grad_b.data[0]).toBeCloseTo(2.4, 10);
});

test('weights in Constant nodes, and initializers that are inputs too, become plain inputs', async () => {
  const build = (change: (model: OnnxModel) => OnnxModel) =>
    differentiate(change(affine().build()), { loss: 'loss', wrt: ['w'] });
  const asNode = build((model) => {
    const w = model.graph.initializers.find((one) => one.name === 'w')!;
    const constant = {
      name: '',
      opType: 'Constant',
      domain: '',
      inputs: [],
      outputs: ['w'],
      attributes: { value: { kind: 'tensor' as const, value: { ...w, name: '' } } },
    };
    const initializers = model.graph.initializers.filter((one) => one !== w);
    return { ...model, graph: { ...model.graph, initializers, nodes: [constant, ...model.graph.nodes] } };
  });
  const asBoth = build((model) => {
    const inputs = [...model.graph.inputs, { name: 'w', dataType: 'float64' as const, shape: [3, 2] }];
    return { ...model, irVersion: 3, graph: { ...model.graph, inputs } };
  });
  for (const model of [asNode, asBoth]) {
    expect(model.graph.inputs.map((info) => info.name)).toEqual(['x', 'w']);
    expect(model.graph.initializers.map((one) => one.name)).not.toContain('w');
    const session = await ort.InferenceSession.create(writeOnnx(model));
    expect((await session.run({ x: X, w: W })).grad_w.data[0]).toBeCloseTo(12.6, 10);
  }
});

test('float16 graphs get float16 gradients', () => {
  const g = new GraphBuilder('half');
  g.input('x', 'float16', [2]);
  g.output(g.node('ReduceMean', ['x'], { keepdims: 0 }, 'loss'), 'float16', []);
  const model = differentiate(g.build(), { loss: 'loss', wrt: ['x'] });
  expect(model.graph.outputs[1].dataType).toBe('float16');
  const constants = model.graph.initializers.filter((one) => one.dataType === 'float16');
  expect(constants.length).toBeGreaterThan(0);
  expect(model.graph.initializers.some((one) => one.dataType === 'float32')).toBe(false);
});

test('a transformer agrees with finite differences', async () => {
  const model = transformerBlock('float64');
  const feeds = Object.fromEntries(
    Object.entries(randomFeeds(model, VOCABULARY)).map(([name, { type, dims, data }]) => [
      name,
      type === 'int32' ? new ort.Tensor('int32', Int32Array.from(data), [...dims]) : tensor('float64', data, dims),
    ]),
  );
  const { error, where } = await compare(model, feeds, BLOCK_WEIGHTS, 'float64');
  expect(error, where).toBeLessThan(1e-7);
});

test('static shapes leave no shape arithmetic behind', () => {
  const model = differentiate(transformerBlock(), { loss: 'loss', wrt: BLOCK_WEIGHTS });
  const operators = new Set(model.graph.nodes.map((node) => node.opType));
  for (const opType of ['Shape', 'Range', 'ConstantOfShape', 'OneHot', 'Sign', 'Sum', 'ScatterElements']) {
    expect(operators.has(opType), opType).toBe(false);
  }
});

function failing(change: (g: GraphBuilder) => void, options: { loss?: string; wrt?: string[] } = {}): () => OnnxModel {
  const g = affine();
  change(g);
  return () => differentiate(g.build(), { loss: options.loss ?? 'loss', wrt: options.wrt ?? ['w'] });
}

test('what cannot be differentiated is refused by name', () => {
  const nothing = () => {};
  expect(failing(nothing, { loss: 'lost' })).toThrow('no value named "lost" for the loss; its outputs are "y", "loss"');
  expect(failing(nothing, { wrt: ['v'] })).toThrow('no initializer or input named "v"; it has "x", "w", "b"');
  expect(failing(nothing, { wrt: ['product'] })).toThrow('"product" is computed by the graph');
  expect(failing(nothing, { wrt: [] })).toThrow('name at least one');
  expect(failing(nothing, { loss: 'y' })).toThrow('the loss "y" has shape [2, 2]; it must have exactly one element');
  expect(failing((g) => g.input('tokens', 'int32', [2]), { wrt: ['tokens'] })).toThrow(
    '"tokens" is int32; only float16',
  );
  expect(failing((g) => g.input('grad_w', 'float64', [2]))).toThrow(
    'already has a value named'.replace('already has', 'has'),
  );
  const custom = (g: GraphBuilder) =>
    g.node('ReduceSum', [g.node('Det', [g.node('MatMul', ['x', 'w'])])], { keepdims: 0 }, 'determinant');
  expect(failing(custom, { loss: 'determinant' })).toThrow('no gradient rule for operator "Det" (node "Det")');
  // Beside the path it is no hindrance.
  expect(failing(custom)).not.toThrow();
});

test('old operator sets and subgraphs on the way are refused', () => {
  const model = affine().build();
  expect(() => differentiate({ ...model, opsets: { '': 9 } }, { loss: 'loss', wrt: ['w'] })).toThrow(
    'uses operator set 9; export it again with operator set 11 or newer',
  );
  const nodes = model.graph.nodes.map((node) => ({
    ...node,
    ...(node.opType === 'MatMul' && {
      opType: 'If',
      attributes: { then_branch: { kind: 'graph' as const, encoded: new Uint8Array() } },
    }),
  }));
  expect(() => differentiate({ ...model, graph: { ...model.graph, nodes } }, { loss: 'loss', wrt: ['w'] })).toThrow(
    'operator "If" (node "MatMul") holds a subgraph',
  );
});

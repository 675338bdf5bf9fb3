import * as ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder';
import { readOnnx, writeOnnx } from '../../src/graph/onnx-file';

test('onnxruntime runs what is written', async () => {
  const graph = new GraphBuilder('affine');
  const x = graph.input('x', 'float32', ['n', 2]);
  const w = graph.constant('float32', [2, 1], [2, 3]);
  graph.output(graph.node('Add', [graph.node('MatMul', [x, w]), graph.float(0.5)], {}, 'y'), 'float32', ['n', 1]);
  const bytes = writeOnnx(graph.build());
  const session = await ort.InferenceSession.create(bytes);
  const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, 3, 4], [2, 2]) });
  expect([...(y.data as Float32Array)]).toEqual([8.5, 18.5]);
  expect(readOnnx(bytes)).toEqual(graph.build());
});

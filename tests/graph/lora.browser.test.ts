/** Linear layers of both makes with adapters, trained on WebGPU alone. */
import { expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder';
import { differentiate } from '../../src/graph/differentiate';
import { linearWeights, withAdapters } from '../../src/graph/low-rank-adapters';
import type { OnnxModel } from '../../src/graph/model';
import { runOn } from './run-on';

/** A MatMul with a bias over a batch, a Gemm, and a Gemm whose weight is stored as torch.nn.Linear stores it. */
function layers(): OnnxModel {
  const g = new GraphBuilder('layers');
  const weights = { embed: [6, 6], embed_bias: [6], up: [6, 8], up_bias: [8], down: [4, 8] };
  const x = g.input('x', 'float32', [2, 5, 6]);
  for (const [name, dims] of Object.entries(weights)) g.input(name, 'float32', dims);
  const embedded = g.node('Tanh', [g.node('Add', [g.node('MatMul', [x, 'embed']), 'embed_bias'])]);
  const hidden = g.node('Gelu', [g.node('Gemm', [g.node('Reshape', [embedded, g.int64s([10, 6])]), 'up', 'up_bias'])]);
  const y = g.node('Gemm', [hidden, 'down'], { transB: 1, alpha: { float: 0.5 } });
  g.output(g.node('ReduceMean', [g.node('Mul', [y, y])], { keepdims: 0 }, 'loss'), 'float32', []);
  return g.build();
}

test('layers with adapters and their gradients run on WebGPU alone, as on WebAssembly', async () => {
  const model = layers();
  const adapters = linearWeights(model).map(({ name }) => ({
    weight: name,
    a: `${name}.A`,
    b: `${name}.B`,
    rank: 2,
    scaling: 0.5,
  }));
  const wrt = adapters.flatMap(({ a, b }) => [a, b]);
  expect(wrt).toHaveLength(6);
  const training = differentiate(withAdapters(model, adapters), { loss: 'loss', wrt });
  const expected = await runOn('wasm', training);
  const actual = await runOn('webgpu', training);
  expect(Object.keys(actual).sort()).toEqual(['loss', ...wrt.map((name) => `grad_${name}`)].sort());
  for (const [name, values] of Object.entries(expected)) {
    const size = Math.hypot(...values);
    expect(size, name).toBeGreaterThan(1e-4);
    expect(Math.hypot(...values.map((value, i) => value - actual[name][i])) / size, name).toBeLessThan(1e-4);
  }
});

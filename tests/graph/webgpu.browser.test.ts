import * as ort from 'onnxruntime-web/jspi';
import { expect, test } from 'vitest';
import { differentiate } from '../../src/graph/differentiate';
import type { OnnxModel } from '../../src/graph/model';
import { writeOnnx } from '../../src/graph/onnx-file';
import { CASES } from './cases';
import { convolutionalNet, NET_WEIGHTS } from './convolutional-net';
import { modelOf } from './gradient-case';
import { runOn } from './run-on';
import { BLOCK_WEIGHTS, transformerBlock } from './transformer-block';

test.each([
  ['transformer', transformerBlock(), BLOCK_WEIGHTS],
  ['convolutional net', convolutionalNet(), NET_WEIGHTS],
])('a %s and its gradients run on WebGPU alone, as on WebAssembly', async (_, forward, wrt) => {
  const model = differentiate(forward, { loss: 'loss', wrt });
  const expected = await runOn('wasm', model);
  const actual = await runOn('webgpu', model);
  expect(Object.keys(actual).sort()).toEqual(['loss', ...wrt.map((name) => `grad_${name}`)].sort());
  for (const [name, values] of Object.entries(expected)) {
    const size = Math.hypot(...values);
    const error = Math.hypot(...values.map((value, i) => value - actual[name][i]));
    expect(size, name).toBeGreaterThan(1e-4);
    expect(error / size, name).toBeLessThan(1e-4);
  }
});

async function runsOnGpuAlone(model: OnnxModel): Promise<boolean> {
  try {
    const session = await ort.InferenceSession.create(writeOnnx(model), {
      executionProviders: ['webgpu'],
      logSeverityLevel: 4,
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
    await session.release();
    return true;
  } catch (error) {
    if (String(error).includes('assigned to the default CPU EP')) return false;
    throw error;
  }
}

test('a gradient runs on WebGPU alone wherever its operator does', async () => {
  const left: string[] = [];
  let checked = 0;
  for (const each of CASES) {
    // Sizes that are computed while the graph runs, and 64-bit numbers, belong to the CPU.
    if (each.opType === 'Cast') continue;
    if (each.what.includes('int64') || Object.values(each.operands).some(({ declared }) => declared !== undefined))
      continue;
    const { graph, ...rest } = modelOf(each, 'float32');
    const forward = { ...rest, graph: { ...graph, outputs: [graph.outputs[0]] } };
    if (!(await runsOnGpuAlone(forward))) continue;
    checked++;
    const gradient = differentiate(forward, { loss: 'loss', wrt: Object.keys(each.operands) });
    if (!(await runsOnGpuAlone(gradient))) left.push(each.opType);
  }
  expect(checked).toBeGreaterThan(200);
  // TopK gives its indices out as int64.
  expect(left).toEqual(['TopK']);
});

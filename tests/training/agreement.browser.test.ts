/** The first step's loss and every gradient agree between WebGPU, WebAssembly and node to 1e-3 relative. */
import { expect, inject, test } from 'vitest';
import { createWasmBackend } from '../../src/backends/wasm';
import { createWebGpuBackend } from '../../src/backends/webgpu';
import { firstStep } from './first-step';

/** Largest difference over the largest magnitude of the tensor. */
function relativeDifference(got: readonly number[], expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  const difference = Math.max(...expected.map((value, index) => Math.abs(got[index] - value)));
  return difference === 0 ? 0 : difference / scale;
}

for (const [name, create] of [
  ['WebAssembly', createWasmBackend],
  ['WebGPU', createWebGpuBackend],
] as const) {
  test(`${name} agrees with node`, { timeout: 300_000 }, async () => {
    const backend = await create();
    const expected = inject('nodeFirstStep');
    const got = await firstStep(backend);
    for (const [phase, loss] of Object.entries(expected.losses)) {
      expect(Math.abs(got.losses[phase] / loss - 1), `loss of ${phase}`).toBeLessThan(1e-3);
    }
    expect(Object.keys(got.gradients)).toEqual(Object.keys(expected.gradients));
    for (const [tensor, gradient] of Object.entries(expected.gradients)) {
      expect(gradient.length).toBe(got.gradients[tensor].length);
      expect(relativeDifference(got.gradients[tensor], gradient), tensor).toBeLessThan(1e-3);
    }
    await backend.dispose();
  });
}

import { expect, test } from 'vitest';
import { createWebGpuBackend } from '../../src/backends/webgpu';
import { defineKernel } from '../../src/kernels/kernel';

test('a shader that does not compile makes the backend say so, by kernel and line', async () => {
  const backend = await createWebGpuBackend();
  const broken = defineKernel({
    name: 'broken',
    bindings: [{ name: 'values', dtype: 'float32', access: 'read_write' }],
    parameters: [{ name: 'count', dtype: 'uint32' }],
    wgsl: 'nonsense',
    check: () => undefined,
    dispatches: () => [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
    reference: () => undefined,
  });
  const values = backend.allocate('values', 'float32', [1]);
  backend.dispatch(broken, { values }, { count: 1 });
  expect(await backend.lost).toMatch(/kernel broken: [^]*1:1/);
  await expect(backend.read(values)).rejects.toThrow(/kernel broken/);
});

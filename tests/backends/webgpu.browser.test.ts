import { describe, expect, test } from 'vitest';
import { createWebGpuBackend, type WebGpuBackend } from '../../src/backends/webgpu';
import { describesBackend, unaryModel } from './support';

describe('webgpu', () => {
  let made: Promise<WebGpuBackend> | undefined;
  const get = () => (made ??= createWebGpuBackend());
  describesBackend(get);

  test('says what it runs on', async () => {
    const { description, device } = await get();
    expect(description.kind).toBe('webgpu');
    expect(description.runtime).toMatch(/^ONNX Runtime Web \d.*, native WebGPU, (JSPI|Asyncify)$/);
    expect(description.limits.maxBufferSize).toBe(device.limits.maxBufferSize);
    expect(description.adapter).not.toBe('');
  });

  test.each(['Round', 'Sign'])(
    '%s, which the GPU does not run, is refused instead of run on the processor',
    async (op) => {
      const backend = await get();
      await expect(backend.compile('fallback', unaryModel(op))).rejects.toThrow(/cannot compile the graph "fallback"/);
    },
  );

  test('shares a tensor with whoever shares the device', async () => {
    const backend = await get();
    const tensor = backend.allocate('frame', 'uint32', [4]);
    backend.device.queue.writeBuffer(backend.gpuBufferOf(tensor), 0, Uint32Array.of(1, 2, 3, 4));
    expect([...(await backend.read(tensor))]).toEqual([1, 2, 3, 4]);
    expect(() => backend.allocate('huge', 'float32', [2 ** 40])).toThrow(/"huge" .* more than a buffer of this GPU/);
  });
});

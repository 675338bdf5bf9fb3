import { describe, expect, test } from 'vitest';
import { selectBrowserBackend } from '../../src/backends/select';
import { describesBackend } from './support';

describe('wasm', () => {
  describesBackend(() => selectBrowserBackend('wasm'));

  test('says what it runs on', async () => {
    const { description } = await selectBrowserBackend('wasm');
    expect(description).toMatchObject({ kind: 'wasm', notice: null });
    expect(description.adapter).toMatch(/^processor, \d+ threads?$/);
  });
});

describe('without WebGPU', () => {
  /** Runs `body` while `navigator.gpu` is what it is given. */
  async function withGpu(gpu: unknown, body: () => Promise<void>): Promise<void> {
    Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
    try {
      await body();
    } finally {
      Reflect.deleteProperty(navigator, 'gpu');
    }
  }

  test.each([
    [undefined, /this browser has no WebGPU/],
    [{ requestAdapter: async () => null }, /offers no adapter/],
    [{ requestAdapter: () => Promise.reject(new Error('blocked')) }, /refused a WebGPU adapter: blocked/],
  ])('the page gets WebAssembly and is told why (%#)', async (gpu, reason) => {
    await withGpu(gpu, async () => {
      const { description } = await selectBrowserBackend('auto');
      expect(description.kind).toBe('wasm');
      expect(description.notice).toMatch(reason);
      await expect(selectBrowserBackend('webgpu')).rejects.toThrow(reason);
    });
  });
});

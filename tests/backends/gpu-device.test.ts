import { afterEach, expect, test, vi } from 'vitest';
import { describeAdapter, isSoftwareAdapter, probeWebGpu, requestDevice } from '../../src/backends/gpu-device';

const info = (fields: Partial<GPUAdapterInfo>) =>
  ({ vendor: '', architecture: '', device: '', description: '', ...fields }) as GPUAdapterInfo;

afterEach(() => vi.unstubAllGlobals());

test('an adapter is described by what the browser tells of it', () => {
  expect(describeAdapter(info({ vendor: 'nvidia', architecture: 'ada' }))).toBe('nvidia, ada');
  expect(describeAdapter(info({}))).toBe('not named by the browser');
  expect(describeAdapter(undefined)).toBe('not named by the browser');
  expect(isSoftwareAdapter(info({ vendor: 'google', architecture: 'swiftshader' }))).toBe(true);
  expect(isSoftwareAdapter(info({ isFallbackAdapter: true }))).toBe(true);
  expect(isSoftwareAdapter(info({ vendor: 'apple', isFallbackAdapter: false }))).toBe(false);
});

test.each([
  [true, /this browser has no WebGPU/],
  [false, /needs a secure page: open it over https, or from localhost/],
])('why there is no WebGPU (secure page: %s)', async (isSecureContext, reason) => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('isSecureContext', isSecureContext);
  const probe = await probeWebGpu();
  expect(probe).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
});

test('a device is asked for with all limits and the wanted features that there are, and a refusal is told', async () => {
  const asked: unknown[] = [];
  const adapter = {
    limits: { maxBufferSize: 7, maxBindGroups: 4 },
    features: new Set(['subgroups', 'clip-distances']),
    requestDevice: async (descriptor: unknown) => {
      asked.push(descriptor);
      throw new Error('consumed');
    },
  } as unknown as GPUAdapter;
  await expect(requestDevice(adapter)).rejects.toThrow('the WebGPU adapter gave no device: consumed');
  expect(asked).toMatchObject([
    { requiredLimits: { maxBufferSize: 7, maxBindGroups: 4 }, requiredFeatures: ['subgroups'] },
  ]);
});

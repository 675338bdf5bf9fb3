/**
 * Devices that kernel tests run on: the CPU reference everywhere, and WGSL on a real GPUDevice in the browser project.
 */
import { checkParameters } from '../../src/backends/checks';
import { probeWebGpu, requestDevice } from '../../src/backends/gpu-device';
import { KernelRunner } from '../../src/backends/kernel-runner';
import type { Kernel, TypedArray } from '../../src/kernels/kernel';

export interface KernelDevice {
  readonly name: string;
  /** Runs the kernel on copies of `buffers`; gives the copies back as the kernel left them. */
  run<B extends string, P extends string>(
    kernel: Kernel<B, P>,
    buffers: Record<B, TypedArray>,
    parameters: Record<P, number>,
  ): Promise<Record<B, TypedArray>>;
}

function lengths<B extends string>(buffers: Record<B, TypedArray>): Record<B, number> {
  const entries = Object.entries<TypedArray>(buffers).map(([name, { length }]) => [name, length]);
  return Object.fromEntries(entries) as Record<B, number>;
}

export const cpu: KernelDevice = {
  name: 'CPU reference',
  async run<B extends string, P extends string>(
    kernel: Kernel<B, P>,
    buffers: Record<B, TypedArray>,
    parameters: Record<P, number>,
  ) {
    checkParameters(kernel, parameters);
    kernel.check(lengths(buffers), parameters);
    const copies = Object.fromEntries(
      Object.entries<TypedArray>(buffers).map(([name, data]) => [name, data.slice()]),
    ) as Record<B, TypedArray>;
    kernel.reference(copies, parameters);
    return copies;
  },
};

async function webGpu(): Promise<KernelDevice> {
  const probe = await probeWebGpu();
  if (!probe.ok) throw new Error(`the browser project needs WebGPU: ${probe.reason}`);
  const device = await requestDevice(probe.adapter);
  const errors: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  const runner = new KernelRunner(device, (message) => errors.push(message));

  const upload = (label: string, data: TypedArray): GPUBuffer => {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ label, size: Math.max(4, data.byteLength), usage });
    device.queue.writeBuffer(buffer, 0, data.slice());
    return buffer;
  };
  const download = async (buffer: GPUBuffer, like: TypedArray): Promise<TypedArray> => {
    const size = Math.max(4, like.byteLength);
    const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const copy = like.slice();
    new Uint8Array(copy.buffer).set(new Uint8Array(staging.getMappedRange(), 0, like.byteLength));
    staging.destroy();
    return copy;
  };

  return {
    name: 'WGSL',
    async run<B extends string, P extends string>(
      kernel: Kernel<B, P>,
      buffers: Record<B, TypedArray>,
      parameters: Record<P, number>,
    ) {
      checkParameters(kernel, parameters);
      kernel.check(lengths(buffers), parameters);
      const entries = Object.entries<TypedArray>(buffers);
      const gpuBuffers = Object.fromEntries(entries.map(([name, data]) => [name, upload(name, data)]));
      runner.dispatch(kernel, gpuBuffers, parameters);
      const results: Record<string, TypedArray> = {};
      for (const [name, data] of entries) results[name] = await download(gpuBuffers[name], data);
      for (const buffer of Object.values(gpuBuffers)) buffer.destroy();
      if (errors.length > 0) throw new Error(errors.splice(0).join('\n'));
      return results as Record<B, TypedArray>;
    },
  };
}

const inBrowser = typeof window !== 'undefined';

/** The device whose results tests look at: WGSL in the browser, the CPU reference in Node. */
export const DEVICES: readonly KernelDevice[] = inBrowser ? [await webGpu()] : [cpu];

/** Largest |a - b| / (|b| + `floor`) over two arrays of equal length. */
export function worstError(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1): number {
  if (a.length !== b.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < b.length; i++) {
    const error = Math.abs(a[i] - b[i]) / (Math.abs(b[i]) + floor);
    worst = Math.max(worst, Number.isNaN(error) ? Infinity : error);
  }
  return worst;
}

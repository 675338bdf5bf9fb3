/**
 * The browser's side of the benchmark: one section a page load, so that no section's device or memory weighs on another's.
 */
import { describeAdapter, isSoftwareAdapter, probeWebGpu } from '../../src/backends/gpu-device';
import { engineFrames } from '../../src/lab/engine-frames';
import type { RunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { timeKernels } from './kernels';
import { timePeer } from './peers/measure';
import { timeSteps } from './step';

/** What the Node side may call; every value is JSON. */
export interface BenchPage {
  adapter(): Promise<string>;
  steps(backend: 'webgpu' | 'wasm', config: RunConfig, steps: number): ReturnType<typeof timeSteps>;
  peer: typeof timePeer;
  kernels: typeof timeKernels;
}

declare global {
  interface Window {
    bench: BenchPage;
  }
}

window.bench = {
  async adapter() {
    const probe = await probeWebGpu();
    if (!probe.ok) throw new Error(probe.reason);
    const { info } = probe.adapter;
    return describeAdapter(info) + (isSoftwareAdapter(info) ? ' (software: the processor poses as a GPU)' : '');
  },
  async steps(kind, config, steps) {
    const size = config.policy.frame_size;
    if (kind === 'wasm') {
      const { createWasmBackend } = await import('../../src/backends/wasm');
      const backend = await createWasmBackend();
      return timeSteps(backend, softwareFrames(backend, size), config, steps);
    }
    const { createWebGpuBackend } = await import('../../src/backends/webgpu');
    const backend = await createWebGpuBackend();
    return timeSteps(backend, await engineFrames(backend, size), config, steps);
  },
  peer: timePeer,
  kernels: timeKernels,
};
document.title = 'ready';

/**
 * The browser's side of the benchmark: one section a page load, so that no section's device or memory weighs on another's.
 */
import { describeAdapter, isSoftwareAdapter, probeWebGpu } from '../../src/backends/gpu-device';
import { engineFrames } from '../../src/lab/engine-frames';
import type { RunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import type { Backend } from '../../src/backends/backend';
import type { BatchShape } from '../../src/policy/inputs';
import type { Architecture } from '../../src/policy/parameters';
import { timeKernels } from './kernels';
import { timePeer } from './peers/measure';
import { timePolicy } from './policy';
import { timeSteps } from './step';

/** What the Node side may call; every value is JSON. */
export interface BenchPage {
  adapter(): Promise<string>;
  steps(backend: 'webgpu' | 'wasm', config: RunConfig, steps: number): ReturnType<typeof timeSteps>;
  policy(
    backend: 'webgpu' | 'wasm',
    architecture: Architecture,
    shape: BatchShape,
    runs: number,
  ): ReturnType<typeof timePolicy>;
  peer: typeof timePeer;
  kernels: typeof timeKernels;
}

// Each is loaded only where it is measured.
async function wasmBackend() {
  const { createWasmBackend } = await import('../../src/backends/wasm');
  return createWasmBackend();
}

async function webGpuBackend() {
  const { createWebGpuBackend } = await import('../../src/backends/webgpu');
  return createWebGpuBackend();
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
      const backend = await wasmBackend();
      return timeSteps(backend, softwareFrames(backend, size), config, steps);
    }
    const backend = await webGpuBackend();
    return timeSteps(backend, await engineFrames(backend, size), config, steps);
  },
  async policy(kind, architecture, shape, runs) {
    const backend: Backend = kind === 'wasm' ? await wasmBackend() : await webGpuBackend();
    return timePolicy(backend, architecture, shape, runs);
  },
  peer: timePeer,
  kernels: timeKernels,
};
document.title = 'ready';

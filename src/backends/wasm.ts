/**
 * The backend of browsers without WebGPU: ONNX Runtime Web on WebAssembly, with threads where the page is cross-origin
 * isolated, and kernels by their CPU references.
 */
import * as ort from 'onnxruntime-web/wasm';
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { Backend } from './backend';
import { CpuBackend } from './cpu';

/** More threads than this gain little on the lab's small graphs. */
const MAX_THREADS = 8;

/** A backend on WebAssembly. @param options.notice why no better one is used, for people. */
export async function createWasmBackend(options: { notice?: string } = {}): Promise<Backend> {
  const threads = globalThis.crossOriginIsolated ? Math.min(MAX_THREADS, navigator.hardwareConcurrency) : 1;
  ort.env.wasm.wasmPaths = { wasm, mjs };
  ort.env.wasm.numThreads = threads;
  return new CpuBackend(
    { ort, sessionOptions: { executionProviders: ['wasm'], logSeverityLevel: 4 }, writesGivenOutputs: false },
    {
      kind: 'wasm',
      runtime: `ONNX Runtime Web ${ort.env.versions.web}, WebAssembly`,
      adapter: `processor, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      features: [],
      limits: { threads },
      notice: options.notice ?? null,
    },
  );
}

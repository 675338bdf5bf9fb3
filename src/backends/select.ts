/**
 * Which backend a page gets: the one that it asks for, or the best that there is.
 */
import type { Backend } from './backend';

/**
 * The backend of a page. 'auto' is WebGPU, or WebAssembly with a notice that says why not.
 * @throws Error with the reason when 'webgpu' is asked for and not to be had.
 */
export async function selectBrowserBackend(preferred: 'webgpu' | 'wasm' | 'auto'): Promise<Backend> {
  // Imported when needed: each brings a runtime of many megabytes.
  const wasm = async (notice?: string) => (await import('./wasm')).createWasmBackend({ notice });
  const webgpu = async () => (await import('./webgpu')).createWebGpuBackend();
  if (preferred === 'wasm') return wasm();
  if (preferred === 'webgpu') return webgpu();
  return webgpu().catch((cause: Error) => wasm(`${cause.message}.`));
}

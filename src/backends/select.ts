/**
 * Which backend a page gets: the one that it asks for, or the best that there is.
 */
import type { Backend } from './backend';
import { createWebGpuBackend } from './webgpu';

/**
 * The backend of a page. 'auto' is WebGPU, or WebAssembly with a notice that says why not.
 * @throws Error with the reason when 'webgpu' is asked for and not to be had.
 */
export async function selectBrowserBackend(preferred: 'webgpu' | 'wasm' | 'auto'): Promise<Backend> {
  // Imported when needed, as it brings its runtime; the other brings its own when it finds a device.
  const wasm = async (notice?: string) => (await import('./wasm')).createWasmBackend({ notice });
  if (preferred === 'wasm') return wasm();
  if (preferred === 'webgpu') return createWebGpuBackend();
  return createWebGpuBackend().catch((cause: Error) => wasm(`${cause.message}.`));
}

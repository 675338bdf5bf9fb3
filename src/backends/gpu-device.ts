/**
 * Gets the one GPUDevice that three, ONNX Runtime and the kernels share, with all that its adapter offers, or says why there is none.
 */

/** Features that are asked for where the adapter has them. */
const WANTED_FEATURES: readonly GPUFeatureName[] = ['subgroups', 'timestamp-query', 'shader-f16'];

/** A WebGPU adapter, or the reason, for people, why this page has none. */
export type WebGpuProbe =
  { readonly ok: true; readonly adapter: GPUAdapter } | { readonly ok: false; readonly reason: string };

/** Looks for a WebGPU adapter. Never rejects. */
export async function probeWebGpu(): Promise<WebGpuProbe> {
  const gpu: GPU | undefined = navigator.gpu;
  if (gpu === undefined) {
    const reason = globalThis.isSecureContext
      ? 'this browser has no WebGPU; recent Chrome, Edge, Safari and Firefox (on Windows and Apple silicon) have it'
      : 'WebGPU needs a secure page: open it over https, or from localhost';
    return { ok: false, reason };
  }
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter !== null) return { ok: true, adapter };
    return {
      ok: false,
      reason:
        'the browser has WebGPU but offers no adapter; its GPU may be blocked, or hardware acceleration switched off',
    };
  } catch (cause) {
    return { ok: false, reason: `the browser refused a WebGPU adapter: ${(cause as Error).message}` };
  }
}

/**
 * The adapter's device, with its largest limits and the wanted features. An adapter gives one device only.
 * @throws Error with the browser's reason.
 */
export async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  try {
    return await adapter.requestDevice({
      label: 'parallax',
      requiredLimits: namedLimits(adapter.limits),
      requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    });
  } catch (cause) {
    throw new Error(`the WebGPU adapter gave no device: ${(cause as Error).message}`, { cause });
  }
}

/** WebGPU's limits as a plain record. */
export function namedLimits(limits: GPUSupportedLimits): Record<string, number> {
  const record: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = Reflect.get(limits, name);
    if (typeof value === 'number') record[name] = value;
  }
  return record;
}

/** An adapter in words: vendor, architecture and description, as far as the browser tells; older ones tell a device nothing. */
export function describeAdapter(info: GPUAdapterInfo | undefined): string {
  const parts = [info?.vendor, info?.architecture, info?.device, info?.description].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'not named by the browser';
}

/** Whether the adapter is a processor posing as a GPU. */
export function isSoftwareAdapter(info: GPUAdapterInfo | undefined): boolean {
  return info?.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe/i.test(describeAdapter(info));
}

/**
 * Runs kernels' WGSL on a GPUDevice: pipelines compiled once, a uniform buffer a kernel, a submission a call.
 */
import type { Kernel } from '../kernels/kernel';

interface CompiledKernel {
  readonly layout: GPUBindGroupLayout;
  readonly uniform: GPUBuffer;
  readonly pipelines: ReadonlyMap<string, GPUComputePipeline>;
}

export class KernelRunner {
  private readonly device: GPUDevice;
  private readonly onError: (message: string) => void;
  private readonly compiled = new Map<Kernel, CompiledKernel>();

  /** @param onError told, some time after the call, when a shader or a dispatch turns out to be invalid. */
  constructor(device: GPUDevice, onError: (message: string) => void) {
    this.device = device;
    this.onError = onError;
  }

  /** Submits the kernel's dispatches. `buffers` and `parameters` have been checked. */
  dispatch(
    kernel: Kernel,
    buffers: Readonly<Record<string, GPUBuffer>>,
    parameters: Readonly<Record<string, number>>,
  ): void {
    this.device.pushErrorScope('validation');
    try {
      this.submit(kernel, buffers, parameters);
    } finally {
      void this.device.popErrorScope().then((error) => {
        if (error !== null) this.onError(`kernel ${kernel.name}: ${error.message}`);
      });
    }
  }

  dispose(): void {
    for (const { uniform } of this.compiled.values()) uniform.destroy();
    this.compiled.clear();
  }

  private submit(
    kernel: Kernel,
    buffers: Readonly<Record<string, GPUBuffer>>,
    parameters: Readonly<Record<string, number>>,
  ): void {
    const dispatches = kernel.dispatches(parameters);
    const { layout, uniform, pipelines } = this.compile(
      kernel,
      dispatches.map(({ entryPoint }) => entryPoint),
    );
    this.device.queue.writeBuffer(uniform, 0, encodeParameters(kernel, parameters));
    const bindGroup = this.device.createBindGroup({
      label: `${kernel.name}.bindings`,
      layout,
      entries: [uniform, ...kernel.bindings.map(({ name }) => buffers[name])].map((buffer, binding) => ({
        binding,
        resource: { buffer },
      })),
    });
    const encoder = this.device.createCommandEncoder({ label: kernel.name });
    const pass = encoder.beginComputePass({ label: kernel.name });
    pass.setBindGroup(0, bindGroup);
    for (const { entryPoint, workgroups } of dispatches) {
      pass.setPipeline(pipelines.get(entryPoint)!);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
    this.device.queue.submit([encoder.finish()]);
  }

  /** The kernel's pipelines, with those of `entryPoints` among them. */
  private compile(kernel: Kernel, entryPoints: readonly string[]): CompiledKernel {
    const known = this.compiled.get(kernel);
    if (known !== undefined && entryPoints.every((entryPoint) => known.pipelines.has(entryPoint))) return known;
    const { device } = this;
    const module = device.createShaderModule({ label: `${kernel.name}.wgsl`, code: kernel.wgsl });
    const layout =
      known?.layout ??
      device.createBindGroupLayout({
        label: `${kernel.name}.layout`,
        entries: [
          { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' } },
          ...kernel.bindings.map(({ access }, index): GPUBindGroupLayoutEntry => ({
            binding: index + 1,
            visibility: GPUShaderStage.COMPUTE,
            buffer: { type: access === 'read' ? 'read-only-storage' : 'storage' },
          })),
        ],
      });
    const pipelineLayout = device.createPipelineLayout({ label: `${kernel.name}.layout`, bindGroupLayouts: [layout] });
    const pipelines = new Map(known?.pipelines);
    for (const entryPoint of entryPoints) {
      const label = `${kernel.name}.${entryPoint}`;
      const compute = { module, entryPoint };
      pipelines.set(entryPoint, device.createComputePipeline({ label, layout: pipelineLayout, compute }));
    }
    const uniform =
      known?.uniform ??
      device.createBuffer({
        label: `${kernel.name}.parameters`,
        size: 16 * Math.ceil((4 * kernel.parameters.length) / 16),
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      });
    const compiled = { layout, uniform, pipelines };
    this.compiled.set(kernel, compiled);
    return compiled;
  }
}

/** The uniform block: 4 bytes a parameter, in order. */
function encodeParameters(kernel: Kernel, parameters: Readonly<Record<string, number>>): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4 * kernel.parameters.length));
  kernel.parameters.forEach(({ name, dtype }, index) => {
    const value = parameters[name];
    if (dtype === 'float32') view.setFloat32(4 * index, value, true);
    else if (dtype === 'int32') view.setInt32(4 * index, value, true);
    else view.setUint32(4 * index, value, true);
  });
  return view.buffer;
}

/**
 * The backend of the browser: ONNX Runtime Web's native WebGPU build and our WGSL on one shared GPUDevice. Tensors are GPU
 * buffers, and stay there.
 *
 * What the runtime does not forgive shapes this file (observed with ONNX Runtime Web 1.30): two runs at once may hang, so all
 * its calls go through one queue; a run on a lost device never settles, so each is raced against the loss; after a
 * validation error its sessions are broken, so the first error makes the whole backend unusable, with a reason. A page
 * has one such backend at a time; after a loss another can be made.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { DType, Kernel, TypedArray } from '../kernels/kernel';
import type { Backend, BackendDescription, DeviceTensor, Session } from './backend';
import { checkCopy, checkData, checkDispatch, checkReshape, checkRun, elementCount, readCount } from './checks';
import { describeAdapter, isSoftwareAdapter, namedLimits, probeWebGpu, requestDevice } from './gpu-device';
import { KernelRunner } from './kernel-runner';

type OnnxRuntime = typeof import('onnxruntime-web');

/** Memory of a tensor and of its reshaped views. */
interface Memory {
  readonly buffer: GPUBuffer;
  freed: boolean;
}

interface GpuTensor extends DeviceTensor {
  readonly memory: Memory;
}

interface GpuSession extends Session {
  readonly ort: InferenceSession;
}

/** ONNX Runtime with its WebGPU provider, by the faster of two ways to wait for the GPU that the browser has. */
async function loadRuntime(): Promise<{ ort: OnnxRuntime; name: string }> {
  const hasJspi = 'Suspending' in WebAssembly;
  const [ort, wasm, mjs] = hasJspi
    ? await Promise.all([
        import('onnxruntime-web/jspi'),
        import('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url'),
        import('onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url'),
      ])
    : await Promise.all([
        import('onnxruntime-web/webgpu'),
        import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
        import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url'),
      ]);
  ort.env.wasm.wasmPaths = { wasm: wasm.default, mjs: mjs.default };
  ort.env.wasm.numThreads = 1;
  const waits = hasJspi ? 'JSPI' : 'Asyncify';
  return { ort, name: `ONNX Runtime Web ${ort.env.versions.web}, native WebGPU, ${waits}` };
}

/**
 * A backend on WebGPU.
 * @param options.device a device to share; by default one is requested with all that the adapter offers.
 * @throws Error with the reason when there is no adapter or device.
 */
export async function createWebGpuBackend(options: { device?: GPUDevice } = {}): Promise<WebGpuBackend> {
  const device = options.device ?? (await ownDevice());
  const { ort, name } = await loadRuntime();
  return new WebGpuBackend(device, ort, name);
}

async function ownDevice(): Promise<GPUDevice> {
  const probe = await probeWebGpu();
  if (!probe.ok) throw new Error(`WebGPU is not available: ${probe.reason}`);
  return requestDevice(probe.adapter);
}

export class WebGpuBackend implements Backend {
  readonly description: BackendDescription;
  /** Shared with the renderer. */
  readonly device: GPUDevice;
  readonly lost: Promise<string>;
  private readonly ort: OnnxRuntime;
  private readonly kernels: KernelRunner;
  private readonly tensors = new WeakSet<DeviceTensor>();
  private readonly live = new Set<Memory>();
  private readonly sessions = new Set<GpuSession>();
  /** Rejections of what is under way, to be called when the device fails. */
  private readonly waiting = new Set<(reason: Error) => void>();
  private failure: string | null = null;
  private settleLost: (reason: string) => void = () => undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private countedBytes = 0;

  constructor(device: GPUDevice, ort: OnnxRuntime, runtime: string) {
    this.device = device;
    this.ort = ort;
    this.lost = new Promise((resolve) => (this.settleLost = resolve));
    this.kernels = new KernelRunner(device, (message) => this.fail(message));
    this.description = {
      kind: 'webgpu',
      runtime,
      adapter: describeAdapter(device.adapterInfo),
      features: [...device.features].sort(),
      limits: namedLimits(device.limits),
      notice: isSoftwareAdapter(device.adapterInfo)
        ? 'WebGPU runs on the processor here, without a GPU: expect it to be slow.'
        : null,
    };
    void device.lost.then(({ reason, message }) => this.fail(`the GPU device was lost (${reason}): ${message}`));
    device.addEventListener('uncapturederror', ({ error }) => this.fail(`WebGPU error: ${error.message}`));
  }

  get bytesRead(): number {
    return this.countedBytes;
  }

  /** The buffer behind a tensor, for those who share the device: the renderer copies frames into it. */
  gpuBufferOf(tensor: DeviceTensor): GPUBuffer {
    const { buffer, freed } = this.memoryOf(tensor);
    if (freed) throw new Error(`the tensor "${tensor.label}" was freed`);
    return buffer;
  }

  allocate(label: string, dtype: DType, shape: readonly number[], data?: TypedArray): DeviceTensor {
    this.refuseFailed();
    const length = elementCount(label, shape);
    if (data !== undefined) checkData(label, dtype, length, data);
    // The runtime reads some tensors in vectors of four.
    const size = Math.max(16, 16 * Math.ceil((4 * length) / 16));
    if (size > Math.min(this.device.limits.maxBufferSize, this.device.limits.maxStorageBufferBindingSize)) {
      throw new RangeError(
        `tensor "${label}" of shape [${shape.join(', ')}] takes ${size} bytes, more than a buffer of this GPU may have`,
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const memory = { buffer: this.device.createBuffer({ label, size, usage }), freed: false };
    this.live.add(memory);
    const tensor = this.tensor({ label, dtype, shape: [...shape], memory });
    if (data !== undefined) this.write(tensor, data);
    return tensor;
  }

  write(tensor: DeviceTensor, data: TypedArray): void {
    this.refuseFailed();
    checkData(tensor.label, tensor.dtype, elementCount(tensor.label, tensor.shape), data);
    this.device.queue.writeBuffer(this.gpuBufferOf(tensor), 0, data as TypedArray & ArrayBufferView<ArrayBuffer>);
  }

  copy(source: DeviceTensor, target: DeviceTensor): void {
    this.refuseFailed();
    checkCopy(source, target);
    const [from, to] = [this.gpuBufferOf(source), this.gpuBufferOf(target)];
    if (from === to) return;
    const label = `copy ${source.label} to ${target.label}`;
    const encoder = this.device.createCommandEncoder({ label });
    encoder.copyBufferToBuffer(from, 0, to, 0, 4 * elementCount(source.label, source.shape));
    this.device.queue.submit([encoder.finish()]);
  }

  async read(tensor: DeviceTensor, count?: number): Promise<TypedArray> {
    await this.queue;
    this.refuseFailed();
    const source = this.gpuBufferOf(tensor);
    const size = 4 * readCount(tensor, count);
    const label = `read ${tensor.label}`;
    const staging = this.device.createBuffer({ label, size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    try {
      const encoder = this.device.createCommandEncoder({ label });
      encoder.copyBufferToBuffer(source, 0, staging, 0, size);
      this.device.queue.submit([encoder.finish()]);
      await this.orFail(staging.mapAsync(GPUMapMode.READ));
      this.countedBytes += size;
      return typed(tensor.dtype, staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }

  reshape(tensor: DeviceTensor, shape: readonly number[]): DeviceTensor {
    checkReshape(tensor, shape);
    return this.tensor({ label: tensor.label, dtype: tensor.dtype, shape: [...shape], memory: this.memoryOf(tensor) });
  }

  free(tensor: DeviceTensor): void {
    const memory = this.memoryOf(tensor);
    memory.buffer.destroy();
    memory.freed = true;
    this.live.delete(memory);
  }

  async compile(label: string, model: Uint8Array): Promise<Session> {
    const ort = await this.enqueue(() =>
      this.ort.InferenceSession.create(model, {
        executionProviders: [{ name: 'webgpu', device: this.device }],
        extra: { session: { disable_cpu_ep_fallback: '1' } },
        preferredOutputLocation: 'gpu-buffer',
        logSeverityLevel: 4,
      }),
    ).catch((cause: Error) => {
      throw new Error(`cannot compile the graph "${label}": ${cause.message}`, { cause });
    });
    const session: GpuSession = { label, inputs: ort.inputNames, outputs: ort.outputNames, ort };
    this.sessions.add(session);
    return session;
  }

  async run(
    session: Session,
    inputs: Readonly<Record<string, DeviceTensor>>,
    outputs: Readonly<Record<string, DeviceTensor>>,
  ): Promise<void> {
    const { ort } = this.sessionOf(session);
    const signature = { inputs: ort.inputMetadata, outputs: ort.outputMetadata };
    checkRun(session.label, signature, inputs, outputs, (tensor) => this.gpuBufferOf(tensor));
    await this.enqueue(() => ort.run(this.asOrt(inputs), this.asOrt(outputs))).catch((cause: Error) => {
      throw new Error(`session "${session.label}": ${cause.message}`, { cause });
    });
  }

  async release(session: Session): Promise<void> {
    const held = this.sessionOf(session);
    this.sessions.delete(held);
    await this.enqueue(() => held.ort.release());
  }

  dispatch<B extends string, P extends string>(
    kernel: Kernel<B, P>,
    buffers: Readonly<Record<B, DeviceTensor>>,
    parameters: Readonly<Record<P, number>>,
  ): void {
    this.refuseFailed();
    checkDispatch(kernel, buffers, parameters, (tensor) => this.gpuBufferOf(tensor));
    const gpuBuffers: Record<string, GPUBuffer> = {};
    for (const { name } of kernel.bindings) gpuBuffers[name] = this.gpuBufferOf(buffers[name]);
    this.kernels.dispatch(kernel, gpuBuffers, parameters);
  }

  /** Frees everything, the device included, which ends whoever shares it. */
  async dispose(): Promise<void> {
    if (this.failure === null) for (const session of this.sessions) await this.release(session);
    for (const memory of this.live) memory.buffer.destroy();
    this.live.clear();
    this.kernels.dispose();
    this.fail('the backend was disposed of');
    this.device.destroy();
  }

  /** Makes the backend unusable, for the first reason that is given, and rejects all that is under way. */
  private fail(reason: string): void {
    if (this.failure !== null) return;
    this.failure = reason;
    for (const reject of this.waiting) reject(new Error(reason));
    this.waiting.clear();
    this.settleLost(reason);
  }

  private refuseFailed(): void {
    if (this.failure !== null) throw new Error(this.failure);
  }

  /** `promise`, or a rejection as soon as the device fails. */
  private orFail<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.add(reject);
      void promise.then(resolve, reject).finally(() => this.waiting.delete(reject));
    });
  }

  /** Runs `task` when all before it are done, whether they succeeded or not. */
  private enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.queue.then(() => {
      this.refuseFailed();
      return this.orFail(task());
    });
    this.queue = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  private asOrt(tensors: Readonly<Record<string, DeviceTensor>>): Record<string, Tensor> {
    return Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [
        name,
        this.ort.Tensor.fromGpuBuffer(this.gpuBufferOf(tensor), {
          dataType: tensor.dtype as 'float32' | 'int32',
          dims: tensor.shape,
        }),
      ]),
    );
  }

  private tensor(tensor: GpuTensor): GpuTensor {
    this.tensors.add(tensor);
    return tensor;
  }

  private memoryOf(tensor: DeviceTensor): Memory {
    if (!this.tensors.has(tensor)) throw new Error(`the tensor "${tensor.label}" belongs to another backend`);
    return (tensor as GpuTensor).memory;
  }

  private sessionOf(session: Session): GpuSession {
    if (!this.sessions.has(session as GpuSession)) {
      throw new Error(`the session "${session.label}" was released, or belongs to another backend`);
    }
    return session as GpuSession;
  }
}

/** The bytes as elements of `dtype`. */
function typed(dtype: DType, bytes: ArrayBuffer): TypedArray {
  if (dtype === 'float32') return new Float32Array(bytes);
  return dtype === 'int32' ? new Int32Array(bytes) : new Uint32Array(bytes);
}

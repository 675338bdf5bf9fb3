/**
 * What the two backends without a GPU share: a tensor is a typed array, a kernel runs by its CPU reference, and graphs
 * run on whichever ONNX Runtime module is handed in.
 */
import type { InferenceSession, Tensor, TensorConstructor, InferenceSessionFactory } from 'onnxruntime-web';
import type { DType, Kernel, TypedArray } from '../kernels/kernel';
import type { Backend, BackendDescription, DeviceTensor, Session } from './backend';
import { checkCopy, checkData, checkDispatch, checkReshape, checkRun, elementCount, readCount, zeros } from './checks';

/** An ONNX Runtime module and how to use it. */
export interface CpuRuntime {
  readonly ort: { readonly InferenceSession: InferenceSessionFactory; readonly Tensor: TensorConstructor };
  readonly sessionOptions: InferenceSession.SessionOptions;
  /** Whether a run writes into the output tensors that it is given; otherwise its results are copied there. */
  readonly writesGivenOutputs: boolean;
}

/** Memory of a tensor and of its reshaped views; `data` is null once freed. */
interface Memory {
  data: TypedArray | null;
}

interface CpuTensor extends DeviceTensor {
  readonly memory: Memory;
}

interface CpuSession extends Session {
  readonly ort: InferenceSession;
}

export class CpuBackend implements Backend {
  readonly description: BackendDescription;
  /** A processor is not lost. */
  readonly lost = new Promise<string>(() => undefined);
  private readonly runtime: CpuRuntime;
  private readonly tensors = new WeakSet<DeviceTensor>();
  private readonly live = new Set<Memory>();
  private readonly sessions = new Set<CpuSession>();
  private queue: Promise<unknown> = Promise.resolve();
  private countedBytes = 0;

  constructor(runtime: CpuRuntime, description: BackendDescription) {
    this.runtime = runtime;
    this.description = description;
  }

  get bytesRead(): number {
    return this.countedBytes;
  }

  allocate(label: string, dtype: DType, shape: readonly number[], data?: TypedArray): DeviceTensor {
    const length = elementCount(label, shape);
    if (data !== undefined) checkData(label, dtype, length, data);
    const memory: Memory = { data: data?.slice() ?? zeros(dtype, length) };
    this.live.add(memory);
    return this.tensor({ label, dtype, shape: [...shape], memory });
  }

  write(tensor: DeviceTensor, data: TypedArray): void {
    const target = this.dataOf(tensor);
    checkData(tensor.label, tensor.dtype, target.length, data);
    target.set(data);
  }

  copy(source: DeviceTensor, target: DeviceTensor): void {
    checkCopy(source, target);
    this.dataOf(target).set(this.dataOf(source));
  }

  async read(tensor: DeviceTensor, count?: number): Promise<TypedArray> {
    await this.queue;
    const data = this.dataOf(tensor).slice(0, readCount(tensor, count));
    this.countedBytes += data.byteLength;
    return data;
  }

  reshape(tensor: DeviceTensor, shape: readonly number[]): DeviceTensor {
    checkReshape(tensor, shape);
    return this.tensor({ label: tensor.label, dtype: tensor.dtype, shape: [...shape], memory: this.memoryOf(tensor) });
  }

  free(tensor: DeviceTensor): void {
    const memory = this.memoryOf(tensor);
    memory.data = null;
    this.live.delete(memory);
  }

  async compile(label: string, model: Uint8Array): Promise<Session> {
    const ort = await this.enqueue(() =>
      this.runtime.ort.InferenceSession.create(model, this.runtime.sessionOptions).catch((cause: Error) => {
        throw new Error(`cannot compile the graph "${label}": ${cause.message}`, { cause });
      }),
    );
    const session: CpuSession = { label, inputs: ort.inputNames, outputs: ort.outputNames, ort };
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
    checkRun(session.label, signature, inputs, outputs, (tensor) => this.memoryOf(tensor));
    await this.enqueue(async () => {
      try {
        await this.runNow(ort, inputs, outputs);
      } catch (cause) {
        throw new Error(`session "${session.label}": ${(cause as Error).message}`, { cause });
      }
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
    checkDispatch(kernel, buffers, parameters, (tensor) => this.memoryOf(tensor));
    const arrays: Partial<Record<B, TypedArray>> = {};
    for (const { name } of kernel.bindings) arrays[name] = this.dataOf(buffers[name]);
    kernel.reference(arrays as Record<B, TypedArray>, parameters);
  }

  async dispose(): Promise<void> {
    for (const session of this.sessions) await this.release(session);
    for (const memory of this.live) memory.data = null;
    this.live.clear();
  }

  private async runNow(
    ort: InferenceSession,
    inputs: Readonly<Record<string, DeviceTensor>>,
    outputs: Readonly<Record<string, DeviceTensor>>,
  ): Promise<void> {
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, this.asOrt(tensor)]));
    if (this.runtime.writesGivenOutputs) {
      await ort.run(
        feeds,
        Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, this.asOrt(tensor)])),
      );
      return;
    }
    const results = await ort.run(feeds);
    for (const [name, tensor] of Object.entries(outputs)) {
      const result = results[name];
      if (result.dims.join() !== tensor.shape.join()) {
        throw new Error(
          `output "${name}" has shape [${result.dims.join(', ')}], but the tensor "${tensor.label}" has [${tensor.shape.join(', ')}]`,
        );
      }
      this.dataOf(tensor).set(result.data as TypedArray);
      result.dispose();
    }
  }

  private asOrt(tensor: DeviceTensor): Tensor {
    return new this.runtime.ort.Tensor(tensor.dtype, this.dataOf(tensor), tensor.shape);
  }

  /** Runs `task` when all before it are done, whether they succeeded or not. */
  private enqueue<T>(task: () => Promise<T>): Promise<T> {
    const result = this.queue.then(task);
    this.queue = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  private tensor(tensor: CpuTensor): CpuTensor {
    this.tensors.add(tensor);
    return tensor;
  }

  private memoryOf(tensor: DeviceTensor): Memory {
    if (!this.tensors.has(tensor)) throw new Error(`the tensor "${tensor.label}" belongs to another backend`);
    return (tensor as CpuTensor).memory;
  }

  private dataOf(tensor: DeviceTensor): TypedArray {
    const { data } = this.memoryOf(tensor);
    if (data === null) throw new Error(`the tensor "${tensor.label}" was freed`);
    return data;
  }

  private sessionOf(session: Session): CpuSession {
    if (!this.sessions.has(session as CpuSession))
      throw new Error(`the session "${session.label}" was released, or belongs to another backend`);
    return session as CpuSession;
  }
}

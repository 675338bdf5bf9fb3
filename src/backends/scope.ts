/**
 * A backend that remembers what was allocated and compiled through it, so that a phase of a run is freed as a whole.
 */
import type { DType, Kernel, TypedArray } from '../kernels/kernel';
import type { Backend, BackendDescription, DeviceTensor, Session } from './backend';

export class BackendScope implements Backend {
  private readonly inner: Backend;
  private readonly tensors = new Set<DeviceTensor>();
  private readonly sessions = new Set<Session>();

  constructor(inner: Backend) {
    this.inner = inner;
  }

  get description(): BackendDescription {
    return this.inner.description;
  }

  get lost(): Promise<string> {
    return this.inner.lost;
  }

  get bytesRead(): number {
    return this.inner.bytesRead;
  }

  allocate(label: string, dtype: DType, shape: readonly number[], data?: TypedArray): DeviceTensor {
    const tensor = this.inner.allocate(label, dtype, shape, data);
    this.tensors.add(tensor);
    return tensor;
  }

  write(tensor: DeviceTensor, data: TypedArray): void {
    this.inner.write(tensor, data);
  }

  copy(source: DeviceTensor, target: DeviceTensor): void {
    this.inner.copy(source, target);
  }

  read(tensor: DeviceTensor, count?: number): Promise<TypedArray> {
    return this.inner.read(tensor, count);
  }

  reshape(tensor: DeviceTensor, shape: readonly number[]): DeviceTensor {
    return this.inner.reshape(tensor, shape);
  }

  free(tensor: DeviceTensor): void {
    this.tensors.delete(tensor);
    this.inner.free(tensor);
  }

  async compile(label: string, model: Uint8Array): Promise<Session> {
    const session = await this.inner.compile(label, model);
    this.sessions.add(session);
    return session;
  }

  run(
    session: Session,
    inputs: Readonly<Record<string, DeviceTensor>>,
    outputs: Readonly<Record<string, DeviceTensor>>,
  ): Promise<void> {
    return this.inner.run(session, inputs, outputs);
  }

  async release(session: Session): Promise<void> {
    this.sessions.delete(session);
    await this.inner.release(session);
  }

  dispatch<B extends string, P extends string>(
    kernel: Kernel<B, P>,
    buffers: Readonly<Record<B, DeviceTensor>>,
    parameters: Readonly<Record<P, number>>,
  ): void {
    this.inner.dispatch(kernel, buffers, parameters);
  }

  /** Frees what came into being through this scope; the backend itself lives on. */
  async dispose(): Promise<void> {
    for (const session of this.sessions) await this.inner.release(session);
    for (const tensor of this.tensors) this.inner.free(tensor);
    this.sessions.clear();
    this.tensors.clear();
  }
}

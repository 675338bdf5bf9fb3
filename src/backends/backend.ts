/**
 * The one interface through which the lab computes: tensors that stay on the device, ONNX graphs, kernels.
 *
 * Three backends implement it: `webgpu` (ONNX Runtime Web and WGSL on one shared GPUDevice), `wasm` (ONNX Runtime Web on
 * WebAssembly, kernels by their CPU references) and `node` (onnxruntime-node, likewise). Policy and training code
 * is written against this file alone.
 */
import type { DType, Kernel, TypedArray } from '../kernels/kernel';

/** A tensor that lives on the backend. float32 and int32 may enter graphs; uint32 is for kernels only. */
export interface DeviceTensor {
  readonly label: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** An ONNX graph, ready to run. */
export interface Session {
  readonly label: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** What a backend runs on, as the page and the logs show it. */
export interface BackendDescription {
  readonly kind: 'webgpu' | 'wasm' | 'node';
  /** 'ONNX Runtime Web 1.30.0, native WebGPU, JSPI', … */
  readonly runtime: string;
  /** Adapter vendor, architecture and description; or the processor. */
  readonly adapter: string;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  /** Why a better backend is not used, for people; null when there is nothing to say. */
  readonly notice: string | null;
}

export interface Backend {
  readonly description: BackendDescription;
  /** Settles, with a reason for people, when the device is lost and the backend is unusable. Never rejects. */
  readonly lost: Promise<string>;
  /** Bytes that have been read back from the device to the CPU since the start, for the step's budget. */
  readonly bytesRead: number;

  /** A new tensor, zero unless `data` is given. The label names it in errors and GPU tools. */
  allocate(label: string, dtype: DType, shape: readonly number[], data?: TypedArray): DeviceTensor;
  /** Overwrites the whole tensor. Throws RangeError when the length differs. */
  write(tensor: DeviceTensor, data: TypedArray): void;
  /** Copies `source` to `target` on the device; equal dtype and element count. */
  copy(source: DeviceTensor, target: DeviceTensor): void;
  /**
   * Reads the tensor back, or its first `count` elements; counted in `bytesRead`. The result is the caller's own copy.
   */
  read(tensor: DeviceTensor, count?: number): Promise<TypedArray>;
  /** The same memory under another shape of equal element count; freeing either frees both. */
  reshape(tensor: DeviceTensor, shape: readonly number[]): DeviceTensor;
  free(tensor: DeviceTensor): void;

  /**
   * Compiles a serialized ONNX model. On WebGPU, fallback to the CPU is forbidden: a graph with a node that the GPU
   * cannot run is refused.
   * @throws Error naming `label` and the runtime's reason.
   */
  compile(label: string, model: Uint8Array): Promise<Session>;
  /**
   * Runs a graph: every input from, and every output into, tensors that are already there.
   * Calls are queued, one at a time. An output must not be an input of the same run.
   * @throws Error naming the session and the missing or ill-shaped tensor; or why the device was lost.
   */
  run(
    session: Session,
    inputs: Readonly<Record<string, DeviceTensor>>,
    outputs: Readonly<Record<string, DeviceTensor>>,
  ): Promise<void>;
  release(session: Session): Promise<void>;

  /** Runs a kernel. Ordered with `run`, `copy`, `read` and `write` as they are called and awaited. */
  dispatch<B extends string, P extends string>(
    kernel: Kernel<B, P>,
    buffers: Readonly<Record<B, DeviceTensor>>,
    parameters: Readonly<Record<P, number>>,
  ): void;
  /** Frees everything. The backend is unusable afterwards. */
  dispose(): Promise<void>;
}

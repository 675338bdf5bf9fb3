/**
 * What every backend refuses, with one wording: tensors that are missing, of the wrong type or shape, freed, another
 * backend's, or both read and written by one call.
 */
import type { InferenceSession } from 'onnxruntime-web';
import type { DType, Kernel, TypedArray } from '../kernels/kernel';
import type { DeviceTensor } from './backend';

/** Inputs and outputs of a compiled graph, as the runtime reports them. */
export interface Signature {
  readonly inputs: readonly InferenceSession.ValueMetadata[];
  readonly outputs: readonly InferenceSession.ValueMetadata[];
}

/** Elements of a tensor of `shape`. Throws RangeError naming `label` when a dimension is not a whole number from 0 on. */
export function elementCount(label: string, shape: readonly number[]): number {
  const bad = shape.find((size) => !Number.isSafeInteger(size) || size < 0);
  if (bad !== undefined) {
    throw new RangeError(`tensor "${label}" has shape [${shape.join(', ')}]; a dimension cannot be ${bad}`);
  }
  return shape.reduce((product, size) => product * size, 1);
}

/** Zeros of a dtype. */
export function zeros(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'uint32':
      return new Uint32Array(length);
  }
}

/** The dtype whose elements `data` holds. */
function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'uint32';
}

/** Checks that `data` fills a tensor of `dtype` and `length`: RangeError for its length, TypeError for its type. */
export function checkData(label: string, dtype: DType, length: number, data: TypedArray): void {
  if (dtypeOf(data) !== dtype)
    throw new TypeError(`tensor "${label}" is ${dtype}, but was given ${dtypeOf(data)} data`);
  if (data.length !== length) {
    throw new RangeError(`tensor "${label}" has ${length} elements, but was given ${data.length}`);
  }
}

/** Elements that a read takes: `count`, or all. Throws RangeError when the tensor has fewer. */
export function readCount(tensor: DeviceTensor, count?: number): number {
  const length = elementCount(tensor.label, tensor.shape);
  if (count === undefined) return length;
  if (Number.isInteger(count) && count >= 0 && count <= length) return count;
  throw new RangeError(`tensor "${tensor.label}" has ${length} elements; ${count} of them cannot be read`);
}

/** Checks that `target` can hold a copy of `source`. */
export function checkCopy(source: DeviceTensor, target: DeviceTensor): void {
  const from = elementCount(source.label, source.shape);
  const to = elementCount(target.label, target.shape);
  if (source.dtype !== target.dtype || from !== to) {
    throw new RangeError(
      `cannot copy "${source.label}" (${source.dtype}, ${from} elements) to "${target.label}" (${target.dtype}, ${to} elements)`,
    );
  }
}

/** Checks that `shape` has as many elements as the tensor. */
export function checkReshape(tensor: DeviceTensor, shape: readonly number[]): void {
  if (elementCount(tensor.label, shape) !== elementCount(tensor.label, tensor.shape)) {
    throw new RangeError(
      `tensor "${tensor.label}" of shape [${tensor.shape.join(', ')}] cannot take the shape [${shape.join(', ')}]`,
    );
  }
}

/** Checks one tensor against the graph's declaration; sizes of symbols ('batch') must agree within a run. */
function checkValue(
  where: string,
  declared: InferenceSession.ValueMetadata,
  tensor: DeviceTensor | undefined,
  symbols: Map<string, number>,
): void {
  if (tensor === undefined) throw new Error(`${where} "${declared.name}" is missing`);
  if (!declared.isTensor) throw new Error(`${where} "${declared.name}" is no tensor`);
  if (tensor.dtype !== declared.type) {
    throw new Error(
      `${where} "${declared.name}" is ${declared.type}, but the tensor "${tensor.label}" is ${tensor.dtype}`,
    );
  }
  const fits =
    declared.shape.length === tensor.shape.length &&
    declared.shape.every((size, axis) => {
      if (typeof size === 'number') return size === tensor.shape[axis];
      if (size === '') return true;
      if (!symbols.has(size)) symbols.set(size, tensor.shape[axis]);
      return symbols.get(size) === tensor.shape[axis];
    });
  if (!fits) {
    const wanted = declared.shape.map((size) =>
      typeof size === 'string' && symbols.has(size) ? `${size} = ${symbols.get(size)}` : size,
    );
    throw new Error(
      `${where} "${declared.name}" has shape [${wanted.join(', ')}], but the tensor "${tensor.label}" has [${tensor.shape.join(', ')}]`,
    );
  }
}

/**
 * Checks the tensors of a run against the graph.
 * @param memory what identifies a tensor's memory, so that reshaped views are seen to alias.
 */
export function checkRun(
  label: string,
  signature: Signature,
  inputs: Readonly<Record<string, DeviceTensor>>,
  outputs: Readonly<Record<string, DeviceTensor>>,
  memory: (tensor: DeviceTensor) => unknown,
): void {
  const symbols = new Map<string, number>();
  for (const declared of signature.inputs) {
    checkValue(`session "${label}": input`, declared, inputs[declared.name], symbols);
  }
  for (const declared of signature.outputs) {
    checkValue(`session "${label}": output`, declared, outputs[declared.name], symbols);
  }
  const known = (values: Signature['inputs'], name: string) => values.some((declared) => declared.name === name);
  for (const name of Object.keys(inputs)) {
    if (!known(signature.inputs, name)) throw new Error(`session "${label}" has no input "${name}"`);
  }
  const owners = new Map(Object.entries(inputs).map(([name, tensor]) => [memory(tensor), `input "${name}"`]));
  for (const [name, tensor] of Object.entries(outputs)) {
    if (!known(signature.outputs, name)) throw new Error(`session "${label}" has no output "${name}"`);
    const owner = owners.get(memory(tensor));
    if (owner !== undefined) {
      throw new Error(
        `session "${label}": output "${name}" and ${owner} are the same memory ("${tensor.label}"); give the output a tensor of its own`,
      );
    }
    owners.set(memory(tensor), `output "${name}"`);
  }
}

/** Checks a kernel's buffers and parameters, the kernel's own `check` included. */
export function checkDispatch<B extends string, P extends string>(
  kernel: Kernel<B, P>,
  buffers: Readonly<Record<B, DeviceTensor>>,
  parameters: Readonly<Record<P, number>>,
  memory: (tensor: DeviceTensor) => unknown,
): void {
  const lengths: Partial<Record<B, number>> = {};
  const owners = new Map<unknown, Kernel['bindings'][number]>();
  for (const binding of kernel.bindings) {
    const tensor: DeviceTensor | undefined = buffers[binding.name];
    if (tensor === undefined) throw new TypeError(`kernel ${kernel.name}: the buffer "${binding.name}" is missing`);
    if (tensor.dtype !== binding.dtype) {
      throw new TypeError(
        `kernel ${kernel.name}: "${binding.name}" is ${binding.dtype}, but the tensor "${tensor.label}" is ${tensor.dtype}`,
      );
    }
    const owner = owners.get(memory(tensor));
    if (owner !== undefined && (owner.access === 'read_write' || binding.access === 'read_write')) {
      throw new RangeError(
        `kernel ${kernel.name}: "${owner.name}" and "${binding.name}" are the same memory ("${tensor.label}")`,
      );
    }
    owners.set(memory(tensor), binding);
    lengths[binding.name] = elementCount(tensor.label, tensor.shape);
  }
  checkParameters(kernel, parameters);
  kernel.check(lengths as Record<B, number>, parameters);
}

const INTEGER_RANGES = { int32: [-0x80000000, 0x7fffffff], uint32: [0, 0xffffffff] } as const;

/** Checks that every parameter is given and fits its type. */
export function checkParameters<B extends string, P extends string>(
  kernel: Kernel<B, P>,
  parameters: Readonly<Record<P, number>>,
): void {
  for (const { name, dtype } of kernel.parameters) {
    const value: number | undefined = parameters[name];
    const range = dtype === 'float32' ? undefined : INTEGER_RANGES[dtype];
    const valid =
      range === undefined ? Number.isFinite(value) : Number.isInteger(value) && value >= range[0] && value <= range[1];
    if (!valid) throw new RangeError(`kernel ${kernel.name}: the parameter "${name}" must be ${dtype}, not ${value}`);
  }
}

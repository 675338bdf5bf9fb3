/**
 * What a kernel is: one computation, defined twice behind one interface. The CPU reference is the definition, plain
 * and readable; the WGSL twin in `shaders/` is the same thing on the GPU. A backend runs the one that fits it, and one
 * test body checks both.
 */

export type DType = 'float32' | 'int32' | 'uint32';
export type TypedArray = Float32Array | Int32Array | Uint32Array;

/** A storage buffer of a kernel, in binding order from 1 on; binding 0 is the uniform block of parameters. */
interface KernelBinding {
  readonly name: string;
  readonly dtype: DType;
  readonly access: 'read' | 'read_write';
}

/** A scalar of a kernel's uniform block, in order; each takes 4 bytes. */
interface KernelParameter {
  readonly name: string;
  readonly dtype: DType;
}

/** One dispatch of an entry point. A kernel may need several, run in order. */
export interface KernelDispatch {
  readonly entryPoint: string;
  /** Workgroups along x, y, z; none above 65,535 (the default limit of a dimension). */
  readonly workgroups: readonly [number, number, number];
}

/**
 * A kernel with bindings named `B` and parameters named `P`.
 * Invalid sizes throw RangeError naming the binding, from `check`, on every backend alike.
 */
export interface Kernel<B extends string = string, P extends string = string> {
  /** Also the name of its WGSL file: 'group-advantages' is shaders/group-advantages.wgsl. */
  readonly name: string;
  readonly bindings: readonly (KernelBinding & { readonly name: B })[];
  readonly parameters: readonly (KernelParameter & { readonly name: P })[];
  readonly wgsl: string;
  /** Throws RangeError when a buffer's length does not fit the parameters. */
  check(lengths: Readonly<Record<B, number>>, parameters: Readonly<Record<P, number>>): void;
  dispatches(parameters: Readonly<Record<P, number>>): readonly KernelDispatch[];
  /** The definition, on the CPU. Writes the read_write bindings in place. */
  reference(buffers: Readonly<Record<B, TypedArray>>, parameters: Readonly<Record<P, number>>): void;
}

/** A kernel, with the names of its bindings and parameters taken from its lists. */
export function defineKernel<const B extends string, const P extends string>(kernel: Kernel<B, P>): Kernel<B, P> {
  return kernel;
}

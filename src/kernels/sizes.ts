/**
 * Sizes that kernels share: checks of buffer lengths, and work laid out over workgroups.
 */
import type { KernelDispatch } from './kernel';

/** Workgroups that one dimension of a dispatch takes, by WebGPU's default limits. */
const MAX_WORKGROUPS = 65_535;

/** Invocations of a workgroup in every kernel whose work is one element or row an invocation. */
const INVOCATIONS = 64;

/** Throws RangeError unless the binding `name` has `expected` elements. */
export function requireLength(kernel: string, name: string, length: number, expected: number): void {
  if (length !== expected) {
    throw new RangeError(`kernel ${kernel}: "${name}" has ${length} elements, but the parameters need ${expected}`);
  }
}

/** Throws RangeError unless `holds`; `problem` says what is wrong with which parameter. */
export function requireThat(kernel: string, holds: boolean, problem: string): void {
  if (!holds) throw new RangeError(`kernel ${kernel}: ${problem}`);
}

/**
 * `count` workgroups as a grid within the limits. WGSL finds its place again by
 * `group.y * groups.x + group.x`, and must leave when that is not below the count.
 */
export function workgroupGrid(entryPoint: string, count: number): KernelDispatch {
  const x = Math.min(Math.max(count, 1), MAX_WORKGROUPS);
  return { entryPoint, workgroups: [x, Math.ceil(Math.max(count, 1) / x), 1] };
}

/** One invocation an item, 64 to a workgroup. */
export function invocationGrid(entryPoint: string, items: number): KernelDispatch {
  return workgroupGrid(entryPoint, Math.ceil(items / INVOCATIONS));
}

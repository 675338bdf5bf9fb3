/**
 * Processes that train one policy together, in steps that are the same for all: each computes a part of a step's gradients,
 * and all add them up.
 */
import type { Backend, DeviceTensor } from '../backends/backend';

export interface Peers {
  /** Of this process, from 0. */
  readonly rank: number;
  /** How many processes there are. */
  readonly size: number;
  /**
   * The sum of what all processes give, element by element and in the order of their ranks, so that all get the same bits.
   * All call it equally often, with arrays of the same length. The result may be in the memory of `values`, or be overwritten by
   * the next call.
   */
  sum(values: Float32Array): Promise<Float32Array>;
}

/** A process that trains by itself. */
export const ALONE: Peers = { rank: 0, size: 1, sum: (values) => Promise.resolve(values) };

/** Adds up tensors over all processes. */
export class PeerSum {
  private readonly backend: Backend;
  private readonly tensors: readonly DeviceTensor[];
  private readonly peers: Peers;
  /** What the others are told, one tensor after the other; the same memory each time. */
  private flat = new Float32Array(0);

  /** @param tensors float32; the same shapes in all processes. */
  constructor(backend: Backend, tensors: readonly DeviceTensor[], peers: Peers) {
    this.backend = backend;
    this.tensors = tensors;
    this.peers = peers;
  }

  /**
   * Overwrites the tensors with `scale` times their sums over all processes.
   * @returns the same of `figures`.
   */
  async update(figures: readonly number[], scale = 1): Promise<number[]> {
    const { backend, tensors, peers } = this;
    const parts = await Promise.all(tensors.map((tensor) => backend.read(tensor)));
    const length = parts.reduce((sum, part) => sum + part.length, figures.length);
    if (this.flat.length !== length) this.flat = new Float32Array(length);
    this.flat.set(figures);
    let end = figures.length;
    for (const part of parts) {
      this.flat.set(part, end);
      end += part.length;
    }
    const total = await peers.sum(this.flat);
    if (scale !== 1) total.forEach((value, index) => (total[index] = scale * value));
    end = figures.length;
    for (const [index, { length: count }] of parts.entries()) {
      backend.write(tensors[index], total.subarray(end, end + count));
      end += count;
    }
    return [...total.subarray(0, figures.length)];
  }
}

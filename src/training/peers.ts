/** Processes that train one policy together: each computes the gradients of its share of a step's passes. */
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

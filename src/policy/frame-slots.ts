/**
 * Graphs with fewer frame slots than the policy sees frames. An empty slot costs as much as a frame does, so batches whose
 * prompts all show one frame go through graphs of their own.
 */
import { type Architecture, frameCount } from './parameters';

/** Something for each number of frame slots that graphs are compiled for: one, and as many as the policy sees frames. */
export class BySlots<T> {
  /** One after the other, fewer slots first. */
  readonly each: readonly T[];

  private constructor(each: readonly T[]) {
    this.each = each;
  }

  /** Makes one after the other. */
  static async create<T>(a: Architecture, make: (slots: number) => T | Promise<T>): Promise<BySlots<T>> {
    const each: T[] = [];
    for (const slots of new Set([1, frameCount(a)])) each.push(await make(slots));
    return new BySlots(each);
  }

  /** That with the fewest slots that prompts of up to `frames` frames fit into. */
  fitting(frames: number): T {
    return frames > 1 ? this.each[this.each.length - 1] : this.each[0];
  }
}

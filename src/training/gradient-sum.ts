/**
 * Gradient accumulation: the gradients of several passes, each weighted by its share of the tokens, are those of one pass
 * over all their samples. So a large batch needs no more memory than a small one and a second set of gradients.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { accumulate } from '../kernels/accumulate';
import { elementCount } from '../policy/parameters';
import type { Weights } from '../policy/weights';

export class GradientSum {
  /** By weight name, as the passes' gradients are. */
  readonly gradients: Readonly<Record<string, DeviceTensor>>;
  private readonly backend: Backend;

  /** @param like tensors of the shapes that are added up. */
  constructor(backend: Backend, like: Weights) {
    this.backend = backend;
    this.gradients = Object.fromEntries(
      Object.entries(like).map(([name, { shape }]) => [
        name,
        backend.allocate(`sum of gradients of ${name}`, 'float32', shape),
      ]),
    );
  }

  /** Adds `share` times the gradients of pass `pass`; pass 0 begins the sum anew. */
  add(gradients: Weights, pass: number, share: number): void {
    for (const [name, sum] of Object.entries(this.gradients)) {
      const parameters = { count: elementCount(sum.shape), first: pass === 0 ? 1 : 0, scale: share };
      this.backend.dispatch(accumulate, { values: gradients[name], sum }, parameters);
    }
  }

  /** Makes the sum zero, where there is no pass to begin with. */
  clear(): void {
    for (const sum of Object.values(this.gradients)) {
      this.backend.write(sum, new Float32Array(elementCount(sum.shape)));
    }
  }
}

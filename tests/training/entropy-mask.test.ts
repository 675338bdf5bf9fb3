/** The entropy mask against torch.quantile's definition, with the entropies sorted. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { GraphBuilder } from '../../src/graph/builder';
import { writeOnnx } from '../../src/graph/onnx-file';
import { topEntropyMask } from '../../src/training/losses/entropy-mask';

const TOKENS = 60;

let backend: Backend;
let topTokens: (entropies: number[], mask: number[], top: number) => Promise<number[]>;

beforeAll(async () => {
  backend = await createNodeBackend();
  const g = new GraphBuilder('entropy mask');
  const [entropy, mask] = ['entropy', 'mask'].map((name) => g.input(name, 'float32', [TOKENS, 1]));
  const top = g.input('top', 'float32', [1]);
  g.output(topEntropyMask(g, entropy, mask, top, 'kept'), 'float32', [TOKENS, 1]);
  const session = await backend.compile('entropy mask', writeOnnx(g.build()));
  const tensors = {
    entropy: backend.allocate('entropy', 'float32', [TOKENS, 1]),
    mask: backend.allocate('mask', 'float32', [TOKENS, 1]),
    top: backend.allocate('top', 'float32', [1]),
  };
  const kept = backend.allocate('kept', 'float32', [TOKENS, 1]);
  topTokens = async (entropies, counting, share) => {
    backend.write(tensors.entropy, Float32Array.from(entropies));
    backend.write(tensors.mask, Float32Array.from(counting));
    backend.write(tensors.top, Float32Array.of(share));
    await backend.run(session, tensors, { kept });
    return [...(await backend.read(kept))];
  };
});
afterAll(() => backend.dispose());

/** TRL's mask: entropies from the interpolated quantile on. */
function expected(entropies: readonly number[], mask: readonly number[], top: number): number[] {
  const sorted = entropies.filter((_, i) => mask[i] === 1).sort((a, b) => a - b);
  const place = (sorted.length - 1) * (1 - top);
  // A place that is whole but for rounding is whole.
  const [below, above] = [sorted[Math.floor(place + 1e-9)], sorted[Math.ceil(place - 1e-9)]];
  const threshold = below === above ? below : below + (place - Math.floor(place)) * (above - below);
  return entropies.map((entropy, i) => Number(mask[i] === 1 && entropy >= threshold));
}

test('the kept tokens are those from the quantile on, ties and padding included', async () => {
  // Multiples of a sixteenth: ties happen, and no two values differ by rounding alone.
  const entropy = fc.integer({ min: 0, max: 100 }).map((n) => n / 16);
  const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: TOKENS, maxLength: TOKENS });
  const shares = fc.constantFrom(0.01, 0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9, 0.99);
  await fc.assert(
    fc.asyncProperty(list(entropy), list(fc.boolean()), shares, async (entropies, flags, top) => {
      const mask = flags.map(Number);
      if (!flags.includes(true)) mask[7] = 1;
      expect(await topTokens(entropies, mask, top)).toEqual(expected(entropies, mask, top));
    }),
    { numRuns: 200 },
  );
});

test('all tokens of one entropy, of none, and a batch without tokens', async () => {
  const ones = Array<number>(TOKENS).fill(1);
  expect(await topTokens(Array<number>(TOKENS).fill(1.5), ones, 0.2)).toEqual(ones);
  expect(await topTokens(Array<number>(TOKENS).fill(0), ones, 0.2)).toEqual(ones);
  const none = Array<number>(TOKENS).fill(0);
  expect(await topTokens(Array<number>(TOKENS).fill(1.5), none, 0.2)).toEqual(none);
});

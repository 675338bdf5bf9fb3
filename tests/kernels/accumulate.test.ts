/** Sums over passes against doubles, and a first pass that forgets what was there. */
import { describe, expect, test } from 'vitest';
import { accumulate } from '../../src/kernels/accumulate';
import { stream } from '../../src/random';
import { DEVICES, worstError } from './support';

describe.each(DEVICES)('accumulate on $name', ({ run }) => {
  test('adds scaled values up, beginning anew where asked to', async () => {
    for (const count of [1, 64, 1000]) {
      const random = stream(3, 'passes', count);
      const passes = [0.25, 0.5, 0.125].map((scale) => ({
        scale,
        values: Float32Array.from({ length: count }, () => random.normal()),
      }));
      let sum = new Float32Array(count).fill(NaN);
      for (const [pass, { scale, values }] of passes.entries()) {
        const result = await run(accumulate, { values, sum }, { count, first: pass === 0 ? 1 : 0, scale });
        sum = Float32Array.from(result.sum);
      }
      const expected = Array.from({ length: count }, (_, i) =>
        passes.reduce((total, { scale, values }) => total + scale * values[i], 0),
      );
      expect(worstError(sum, expected)).toBeLessThan(1e-6);
    }
  });

  test('keeps NaN in the values, so that divergence is still seen', async () => {
    const values = Float32Array.of(1, NaN);
    const { sum } = await run(accumulate, { values, sum: Float32Array.of(1, 1) }, { count: 2, first: 0, scale: 1 });
    expect(sum[0]).toBe(2);
    expect(sum[1]).toBeNaN();
  });
});

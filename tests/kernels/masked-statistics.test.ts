import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskedStatistics } from '../../src/kernels/masked-statistics';
import { DEVICES, type KernelDevice, worstError } from './support';

async function statistics(run: KernelDevice['run'], values: number[], mask?: number[]): Promise<number[]> {
  const { metrics } = await run(
    maskedStatistics,
    {
      values: Float32Array.from(values),
      mask: Float32Array.from(mask ?? values),
      metrics: new Float32Array(18).fill(77),
    },
    { count: values.length, slot: 1, masked: mask === undefined ? 0 : 1 },
  );
  expect([...metrics.slice(0, 6), ...metrics.slice(12)]).toEqual(Array(12).fill(77));
  return Array.from(metrics.subarray(6, 12));
}

describe.each(DEVICES)('masked-statistics on $name', ({ run }) => {
  test('count, sum, mean, min, max and sample deviation', async () => {
    const expected = [4, 10, 2.5, 1, 4, Math.sqrt(5 / 3)];
    expect(worstError(await statistics(run, [1, 2, 3, 4]), expected)).toBeLessThan(1e-6);
    expect(worstError(await statistics(run, [1, 99, 2, 3, -99, 4], [1, 0, 1, 1, 0, 1]), expected)).toBeLessThan(1e-6);
  });

  test('of nothing, all are 0; of one value, the deviation is', async () => {
    expect(await statistics(run, [5, 6], [0, 0])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await statistics(run, [5, 6], [0, 1])).toEqual([1, 6, 6, 6, 6, 0]);
    expect(await statistics(run, [])).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('a small spread far from 0 is not lost', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => 4096 + (i % 2));
    const [, , mean, , , deviation] = await statistics(run, values);
    expect(mean).toBeCloseTo(4096.5, 2);
    expect(deviation).toBeCloseTo(Math.sqrt(250 / 999), 3);
  });

  test('any values and masks', async () => {
    const value = fc.float({ min: -1000, max: 1000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(value, fc.constantFrom(0, 1)), { minLength: 1, maxLength: 700 }),
        async (pairs) => {
          const kept = pairs.filter(([, m]) => m === 1).map(([v]) => v);
          const n = kept.length;
          const sum = kept.reduce((a, b) => a + b, 0);
          const squares = kept.reduce((a, b) => a + (b - sum / n) ** 2, 0);
          const expected =
            n === 0
              ? [0, 0, 0, 0, 0, 0]
              : [n, sum, sum / n, Math.min(...kept), Math.max(...kept), n === 1 ? 0 : Math.sqrt(squares / (n - 1))];
          const result = await statistics(
            run,
            pairs.map(([v]) => v),
            pairs.map(([, m]) => m),
          );
          // A sum of values of either sign may cancel: its error is measured against their sizes.
          expect(worstError(result, expected, 1 + kept.reduce((a, b) => a + Math.abs(b), 0))).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 30, seed: 13 },
    );
  });
});

/** Curves: the moving average against its closed form, decimation against what it must keep. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curve, debiasedAverage, decimate, roundTicks } from '../../src/app/series';
import type { MetricPoint } from '../../src/app/store';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

test('the average is the weighted mean of all values so far, newest first', () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 0.99, noNaN: true }), (series, weight) => {
      const average = debiasedAverage(series, weight);
      series.forEach((_, end) => {
        const weights = series.slice(0, end + 1).map((_value, i) => weight ** (end - i));
        const total = weights.reduce((a, b) => a + b, 0);
        const mean = weights.reduce((sum, w, i) => sum + w * series[i], 0) / total;
        expect(average[end]).toBeCloseTo(mean, 4);
      });
    }),
  );
});

test('a constant stays what it is from the first step on', () => {
  for (const value of debiasedAverage([3, 3, 3], 0.98)) expect(value).toBeCloseTo(3, 10);
});

test('a step that is not a number leaves the average where it was', () => {
  expect(debiasedAverage([1, Number.NaN, 1], 0.5)).toEqual([1, 1, 1]);
  expect(debiasedAverage([Number.NaN], 0.5)[0]).toBeNaN();
});

test('a weight outside [0, 1) is refused', () => {
  expect(() => debiasedAverage([1], 1)).toThrow(/smoothing weight 1/);
});

test('decimation keeps the ends, the extremes and the order, within the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true }), { maxLength: 2000 }),
      fc.integer({ min: 4, max: 100 }),
      (series, limit) => {
        const points = series.map((value, step) => ({ step, value }));
        const kept = decimate(points, limit, ({ value }) => value);
        expect(kept.length).toBeLessThanOrEqual(Math.max(limit, 0));
        if (points.length === 0) return;
        expect(kept[0]).toBe(points[0]);
        expect(kept.at(-1)).toBe(points.at(-1));
        const keptValues = kept.map(({ value }) => value);
        expect(Math.max(...keptValues)).toBe(Math.max(...series));
        expect(Math.min(...keptValues)).toBe(Math.min(...series));
        kept.forEach(({ step }, i) => i > 0 && expect(step).toBeGreaterThan(kept[i - 1].step));
      },
    ),
  );
});

test('a curve has the steps that have its metric, and its band from spread or bounds', () => {
  const points: MetricPoint[] = [
    { phase: 'grpo', step: 1, metrics: { a: 1, std: 0.5, low: 0, high: 4 } },
    { phase: 'grpo', step: 2, metrics: { other: 1 } },
    { phase: 'grpo', step: 3, metrics: { a: 3 } },
  ];
  expect(curve(points, 'a', { std: 'std' }, 0)).toEqual([
    { step: 1, raw: 1, smooth: 1, band: [0.5, 1.5] },
    { step: 3, raw: 3, smooth: 3, band: null },
  ]);
  expect(curve(points, 'a', { low: 'low', high: 'high' }, 0)[0].band).toEqual([0, 4]);
});

test('ticks are round, few, and enclose the values', () => {
  expect(roundTicks([0, 0])).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(roundTicks([0.34, 0.81])).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 }),
      fc.integer({ min: -9, max: 6 }),
      (mantissas, exponent) => {
        const values = mantissas.map((mantissa) => mantissa * 10 ** exponent);
        const ticks = roundTicks(values);
        const slack = 1e-6 * (ticks[ticks.length - 1] - ticks[0]);
        expect(ticks[0]).toBeLessThanOrEqual(Math.min(...values) + slack);
        expect(ticks[ticks.length - 1]).toBeGreaterThanOrEqual(Math.max(...values) - slack);
        expect(ticks.length).toBeGreaterThanOrEqual(3);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(new Set(ticks).size).toBe(ticks.length);
      },
    ),
  );
});

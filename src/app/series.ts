/**
 * From metrics to curves: a debiased moving average over the raw values, and a decimation that keeps every bucket's
 * extremes, so that a spike of one step is still there when ten thousand are drawn.
 */
import type { MetricPoint } from './store';

/** A step of a curve. `low` and `high` bound the band; absent where the metric that they come from is. */
export interface CurvePoint {
  readonly step: number;
  readonly raw: number;
  readonly smooth: number;
  readonly band: readonly [number, number] | null;
}

/** Where a band comes from: a standard deviation around the mean, or a lower and an upper metric. */
export type BandSource = { readonly std: string } | { readonly low: string; readonly high: string };

/**
 * Exponential moving average, divided by the weight seen so far, so that the first values are not drawn towards 0.
 * Non-finite values leave the average as it is.
 * @param weight of the past, in [0, 1); 0 gives the values back.
 */
export function debiasedAverage(values: readonly number[], weight: number): number[] {
  if (!(weight >= 0 && weight < 1)) throw new RangeError(`smoothing weight ${weight} is not in [0, 1)`);
  let sum = 0;
  let seen = 0;
  return values.map((value) => {
    if (Number.isFinite(value)) {
      sum = weight * sum + (1 - weight) * value;
      seen = weight * seen + (1 - weight);
    }
    return seen === 0 ? Number.NaN : sum / seen;
  });
}

/**
 * At most `limit` of the points: the first, the last, and of each bucket between them the lowest and the highest.
 * The order is kept.
 */
export function decimate<T>(points: readonly T[], limit: number, valueOf: (point: T) => number): T[] {
  if (limit < 4) throw new RangeError(`decimate: a limit of ${limit} is less than 4`);
  if (points.length <= limit) return [...points];
  const buckets = Math.floor((limit - 2) / 2);
  const inner = points.length - 2;
  const kept = new Set([0, points.length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * inner) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * inner) / buckets);
    let lowest = from;
    let highest = from;
    for (let i = from; i < to; i++) {
      if (valueOf(points[i]) < valueOf(points[lowest])) lowest = i;
      if (valueOf(points[i]) > valueOf(points[highest])) highest = i;
    }
    kept.add(lowest).add(highest);
  }
  return [...kept].toSorted((a, b) => a - b).map((index) => points[index]);
}

/** The curve of one metric, of the steps that have it, before decimation. */
export function curve(
  points: readonly MetricPoint[],
  metric: string,
  band: BandSource | null,
  weight: number,
): CurvePoint[] {
  const present = points.filter((point) => point.metrics[metric] !== undefined);
  const average = debiasedAverage(
    present.map((point) => point.metrics[metric]),
    weight,
  );
  return present.map(({ step, metrics }, index) => ({
    step,
    raw: metrics[metric],
    smooth: average[index],
    band: band && bandOf(metrics, metrics[metric], band),
  }));
}

/**
 * Round ticks, four to six, whose ends enclose the values. Values that hardly differ are given room around them, so that a
 * constant is drawn as a line in the middle and not as noise.
 */
export function roundTicks(values: readonly number[]): number[] {
  const finite = values.filter(Number.isFinite);
  let low = finite.length > 0 ? finite.reduce((a, b) => Math.min(a, b)) : 0;
  let high = finite.length > 0 ? finite.reduce((a, b) => Math.max(a, b)) : 1;
  const magnitude = Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= 0.01 * magnitude || magnitude === 0) {
    const room = magnitude === 0 ? 1 : 0.02 * magnitude;
    [low, high] = [magnitude === 0 ? 0 : low - room, high + room];
  }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function bandOf(
  metrics: Readonly<Record<string, number>>,
  value: number,
  source: BandSource,
): readonly [number, number] | null {
  if ('std' in source) {
    const std = metrics[source.std];
    return std === undefined ? null : [value - std, value + std];
  }
  const low = metrics[source.low];
  const high = metrics[source.high];
  return low === undefined || high === undefined ? null : [low, high];
}

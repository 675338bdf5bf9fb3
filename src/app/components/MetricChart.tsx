/**
 * One metric over the steps: the raw values faint, their moving average bold, their spread as a band.
 */
import { memo, useMemo } from 'react';
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { BARE_AXIS, DRAWN_AXIS, GRID_LINE, LINE_CURSOR, spanning } from '../chart-style';
import type { ChartSpec } from '../charts';
import { formatNumber } from '../format';
import { curve, decimate, roundTicks, type CurvePoint } from '../series';
import type { MetricPoint } from '../store';
import { Explain } from './Explain';

/** Most points that are drawn; more would slow SVG down without being seen. */
const DRAWN = 400;

interface Properties {
  readonly spec: ChartSpec;
  readonly points: readonly MetricPoint[];
  readonly smoothing: number;
}

export const MetricChart = memo(function MetricChart({ spec, points, smoothing }: Properties) {
  const whole = useMemo(() => curve(points, spec.metric, spec.band, smoothing), [points, spec, smoothing]);
  const drawn = useMemo(() => decimate(whole, DRAWN, ({ raw }) => raw), [whole]);
  const ticks = useMemo(() => roundTicks(drawn.flatMap(({ raw, band }) => [raw, ...(band ?? [])])), [drawn]);
  const newest = whole.at(-1);
  return (
    <figure className="chart" data-wide={spec.wide} data-points={whole.length} data-metric={spec.metric}>
      <figcaption>
        <span className="chart-title">
          {spec.title} {spec.term && <Explain term={spec.term} />}
        </span>
        {newest && (
          <span className="chart-value">
            <span className="number">{formatNumber(newest.smooth)}</span>
            {spec.unit && <span className="muted"> {spec.unit}</span>}
          </span>
        )}
        <span className="visually-hidden">{summary(spec, whole)}</span>
      </figcaption>
      {whole.length === 0 ? (
        <p className="chart-empty">{spec.expectation}</p>
      ) : (
        <div className="chart-area">
          <ResponsiveContainer width="100%" height="100%" minWidth={0} minHeight={0}>
            <ComposedChart
              data={drawn}
              syncId="step"
              syncMethod={nearestStep}
              margin={{ top: 4, right: 6, bottom: 0, left: 0 }}
              title={spec.title}
            >
              <CartesianGrid vertical={false} stroke={GRID_LINE} />
              <XAxis
                dataKey="step"
                type="number"
                domain={[0, 'dataMax']}
                allowDecimals={false}
                {...DRAWN_AXIS}
                height={18}
                minTickGap={24}
              />
              <YAxis width={50} {...spanning(ticks)} interval={0} {...BARE_AXIS} tickFormatter={formatNumber} />
              <Tooltip
                content={({ active, payload }) => {
                  const point: CurvePoint | undefined = active ? payload?.[0]?.payload : undefined;
                  return point ? <ChartTooltip spec={spec} point={point} /> : null;
                }}
                cursor={LINE_CURSOR}
                isAnimationActive={false}
                position={{ y: -6 }}
                offset={6}
              />
              {spec.band && (
                <Area
                  dataKey="band"
                  stroke="none"
                  fill="var(--accent)"
                  fillOpacity={0.13}
                  isAnimationActive={false}
                  activeDot={false}
                />
              )}
              <Line
                dataKey="raw"
                stroke="var(--accent)"
                strokeOpacity={0.35}
                strokeWidth={1}
                dot={drawn.length === 1}
                activeDot={false}
                isAnimationActive={false}
              />
              <Line
                dataKey="smooth"
                stroke="var(--accent)"
                strokeWidth={2}
                dot={drawn.length === 1}
                activeDot={{ r: 3 }}
                isAnimationActive={false}
              />
            </ComposedChart>
          </ResponsiveContainer>
        </div>
      )}
    </figure>
  );
});

/** Charts drop different steps when they are decimated: hovering finds the nearest that is there. */
function nearestStep(ticks: readonly { value: unknown }[], { activeLabel }: { activeLabel?: string | number }): number {
  const step = Number(activeLabel);
  let nearest = 0;
  ticks.forEach(({ value }, index) => {
    if (Math.abs(Number(value) - step) < Math.abs(Number(ticks[nearest].value) - step)) nearest = index;
  });
  return nearest;
}

/** One line, at the top: every chart shows one at the same step, and none may hide its curve. */
function ChartTooltip({ spec, point }: { readonly spec: ChartSpec; readonly point: CurvePoint }) {
  return (
    <div className="tooltip chart-tooltip">
      <span className="muted">step {point.step}</span> <strong>{formatNumber(point.smooth)}</strong>{' '}
      <span className="muted">raw</span> {formatNumber(point.raw)}
      {point.band && <span className="muted">{spread(spec, point.raw, point.band)}</span>}
    </div>
  );
}

function spread(spec: ChartSpec, value: number, [low, high]: readonly [number, number]): string {
  const isStd = spec.band !== null && 'std' in spec.band;
  return isStd ? ` ± ${formatNumber(high - value)}` : ` (${formatNumber(low)} to ${formatNumber(high)})`;
}

/** The chart in a sentence, for those who do not see it. */
function summary(spec: ChartSpec, points: readonly CurvePoint[]): string {
  if (points.length === 0) return 'no steps yet';
  const values = points.map(({ raw }) => raw);
  const [first, last] = [points[0], points[points.length - 1]];
  return `${points.length} steps, from ${formatNumber(first.smooth)} at step ${first.step} to ${formatNumber(last.smooth)} at step ${last.step} smoothed; lowest ${formatNumber(Math.min(...values))}, highest ${formatNumber(Math.max(...values))} ${spec.unit}`;
}

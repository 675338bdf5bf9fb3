/**
 * What a number earns by its error, live while the settings change: the reward that the run uses in colour, the others faint.
 * The legend tells what each earns at the pointer, so that nothing covers the curves.
 */
import { useMemo, useState } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  type MouseHandlerDataParam,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { rewardNamed } from '../../kernels/rewards/registry';
import { BARE_AXIS, DRAWN_AXIS, GRID_LINE, LINE_CURSOR, spanning } from '../chart-style';
import { formatNumber, formatReward } from '../format';
import { useLabState } from '../lab-context';
import { ERRORS, type RewardCurve, rewardCurves, rewardOf } from '../reward-curve';
import { roundTicks } from '../series';

/** By curve, so that they are told apart without colour. */
const DASHES = ['1 3', '6 4', '14 4', '9 3 1 3', '4 2 1 2 1 2', '2 5', '5 6'];
const ERROR_TICKS = [-1, -0.5, 0, 0.5, 1, 1.5, 2];
/** What an axis measures. */
const LABEL = { fill: 'var(--muted)', fontSize: 11.5 } as const;

const signed = (error: number) => (error > 0 ? `+${formatNumber(error)}` : formatNumber(error));

interface Style {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeOpacity: number;
  readonly strokeDasharray?: string;
}

/** The chosen reward in colour, its last shape dashed. */
function styleOf(curves: readonly RewardCurve[], index: number): Style {
  const { chosen } = curves[index];
  if (!chosen) {
    return { stroke: 'var(--muted)', strokeWidth: 1, strokeOpacity: 0.6, strokeDasharray: DASHES[index] };
  }
  const first = curves.findIndex((curve) => curve.chosen);
  return {
    stroke: 'var(--accent)',
    strokeWidth: 2.5,
    strokeOpacity: 1,
    ...(index === first ? {} : { strokeDasharray: '6 4' }),
  };
}

export function RewardPlot() {
  const draft = useLabState((state) => state.draft);
  const current = useMemo(() => rewardOf(draft), [draft]);
  // While a setting is half typed, what was last whole stays.
  const [shown, setShown] = useState(current);
  /** Which of ERRORS the pointer is at. */
  const [pointed, setPointed] = useState<number | null>(null);
  if (current && current !== shown) setShown(current);
  const curves = useMemo(() => (shown ? rewardCurves(shown) : []), [shown]);
  if (!shown) return <p className="empty">The rewards are plotted once their settings are valid.</p>;

  const reward = rewardNamed(shown.function);
  const point = ({ isTooltipActive, activeTooltipIndex }: MouseHandlerDataParam) =>
    setPointed(isTooltipActive ? Number(activeTooltipIndex) : null);
  const points = ERRORS.map((_, index) => index);
  const ticks = roundTicks([0, ...curves.flatMap(({ rewards }) => rewards)]);
  const chosen = curves.filter((curve) => curve.chosen);
  return (
    <figure className="reward-plot" data-reward={reward.name}>
      <figcaption>
        <strong>{reward.title}</strong> <code>{reward.description}</code>
        <span className="visually-hidden">{chosen.map(summary).join(' ')}</span>
      </figcaption>
      <div className="reward-plot-area">
        <ResponsiveContainer width="100%" height="100%" minWidth={0} minHeight={0}>
          <LineChart
            data={points}
            margin={{ top: 6, right: 10, bottom: 4, left: 0 }}
            title="Reward over the relative error"
            onMouseMove={point}
            onTouchMove={point}
            onMouseLeave={() => setPointed(null)}
          >
            <CartesianGrid vertical={false} stroke={GRID_LINE} />
            <XAxis
              dataKey={(index: number) => ERRORS[index]}
              type="number"
              {...spanning(ERROR_TICKS)}
              interval={0}
              {...DRAWN_AXIS}
              tickFormatter={signed}
              height={36}
              label={{
                value: 'relative error, (answer − truth) / truth',
                position: 'insideBottom',
                offset: 0,
                ...LABEL,
              }}
            />
            <YAxis
              width={52}
              {...spanning(ticks)}
              interval={0}
              {...BARE_AXIS}
              tickFormatter={formatNumber}
              label={{
                value: 'reward',
                angle: -90,
                position: 'insideLeft',
                offset: 8,
                ...LABEL,
              }}
            />
            <Tooltip
              content={({ active, payload }) => {
                const index: number | undefined = active ? payload?.[0]?.payload : undefined;
                return index === undefined ? null : <div className="tooltip muted">error {signed(ERRORS[index])}</div>;
              }}
              cursor={LINE_CURSOR}
              isAnimationActive={false}
            />
            {curves
              .map((curve, at) => ({ curve, style: styleOf(curves, at) }))
              // The chosen ones last, on top of the others.
              .toSorted((a, b) => Number(a.curve.chosen) - Number(b.curve.chosen))
              .map(({ curve, style }) => (
                <Line
                  key={curve.id}
                  dataKey={(index: number) => curve.rewards[index]}
                  name={curve.title}
                  dot={false}
                  activeDot={curve.chosen && { r: 3 }}
                  isAnimationActive={false}
                  {...style}
                />
              ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
      <ul className="reward-legend">
        {curves.map((curve, at) => (
          <li key={curve.id} data-chosen={curve.chosen}>
            <svg width="28" height="8" aria-hidden="true">
              <line x1="0" y1="4" x2="28" y2="4" {...styleOf(curves, at)} />
            </svg>
            {curve.title}
            {pointed !== null && <strong className="number">{formatReward(curve.rewards[pointed])}</strong>}
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** A curve in a sentence, for those who do not see it. */
function summary({ title, rewards }: RewardCurve): string {
  const told = [0, 0.1, 0.25, 0.5, 1].map((error) => {
    const at = ERRORS.indexOf(error);
    return `${formatReward(rewards[at])} at ${signed(error)}`;
  });
  return `${title}: ${told.join(', ')}.`;
}

/** The charts of an evaluation: tasks with intervals, errors against truths, rewards. `data-chart` is the title that PNG files give them. */
import { type ReactNode, useState } from 'react';
import {
  Bar,
  BarChart,
  CartesianGrid,
  ErrorBar,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { EvaluationResults } from '../../evaluation/evaluation';
import { BAR_CURSOR, BARE_AXIS, DRAWN_AXIS, GRID_LINE, spanning } from '../chart-style';
import { formatNumber, formatSigned } from '../format';
import { roundTicks } from '../series';
import { taskTitle } from '../tasks';
import { errorPoints, numericTasks, rewardHistogram } from './distributions';
import type { ResultSample } from './evaluation';
import { figureText, intervalText, type TaskBars, taskBars } from './figures';

const SERIES = ['var(--accent)', 'var(--warm)'] as const;
/** Pixels of a task's row, for each evaluation, and of the axis below. */
const [ROW, BAR, FOOT] = [18, 16, 26];

interface FrameProperties {
  readonly title: string;
  /** The chart in a sentence, for those who do not see it. */
  readonly summary: string;
  readonly height: number;
  readonly wide?: boolean;
  readonly head?: ReactNode;
  /** What stands in the place of a chart that has nothing to draw. */
  readonly empty?: string | null;
  readonly children: ReactNode;
}

function ChartFrame({ title, summary, height, wide = false, head, empty = null, children }: FrameProperties) {
  return (
    <figure className="results-chart" data-chart={title} data-wide={wide}>
      <figcaption>
        <span className="chart-title">{title}</span>
        {head}
        <span className="visually-hidden">{summary}</span>
      </figcaption>
      {empty ? (
        <p className="chart-empty">{empty}</p>
      ) : (
        <div style={{ height }}>
          <ResponsiveContainer width="100%" height="100%" minWidth={0} minHeight={0}>
            {children}
          </ResponsiveContainer>
        </div>
      )}
    </figure>
  );
}

interface TaskProperties {
  readonly benchmark: string;
  readonly evaluations: readonly EvaluationResults[];
}

export function TaskChart({ benchmark, evaluations }: TaskProperties) {
  const bars = taskBars(benchmark, evaluations);
  const title = evaluations[0].benchmarks.find((result) => result.benchmark === benchmark)?.title ?? benchmark;
  const data = bars.map((bar) => ({
    bar,
    title: bar.title,
    chance: bar.chance,
    values: bar.figures.map((figure) => figure?.value ?? null),
    errors: bar.figures.map((figure) =>
      figure?.interval ? [figure.value - figure.interval[0], figure.interval[1] - figure.value] : null,
    ),
  }));
  const summary = bars.map((bar) => `${bar.title}: ${bar.figures.map(figureText).join(' and ')} percent`).join('; ');
  return (
    <ChartFrame
      title={`${title}${evaluations[0].origin === 'synthetic' ? ', synthetic' : ''}: percent by task`}
      summary={summary}
      height={FOOT + bars.length * (ROW + BAR * evaluations.length)}
      wide
      head={<Legend evaluations={evaluations} />}
    >
      <BarChart
        data={data}
        layout="vertical"
        margin={{ top: 0, right: 12, bottom: 0, left: 0 }}
        barGap={1}
        title={title}
      >
        <CartesianGrid horizontal={false} stroke={GRID_LINE} />
        <XAxis type="number" domain={[0, 100]} ticks={[0, 25, 50, 75, 100]} {...DRAWN_AXIS} height={20} />
        <YAxis type="category" dataKey="title" width={128} interval={0} {...DRAWN_AXIS} />
        <Tooltip
          isAnimationActive={false}
          cursor={BAR_CURSOR}
          content={({ active, payload }) => {
            const bar: TaskBars | undefined = active ? payload?.[0]?.payload?.bar : undefined;
            return bar ? <TaskTooltip bar={bar} evaluations={evaluations} /> : null;
          }}
        />
        {evaluations.map((evaluation, index) => (
          <Bar
            key={index}
            name={evaluation.policy}
            dataKey={(row: (typeof data)[number]) => row.values[index]}
            fill={SERIES[index]}
            barSize={BAR - 6}
            isAnimationActive={false}
          >
            <ErrorBar
              dataKey={(row: (typeof data)[number]) => row.errors[index]}
              direction="x"
              width={3}
              stroke="var(--ink)"
              isAnimationActive={false}
            />
          </Bar>
        ))}
        <Bar name="Chance" dataKey="chance" fill="var(--line-strong)" barSize={4} isAnimationActive={false} />
      </BarChart>
    </ChartFrame>
  );
}

function Legend({ evaluations }: Pick<TaskProperties, 'evaluations'>) {
  return (
    <span className="results-legend">
      {evaluations.map(({ policy }, index) => (
        <span key={index}>
          <i data-color={policy} style={{ background: SERIES[index] }} /> {policy}
        </span>
      ))}
      <span>
        <i data-color="chance" style={{ background: 'var(--line-strong)' }} /> chance
      </span>
    </span>
  );
}

interface TooltipProperties extends Pick<TaskProperties, 'evaluations'> {
  readonly bar: TaskBars;
}

function TaskTooltip({ bar, evaluations }: TooltipProperties) {
  return (
    <div className="tooltip">
      <strong>{bar.title}</strong>
      {evaluations.map(({ policy }, index) => (
        <div key={index}>
          {policy}: {figureText(bar.figures[index])} <span className="muted">{intervalText(bar.figures[index])}</span>
        </div>
      ))}
      {bar.chance !== null && <div className="muted">chance: {bar.chance.toFixed(1)}</div>}
    </div>
  );
}

interface SampleProperties {
  readonly samples: readonly ResultSample[];
  /** The policy, where the other charts are of two. */
  readonly of: string | null;
}

export function ErrorChart({ samples, of }: SampleProperties) {
  const tasks = numericTasks(samples);
  const [chosen, setChosen] = useState<string | null>(null);
  const task = chosen !== null && tasks.includes(chosen) ? chosen : tasks.at(0);
  if (task === undefined) return null;
  const points = errorPoints(samples, task);
  const unit = samples.find((sample) => sample.task === task)?.sample?.unit;
  const ticks = roundTicks([0, ...points.map(({ error }) => error)]);
  const truths = roundTicks(points.map(({ truth }) => truth));
  const asked = samples.filter((sample) => sample.task === task).length;
  const inUnit = unit ? `, ${unit}` : '';
  return (
    <ChartFrame
      title={`${taskTitle(task)}: answer minus truth, against the truth${inUnit}${ofPolicy(of)}`}
      summary={`${points.length} of ${asked} answers are numbers; ${points.filter(({ error }) => error > 0).length} too large, ${points.filter(({ error }) => error < 0).length} too small`}
      height={220}
      empty={points.length === 0 ? `None of the ${asked} answers is a number.` : null}
      head={
        <select
          className="input"
          aria-label="Task of the errors"
          value={task}
          onChange={({ target }) => setChosen(target.value)}
        >
          {tasks.map((name) => (
            <option key={name} value={name}>
              {taskTitle(name)}
            </option>
          ))}
        </select>
      }
    >
      <ScatterChart margin={{ top: 6, right: 12, bottom: 0, left: 0 }} title="Error against truth">
        <CartesianGrid stroke={GRID_LINE} />
        <XAxis
          type="number"
          dataKey="truth"
          {...spanning(truths)}
          {...DRAWN_AXIS}
          height={20}
          tickFormatter={formatNumber}
        />
        <YAxis
          type="number"
          dataKey="error"
          {...spanning(ticks)}
          width={50}
          {...BARE_AXIS}
          tickFormatter={formatNumber}
        />
        <ReferenceLine y={0} stroke="var(--muted)" />
        <Tooltip
          isAnimationActive={false}
          cursor={false}
          content={({ active, payload }) => {
            const point: (typeof points)[number] | undefined = active ? payload?.[0]?.payload : undefined;
            return point ? (
              <div className="tooltip">
                {point.id}: truth {formatNumber(point.truth)}, error {formatSigned(point.error)}
              </div>
            ) : null;
          }}
        />
        <Scatter data={points} fill="var(--accent)" fillOpacity={0.55} isAnimationActive={false} />
      </ScatterChart>
    </ChartFrame>
  );
}

const ofPolicy = (policy: string | null) => (policy === null ? '' : ` (${policy})`);

export function RewardChart({ samples, of }: SampleProperties) {
  const bins = rewardHistogram(samples);
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (count === 0) return null;
  const data = bins.map((bin) => ({ ...bin, title: bin.from.toFixed(1) }));
  return (
    <ChartFrame
      title={`EDNM reward of ${count} numeric answers${ofPolicy(of)}`}
      summary={bins.map((bin) => `${bin.from.toFixed(1)} to ${bin.to.toFixed(1)}: ${bin.count}`).join('; ')}
      height={220}
    >
      <BarChart data={data} margin={{ top: 6, right: 12, bottom: 0, left: 0 }} barCategoryGap={1} title="EDNM reward">
        <CartesianGrid vertical={false} stroke={GRID_LINE} />
        <XAxis dataKey="title" {...DRAWN_AXIS} height={20} interval={0} />
        <YAxis width={50} {...BARE_AXIS} allowDecimals={false} />
        <Tooltip
          isAnimationActive={false}
          cursor={BAR_CURSOR}
          content={({ active, payload }) => {
            const bin: (typeof data)[number] | undefined = active ? payload?.[0]?.payload : undefined;
            return bin ? (
              <div className="tooltip">
                {bin.from.toFixed(1)} to {bin.to.toFixed(1)}: {bin.count} answers
              </div>
            ) : null;
          }}
        />
        <Bar dataKey="count" fill="var(--accent)" isAnimationActive={false} />
      </BarChart>
    </ChartFrame>
  );
}

/**
 * The run's curves: a small chart a metric, all of one phase, synchronized by step.
 */
import { Slider } from '@base-ui/react/slider';
import type { RunPhase } from '../../lab/protocol';
import { actions } from '../actions';
import { chartSpecs } from '../charts';
import { useLab, useLabState, useThrottled } from '../lab-context';
import { PANELS } from '../loop';
import type { MetricPoint } from '../store';
import { ActionMenu } from './ActionMenu';
import { Explain } from './Explain';
import { MetricChart } from './MetricChart';

/** Milliseconds between two drawings of the curves. */
const REDRAW = 250;
const DOWNLOADS = [actions.downloadMetrics, actions.downloadConfig, actions.exportPolicy, actions.downloadCheckpoint];
const NO_POINTS: readonly MetricPoint[] = [];
const PHASES: readonly (readonly [RunPhase, string])[] = [
  ['cold_start', 'Cold start'],
  ['grpo', 'GRPO'],
];

export function CurvesPanel() {
  const { store } = useLab();
  const points = useThrottled(
    useLabState((state) => state.run?.metrics ?? NO_POINTS),
    REDRAW,
  );
  const smoothing = useLabState((state) => state.smoothing);
  const phase = useLabState((state) => state.shownPhase ?? state.run?.status.phase ?? 'grpo');
  const shown = points.filter((point) => point.phase === phase);
  return (
    <section className="panel" id={PANELS.curves} tabIndex={-1} aria-labelledby="curves-title">
      <div className="panel-head">
        <h2 id="curves-title">Curves</h2>
        <fieldset className="segmented" aria-label="Phase">
          {PHASES.map(([value, label]) => (
            <button
              key={value}
              type="button"
              className="button button-ghost"
              aria-pressed={phase === value}
              onClick={() => store.setState({ shownPhase: value })}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <span className="spacer" />
        <Slider.Root
          className="smoothing"
          value={smoothing}
          min={0}
          max={0.98}
          step={0.02}
          onValueChange={(value) => store.setState({ smoothing: Array.isArray(value) ? value[0] : value })}
        >
          <Slider.Label>Smoothing</Slider.Label>
          <Explain term="smoothing" />
          <Slider.Control className="slider-control">
            <Slider.Track className="slider-track">
              <Slider.Indicator className="slider-indicator" />
              <Slider.Thumb className="slider-thumb" aria-label="Smoothing" />
            </Slider.Track>
          </Slider.Control>
          <Slider.Value className="number" />
        </Slider.Root>
        <ActionMenu label="Download" actions={DOWNLOADS} />
      </div>
      <div className="charts">
        {chartSpecs
          .filter((spec) => spec.phase === phase)
          .filter((spec) => !spec.optional || shown.some(({ metrics }) => metrics[spec.metric] !== undefined))
          .map((spec) => (
            <MetricChart key={spec.id} spec={spec} points={shown} smoothing={smoothing} />
          ))}
      </div>
    </section>
  );
}

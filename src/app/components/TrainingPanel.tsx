/**
 * The run's transport: preset, settings, start, pause, step, stop, and where the run is.
 */
import { SlidersHorizontal } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Pace } from '../../training/pace';
import { presets } from '../../training/presets';
import { actions, choosePreset, settingsChanged } from '../actions';
import { formatBytes, formatClock } from '../format';
import { useLab, useLabState, useThrottled } from '../lab-context';
import { PANELS } from '../loop';
import { differences, draftOf } from '../settings';
import { isActive, type RunRecord } from '../store';
import { ActionButton } from './ActionButton';
import { Explain } from './Explain';
import { SettingsForm } from './SettingsForm';
import { StartingPolicy } from './StartingPolicy';

const READ_BACK_BUDGET = 64 * 1024;

export function TrainingPanel() {
  const lab = useLab();
  const preset = useLabState((state) => state.preset);
  const settingsOpen = useLabState((state) => state.settingsOpen);
  const changes = useLabState((state) => differences(state.draft, draftOf(presets[state.preset])).length);
  return (
    <section className="panel" id={PANELS.training} tabIndex={-1} aria-labelledby="training-title">
      <div className="panel-head">
        <h2 id="training-title">Training</h2>
        <label className="preset">
          <span>Preset</span>
          <select className="input" value={preset} onChange={(event) => choosePreset(lab, event.target.value)}>
            {Object.keys(presets).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button
          type="button"
          className="button button-plain"
          aria-expanded={settingsOpen}
          aria-controls="settings"
          onClick={() => lab.store.setState({ settingsOpen: !settingsOpen })}
        >
          <SlidersHorizontal size={16} aria-hidden />
          Settings {changes > 0 && <span className="count">{changes} changed</span>}
        </button>
        <span className="spacer" />
        <fieldset className="transport" aria-label="Run">
          <ActionButton action={actions.startPause} variant="primary" />
          <ActionButton action={actions.step} />
          <ActionButton action={actions.stop} />
        </fieldset>
      </div>
      <StatusLine />
      <StartingPolicy />
      <RestartNudge />
      {settingsOpen && <SettingsForm />}
    </section>
  );
}

/** What each preset is for. */
const PRESET_GISTS: Readonly<Record<string, string>> = {
  tiny: 'a few thousand weights and five steps, to see the loop turn; too few to learn anything',
  learn: 'one question family and a small policy, to see the reward rise within minutes',
  nano: 'the shipped policy, which answers already, learns five question families from rewards; made for a GPU',
  scratch: 'the same families and size from fresh weights, after a cold start of its own',
};

const PHASES = { cold_start: 'Cold start', grpo: 'GRPO' } as const;

function StatusLine() {
  const run = useThrottled(
    useLabState((state) => state.run),
    100,
  );
  const launched = useLabState((state) => state.launched !== null);
  const lost = useLabState((state) => state.connection === 'lost');
  const coldStart = useLabState((state) => Number(state.draft['cold_start.steps']) !== 0);
  const preset = useLabState((state) => state.preset);
  const gist = preset in PRESET_GISTS ? `Preset ${preset}: ${PRESET_GISTS[preset]}. ` : '';
  if (!run)
    return (
      <output className="status-line muted">
        {launched
          ? 'Starting…'
          : lost
            ? 'The worker is gone; nothing runs.'
            : `${gist}Press Train: ${coldStart ? 'first a supervised cold start, then ' : ''}GRPO on the reward. Everything runs in this page.`}
      </output>
    );
  const { status } = run;
  const bytes = run.metrics.at(-1)?.metrics['device/bytes_read_back'];
  return (
    <div className="status">
      <div className="status-line">
        <span className="state" data-state={status.state}>
          {status.state}
        </span>
        <span>
          {PHASES[status.phase]} <Explain term={status.phase === 'grpo' ? 'grpo' : 'coldStart'} />
        </span>
        <span className="number">
          step {status.step} of {status.steps}
        </span>
        <span className="muted status-detail">{status.detail}</span>
        <span className="status-figures">
          <span className="muted" title="The run’s name">
            {run.id}
          </span>
          {bytes !== undefined && (
            <span className={bytes > READ_BACK_BUDGET ? 'bad' : 'muted'}>
              <span className="number">{formatBytes(bytes)}</span> of 64 KiB read back <Explain term="readBack" />
            </span>
          )}
          <TimeLeft run={run} />
          <Elapsed run={run} />
        </span>
      </div>
      <progress
        max={Math.max(1, status.steps)}
        value={status.step}
        aria-label={`${PHASES[status.phase]}: step ${status.step} of ${status.steps}`}
      />
      {run.notes.length > 0 && isActive({ run }) && (
        <ul className="run-notes muted" aria-label="What this run started from">
          {run.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What the phase still takes, by the pace of its last steps; the first one compiles, and tells nothing. */
function TimeLeft({ run: { status, metrics } }: { readonly run: RunRecord }) {
  const steps = metrics.filter(({ phase }) => phase === status.phase).slice(1);
  const left = status.steps - status.step;
  if (status.state !== 'running' || steps.length === 0 || left === 0) return null;
  const pace = new Pace();
  for (const step of steps) pace.add(step.metrics.step_time);
  return <span className="muted">{pace.timeFor(left)} left</span>;
}

function Elapsed({ run }: { readonly run: RunRecord }) {
  const [now, setNow] = useState(Date.now);
  const ticking = run.runningSince !== null;
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  const elapsed = run.elapsed + (run.runningSince === null ? 0 : Math.max(0, now - run.runningSince));
  return (
    <span className="number muted" title="Time spent running">
      {formatClock(elapsed / 1000)}
    </span>
  );
}

function RestartNudge() {
  const { store } = useLab();
  const changed = useLabState((state) => isActive(state) && settingsChanged(state));
  const run = useLabState((state) => state.run);
  if (!changed || !run) return null;
  return (
    <output className="nudge">
      <span>Settings changed. This run goes on with its own.</span>
      <ActionButton action={actions.restart} />
      <button
        type="button"
        className="button button-ghost"
        onClick={() => store.setState({ draft: draftOf(run.config) })}
      >
        Take the run’s settings back
      </button>
    </output>
  );
}

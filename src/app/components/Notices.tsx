/**
 * What the reader must know now: a failure with its remedy, a slower backend, a stored run, a bad address.
 */
import { CircleAlert, History, Info, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { resumeRun } from '../actions';
import { useLab, useLabState } from '../lab-context';
import { isActive } from '../store';

const PHASES = { cold_start: 'cold start', grpo: 'GRPO' } as const;

export function Notices() {
  return (
    <div className="notices">
      <FailureNotice />
      <BackendNotice />
      <AddressNotice />
      <ResumeNotice />
    </div>
  );
}

interface NoticeProperties {
  readonly tone: 'alert' | 'info';
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly tools?: ReactNode;
}

function Notice({ tone, icon, children, tools }: NoticeProperties) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'alert' ? 'alert' : 'status'}>
      {icon}
      <div className="notice-text">{children}</div>
      {tools}
    </div>
  );
}

function FailureNotice() {
  const { client, store } = useLab();
  const failure = useLabState((state) => state.failure);
  const lost = useLabState((state) => state.connection === 'lost');
  if (!failure) return null;
  return (
    <Notice
      tone="alert"
      icon={<CircleAlert size={18} aria-hidden />}
      tools={
        <>
          {lost && (
            <button type="button" className="button button-plain" onClick={() => client.replaceWorker()}>
              Restart the worker
            </button>
          )}
          <button
            type="button"
            className="button button-ghost button-icon"
            aria-label="Dismiss"
            onClick={() => store.setState({ failure: null })}
          >
            <X size={16} aria-hidden />
          </button>
        </>
      }
    >
      <strong>{failure.message}</strong> {failure.remedy}
    </Notice>
  );
}

function BackendNotice() {
  const description = useLabState((state) => state.description);
  const open = useLabState((state) => state.connection === 'open');
  if (!open || !description || (description.kind === 'webgpu' && description.notice === null)) return null;
  return (
    <Notice tone="info" icon={<Info size={18} aria-hidden />}>
      {description.kind !== 'webgpu' && <strong>Running on WebAssembly: the same run, slower. </strong>}
      {description.notice}
    </Notice>
  );
}

function AddressNotice() {
  const { store } = useLab();
  const problems = useLabState((state) => state.addressProblems);
  if (problems.length === 0) return null;
  return (
    <Notice
      tone="info"
      icon={<Info size={18} aria-hidden />}
      tools={
        <button
          type="button"
          className="button button-ghost button-icon"
          aria-label="Dismiss"
          onClick={() => store.setState({ addressProblems: [] })}
        >
          <X size={16} aria-hidden />
        </button>
      }
    >
      <strong>Part of the address was not understood;</strong> the preset’s values stand there instead.
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </Notice>
  );
}

function ResumeNotice() {
  const lab = useLab();
  // A run that has taken all its steps has nothing left to go on with.
  const run = useLabState((state) =>
    state.storedRuns.find(({ phase, step, config }) => phase !== 'grpo' || step < config.grpo.steps),
  );
  const offered = useLabState(
    (state) =>
      state.connection === 'open' &&
      !isActive(state) &&
      state.launched === null &&
      (state.run === null || state.run.status.state === 'failed' || state.run.status.state === 'stopped'),
  );
  if (!run || !offered) return null;
  return (
    <Notice
      tone="info"
      icon={<History size={18} aria-hidden />}
      tools={
        <button type="button" className="button button-plain" onClick={() => resumeRun(lab, run)}>
          Resume last run (step {run.step})
        </button>
      }
    >
      The run <strong>{run.id}</strong> is stored in this browser: {PHASES[run.phase]}, step {run.step}, saved{' '}
      <time dateTime={run.savedAt}>{new Date(run.savedAt).toLocaleString()}</time>.
    </Notice>
  );
}

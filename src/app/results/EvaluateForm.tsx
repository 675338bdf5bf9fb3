/** What to evaluate on which suite, how far it is, and the way in for files. */
import { FolderOpen, Gauge, Upload } from 'lucide-react';
import { useRef } from 'react';
import { SUITES, type EvaluatedPolicy, type EvaluationProgress, type SuiteName } from '../../lab/evaluation-protocol';
import type { StoredRun } from '../../lab/protocol';
import { SHIPPED_POLICIES, shippedFolder } from '../../policy/shipped';
import { formatClock } from '../format';
import { useLabState } from '../lab-context';
import { servedFrom } from '../shipped-policies';
import type { OpenedFile } from './open-files';
import type { ResultsClient, ResultsState } from './results-client';

const SUITE_TITLES: Readonly<Record<SuiteName, string>> = {
  image: 'Single images: what policies train on',
  cv: 'CV-Bench’s four tasks',
  vsi: 'VSI-Bench’s eight tasks, videos',
  general: 'General problems, text only',
};

interface Properties {
  readonly results: ResultsClient;
  readonly state: ResultsState;
}

/** A line of the list of policies. */
interface Choice {
  /** A run's id, or a shipped policy's folder. */
  readonly key: string;
  readonly title: string;
  readonly policy: EvaluatedPolicy;
}

export function EvaluateForm({ results, state: { suite, chosen, work, openProblem } }: Properties) {
  const choices = useChoices();
  const current = useLabState((state) => state.run);
  // Unless one is chosen it is the newest of the reader's own, or else a shipped one.
  const usual = choices.find(({ policy }) => 'run' in policy) ?? choices.at(0) ?? null;
  const choice = choices.find(({ key }) => key === chosen) ?? usual;
  const working = work?.state === 'storing' || work?.state === 'evaluating';
  return (
    <section className="results-form" aria-label="Evaluate and open">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (choice) results.evaluate({ policy: choice.policy, suite });
        }}
      >
        <label className="field">
          <span className="field-name">Policy</span>
          <select
            className="input"
            value={choice?.key ?? ''}
            disabled={working || choice === null}
            onChange={({ target }) => results.store.setState({ chosen: target.value })}
          >
            {choice === null && <option value="">none yet</option>}
            {choices.map(({ key, title }) => (
              <option key={key} value={key}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span className="field-name">Synthetic suite, small</span>
          <select
            className="input"
            value={suite}
            disabled={working}
            onChange={({ target }) =>
              results.store.setState({ suite: SUITES.find((name) => name === target.value) ?? suite })
            }
          >
            {SUITES.map((name) => (
              <option key={name} value={name}>
                {SUITE_TITLES[name]}
              </option>
            ))}
          </select>
        </label>
        {/* Keys keep the two apart: a press of Cancel that turned its own button into the other would submit. */}
        {working ? (
          <button key="cancel" type="button" className="button button-plain" onClick={() => results.cancel()}>
            Cancel
          </button>
        ) : (
          <button key="evaluate" type="submit" className="button button-primary" disabled={choice === null}>
            <Gauge size={16} aria-hidden /> Evaluate
          </button>
        )}
        <span className="spacer" />
        <FileButton label="Open files" folder={false} onFiles={(files) => void results.open(files)} />
        <FileButton label="Open folder" folder onFiles={(files) => void results.open(files)} />
      </form>
      <Hint state={current?.status.state} none={choice === null} />
      <Outcome work={work} />
      {openProblem && (
        <p className="bad" role="alert">
          {openProblem}
        </p>
      )}
    </section>
  );
}

/** The shipped policies that are there, then the page's own run while it is paused, then the stored runs, newest first. */
function useChoices(): Choice[] {
  const found = useLabState((state) => state.shipped);
  const stored = useLabState((state) => state.storedRuns);
  const current = useLabState((state) => state.run);
  const paused = current?.status.state === 'paused' ? current.id : null;
  const shipped = SHIPPED_POLICIES.filter(({ name }) => Object.hasOwn(found, name) && 'config' in found[name]);
  const runs = stored.filter(({ id }) => id !== paused);
  return [
    ...shipped.map(({ name }) => ({
      key: shippedFolder(name),
      title: `${name}, shipped`,
      policy: { shipped: name, page: servedFrom() },
    })),
    ...(paused === null ? [] : [{ key: paused, title: `${paused}, as it is now`, policy: { run: paused } }]),
    ...runs.map((run) => ({ key: run.id, title: storedTitle(run), policy: { run: run.id } })),
  ];
}

function storedTitle({ id, phase, step }: StoredRun): string {
  return `${id}, ${phase === 'grpo' ? 'GRPO' : 'cold start'} step ${step}`;
}

function Hint({ state, none }: { readonly state: string | undefined; readonly none: boolean }) {
  const goesOn = state === 'running' || state === 'preparing';
  return (
    <p className="muted">
      {goesOn
        ? 'Pause the run to evaluate it as it is now; its last checkpoint can be chosen while it goes on. '
        : none && 'Train a policy first: its checkpoint then stands here. '}
      Or open what <code>npm run -s lab -- evaluate</code> has written: its folder, or results.json with
      predictions.jsonl; files can be dropped here too.
    </p>
  );
}

interface FileProperties {
  readonly label: string;
  readonly folder: boolean;
  readonly onFiles: (files: OpenedFile[]) => void;
}

function FileButton({ label, folder, onFiles }: FileProperties) {
  const input = useRef<HTMLInputElement>(null);
  const Icon = folder ? FolderOpen : Upload;
  return (
    <>
      <button type="button" className="button button-plain" onClick={() => input.current?.click()}>
        <Icon size={15} aria-hidden /> {label}
      </button>
      <input
        ref={(element) => {
          input.current = element;
          element?.toggleAttribute('webkitdirectory', folder);
        }}
        type="file"
        hidden
        multiple
        aria-label={`${label} of an evaluation`}
        accept={folder ? undefined : '.json,.jsonl,.png'}
        onChange={({ target }) => {
          onFiles(
            [...(target.files ?? [])].map((content) => ({ path: content.webkitRelativePath || content.name, content })),
          );
          // The same files can be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}

const STAGES: Readonly<Record<EvaluationProgress['stage'], string>> = {
  scenes: 'Making scenes',
  compiling: 'Compiling the policy',
  'true images': 'Asking',
  'blank images': 'Asking again with blank images',
  scoring: 'Scoring',
};

function Outcome({ work }: Pick<ResultsState, 'work'>) {
  switch (work?.state) {
    case undefined:
      return null;
    case 'storing':
      return <output>Storing the run as it is…</output>;
    case 'evaluating': {
      const { progress, elapsed } = work;
      const many = progress !== null && progress.total > 1;
      return (
        <div className="dataset-progress">
          <progress
            max={progress?.total ?? 1}
            value={progress?.done ?? 0}
            aria-label={progress ? STAGES[progress.stage] : 'Starting'}
          />
          <output>
            {progress ? STAGES[progress.stage] : 'Starting'}
            {many ? `: ${progress.done} of ${progress.total}` : '…'}{' '}
            <span className="muted">{formatClock(elapsed / 1000)}</span>
          </output>
        </div>
      );
    }
    case 'cancelled':
      return <output>Cancelled: nothing was kept of it.</output>;
    case 'failed':
      return (
        <p className="bad" role="alert">
          <strong>{work.message}</strong> {work.remedy}
        </p>
      );
  }
}

/**
 * The dialog that makes a data set: its settings, the command that makes the same files, how far it is, and where it went.
 */
import { Dialog } from '@base-ui/react/dialog';
import { PackagePlus, X } from 'lucide-react';
import { formats } from '../../datasets/formats/registry';
import type { DatasetProgress } from '../../lab/dataset/make-dataset';
import { families } from '../../tasks/registry';
import { canChooseFile } from '../dataset/dataset-client';
import { commandOf, type DatasetDraft, NUMBER_FIELDS, planOf } from '../dataset/draft';
import { useVideoEncoder } from '../dataset/video-encoder';
import { formatBytes, formatClock, formatNumber } from '../format';
import { useLab, useLabState } from '../lab-context';
import { RandomizationFields } from './RandomizationFields';

export function DatasetDialog() {
  const { store } = useLab();
  const open = useLabState((state) => state.datasetOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(datasetOpen) => store.setState({ datasetOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog dataset">
          <div className="dialog-head">
            <Dialog.Title className="card-title">Make a data set</Dialog.Title>
            <Dialog.Close className="button button-ghost button-icon" aria-label="Close">
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <Dialog.Description className="card-text">
            Rooms, walks through them, and questions with true answers, as files to train or evaluate on. The software
            renderer draws them off the page’s thread: the same settings give the same bytes in any browser, and on the
            command line.
          </Dialog.Description>
          <Settings />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Settings() {
  const { store, datasets } = useLab();
  const draft = useLabState((state) => state.datasetDraft);
  const making = useLabState((state) => state.dataset?.state === 'making');
  const { plan, problem } = planOf(draft);
  const encoder = useVideoEncoder(plan);
  const change = (part: Partial<DatasetDraft>) =>
    store.setState((state) => ({ datasetDraft: { ...state.datasetDraft, ...part } }));
  return (
    <form
      className="dataset-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (plan) void datasets.make(plan, draft.formats, draft.videos && encoder.ready);
      }}
    >
      <fieldset disabled={making} className="dataset-settings">
        <div className="fields">
          {NUMBER_FIELDS.map(([field, title]) => (
            <label key={field} className="field">
              <span className="field-name">{title}</span>
              <input
                className="input"
                inputMode="decimal"
                autoComplete="off"
                value={draft[field]}
                aria-invalid={problem?.field === field}
                onChange={(event) => change({ [field]: event.target.value })}
              />
            </label>
          ))}
        </div>
        <Choices
          title="Questions"
          all={families.map(({ name, title, description }) => ({ name, label: title, hint: description }))}
          chosen={draft.tasks}
          onChange={(tasks) => change({ tasks })}
        />
        <Choices
          title="Further formats"
          hintsShown
          all={formats.map(({ name, summary }) => ({ name, label: name, hint: summary }))}
          chosen={draft.formats}
          onChange={(names) => change({ formats: names })}
        />
        <RandomizationFields draft={draft.randomization} onChange={(randomization) => change({ randomization })} />
        <label className="check dataset-videos">
          <input
            type="checkbox"
            checked={draft.videos && encoder.problem === null}
            disabled={!encoder.ready}
            onChange={({ target }) => change({ videos: target.checked })}
          />
          <span>
            Videos{' '}
            <span className="muted">
              {encoder.problem ??
                'Each walk as mp4 or webm beside its frames, as this browser encodes it: not the same bytes everywhere.'}
            </span>
          </span>
        </label>
      </fieldset>
      {problem && (
        <p className="bad" role="alert">
          {problem.message}
        </p>
      )}
      {plan && (
        <p className="dataset-command">
          <span className="muted">
            {draft.videos && encoder.ready
              ? 'The same without a window, but for the videos:'
              : 'The same without a window:'}
          </span>{' '}
          <code>{commandOf(plan, draft.formats)}</code>
        </p>
      )}
      <Outcome />
      <div className="dataset-foot">
        <span className="muted">
          {canChooseFile()
            ? 'You choose the file first; it is written once the archive is whole.'
            : 'This browser cannot write to a file of your choice: the archive is made in its storage and then downloaded.'}
        </span>
        {making ? (
          <button type="button" className="button button-plain" onClick={() => datasets.cancel()}>
            Cancel
          </button>
        ) : (
          <button type="submit" className="button button-primary" disabled={!plan}>
            <PackagePlus size={16} aria-hidden />
            Make zip
          </button>
        )}
      </div>
    </form>
  );
}

interface ChoicesProperties {
  readonly title: string;
  readonly all: readonly { readonly name: string; readonly label: string; readonly hint: string }[];
  readonly chosen: readonly string[];
  /** Whether the names alone say too little. */
  readonly hintsShown?: boolean;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** A list of check boxes that folds away. */
function Choices({ title, all, chosen, hintsShown = false, onChange }: ChoicesProperties) {
  const names = all.map(({ name }) => name);
  return (
    <details className="choices">
      <summary>
        {title}{' '}
        <span className="count">
          {chosen.length} of {all.length}
        </span>
      </summary>
      <div className="choices-tools">
        <button type="button" className="link" onClick={() => onChange(names)}>
          All
        </button>
        <button type="button" className="link" onClick={() => onChange([])}>
          None
        </button>
      </div>
      <div className="choices-list" data-hints={hintsShown}>
        {all.map(({ name, label, hint }) => (
          <label key={name} className="check" title={hint}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                onChange(names.filter((other) => (other === name ? target.checked : chosen.includes(other))))
              }
            />
            <span>
              {label}
              {hintsShown && <span className="muted"> {hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </details>
  );
}

const STAGES: Readonly<Record<DatasetProgress['stage'], string>> = {
  scenes: 'Making scenes',
  videos: 'Encoding videos',
  questions: 'Selecting questions',
  formats: 'Converting',
  zip: 'Zipping',
};

/** How far the making is, or how it ended. */
function Outcome() {
  const { datasets } = useLab();
  const work = useLabState((state) => state.dataset);
  switch (work?.state) {
    case undefined:
      return null;
    case 'making': {
      const { progress, elapsed } = work;
      const total = Math.max(1, progress?.total ?? 1);
      const done = progress?.done ?? 0;
      return (
        <div className="dataset-progress">
          <progress max={total} value={done} aria-label={progress ? STAGES[progress.stage] : 'Starting'} />
          <output>
            {progress ? `${STAGES[progress.stage]}: ${done} of ${total}` : 'Starting…'}
            <span className="muted">
              {' '}
              {formatClock(elapsed / 1000)}
              {progress?.stage === 'scenes' &&
                done > 0 &&
                `, about ${formatClock((elapsed / 1000 / done) * (total - done))} left`}
            </span>
          </output>
        </div>
      );
    }
    case 'made':
      return (
        <output className="dataset-outcome">
          <strong className="good">Made.</strong> {formatNumber(work.samples)} questions, {formatBytes(work.bytes)}
          {work.downloadable ? (
            <>
              {', in your downloads as '}
              <button type="button" className="link" onClick={() => datasets.download(work.fileName)}>
                {work.fileName}
              </button>
              .
            </>
          ) : (
            ', in the file that you chose.'
          )}
        </output>
      );
    case 'cancelled':
      return (
        <output className="dataset-outcome">
          Cancelled: no archive was written. The scenes made so far are kept; the same settings go on with them.
        </output>
      );
    case 'failed':
      return (
        <p className="dataset-outcome bad" role="alert">
          <strong>{work.message}</strong> {work.remedy}
        </p>
      );
  }
}

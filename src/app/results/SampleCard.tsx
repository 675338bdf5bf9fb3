/** A sample: its image, the question, what was answered and what that scored; opened, the completion and the proof. */
import { useCallback, useState } from 'react';
import { letterOf } from '../../tasks/contract';
import { CompletionText } from '../components/CompletionsPanel';
import { formatReward } from '../format';
import { taskTitle } from '../tasks';
import type { ResultSample } from './evaluation';
import { SampleProof } from './SampleProof';

interface Properties {
  readonly sample: ResultSample;
  /** The same question in the evaluation that is compared with. */
  readonly other: ResultSample | null;
}

export function SampleCard({ sample, other }: Properties) {
  const [open, setOpen] = useState(false);
  const { id, task, options, truth, sample: asked } = sample;
  return (
    <article className="results-sample" data-verdict={sample.verdict}>
      <FrameImage sample={sample} />
      <div className="results-sample-body">
        <p className="muted">
          {taskTitle(task)} <code>{id}</code>
        </p>
        <p>{asked?.question ?? 'The question is not known: open the folder with its suite/samples.jsonl.'}</p>
        {options && (
          <p className="muted">{options.map((option, index) => `${letterOf(index)}. ${option}`).join('  ')}</p>
        )}
        <p>
          <span className="tag">truth</span> <strong>{truth}</strong>
          {asked?.unit && ` ${asked.unit}`}
        </p>
        {other && <AnswerLine label="before" sample={other} />}
        <AnswerLine label={other ? 'after' : 'answer'} sample={sample} />
        <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>Completion and proof</summary>
          {open && (
            <>
              {other && <Completion label="Before" sample={other} />}
              <Completion label={other ? 'After' : 'Completion'} sample={sample} />
              <SampleProof sample={sample} />
            </>
          )}
        </details>
      </div>
    </article>
  );
}

function AnswerLine({ label, sample }: { readonly label: string; readonly sample: ResultSample }) {
  const { prediction, score, ednm, verdict, error } = sample;
  return (
    <p>
      <span className="tag">{label}</span> <strong>{prediction ?? '–'}</strong>{' '}
      <span className={`number ${verdict === 'wrong' ? 'bad' : 'good'}`}>{verdict}</span>{' '}
      <span className="muted number">
        score {formatReward(score)}
        {ednm !== null && `, EDNM ${formatReward(ednm)}`}
      </span>
      {error && <span className="bad"> {error}</span>}
    </p>
  );
}

function Completion({ label, sample: { completion } }: { readonly label: string; readonly sample: ResultSample }) {
  return (
    <div className="results-completion">
      <h4>{label}</h4>
      {completion === null ? (
        <p className="muted">Not known: open predictions.jsonl with results.json.</p>
      ) : (
        <CompletionText text={completion} />
      )}
    </div>
  );
}

/** The frame that a still question is about, or the middle one of those of a video that the model saw. */
function FrameImage({ sample: { sample, scene, seen } }: { readonly sample: ResultSample }) {
  const frames = sample?.frames ?? [];
  const middle = seen[Math.floor((seen.length - 1) / 2)];
  const file = scene?.frames[frames[middle]];
  const load = useCallback(
    (image: HTMLImageElement | null) => {
      if (!image || !file) return;
      image.src = URL.createObjectURL(file);
      return () => URL.revokeObjectURL(image.src);
    },
    [file],
  );
  if (!file) return null;
  return (
    <figure className="results-frame">
      <img
        className="picture"
        ref={load}
        width={112}
        height={112}
        alt={frames.length > 1 ? `Frame ${middle + 1} of the video` : 'The frame that the question is about'}
      />
      {frames.length > 1 && (
        <figcaption className="muted">
          {seen.length === frames.length
            ? `${frames.length} frames`
            : `saw ${seen.map((frame) => frame + 1).join(', ')} of ${frames.length} frames`}
        </figcaption>
      )}
    </figure>
  );
}

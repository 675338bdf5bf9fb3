/** The samples, a page at a time: filtered by task, by how well they were answered, and by what changed. */
import { useState } from 'react';
import { taskTitle } from '../tasks';
import { type Change, filterSamples } from './browse';
import type { Comparison } from './compare';
import type { ResultSample, Verdict } from './evaluation';
import { SampleCard } from './SampleCard';

const PAGE = 12;

const VERDICTS: readonly (readonly [Verdict, string])[] = [
  ['right', 'Right'],
  ['partly', 'Partly'],
  ['wrong', 'Wrong'],
];
const CHANGES: readonly (readonly [Change, string])[] = [
  ['better', 'Better'],
  ['worse', 'Worse'],
];

interface Properties {
  readonly samples: readonly ResultSample[];
  /** Of the evaluation that is compared with; null where there is none. */
  readonly others: readonly ResultSample[] | null;
  readonly comparison: Comparison | null;
}

export function SampleBrowser({ samples, others, comparison }: Properties) {
  const [task, setTask] = useState<string | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [change, setChange] = useState<Change | null>(null);
  const [start, setStart] = useState(0);
  const tasks = [...new Set(samples.map((sample) => sample.task))];
  const filtered = filterSamples(samples, { task, verdict, change }, comparison);
  const page = filtered.slice(start, start + PAGE);
  const otherOf = new Map((others ?? []).map((other) => [other.id, other]));
  return (
    <section className="results-section" aria-label="Samples">
      <div className="results-filters">
        <h3>Samples</h3>
        <select
          className="input"
          aria-label="Task of the samples"
          value={task ?? ''}
          onChange={({ target }) => {
            setTask(target.value === '' ? null : target.value);
            setStart(0);
          }}
        >
          <option value="">All tasks</option>
          {tasks.map((name) => (
            <option key={name} value={name}>
              {taskTitle(name)}
            </option>
          ))}
        </select>
        <Segments
          label="How well they were answered"
          all={VERDICTS}
          chosen={verdict}
          onChoose={(chosen) => {
            setVerdict(chosen);
            setStart(0);
          }}
        />
        {comparison && (
          <Segments
            label="What changed"
            all={CHANGES}
            chosen={change}
            onChoose={(chosen) => {
              setChange(chosen);
              setStart(0);
            }}
          />
        )}
        <span className="spacer" />
        <output className="muted number">
          {filtered.length === 0 ? 'none' : `${start + 1}–${start + page.length} of ${filtered.length}`}
        </output>
        <button
          type="button"
          className="button button-plain"
          disabled={start === 0}
          onClick={() => setStart(Math.max(0, start - PAGE))}
        >
          Previous
        </button>
        <button
          type="button"
          className="button button-plain"
          disabled={start + PAGE >= filtered.length}
          onClick={() => setStart(start + PAGE)}
        >
          Next
        </button>
      </div>
      <ol className="results-samples">
        {page.map((sample) => (
          <li key={`${sample.benchmark} ${sample.id}`}>
            <SampleCard sample={sample} other={otherOf.get(sample.id) ?? null} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface SegmentProperties<T extends string> {
  readonly label: string;
  readonly all: readonly (readonly [T, string])[];
  readonly chosen: T | null;
  readonly onChoose: (chosen: T | null) => void;
}

/** Buttons of which one is pressed, or none. */
function Segments<T extends string>({ label, all, chosen, onChoose }: SegmentProperties<T>) {
  return (
    <fieldset className="segmented" aria-label={label}>
      {all.map(([value, title]) => (
        <button
          key={value}
          type="button"
          className="button button-ghost"
          aria-pressed={chosen === value}
          onClick={() => onChoose(chosen === value ? null : value)}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}

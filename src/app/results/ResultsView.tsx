/**
 * The results view: evaluates policies, opens evaluations, and shows how good they are. It is loaded when it is first
 * asked for, and training goes on behind it.
 */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useLab, useLabState } from '../lab-context';
import { comparisonProblem, compareSamples } from './compare';
import { ErrorChart, RewardChart, TaskChart } from './ResultCharts';
import { ComparisonSummary } from './ComparisonSummary';
import { EvaluateForm } from './EvaluateForm';
import { EvaluationBar } from './EvaluationBar';
import { samplesOf, type Evaluation } from './evaluation';
import { FigureTables } from './FigureTables';
import { benchmarksOf, figureTables } from './figures';
import { ResultsClient, type ResultsState } from './results-client';
import { SampleBrowser } from './SampleBrowser';
import { seenFramesSentence } from '../../evaluation/report';
import '../styles/results.css';

export function ResultsView() {
  const { store, client, startEvaluation } = useLab();
  const open = useLabState((state) => state.resultsOpen);
  const [results] = useState(() => new ResultsClient(store, client, startEvaluation));
  useEffect(() => () => results.dispose(), [results]);
  const state = useStore(results.store);
  return (
    <Dialog.Root open={open} onOpenChange={(resultsOpen) => store.setState({ resultsOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          className="dialog results"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            void results.open([...event.dataTransfer.files].map((content) => ({ path: content.name, content })));
          }}
        >
          <div className="dialog-head">
            <Dialog.Title className="results-title">Evaluation</Dialog.Title>
            <Dialog.Close className="button button-ghost button-icon" aria-label="Close">
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <Dialog.Description className="card-text">
            How good a policy is, beside what one scores without looking. Everything is computed in this browser;
            answers are read as the benchmarks’ own code reads them.
          </Dialog.Description>
          <EvaluateForm results={results} state={state} />
          {state.evaluations.length > 0 && <Results results={results} state={state} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Properties {
  readonly results: ResultsClient;
  readonly state: ResultsState;
}

function Results({ results, state: { evaluations, shown, compared } }: Properties) {
  const first = evaluations.find(({ id }) => id === shown);
  const second = evaluations.find(({ id }) => id === compared) ?? null;
  if (!first) return null;
  return (
    <>
      <EvaluationBar results={results} evaluations={evaluations} shown={first} compared={second} />
      <Shown key={`${first.id} ${second?.id}`} shown={first} compared={second} />
    </>
  );
}

function Shown({ shown, compared }: { readonly shown: Evaluation; readonly compared: Evaluation | null }) {
  const comparable = compared && comparisonProblem(shown.results, compared.results) === null ? compared : null;
  const samples = useMemo(() => samplesOf(shown), [shown]);
  const others = useMemo(() => (comparable ? samplesOf(comparable) : null), [comparable]);
  const comparison = useMemo(() => others && compareSamples(samples, others), [samples, others]);
  const evaluations = comparable ? [shown.results, comparable.results] : [shown.results];
  const benchmarks = benchmarksOf(evaluations);
  return (
    <>
      <Remarks {...shown} />
      {benchmarks.map((benchmark) => (
        <FigureTables key={benchmark} tables={figureTables(benchmark, evaluations)} />
      ))}
      <div className="results-charts">
        {benchmarks.map((benchmark) => (
          <TaskChart key={benchmark} benchmark={benchmark} evaluations={evaluations} />
        ))}
        <ErrorChart samples={samples} of={comparable && shown.results.policy} />
        <RewardChart samples={samples} of={comparable && shown.results.policy} />
      </div>
      {comparable && comparison && <ComparisonSummary comparison={comparison} shown={shown} other={comparable} />}
      <SampleBrowser samples={samples} others={others} comparison={comparison} />
    </>
  );
}

/** What to know about the figures before reading them. */
function Remarks({ results }: Evaluation) {
  const { questions, not_asked, stopped, failures, fingerprint, mode, benchmarks, frames } = results;
  const notes = benchmarks.flatMap(({ model }) => model.notes);
  return (
    <div className="results-remarks">
      <p className="muted">
        {questions} questions, fingerprint <code>{fingerprint}</code>: figures compare where it is the same. Mode{' '}
        <code>{mode}</code>. Percent, with bootstrap 95 % intervals.{' '}
        {[...frames.map(seenFramesSentence), ...notes].join(' ')}
      </p>
      {not_asked > 0 && (
        <p className="bad">
          Incomplete: {not_asked} of {questions} questions were not asked{stopped ? ` (${stopped})` : ''}.
        </p>
      )}
      {failures.length > 0 && (
        <p className="bad">{failures.length} questions got no answer and score 0; the samples below say why.</p>
      )}
    </div>
  );
}

/** What changed between two evaluations, in figures. */
import type { Comparison } from './compare';
import { evaluationName, type Evaluation } from './evaluation';

interface Properties {
  readonly comparison: Comparison;
  readonly shown: Evaluation;
  readonly other: Evaluation;
}

export function ComparisonSummary({ comparison, shown, other }: Properties) {
  const { better, worse, reworded, same, unmatched } = comparison;
  return (
    <section className="results-section" aria-label="What changed">
      <h3>
        From {evaluationName(other)} to {evaluationName(shown)}
      </h3>
      <dl className="results-counts">
        <Count label="score more" value={better.length} tone="good" />
        <Count label="score less" value={worse.length} tone="bad" />
        <Count label="answered differently, same score" value={reworded} />
        <Count label="the same" value={same} />
        {unmatched > 0 && <Count label="in one of the two only" value={unmatched} />}
      </dl>
    </section>
  );
}

function Count({ label, value, tone }: { readonly label: string; readonly value: number; readonly tone?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className={`number ${tone ?? ''}`}>{value}</dd>
    </div>
  );
}

/** Which samples the browser shows. */
import type { Comparison } from './compare';
import type { ResultSample, Verdict } from './evaluation';

export type Change = 'better' | 'worse';

export interface SampleFilter {
  /** Null for all. */
  readonly task: string | null;
  readonly verdict: Verdict | null;
  readonly change: Change | null;
}

/** The samples that pass, in their order; changed ones with the largest change first. */
export function filterSamples(
  samples: readonly ResultSample[],
  { task, verdict, change }: SampleFilter,
  comparison: Comparison | null,
): ResultSample[] {
  const base = change === null ? samples : (comparison?.[change] ?? []).map(({ shown }) => shown);
  return base.filter(
    (sample) => (task === null || sample.task === task) && (verdict === null || sample.verdict === verdict),
  );
}

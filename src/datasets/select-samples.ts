/** The samples of a whole data set: both passes of the selection over what its scenes allow. */
import type { Candidate } from './candidates';
import { type DatasetPlan, sceneName, splits } from './plan';
import { CandidateCounts, Selection } from './selection';

type SelectedSample = ReturnType<Selection['select']>[number];

/** Yields the samples of `plan` in order. `candidatesOf` gives those of a scene by its number; it is asked twice for each. */
export async function* selectSamples(
  plan: DatasetPlan,
  candidatesOf: (index: number) => Promise<readonly Candidate[]>,
): AsyncGenerator<SelectedSample> {
  const counts = new CandidateCounts();
  for (let index = 0; index < plan.scenes; index++) counts.add(await candidatesOf(index));
  const selection = new Selection(plan.seed, counts);
  let index = 0;
  for (const split of splits(plan)) {
    yield* selection.select(sceneName(index), split, await candidatesOf(index));
    index++;
  }
}

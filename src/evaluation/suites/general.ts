/** The general suite: reasoning problems of every family, from the easiest to the hardest, no question twice. */
import type { SampleRecord } from '../../datasets/canonical';
import { generalFamilies } from '../../tasks/general/registry';
import { generalRecord, generalSample } from '../../tasks/general/sample';
import type { Size } from './suites';

const SEED = 20250703;
/** Problems a family and split. */
const COUNTS: Readonly<Record<Size, number>> = { small: 12, full: 100 };
/** Easy problems are few: after so many that were there before, a family has no more. */
const MAX_REPEATS = 200;

/** The suite's samples of both splits; difficulties rise evenly in each. */
export function generalSuite(size: Size): SampleRecord[] {
  const count = COUNTS[size];
  return generalFamilies.flatMap(({ name }) => {
    const seen = new Set<string>();
    const samples: SampleRecord[] = [];
    let index = 0;
    for (let k = 0; k < count; k++) {
      for (const split of ['test', 'train']) {
        for (let repeats = 0; repeats < MAX_REPEATS; repeats++) {
          const sample = generalSample(SEED, index++, name, k / (count - 1));
          const key = JSON.stringify([sample.question.question, sample.question.options?.toSorted()]);
          if (seen.has(key)) continue;
          seen.add(key);
          samples.push(generalRecord(sample, split));
          break;
        }
      }
    }
    return samples;
  });
}

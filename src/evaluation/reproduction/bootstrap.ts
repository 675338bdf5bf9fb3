/**
 * 95 % intervals of means over runs and questions. Both are samples: other seeds would have given other policies, other
 * rooms other questions. All runs are asked the same questions, so that the two are crossed, not nested: drawing
 * questions anew within each seed would take what makes a question hard for chance of that seed alone, and give intervals
 * that are too narrow. So each draw resamples seeds (one fewer than there are, which keeps the variance unbiased: Rao and
 * Wu, Resampling inference with complex survey data, 1988) and scenes with all their questions, and moves the mean by the
 * sum of what the two change. Chance of a single answer is thereby counted twice, which errs on the wide side.
 *
 * What a few seeds cannot tell no bootstrap does: what seeds contribute reaches no further than from the lowest to the
 * highest of their means.
 */
import { stream } from '../../random';
import { type Interval, percentile } from '../metrics/bootstrap';

export interface Estimate {
  readonly mean: number;
  readonly interval: Interval;
}

const RESAMPLES = 1000;

/**
 * The mean of `scores` with its interval: the 2.5th and the 97.5th percentile of 1000 draws from a stream of a fixed
 * seed.
 * @param scores by seed, then by question; differences of two runs are paired before they come here. With a single seed
 * only scenes are drawn.
 * @param scenes the scene of each question.
 * @throws RangeError without seeds or questions.
 */
export function estimate(scores: readonly (readonly number[])[], scenes: readonly string[]): Estimate {
  if (scores.length === 0 || scenes.length === 0) throw new RangeError('estimate: there is nothing to average');
  const seedMeans = scores.map(mean);
  const centre = mean(seedMeans);
  const overSeeds = scenes.map((_, question) => mean(scores.map((own) => own[question])));
  const numbers = new Map([...new Set(scenes)].map((scene, index) => [scene, index]));
  const sums = new Float64Array(numbers.size);
  const counts = new Float64Array(numbers.size);
  scenes.forEach((scene, question) => {
    sums[numbers.get(scene)!] += overSeeds[question];
    counts[numbers.get(scene)!]++;
  });
  const random = stream(0, 'reproduction', 'bootstrap');
  const drawnSeeds = seedMeans.length - 1;
  const means = Array.from({ length: RESAMPLES }, () => {
    let [sum, count] = [0, 0];
    for (let k = 0; k < sums.length; k++) {
      const scene = random.integer(0, sums.length - 1);
      sum += sums[scene];
      count += counts[scene];
    }
    const bySeeds = drawnSeeds === 0 ? centre : mean(Array.from({ length: drawnSeeds }, () => random.pick(seedMeans)));
    return sum / count + (bySeeds - centre);
  }).sort((a, b) => a - b);
  return { mean: centre, interval: [percentile(means, 0.025), percentile(means, 0.975)] };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

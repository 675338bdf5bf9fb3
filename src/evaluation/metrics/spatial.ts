/**
 * The lab's question families beyond the benchmarks, scored as VSI-Bench scores its own: mean relative accuracy of
 * numbers, accuracy of choices, and the mean of the tasks.
 */
import { families } from '../../tasks/registry';
import { type Benchmark, mean, taskMeans } from './benchmark';
import { scoreLetter, scoreNumber, truthProblem } from './vsi-bench';

const KINDS = new Map(families.map(({ name, kind }) => [name, kind]));

export const spatialBenchmark: Benchmark = {
  name: 'spatial',
  title: "The lab's further spatial tasks",
  problem({ task, groundTruth }) {
    const kind = KINDS.get(task);
    if (!kind) return `task "${task}" is no question family: ${[...KINDS.keys()].join(', ')}`;
    return truthProblem(groundTruth, kind === 'number');
  },
  score({ task, groundTruth, prediction }, mode) {
    if (prediction === null) return 0;
    return KINDS.get(task) === 'number'
      ? scoreNumber(prediction, groundTruth, mode)
      : scoreLetter(prediction, groundTruth);
  },
  figures(cells) {
    const byTask = taskMeans(cells);
    return { overall: mean(Object.values(byTask)), byTask, others: {} };
  },
};

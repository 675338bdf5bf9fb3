/**
 * VSI-Bench (Yang et al., Thinking in Space, 2024): mean relative accuracy of numbers, accuracy of choices. The three
 * levels of relative direction are averaged first and count as one task; overall is the mean of the tasks.
 */
import { VSI_TASKS } from '../../datasets/formats/vsi-bench';
import { meanRelativeAccuracy } from '../../datasets/metrics';
import { firstNumber } from '../parsers/lmms-eval';
import { pythonFloat } from '../parsers/python-text';
import { vsiAnswer } from '../parsers/vsi';
import { type Benchmark, type Cell, type Figures, mean, type Mode, taskMeans } from './benchmark';

const NUMERIC_TASKS: readonly string[] = [
  'object_counting',
  'object_abs_distance',
  'object_size_estimation',
  'room_size_estimation',
];
/** The task that the three levels make together. */
const DIRECTION = 'object_rel_direction';

/** The number that an answer gives, or null where none can be read. */
export function answeredNumber(prediction: string, mode: Mode): number | null {
  return mode === 'vsi' ? pythonFloat(vsiAnswer(prediction)) : firstNumber(prediction);
}

/** Score of a number: 0 where none can be read, or where the truth is 0, for which relative errors are not defined. */
export function scoreNumber(prediction: string, groundTruth: string, mode: Mode): number {
  const answered = answeredNumber(prediction, mode);
  const truth = pythonFloat(groundTruth);
  return answered === null || truth === null ? 0 : meanRelativeAccuracy(answered, truth);
}

/** Score of a choice, by the benchmark's parser in either mode: the harness reads only numbers differently. */
export function scoreLetter(prediction: string, groundTruth: string): number {
  return vsiAnswer(prediction).toLowerCase() === groundTruth.toLowerCase() ? 1 : 0;
}

/** Why `groundTruth` is not the truth of a number or a choice, with the remedy, or null. */
export function truthProblem(groundTruth: string, numeric: boolean): string | null {
  const value = pythonFloat(groundTruth);
  if (numeric && (value === null || !Number.isFinite(value))) {
    return `ground_truth "${groundTruth}" is not a number; this task wants one`;
  }
  if (!numeric && !/^[A-Za-z]$/.test(groundTruth)) {
    return `ground_truth "${groundTruth}" is not a letter; this task wants that of the right option`;
  }
  return null;
}

export const vsiBenchmark: Benchmark = {
  name: 'vsi',
  title: 'VSI-Bench',
  problem({ task, groundTruth }) {
    if (!VSI_TASKS.includes(task)) {
      return `question_type "${task}" is none of VSI-Bench's: ${VSI_TASKS.join(', ')}`;
    }
    return truthProblem(groundTruth, NUMERIC_TASKS.includes(task));
  },
  score({ task, groundTruth, prediction }, mode) {
    if (prediction === null) return 0;
    return NUMERIC_TASKS.includes(task)
      ? scoreNumber(prediction, groundTruth, mode)
      : scoreLetter(prediction, groundTruth);
  },
  figures: vsiFigures,
};

/** The levels stay in `byTask` beside their mean. */
function vsiFigures(cells: readonly Cell[]): Figures {
  const means = taskMeans(cells);
  const levels = Object.entries(means).filter(([task]) => task.startsWith(`${DIRECTION}_`));
  const direction = mean(levels.map(([, score]) => score));
  const byTask = direction === null ? means : { ...means, [DIRECTION]: direction };
  const averaged = Object.entries(byTask).filter(([task]) => !task.startsWith(`${DIRECTION}_`));
  return { overall: mean(averaged.map(([, score]) => score)), byTask, others: {} };
}

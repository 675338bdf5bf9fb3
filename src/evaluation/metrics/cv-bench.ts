/**
 * CV-Bench (Tong et al., Cambrian-1, 2024): accuracy of choices. Its official score averages the sources of the 2D
 * questions (ADE20K and COCO), then 2D and 3D (Omni3D); lmms-eval averages over all questions.
 */
import { CV_TASKS } from '../../datasets/formats/cv-bench';
import { cvLetter, cvTruth } from '../parsers/cv-bench';
import { type Benchmark, type Cell, mean, microMean, taskMeans } from './benchmark';

/** Dimension by the benchmark's names of its tasks and by the lab's. */
const DIMENSIONS: ReadonlyMap<string, '2D' | '3D'> = new Map(
  Object.entries(CV_TASKS).flatMap(([family, [dimension, task]]) => [
    [family, dimension],
    [task, dimension],
  ]),
);

export const cvBenchmark: Benchmark = {
  name: 'cvbench',
  title: 'CV-Bench',
  problem({ task, groundTruth }) {
    if (!DIMENSIONS.has(task)) return `task "${task}" is none of CV-Bench's: ${[...DIMENSIONS.keys()].join(', ')}`;
    if (/^[A-Z]$/i.test(cvTruth(groundTruth))) return null;
    return `ground_truth "${groundTruth}" is not a letter; give that of the right choice, like (B)`;
  },
  score({ groundTruth, prediction }) {
    return prediction !== null && cvLetter(prediction) === cvTruth(groundTruth).toUpperCase() ? 1 : 0;
  },
  figures(cells, mode) {
    const micro = microMean(cells);
    const official = officialScore(cells);
    return {
      overall: mode === 'vsi' && official !== null ? official : micro,
      byTask: taskMeans(cells),
      others: { official, micro },
    };
  },
};

/** ((ADE20K + COCO) / 2 + Omni3D) / 2; null without a source for each question or without both dimensions. */
function officialScore(cells: readonly Cell[]): number | null {
  if (cells.some(({ source }) => source === null)) return null;
  const dimension = (name: '2D' | '3D') => {
    const own = cells.filter(({ task }) => DIMENSIONS.get(task) === name);
    const sources = [...new Set(own.map(({ source }) => source))];
    return mean(sources.map((source) => microMean(own.filter((cell) => cell.source === source))!));
  };
  const [flat, solid] = [dimension('2D'), dimension('3D')];
  return flat === null || solid === null ? null : (flat + solid) / 2;
}

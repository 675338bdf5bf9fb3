/** VSI-Bench's object_rel_distance: which of the listed objects is closest to a target. */
import { boxDistance } from '../../scenes/geometry';
import type { Room } from '../../scenes/scene';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { inMetres, shownCategories } from '../facts';
import { defineFamily, type Draft } from '../family';

/** No option may be closer to the target than this, metres. */
const SMALLEST_DISTANCE = 0.15;

/** Any two options differ in their distance by at least this, metres; by more in rooms over 40 square metres. */
function marginOf({ area }: Room): number {
  return area > 40 ? 0.3 : 0.15;
}

interface Candidate {
  readonly category: string;
  /** Closest instance, and its distance to the target in metres. */
  readonly id: number;
  readonly distance: number;
}

/**
 * The target is the only one of its category in the room. An option is another category, measured to its closest
 * instance; every instance of it must be shown. The margins keep the options apart, so that the printed distances (one
 * decimal) always differ. There is one question a target, with four options where four fit together, else three or two;
 * which ones, and their letters, are drawn uniformly. The chain of thought states the distances of all options.
 */
export const objectRelDistance = defineFamily({
  name: 'object_rel_distance',
  title: 'Relative distance',
  description: 'Which of up to four objects is closest to another object.',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    const shown = shownCategories(observation);
    const margin = marginOf(observation.room);
    const questions: Draft[] = [];
    for (const [target, [anchor, ...others]] of shown) {
      if (others.length > 0) continue;
      const candidates: Candidate[] = [];
      for (const [category, instances] of shown) {
        if (category === target) continue;
        const [closest] = instances
          .map(({ id, box }) => ({ category, id, distance: boxDistance(anchor.box, box) }))
          .sort((a, b) => a.distance - b.distance);
        if (closest.distance >= SMALLEST_DISTANCE) candidates.push(closest);
      }
      candidates.sort((a, b) => a.distance - b.distance);
      const sets = [4, 3, 2].map((size) => separated(candidates, size, margin)).find(({ length }) => length > 0);
      if (sets) questions.push(compose(target, anchor.id, random.shuffle(random.pick(sets)), margin));
    }
    return random.shuffle(questions);
  },
});

/** All subsets of `size` of the sorted `candidates` in which neighbours are at least `margin` apart. */
function separated(candidates: readonly Candidate[], size: number, margin: number): Candidate[][] {
  if (size === 0) return [[]];
  return candidates.flatMap((first, index) => {
    const rest = candidates.slice(index + 1).filter(({ distance }) => distance - first.distance >= margin);
    return separated(rest, size - 1, margin).map((subset) => [first, ...subset]);
  });
}

/** The question whose options are `options`, in letter order. */
function compose(target: string, targetId: number, options: readonly Candidate[], margin: number): Draft {
  const categories = options.map(({ category }) => category);
  const best = options.reduce((near, option) => (option.distance < near.distance ? option : near));
  const second = Math.min(...options.filter((option) => option !== best).map(({ distance }) => distance));
  const answer = letterOf(options.indexOf(best));
  const distances = options.map(({ category, distance }) => `the ${category} ${inMetres(distance)} m`).join(', ');
  return {
    question:
      `Measuring from the closest point of each object, which of these objects (${categories.join(', ')}) ` +
      `is the closest to the ${target}?\n` +
      'If there are multiple instances of an object category, measure to the closest.',
    options: categories,
    answer,
    reasoning: `From the ${target}: ${distances}. The closest is the ${best.category}, ${answer}.`,
    evidence: {
      objects: [targetId, ...options.map(({ id }) => id)],
      values: Object.fromEntries(options.map(({ id, distance }) => [`distance_${targetId}_${id}`, distance])),
    },
    clarity: clarityOf(second - best.distance, margin, 1),
  };
}

/** Size comparison: which of the listed objects is the longest. */
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { inCentimetres, shownSingles } from '../facts';
import { defineFamily } from '../family';

const OPTIONS = 4;
/** Any two options differ in size by at least this factor. */
const SMALLEST_RATIO = 1.15;

/**
 * The ground truth compares the longest sides of the oriented boxes of up to four objects, each the only one of its
 * category in the room. There is one question for each object, beside others drawn at random. The chain of thought
 * states the longest side of each.
 */
export const sizeComparison = defineFamily({
  name: 'size_comparison',
  title: 'Size comparison',
  description: 'Which of up to four objects has the longest side.',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    const measured = shownSingles(observation).map(({ id, category, box }) => ({
      id,
      category,
      longest: Math.max(...box.axesLengths),
    }));
    return random.shuffle(measured).flatMap((first) => {
      const chosen = [first];
      for (const other of random.shuffle(measured)) {
        const apart = chosen.every(({ longest }) => ratio(longest, other.longest) >= SMALLEST_RATIO);
        if (apart && chosen.length < OPTIONS) chosen.push(other);
      }
      if (chosen.length < 2) return [];
      const options = random.shuffle(chosen);
      const [largest, second] = options.toSorted((a, b) => b.longest - a.longest);
      const answer = letterOf(options.indexOf(largest));
      const categories = options.map(({ category }) => category);
      const sizes = options.map(({ category, longest }) => `the ${category} ${inCentimetres(longest)} cm`).join(', ');
      return [
        {
          question:
            `Which of these objects (${categories.join(', ')}) has the longest dimension ` +
            '(length, width, or height)?',
          options: categories,
          answer,
          reasoning: `The longest sides: ${sizes}. The longest is the ${largest.category}, ${answer}.`,
          evidence: {
            objects: options.map(({ id }) => id),
            values: Object.fromEntries(options.map(({ id, longest }) => [`longest_${id}`, longest])),
          },
          clarity: clarityOf(ratio(largest.longest, second.longest), SMALLEST_RATIO, 2),
        },
      ];
    });
  },
});

function ratio(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b);
}

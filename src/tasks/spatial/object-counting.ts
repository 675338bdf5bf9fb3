/** VSI-Bench's object_counting: how many of a category are in the room. */
import { bearing, inDegrees, shownCategories } from '../facts';
import { defineFamily, type Draft } from '../family';

const SMALLEST_COUNT = 2;

/**
 * The ground truth is the number of instances in the room, of two or more. The benchmark shows a video of the whole
 * room; a still view may miss some, so that a category is asked about only where every instance in the room shows at
 * least the pixel minimum: the question can then be answered from what is shown. The chain of thought points at each
 * instance from left to right, then counts.
 */
export const objectCounting = defineFamily({
  name: 'object_counting',
  title: 'Object count',
  description: 'How many instances of a category are in the room; all of them are in view.',
  kind: 'number',
  unit: null,
  frames: 'image',
  strata: [3, 4, 5],
  draft(observation, random) {
    const [{ camera }] = observation.frames;
    const questions: Draft[] = [];
    for (const [category, instances] of shownCategories(observation)) {
      const count = instances.length;
      if (count < SMALLEST_COUNT) continue;
      const fromLeft = instances
        .map((instance) => ({ id: instance.id, bearing: bearing(camera, instance) }))
        .sort((a, b) => b.bearing - a.bearing);
      const places = fromLeft.map((instance) => inDegrees(instance.bearing)).join(', ');
      questions.push({
        question: `How many ${category}(s) are in this room?`,
        answer: String(count),
        reasoning: `Each ${category} in degrees: ${places}. That makes ${count}.`,
        evidence: {
          objects: fromLeft.map(({ id }) => id),
          values: { count, ...Object.fromEntries(fromLeft.map(({ id, bearing }) => [`bearing_${id}`, bearing])) },
        },
      });
    }
    return random.shuffle(questions);
  },
});

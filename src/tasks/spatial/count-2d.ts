/** CV-Bench's count: how many of a category an image shows, among four numbers. */
import { letterOf } from '../contract';
import { bearing, byCategory, inDegrees, pixelMinimum, stillOf } from '../facts';
import { defineFamily } from '../family';
import { spread } from '../spread';

const OPTIONS = 4;

/**
 * The ground truth is the number of instances in the image, one or more. Each instance in the room shows at least the
 * pixel minimum or nothing at all, so that none is a matter of opinion. The options are four neighbouring numbers in
 * random order; where the truth lies among them is drawn too, as else the middle would be a good guess. The chain of
 * thought points at each instance from left to right.
 */
export const count2d = defineFamily({
  name: 'count_2d',
  title: 'Count in the image',
  description: 'How many instances of a category the image shows.',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    const still = stillOf(observation);
    if (!still) return [];
    const { camera, visible } = still;
    const minimum = pixelMinimum(camera);
    const pixels = new Map(visible.map((entry) => [entry.object, entry.pixels]));
    const drafts = random.shuffle([...byCategory(observation.room.objects)]).flatMap(([category, instances]) => {
      const inImage = instances.filter(({ id }) => pixels.has(id));
      if (inImage.length === 0 || inImage.some(({ id }) => pixels.get(id)! < minimum)) return [];
      const count = inImage.length;
      const lowest = count - random.integer(0, Math.min(OPTIONS - 1, count));
      const options = random.shuffle(Array.from({ length: OPTIONS }, (_, k) => String(lowest + k)));
      const answer = letterOf(options.indexOf(String(count)));
      const fromLeft = inImage
        .map((instance) => ({ id: instance.id, bearing: bearing(camera, instance) }))
        .sort((a, b) => b.bearing - a.bearing);
      return [
        {
          question: `How many ${category}(s) are in the image?`,
          options,
          answer,
          reasoning:
            `Each ${category} in degrees: ${fromLeft.map((instance) => inDegrees(instance.bearing)).join(', ')}. ` +
            `That makes ${count}, ${answer}.`,
          evidence: {
            objects: fromLeft.map(({ id }) => id),
            values: { count, ...Object.fromEntries(fromLeft.map(({ id, bearing }) => [`bearing_${id}`, bearing])) },
          },
        },
      ];
    });
    // Most categories are there once.
    return spread(drafts, ({ evidence }) => evidence.objects.length, random);
  },
});

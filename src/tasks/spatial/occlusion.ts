/** Occlusion: how much of an object is seen. */
import { shownSingles, stillOf } from '../facts';
import { defineFamily } from '../family';

/** From this fraction on nothing worth asking about is hidden. */
const NEARLY_WHOLE = 0.98;

/**
 * The ground truth is the visible fraction, whole percent: the object's seen pixels over those of its silhouette, drawn
 * as if nothing stood in front of it and cut at the image's border. The object is the only one of its category in the
 * room and hidden by 2 percent at least. The chain of thought states how much is hidden.
 */
export const occlusion = defineFamily({
  name: 'occlusion',
  title: 'Visible fraction',
  description: 'How much of an object is not hidden behind others, in percent.',
  kind: 'number',
  unit: '%',
  frames: 'image',
  strata: [35, 50, 65, 80, 92],
  draft(observation, random) {
    const still = stillOf(observation);
    if (!still) return [];
    const fractions = new Map(still.visible.map(({ object, visibleFraction }) => [object, visibleFraction]));
    return random.shuffle(shownSingles(observation)).flatMap(({ id, category }) => {
      const fraction = fractions.get(id);
      if (fraction === undefined || fraction >= NEARLY_WHOLE) return [];
      const answer = (100 * fraction).toFixed(0);
      return [
        {
          question:
            `Of the part of the ${category} that lies within the image borders, ` +
            'what percentage is visible, not hidden behind other objects?',
          answer,
          reasoning: `The ${category} ${100 - Number(answer)} percent hidden. Visible is ${answer}.`,
          evidence: { objects: [id], values: { [`visible_fraction_${id}`]: fraction } },
        },
      ];
    });
  },
});

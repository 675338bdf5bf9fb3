/** CV-Bench's distance: which of two objects is closer to a third. */
import { boxDistance } from '../../scenes/geometry';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { inMetres, shownSingles, stillOf } from '../facts';
import { defineFamily, type Draft } from '../family';

/** Neither object may be closer to the anchor than this, metres. */
const SMALLEST_DISTANCE = 0.15;
/** Smallest difference of the two distances, metres. */
const SMALLEST_DIFFERENCE = 0.3;

/**
 * The ground truth compares the smallest distances of two oriented boxes to that of the anchor. All three are the only
 * ones of their category. The chain of thought states both distances.
 */
export const distance3d = defineFamily({
  name: 'distance_3d',
  title: 'Closer to an object',
  description: 'Which of two objects is closer to a third.',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    if (!stillOf(observation)) return [];
    const singles = shownSingles(observation);
    const drafts: Draft[] = [];
    for (const anchor of singles) {
      const others = singles
        .filter((object) => object !== anchor)
        .map(({ id, category, box }) => ({ id, category, distance: boxDistance(anchor.box, box) }))
        .filter(({ distance }) => distance >= SMALLEST_DISTANCE);
      others.forEach((first, index) => {
        for (const second of others.slice(index + 1)) {
          const difference = Math.abs(first.distance - second.distance);
          if (difference < SMALLEST_DIFFERENCE) continue;
          const [a, b] = random.shuffle([first, second]);
          const closer = a.distance < b.distance ? a : b;
          const answer = letterOf(closer === a ? 0 : 1);
          drafts.push({
            question:
              'Estimate the real-world distances between objects in this image. ' +
              `Which object is closer to the ${anchor.category}, the ${a.category} or the ${b.category}?`,
            options: [a.category, b.category],
            answer,
            reasoning:
              `From the ${anchor.category}: the ${a.category} ${inMetres(a.distance)} m, the ${b.category} ` +
              `${inMetres(b.distance)} m. The closest is the ${closer.category}, ${answer}.`,
            evidence: {
              objects: [anchor.id, a.id, b.id],
              values: {
                [`distance_${anchor.id}_${a.id}`]: a.distance,
                [`distance_${anchor.id}_${b.id}`]: b.distance,
              },
            },
            clarity: clarityOf(difference, SMALLEST_DIFFERENCE, 1.5),
          });
        }
      });
    }
    return random.shuffle(drafts);
  },
});

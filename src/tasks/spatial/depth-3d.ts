/** CV-Bench's depth: which of two objects is closer to the camera. */
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { distanceToCamera, inMetres, shownSingles, stillOf } from '../facts';
import { defineFamily, type Draft } from '../family';

/** Smallest difference of the two distances, metres. */
const SMALLEST_DIFFERENCE = 0.3;

/**
 * The ground truth compares the distances from the camera's centre to the closest points of the two boxes
 * (`distance_to_camera`, not planar depth), at least 0.3 m apart. The chain of thought states both.
 */
export const depth3d = defineFamily({
  name: 'depth_3d',
  title: 'Closer to the camera',
  description: 'Which of two objects is closer to the camera.',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    const still = stillOf(observation);
    if (!still) return [];
    const measured = shownSingles(observation).map((object) => ({
      id: object.id,
      category: object.category,
      distance: distanceToCamera(still.camera, object),
    }));
    const drafts: Draft[] = [];
    measured.forEach((first, index) => {
      for (const second of measured.slice(index + 1)) {
        const difference = Math.abs(first.distance - second.distance);
        if (difference < SMALLEST_DIFFERENCE) continue;
        const [a, b] = random.shuffle([first, second]);
        const closer = a.distance < b.distance ? a : b;
        const answer = letterOf(closer === a ? 0 : 1);
        drafts.push({
          question:
            'Which object is closer to the camera taking this photo, ' + `the ${a.category} or the ${b.category}?`,
          options: [a.category, b.category],
          answer,
          reasoning:
            `The ${a.category} ${inMetres(a.distance)} m away, the ${b.category} ${inMetres(b.distance)} m. ` +
            `The closest is the ${closer.category}, ${answer}.`,
          evidence: {
            objects: [a.id, b.id],
            values: { [`distance_to_camera_${a.id}`]: a.distance, [`distance_to_camera_${b.id}`]: b.distance },
          },
          clarity: clarityOf(difference, SMALLEST_DIFFERENCE, 1.5),
        });
      }
    });
    return random.shuffle(drafts);
  },
});

/** VSI-Bench's object_abs_distance: how far apart two objects are. */
import { boxDistance } from '../../scenes/geometry';
import { inMetres, locate, shownSingles } from '../facts';
import { defineFamily, type Draft } from '../family';

/** Objects closer than this touch or nearly do: no question, metres. */
const SMALLEST_DISTANCE = 0.2;

/**
 * The ground truth is the smallest distance between the two objects' oriented boxes, metres to one decimal. Both are
 * the only ones of their category in the room; pairs closer than 0.2 m are dropped. The chain of thought places either
 * object as seen from the camera, then states the gap.
 */
export const objectAbsDistance = defineFamily({
  name: 'object_abs_distance',
  title: 'Absolute distance',
  description: 'The distance between the closest points of two objects, in metres.',
  kind: 'number',
  unit: 'm',
  frames: 'image',
  strata: [0.5, 0.8, 1.2, 1.7, 2.4],
  draft(observation, random) {
    const [{ camera }] = observation.frames;
    const questions: Draft[] = [];
    const singles = random.shuffle(shownSingles(observation));
    singles.forEach((a, index) => {
      for (const b of singles.slice(index + 1)) {
        const distance = boxDistance(a.box, b.box);
        if (distance < SMALLEST_DISTANCE) continue;
        const answer = inMetres(distance);
        const [placeA, placeB] = [locate(camera, a), locate(camera, b)];
        questions.push({
          question:
            'Measuring from the closest point of each object, what is the direct distance between ' +
            `the ${a.category} and the ${b.category} (in meters)?`,
          answer,
          reasoning: `${placeA.sentence} ${placeB.sentence} The gap is ${answer} m.`,
          evidence: { objects: [a.id, b.id], values: { ...placeA.values, ...placeB.values, distance } },
        });
      }
    });
    return random.shuffle(questions);
  },
});

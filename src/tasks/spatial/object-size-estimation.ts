/** VSI-Bench's object_size_estimation: how long an object's longest side is. */
import { distanceToCamera, inCentimetres, inMetres, shownSingles } from '../facts';
import { defineFamily } from '../family';

/**
 * The ground truth is the longest of the oriented box's three sides, whole centimetres, of an object that is the only
 * one of its category in the room. The chain of thought states how far away the object is, its sides (the box's x, y
 * and z axes), and the longest.
 */
export const objectSizeEstimation = defineFamily({
  name: 'object_size_estimation',
  title: 'Object size',
  description: 'The longest side of an object, in centimetres.',
  kind: 'number',
  unit: 'cm',
  frames: 'image',
  strata: [50, 70, 90, 120, 150, 180],
  draft(observation, random) {
    const [{ camera }] = observation.frames;
    const singles = random.shuffle(shownSingles(observation));
    return singles.map((object) => {
      const [x, y, z] = object.box.axesLengths;
      const longest = Math.max(x, y, z);
      const answer = inCentimetres(longest);
      const distance = distanceToCamera(camera, object);
      return {
        question:
          'What is the length of the longest dimension (length, width, or height) of ' +
          `the ${object.category}, measured in centimeters?`,
        answer,
        reasoning:
          `The ${object.category} ${inMetres(distance)} m away, its sides ` +
          `${inCentimetres(x)}, ${inCentimetres(y)} and ${inCentimetres(z)} cm. The longest is ${answer} cm.`,
        evidence: {
          objects: [object.id],
          values: { [`distance_to_camera_${object.id}`]: distance, side_x: x, side_y: y, side_z: z, longest },
        },
      };
    });
  },
});

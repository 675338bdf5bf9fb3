/** The distance from the camera to an object, as VSTI-Bench asks for it. */
import { bearing, distanceToCamera, inDegrees, inMetres, shownSingles, stillOf } from '../facts';
import { defineFamily } from '../family';
import { cameraPosition } from '../../scenes/camera';
import { distance as pointDistance } from '../../scenes/vectors';

/**
 * The ground truth is the distance from the camera's centre to the closest point of the object's oriented box, metres
 * to one decimal: `distance_to_camera`, not the planar depth. The object is the only one of its category in the room.
 * The chain of thought states the direction and the distance of the object's centre, then the closest point's.
 */
export const cameraObjectDistance = defineFamily({
  name: 'camera_object_distance',
  title: 'Distance to the camera',
  description: 'The distance from the camera to the closest point of an object, in metres.',
  kind: 'number',
  unit: 'm',
  frames: 'image',
  strata: [1.2, 1.7, 2.3, 3, 3.9],
  draft(observation, random) {
    const still = stillOf(observation);
    if (!still) return [];
    const { camera } = still;
    const singles = random.shuffle(shownSingles(observation));
    return singles.map((object) => {
      const distance = distanceToCamera(camera, object);
      const centreDistance = pointDistance(cameraPosition(camera), object.box.centroid);
      const direction = bearing(camera, object);
      const answer = inMetres(distance);
      return {
        question:
          'What is the approximate distance (in meters) between the camera (or the person filming) and ' +
          `the nearest point of the ${object.category}?`,
        answer,
        reasoning:
          `The ${object.category} ${inDegrees(direction, ' degrees')}, its center ${inMetres(centreDistance)} m away, ` +
          `its nearest point ${answer} m.`,
        evidence: {
          objects: [object.id],
          values: {
            [`bearing_${object.id}`]: direction,
            [`distance_to_center_${object.id}`]: centreDistance,
            [`distance_to_camera_${object.id}`]: distance,
          },
        },
      };
    });
  },
});

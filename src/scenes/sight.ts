/**
 * What can be seen from where, judged by boxes and walls alone, without rendering: quick, and cautious, since a box
 * hides at least what the piece in it hides.
 */
import { projectPoint } from './camera';
import { boxCorners, rayBoxDistance } from './geometry';
import { wallBetween } from './plan';
import type { Camera, Room, SceneObject, Vec3 } from './scene';
import { combine, subtract } from './vectors';

/** The points of an object that stand for it: its centre and its corners, drawn in by a fifth. */
const SIGHT_POINTS = 9;

/** The points of each object of `room` that no wall and no other object's box hides from `eye`, by the object's id. */
export function pointsInSight(room: Room, eye: Vec3): ReadonlyMap<number, readonly Vec3[]> {
  return new Map(room.objects.map((object) => [object.id, objectPointsInSight(room, eye, object)]));
}

/** The points of `object`, of 9, that no wall and no other object's box hides from `eye`. */
export function objectPointsInSight(room: Room, eye: Vec3, object: SceneObject): readonly Vec3[] {
  return sightPoints(object).filter((point) => !hidden(room, eye, point, object));
}

/** Which share of an object is in the image of `camera`, given its `points` in sight of the camera's centre. */
export function shareInView(camera: Camera, points: readonly Vec3[]): number {
  const seen = points.filter((point) => {
    const pixel = projectPoint(camera, point);
    return pixel !== null && pixel[0] >= 0 && pixel[0] < camera.width && pixel[1] >= 0 && pixel[1] < camera.height;
  });
  return seen.length / SIGHT_POINTS;
}

function sightPoints({ box }: SceneObject): Vec3[] {
  return [box.centroid, ...boxCorners(box).map((corner) => combine(corner, 0.8, box.centroid, 0.2))];
}

function hidden({ objects, polygon }: Room, eye: Vec3, point: Vec3, own: SceneObject): boolean {
  const ray = subtract(point, eye);
  return (
    objects.some((other) => other !== own && (rayBoxDistance(eye, ray, other.box) ?? 1) < 1) ||
    wallBetween([eye[0], eye[1]], [point[0], point[1]], polygon)
  );
}

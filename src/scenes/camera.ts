/**
 * Pinhole cameras in rooms, and how one is chosen: the best of some views from inside the room, at eye height, clear
 * of the furniture, that shows much of it. Axes are OpenCV's (x right, y down, z forward), matrices row-major.
 */
import * as exact from '../exact-math';
import type { RandomStream } from '../random';
import { boxCorners, pointToBoxDistance, rayBoxDistance } from './geometry';
import { insidePolygon, wallBetween, wallPoint, wallsOf } from './plan';
import type { Range } from './room-types';
import type { Camera, Room, SceneObject, Vec3 } from './scene';
import { cross, dot, normalized, subtract } from './vectors';

/** Furniture closer to the eye than this fills the view, metres. */
const NEAR = 0.9;

export interface CameraOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Height of the eye above the floor, metres. */
  readonly eyeHeight?: Range;
  /** Horizontal field of view, radians. */
  readonly fieldOfView?: Range;
  /** How many views are tried. */
  readonly candidates?: number;
}

/** A camera at `eye` that looks at `target`, upright; `fieldOfView` is horizontal, in radians. */
export function cameraLookingAt(eye: Vec3, target: Vec3, fieldOfView: number, width: number, height: number): Camera {
  if (!(fieldOfView > 0 && fieldOfView < Math.PI)) {
    throw new RangeError(`cameraLookingAt: a field of view of ${fieldOfView} rad; give one between 0 and pi`);
  }
  const forward = normalized(subtract(target, eye));
  if (Math.abs(forward[2]) > 0.999999) {
    throw new RangeError('cameraLookingAt: the target is straight above or below the eye; move it to one side');
  }
  const right = normalized(cross(forward, [0, 0, 1]));
  const down = cross(forward, right);
  const focal = width / 2 / exact.tan(fieldOfView / 2);
  const row = (k: 0 | 1 | 2) => [right[k], down[k], forward[k], eye[k]];
  return {
    width,
    height,
    K: [focal, 0, width / 2, 0, focal, height / 2, 0, 0, 1],
    cameraToWorld: [...row(0), ...row(1), ...row(2), 0, 0, 0, 1],
  };
}

/** The camera's centre in room coordinates, metres. */
export function cameraPosition({ cameraToWorld: m }: Pick<Camera, 'cameraToWorld'>): Vec3 {
  return [m[3], m[7], m[11]];
}

/**
 * Where `point` (room coordinates) appears: [x, y] in pixels and its planar depth in metres. Null behind the camera.
 * The result may lie outside the image.
 */
export function projectPoint(camera: Camera, point: Vec3): Vec3 | null {
  const { K, cameraToWorld: m } = camera;
  const offset = subtract(point, cameraPosition(camera));
  const along = (column: number) => dot(offset, [m[column], m[4 + column], m[8 + column]]);
  const depth = along(2);
  if (depth <= 1e-6) return null;
  return [(K[0] * along(0)) / depth + K[2], (K[4] * along(1)) / depth + K[5], depth];
}

/**
 * A still view of `room` from inside it. Draws `candidates` views near the walls and in the open, and keeps the one
 * that shows most: objects that are in the image, not hidden and not cut off.
 */
export function chooseCamera(room: Room, random: RandomStream, options: CameraOptions): Camera {
  const { width, height, eyeHeight = [1.2, 1.8], candidates = 24 } = options;
  const fieldOfView = options.fieldOfView ?? [Math.PI / 3, Math.PI / 2];
  const fov = random.uniform(...fieldOfView);
  const corners = new Map(room.objects.map((object) => [object.id, boxCorners(object.box)]));
  let best: Camera | null = null;
  let bestScore = -Infinity;
  for (let k = 0; k < candidates; k++) {
    const eye = drawEye(room, eyeHeight, random);
    const camera = cameraLookingAt(eye, drawTarget(room, eye, random), fov, width, height);
    const score =
      viewScore(camera, eye, room, corners) -
      room.objects.length * blockedShare(camera, eye, room.objects) +
      0.2 * random.next();
    if (score > bestScore) {
      best = camera;
      bestScore = score;
    }
  }
  if (best === null) throw new RangeError(`chooseCamera: ${candidates} candidates; give at least 1`);
  return best;
}

function drawEye(room: Room, eyeHeight: Range, random: RandomStream): Vec3 {
  const z = Math.min(random.uniform(...eyeHeight), room.height - 0.3);
  const walls = wallsOf(room.polygon);
  for (let attempt = 0; attempt < 16; attempt++) {
    // Views from the edge of the room see more of it than views from the middle.
    const wall = random.pick(walls);
    const [x, y] = wallPoint(wall, random.uniform(0.06, 0.94) * wall.length, random.uniform(0.12, 0.5));
    if (
      insidePolygon([x, y], room.polygon) &&
      room.objects.every(({ box }) => pointToBoxDistance([x, y, z], box) > 0.3)
    ) {
      return [x, y, z];
    }
  }
  const wall = random.pick(walls);
  const [x, y] = wallPoint(wall, wall.length / 2, 0.15);
  return [x, y, z];
}

/** A point towards a random middle of the furniture, as far below the eye as one looks down when looking around. */
function drawTarget(room: Room, eye: Vec3, random: RandomStream): Vec3 {
  let [x, y, total] = [0, 0, 0];
  for (const { box } of room.objects) {
    const weight = random.next();
    x += weight * (box.centroid[0] - eye[0]);
    y += weight * (box.centroid[1] - eye[1]);
    total += weight;
  }
  // Without furniture, or from right above it, there is no direction: look to the middle of the plan, or anywhere.
  if (exact.hypot(x, y) < 0.2 * total || total === 0) [x, y] = [-eye[0], -eye[1]];
  if (exact.hypot(x, y) === 0) x = 1;
  const down = exact.tan(random.uniform(0.08, 0.42));
  return [eye[0] + x, eye[1] + y, eye[2] - down * exact.hypot(x, y)];
}

/** The share of the image that furniture closer than 0.9 m takes, from a grid of rays. */
function blockedShare(camera: Camera, eye: Vec3, objects: readonly SceneObject[]): number {
  const near = objects.filter(({ box }) => pointToBoxDistance(eye, box) < NEAR);
  if (near.length === 0) return 0;
  const { K, cameraToWorld: m } = camera;
  const steps = 6;
  let blocked = 0;
  for (let i = 0; i < steps; i++) {
    for (let j = 0; j < steps; j++) {
      const x = (((i + 0.5) / steps) * camera.width - K[2]) / K[0];
      const y = (((j + 0.5) / steps) * camera.height - K[5]) / K[4];
      const row = (k: number) => m[4 * k] * x + m[4 * k + 1] * y + m[4 * k + 2];
      const ray = normalized([row(0), row(1), row(2)]);
      if (near.some(({ box }) => (rayBoxDistance(eye, ray, box) ?? Infinity) < NEAR)) blocked++;
    }
  }
  return blocked / steps ** 2;
}

/** Sum over the objects of how well each is seen: the share of its box's corners in the image, if its centre is unhidden. */
function viewScore(
  camera: Camera,
  eye: Vec3,
  { objects, polygon }: Room,
  corners: ReadonlyMap<number, readonly Vec3[]>,
): number {
  let score = 0;
  for (const object of objects) {
    const inside = corners.get(object.id)!.filter((corner) => {
      const pixel = projectPoint(camera, corner);
      return pixel !== null && pixel[0] >= 0 && pixel[0] < camera.width && pixel[1] >= 0 && pixel[1] < camera.height;
    }).length;
    const { centroid } = object.box;
    if (inside === 0 || wallBetween([eye[0], eye[1]], [centroid[0], centroid[1]], polygon)) continue;
    const ray = subtract(centroid, eye);
    const hidden = objects.some((other) => {
      if (other === object) return false;
      const hit = rayBoxDistance(eye, ray, other.box);
      return hit !== null && hit < 0.9;
    });
    score += (inside / 8) * (hidden ? 0.35 : 1);
  }
  return score;
}

/**
 * The pose from which a room is first shown: a doll's house, seen from above through the walls that face the viewer.
 */
import type { ViewPose } from '../lab/protocol';
import type { Room } from '../scenes/scene';

const FIELD_OF_VIEW = (36 * Math.PI) / 180;
const ELEVATION = (48 * Math.PI) / 180;
const AZIMUTH = (-62 * Math.PI) / 180;
/** Empty border around the room, as a share of the view. */
const MARGIN = 1.16;

/**
 * Looks at the middle of the room from above, just far enough away for all of it, floor to ceiling, to be in view.
 * @param aspect width over height of the view.
 */
export function dollsHousePose(room: Pick<Room, 'polygon' | 'height'>, aspect: number): ViewPose {
  const xs = room.polygon.map(([x]) => x);
  const ys = room.polygon.map(([, y]) => y);
  const target = [
    (Math.min(...xs) + Math.max(...xs)) / 2,
    (Math.min(...ys) + Math.max(...ys)) / 2,
    room.height * 0.4,
  ] as const;

  const back = [
    Math.cos(ELEVATION) * Math.cos(AZIMUTH),
    Math.cos(ELEVATION) * Math.sin(AZIMUTH),
    Math.sin(ELEVATION),
  ] as const;
  const right = [-Math.sin(AZIMUTH), Math.cos(AZIMUTH), 0] as const;
  const up = [
    back[1] * right[2] - back[2] * right[1],
    back[2] * right[0] - back[0] * right[2],
    back[0] * right[1] - back[1] * right[0],
  ] as const;
  const tangentY = Math.tan(FIELD_OF_VIEW / 2) / MARGIN;
  const tangentX = tangentY * aspect;

  // A corner at (a, b) across the view and d nearer than the target is inside when its tangents are: solve for each.
  let distance = 0.1;
  for (const [x, y] of room.polygon) {
    for (const z of [0, room.height]) {
      const offset = [x - target[0], y - target[1], z - target[2]] as const;
      const along = dot(offset, back);
      distance = Math.max(
        distance,
        along + Math.abs(dot(offset, right)) / tangentX,
        along + Math.abs(dot(offset, up)) / tangentY,
      );
    }
  }
  return {
    eye: [target[0] + back[0] * distance, target[1] + back[1] * distance, target[2] + back[2] * distance],
    target,
    fieldOfView: FIELD_OF_VIEW,
  };
}

function dot(a: readonly [number, number, number], b: readonly [number, number, number]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

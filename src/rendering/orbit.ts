/** Where a viewer stands who walks around a room. */
import * as exact from '../exact-math';
import type { Vec3 } from '../scenes/scene';

/**
 * Pose (camera to room, 4x4 row-major, OpenCV axes) of a camera at `distance` metres from `target`, seen from `azimuth`
 * (radians from x towards y) and `elevation` (radians above the horizon, short of straight up or down), looking at it.
 */
export function orbitPose(target: Vec3, azimuth: number, elevation: number, distance: number): number[] {
  const [ca, sa] = [exact.cos(azimuth), exact.sin(azimuth)];
  const [ce, se] = [exact.cos(elevation), exact.sin(elevation)];
  const forward = [-ca * ce, -sa * ce, -se];
  const right = [-sa, ca, 0];
  const down = [ca * se, sa * se, -ce];
  return [0, 1, 2]
    .flatMap((axis) => [right[axis], down[axis], forward[axis], target[axis] - distance * forward[axis]])
    .concat(0, 0, 0, 1);
}

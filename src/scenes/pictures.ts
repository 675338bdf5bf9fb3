/**
 * Pictures on the walls: where they hang and how they look. They are part of the shell (instance 0), hung after the
 * furniture is placed, where neither it nor a door or window is in the way.
 */
import * as exact from '../exact-math';
import type { RandomStream } from '../random';
import { openingSpace, type Opening } from './openings';
import { footprintsCollide, wallPoint, type Footprint, type Wall } from './plan';

/** A framed picture on a wall; `middle` is its centre along the wall, metres from the wall's start. */
export interface Picture {
  readonly wall: Wall;
  readonly middle: number;
  readonly width: number;
  /** Lower and upper edge, metres above the floor. */
  readonly bottom: number;
  readonly top: number;
}

/** Hangs a picture on about two walls of three, its centre at eye level (1.45-1.6 m, as galleries hang them). */
export function hangPictures(
  walls: readonly Wall[],
  openings: readonly Opening[],
  furniture: readonly Footprint[],
  random: RandomStream,
): Picture[] {
  const taken = [...openings.map(openingSpace), ...furniture];
  const pictures: Picture[] = [];
  for (const wall of walls) {
    if (random.next() < 0.35 || wall.length < 1.5) continue;
    const width = random.uniform(0.4, 0.9);
    const height = random.uniform(0.35, 0.7);
    const middle = random.uniform(0.25, 0.75) * wall.length;
    const center = random.uniform(1.45, 1.6);
    const picture = { wall, middle, width, bottom: center - height / 2, top: center + height / 2 };
    if (!taken.some((footprint) => footprintsCollide(pictureSpace(picture), footprint, 0.1))) pictures.push(picture);
  }
  return pictures;
}

function pictureSpace({ wall, middle, width, bottom, top }: Picture): Footprint {
  return {
    center: wallPoint(wall, middle, 0.02),
    halfWidth: width / 2,
    halfDepth: 0.02,
    yaw: exact.atan2(wall.along[1], wall.along[0]),
    z0: bottom,
    z1: top,
  };
}

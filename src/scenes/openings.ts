/**
 * The door and the windows of a room: where they are in its walls, and the space that they need.
 */
import * as exact from '../exact-math';
import type { RandomStream } from '../random';
import { wallPoint, type Footprint, type Wall } from './plan';

export interface Opening {
  readonly kind: 'door' | 'window';
  readonly wall: Wall;
  /** Middle of the opening along its wall, metres from the wall's start. */
  readonly middle: number;
  readonly width: number;
  /** Lower and upper edge, metres above the floor. */
  readonly bottom: number;
  readonly top: number;
}

/** Doors of 0.85 x 2.05 m (DIN 18101: 0.86 x 1.985 clear), window sills at 0.85-1.0 m; one to three windows. */
export function placeOpenings(walls: readonly Wall[], height: number, random: RandomStream): Opening[] {
  const doorWidth = 0.85;
  const candidates = random.shuffle(walls.filter((wall) => wall.length > doorWidth + 0.5));
  const [doorWall, ...rest] = candidates;
  if (doorWall === undefined) {
    throw new RangeError(`placeOpenings: no wall is longer than ${doorWidth + 0.5} m; give the room longer walls`);
  }
  // Doors keep to one end of their wall, which leaves the rest of it to the furniture.
  const end = doorWidth / 2 + 0.2;
  const middle = random.next() < 0.5 ? end : doorWall.length - end;
  const openings: Opening[] = [{ kind: 'door', wall: doorWall, middle, width: doorWidth, bottom: 0, top: 2.05 }];
  const windows = random.integer(1, 3);
  for (const wall of rest.slice(0, windows)) {
    const width = Math.min(random.uniform(0.9, 2), wall.length - 0.8);
    if (width < 0.6) continue;
    const slack = (wall.length - width) / 2 - 0.3;
    openings.push({
      kind: 'window',
      wall,
      middle: wall.length / 2 + random.uniform(-slack, slack) / 2,
      width,
      bottom: random.uniform(0.85, 1),
      top: Math.min(2.15, height - 0.2),
    });
  }
  return openings;
}

/** The space that an opening keeps free of furniture: the swing of a door, the pane of a window. */
export function openingSpace({ kind, wall, middle, width, bottom, top }: Opening): Footprint {
  const reach = kind === 'door' ? 0.9 : 0.1;
  const margin = kind === 'door' ? 0.08 : 0;
  return {
    center: wallPoint(wall, middle, reach / 2),
    halfWidth: width / 2 + margin,
    halfDepth: reach / 2,
    yaw: exact.atan2(wall.along[1], wall.along[0]),
    z0: kind === 'door' ? 0 : bottom - 0.08,
    z1: top,
  };
}

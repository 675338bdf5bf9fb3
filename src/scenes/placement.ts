/**
 * Where furniture stands: poses drawn after each piece's habit (against a wall, around a table, on a desk …) and kept
 * when they collide with nothing. Tries are bounded; a piece that finds no place is given up with the reason.
 */
import * as exact from '../exact-math';
import type { RandomStream } from '../random';
import type { Furniture, Placement as Habit, Size } from './furniture/furniture';
import { passageSpace, type Plan } from './floor-plan';
import { openingSpace } from './openings';
import { footprintInside, footprintsCollide, fromFrame, wallPoint, type Footprint, type Wall } from './plan';
import type { Vec2 } from './scene';

/** A piece of furniture with its place: `footprint.z0` is the height of what it stands on. */
export interface Placed {
  readonly id: number;
  readonly furniture: Furniture;
  readonly size: Size;
  readonly footprint: Footprint;
  /** Id of the piece that carries it, or 0 for the floor. */
  readonly support: number;
}

/** A piece that is wanted in a room. */
export interface Wanted {
  readonly furniture: Furniture;
  readonly size: Size;
}

export interface Rejection {
  readonly category: string;
  readonly reason: string;
}

/** What was placed, and what was given up. */
export interface Placement {
  readonly placed: readonly Placed[];
  readonly rejected: readonly Rejection[];
}

/** A place to try. */
interface Pose {
  readonly center: Vec2;
  readonly yaw: number;
  readonly host: Placed | null;
}

/** Least gap between two pieces, metres, wide enough to be seen as one. */
const GAP = 0.03;
/** Least gap to a wall: the skirting board is 1.2 cm thick. */
const WALL_GAP = 0.02;
const TRIES = 24;

/** Places first what needs walls and room, then what goes with it, at last what stands on something. */
const STAGES: readonly Habit['kind'][][] = [['wall', 'center'], ['before', 'beside'], ['around'], ['corner'], ['on']];

/** Finds places for `wanted`; pieces without one are listed with the reason. */
export function placeFurniture(wanted: readonly Wanted[], plan: Plan, random: RandomStream): Placement {
  const placed: Placed[] = [];
  const rejected: Rejection[] = [];
  const doorways = [...plan.openings.map(openingSpace), ...plan.passages.map(passageSpace)];
  for (const kinds of STAGES) {
    const stage = wanted.filter(({ furniture }) => kinds.includes(furniture.placement.kind));
    // Stable order of sizes: large pieces find no room once the small ones are strewn about.
    for (const piece of stage.sort((a, b) => b.size.width * b.size.depth - a.size.width * a.size.depth)) {
      const id = placed.length + 1;
      const found = findPlace(piece, id, plan, placed, doorways, random);
      if (typeof found === 'string') rejected.push({ category: piece.furniture.category, reason: found });
      else placed.push(found);
    }
  }
  return { placed, rejected };
}

function findPlace(
  { furniture, size }: Wanted,
  id: number,
  plan: Plan,
  placed: readonly Placed[],
  doorways: readonly Footprint[],
  random: RandomStream,
): Placed | string {
  if (size.height > plan.height - 0.05) return `${size.height.toFixed(2)} m is too high for the room`;
  let reason = 'no host for it in the room';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const pose = proposePose(furniture.placement, size, plan, placed, random);
    if (pose === null) continue;
    const onTop = furniture.placement.kind === 'on';
    const z0 = onTop && pose.host !== null ? pose.host.footprint.z1 : 0;
    const footprint: Footprint = {
      center: pose.center,
      halfWidth: size.width / 2,
      halfDepth: size.depth / 2,
      yaw: pose.yaw,
      z0,
      z1: z0 + size.height,
    };
    const obstacle = findObstacle(footprint, furniture, pose.host, plan, placed, doorways, attempt < TRIES / 2);
    if (obstacle === null) return { id, furniture, size, footprint, support: onTop ? (pose.host?.id ?? 0) : 0 };
    reason = `no free place in ${TRIES} tries; last in the way: ${obstacle}`;
  }
  return reason;
}

/** What stands in the way of `footprint`, or null. `generous` keeps all the space before furniture free, else half. */
function findObstacle(
  footprint: Footprint,
  furniture: Furniture,
  host: Placed | null,
  plan: Plan,
  placed: readonly Placed[],
  doorways: readonly Footprint[],
  generous: boolean,
): string | null {
  if (!footprintInside(footprint, plan.polygon, WALL_GAP - 0.002)) return 'a wall';
  if (footprint.z1 > plan.height - 0.02) return 'the ceiling';
  if (doorways.some((space) => footprintsCollide(footprint, space, 0.02))) return 'a door or a window';
  for (const other of placed) {
    if (footprintsCollide(footprint, other.footprint, GAP)) return other.furniture.category;
  }
  if (footprint.z0 > 0) return null;
  const share = generous ? 1 : 0.5;
  const needed = clearance(footprint, furniture.placement, share);
  for (const other of placed) {
    if (needed !== null && footprintsCollide(needed, other.footprint, 0)) return other.furniture.category;
    const kept = other === host ? null : clearance(other.footprint, other.furniture.placement, share);
    if (kept !== null && footprintsCollide(footprint, kept, 0))
      return `the space before the ${other.furniture.category}`;
  }
  return null;
}

/** The space around a piece that has to stay free for people: `share` of what it asks for, before it or on all sides. */
function clearance(footprint: Footprint, placement: Habit, share: number): Footprint | null {
  if (placement.kind === 'center') {
    const { halfWidth, halfDepth } = footprint;
    const reach = share * placement.clearance;
    return { ...footprint, halfWidth: halfWidth + reach, halfDepth: halfDepth + reach };
  }
  if (placement.kind !== 'wall' || placement.clearance === 0) return null;
  const reach = (share * placement.clearance) / 2;
  return { ...footprint, center: fromFrame([0, -footprint.halfDepth - reach], footprint), halfDepth: reach };
}

function proposePose(
  placement: Habit,
  size: Size,
  plan: Plan,
  placed: readonly Placed[],
  random: RandomStream,
): Pose | null {
  switch (placement.kind) {
    case 'wall':
      return againstWall(size, plan.walls, random);
    case 'corner':
      // A room has few corners; what finds none stands along a wall.
      return random.next() < 0.5 ? inCorner(size, plan.walls, random) : againstWall(size, plan.walls, random);
    case 'center':
      return inCenter(plan, random);
    default: {
      const hosts = placed.filter(({ furniture }) => placement.hosts.includes(furniture.category));
      if (hosts.length === 0) return placement.kind === 'around' ? againstWall(size, plan.walls, random) : null;
      const host = random.pick(hosts);
      if (placement.kind === 'beside') return beside(size, host, random);
      if (placement.kind === 'before') return before(size, host, random);
      if (placement.kind === 'on') return onTop(size, host, placement.anchor, random);
      // One try in five looks for a wall, for chairs that find no seat.
      return random.next() < 0.2 ? againstWall(size, plan.walls, random) : around(size, host, random);
    }
  }
}

/** The yaw of a piece whose back (+y) is turned to `wall`. */
function backTo(wall: Wall): number {
  return exact.atan2(-wall.along[1], -wall.along[0]);
}

function againstWall(size: Size, walls: readonly Wall[], random: RandomStream): Pose | null {
  const roomy = walls.filter((wall) => wall.length > size.width + 0.1);
  if (roomy.length === 0) return null;
  const wall = random.pick(roomy);
  const distance = random.uniform(size.width / 2 + 0.03, wall.length - size.width / 2 - 0.03);
  const center = wallPoint(wall, distance, size.depth / 2 + random.uniform(WALL_GAP, 0.05));
  return { center, yaw: backTo(wall), host: null };
}

function inCorner(size: Size, walls: readonly Wall[], random: RandomStream): Pose {
  const wall = random.pick(walls);
  const end = size.width / 2 + random.uniform(0.04, 0.2);
  const distance = random.next() < 0.5 ? end : wall.length - end;
  return {
    center: wallPoint(wall, distance, size.depth / 2 + random.uniform(0.04, 0.2)),
    yaw: backTo(wall),
    host: null,
  };
}

function inCenter({ polygon, walls }: Plan, random: RandomStream): Pose {
  const middle = (axis: number) => {
    const values = polygon.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (low + high) / 2 + random.uniform(-0.25, 0.25) * (high - low);
  };
  return { center: [middle(0), middle(1)], yaw: backTo(random.pick(walls)), host: null };
}

function around(size: Size, host: Placed, random: RandomStream): Pose {
  const { halfWidth, halfDepth, yaw } = host.footprint;
  const side = random.integer(0, 3);
  const [half, reach] = side % 2 === 0 ? [halfWidth, halfDepth] : [halfDepth, halfWidth];
  // Seats are slots of equal width along a side, so that chairs line up.
  const slots = Math.max(1, Math.floor((2 * half) / (size.width + 0.1)));
  const along = ((random.integer(0, slots - 1) + 0.5) / slots - 0.5) * 2 * half;
  const away = reach + size.depth / 2 + random.uniform(GAP + 0.01, 0.2);
  // Side 0 is before the host; its seats look the other way. Each further side is a quarter turn on.
  const turn = (side * Math.PI) / 2;
  const local = fromFrame([along, -away], { center: [0, 0], yaw: turn });
  const wobble = random.uniform(-0.15, 0.15);
  return { center: fromFrame(local, host.footprint), yaw: yaw + turn + Math.PI + wobble, host };
}

function beside(size: Size, { footprint }: Placed, random: RandomStream): Pose {
  const side = random.next() < 0.5 ? -1 : 1;
  const x = side * (footprint.halfWidth + size.width / 2 + random.uniform(GAP + 0.01, 0.12));
  const y = footprint.halfDepth - size.depth / 2;
  return { center: fromFrame([x, y], footprint), yaw: footprint.yaw, host: null };
}

function before(size: Size, host: Placed, random: RandomStream): Pose {
  const { footprint } = host;
  const away = footprint.halfDepth + size.depth / 2 + random.uniform(0.3, 0.55);
  const x = random.uniform(-0.25, 0.25) * footprint.halfWidth;
  return { center: fromFrame([x, -away], footprint), yaw: footprint.yaw, host };
}

function onTop(size: Size, host: Placed, anchor: 'back' | 'front' | 'anywhere', random: RandomStream): Pose | null {
  const { footprint, furniture } = host;
  if (furniture.surface === undefined) return null;
  const yaw = anchor === 'anywhere' ? random.uniform(-0.4, 0.4) : 0;
  const [c, s] = [Math.abs(exact.cos(yaw)), Math.abs(exact.sin(yaw))];
  const slackX = footprint.halfWidth * furniture.surface - (c * size.width + s * size.depth) / 2;
  const slackY = footprint.halfDepth * furniture.surface - (s * size.width + c * size.depth) / 2;
  if (slackX < 0 || slackY < 0) return null;
  const x = random.uniform(-slackX, slackX);
  const [nearest, farthest] = { back: [0.5, 1], front: [-1, -0.6], anywhere: [-1, 1] }[anchor];
  const y = slackY * random.uniform(nearest, farthest);
  return { center: fromFrame([x, y], footprint), yaw: footprint.yaw + yaw, host };
}

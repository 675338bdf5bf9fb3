/**
 * Videos: a camera carried through a room. It walks over the free floor at eye height, past points spread over all of
 * it, and looks around on the way, first to what has not been seen yet. Speed and turning are bounded, so that
 * successive frames overlap, as in the scans that VSI-Bench films (Yang et al., Thinking in Space, 2024).
 */
import * as exact from '../exact-math';
import type { RandomStream } from '../random';
import { cameraLookingAt } from './camera';
import { cellCenter, floorClearance, freeFloor, largestRegion, stepsFrom, wayTo, type FreeFloor } from './free-floor';
import type { Range } from './room-types';
import type { Camera, Room, Vec2, Vec3 } from './scene';
import { pointsInSight, shareInView } from './sight';

export interface WalkOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** How many poses. */
  readonly frames: number;
  /** Poses a second; left out: 2, at which a minute's walk has 120. */
  readonly framesPerSecond?: number;
  /** Height of the eye above the floor, metres; one for the whole walk. */
  readonly eyeHeight?: Range;
  /** Horizontal field of view, radians. */
  readonly fieldOfView?: Range;
  /** Metres a second; left out: 1, a slow walk. */
  readonly maxSpeed?: number;
  /** Radians a second; left out: 60 degrees. */
  readonly maxTurnRate?: number;
}

/** A frame of a video. */
export interface WalkPose {
  readonly camera: Camera;
  /** Seconds since the first frame. */
  readonly time: number;
}

/** Distances to keep from walls and furniture, metres: the first that leaves room to walk is taken. */
const CLEARANCES = [0.4, 0.3, 0.22, 0.15];
/** Ways run between the cells' centres, which may come so much nearer to an obstacle than the centres, metres. */
const GRID_SLACK = 0.06;
/** A free region smaller than this is no room to walk, square metres. */
const WALKABLE = 1.5;
const MAX_STOPS = 9;
/** Rounds of averaging neighbouring points of the way (0.1 m apart): rounds off corners over about half a metre. */
const SMOOTHING = 60;
/** Seconds between two decisions where to look. */
const GLANCE = 1.5;
const HEADINGS = 36;
/** An object counts as seen when so much of it is in view. */
const SEEN = 0.5;

/**
 * A walk through `room`: `frames` poses with their times, the speed at most `maxSpeed` and the yaw's rate at most
 * `maxTurnRate`, every pose at least 0.15 m from walls and furniture. The stream fixes it.
 * Throws RangeError on a number of frames or a rate that is not positive, and on a room without 0.3 m of free floor.
 */
export function walkThrough(room: Room, random: RandomStream, options: WalkOptions): WalkPose[] {
  const { width, height, frames, framesPerSecond = 2, maxSpeed = 1, maxTurnRate = Math.PI / 3 } = options;
  if (!(Number.isInteger(frames) && frames >= 1)) {
    throw new RangeError(`walkThrough: ${frames} frames; give a whole number of at least 1`);
  }
  for (const [name, value] of Object.entries({ framesPerSecond, maxSpeed, maxTurnRate })) {
    if (!(value > 0)) throw new RangeError(`walkThrough: ${name} is ${value}; give a positive number`);
  }
  const eyeHeight = Math.min(random.uniform(...(options.eyeHeight ?? [1.3, 1.7])), room.height - 0.3);
  const fieldOfView = random.uniform(...(options.fieldOfView ?? [Math.PI / 3, Math.PI / 2]));
  const down = random.uniform(0.15, 0.35);

  const times = Array.from({ length: frames }, (_, k) => k / framesPerSecond);
  const duration = times[frames - 1];
  const way = planWay(room, maxSpeed * duration, random);
  const eyes = times.map((time): Vec3 => {
    const [x, y] = pointAlong(way, duration > 0 ? time / duration : 0);
    return [x, y, eyeHeight];
  });
  const look = (eye: Vec3, yaw: number) =>
    cameraLookingAt(
      eye,
      [eye[0] + exact.cos(yaw), eye[1] + exact.sin(yaw), eye[2] - exact.tan(down)],
      fieldOfView,
      width,
      height,
    );
  const yaws = planYaws(room, eyes, times, maxTurnRate, look, random);
  return eyes.map((eye, k) => ({ camera: look(eye, yaws[k]), time: times[k] }));
}

/** A smooth way over the free floor, at most `longest` metres long, points about 0.1 m apart. */
function planWay(room: Room, longest: number, random: RandomStream): Vec2[] {
  const floor = freeFloor(room);
  const { region, clearance } = walkableRegion(room, floor);
  const stops = spreadStops(floor, region, clearance + GRID_SLACK, random);
  // The first stops are spread widest; leaving out later ones shortens the walk until it can be done in the time.
  for (let count = stops.length; count > 1; count--) {
    const way = smoothed(room, clearance, tour(floor, stops.slice(0, count)));
    if (lengthOf(way) <= longest) return way;
  }
  const center = cellCenter(floor, stops[0].cell);
  return [center, center];
}

function walkableRegion(room: Room, floor: FreeFloor): { region: number[]; clearance: number } {
  let best: { region: number[]; clearance: number } | null = null;
  for (const clearance of CLEARANCES) {
    const region = largestRegion(floor, clearance + GRID_SLACK);
    if (region.length > (best?.region.length ?? 0)) best = { region, clearance };
    if (region.length * floor.cell ** 2 >= WALKABLE) break;
  }
  if (best !== null) return best;
  throw new RangeError(
    `walkThrough: the ${room.type} of seed ${room.seed} has no free floor of ${2 * CLEARANCES.at(-1)!} m across to ` +
      'walk on; take another seed or fewer objects',
  );
}

/** A place to pass, with the steps to it from every cell. */
interface Stop {
  readonly cell: number;
  readonly steps: Int32Array;
}

/** Stops spread over `region`: each further one is as far as can be from all before it. */
function spreadStops(floor: FreeFloor, region: readonly number[], clearance: number, random: RandomStream): Stop[] {
  const stops: Stop[] = [];
  // The first is the far end from a random place: walks start at an edge.
  let [cell] = farthest(region, [stepsFrom(floor, clearance, random.pick(region))]);
  for (;;) {
    stops.push({ cell, steps: stepsFrom(floor, clearance, cell) });
    const [next, distance] = farthest(
      region,
      stops.map(({ steps }) => steps),
    );
    if (stops.length === MAX_STOPS || distance * floor.cell < 0.8) return stops;
    cell = next;
  }
}

/** The cell of `region` whose smallest number of steps is largest, and that number. */
function farthest(region: readonly number[], fields: readonly Int32Array[]): [number, number] {
  let best: [number, number] = [region[0], -1];
  for (const k of region) {
    const nearest = Math.min(...fields.map((steps) => steps[k]));
    if (nearest > best[1]) best = [k, nearest];
  }
  return best;
}

/** A short way past all stops from the first: always to the nearest next, then improved by reversing parts (2-opt). */
function tour(floor: FreeFloor, stops: readonly Stop[]): Vec2[] {
  const order = [stops[0]];
  const rest = stops.slice(1);
  while (rest.length > 0) {
    const { steps } = order[order.length - 1];
    rest.sort((a, b) => steps[a.cell] - steps[b.cell]);
    order.push(rest.shift()!);
  }
  const between = (i: number, j: number) => (j < order.length ? order[i].steps[order[j].cell] : 0);
  for (let improved = true; improved;) {
    improved = false;
    for (let i = 0; i + 2 < order.length; i++) {
      for (let j = i + 2; j < order.length; j++) {
        const after = j + 1 < order.length ? order[i + 1].steps[order[j + 1].cell] : 0;
        if (between(i, j) + after >= between(i, i + 1) + between(j, j + 1)) continue;
        order.splice(i + 1, j - i, ...order.slice(i + 1, j + 1).reverse());
        improved = true;
      }
    }
  }
  const cells = order.slice(1).flatMap((stop, i) => wayTo(floor, order[i].steps, stop.cell).slice(1));
  return [order[0].cell, ...cells].map((k) => cellCenter(floor, k));
}

/** `way` with its corners rounded, as far as the clearance allows. */
function smoothed(room: Room, clearance: number, way: readonly Vec2[]): Vec2[] {
  const points = way.map(([x, y]): Vec2 => [x, y]);
  for (let round = 0; round < SMOOTHING; round++) {
    for (let i = 1; i + 1 < points.length; i++) {
      const [p, q, r] = [points[i - 1], points[i], points[i + 1]];
      const moved: Vec2 = [(p[0] + 2 * q[0] + r[0]) / 4, (p[1] + 2 * q[1] + r[1]) / 4];
      if (floorClearance(room, moved) >= clearance) points[i] = moved;
    }
  }
  return points;
}

function lengthOf(way: readonly Vec2[]): number {
  return way.slice(1).reduce((sum, [x, y], i) => sum + exact.hypot(x - way[i][0], y - way[i][1]), 0);
}

/** The point at `fraction` of the length of `way`. */
function pointAlong(way: readonly Vec2[], fraction: number): Vec2 {
  let left = fraction * lengthOf(way);
  for (let i = 1; i < way.length; i++) {
    const [[x0, y0], [x1, y1]] = [way[i - 1], way[i]];
    const step = exact.hypot(x1 - x0, y1 - y0);
    if (step > 0 && left <= step) return [x0 + ((x1 - x0) * left) / step, y0 + ((y1 - y0) * left) / step];
    left -= step;
  }
  return way[way.length - 1];
}

/**
 * Where to look at each time, radians: glances are decided one after the other, each for the heading within reach that
 * shows most of what was seen least, and blended smoothly.
 */
function planYaws(
  room: Room,
  eyes: readonly Vec3[],
  times: readonly number[],
  maxTurnRate: number,
  look: (eye: Vec3, yaw: number) => Camera,
  random: RandomStream,
): number[] {
  const sights = eyes.map((eye) => pointsInSight(room, eye));
  const timesSeen = new Map(room.objects.map(({ id }) => [id, 0]));
  // A blend's steepest part turns 1.5 times as fast as its mean.
  const reach = (maxTurnRate * GLANCE) / 1.5;
  const yaws: number[] = [];
  let from: number | null = null;
  for (let frame = 0, glance = 0; frame < eyes.length; glance++) {
    const start = glance * GLANCE;
    let next = frame;
    while (next + 1 < eyes.length && times[next] < start + GLANCE) next++;
    const offset = random.uniform(0, (2 * Math.PI) / HEADINGS);
    const turns = Array.from({ length: HEADINGS }, (_, k) => offset + ((2 * k) / HEADINGS - 1) * Math.PI);
    const center: number = from ?? 0;
    const headings: number[] = turns
      .filter((turn) => from === null || Math.abs(turn) <= reach)
      .map((turn) => center + turn);
    const worth = headings.map((yaw) => worthOf(room, eyes[next], yaw, look(eyes[next], yaw), sights[next], timesSeen));
    const to: number = headings[worth.indexOf(Math.max(...worth))];
    from ??= to;
    for (; frame < eyes.length && times[frame] < start + GLANCE; frame++) {
      const t = (times[frame] - start) / GLANCE;
      const yaw = from + (to - from) * t * t * (3 - 2 * t);
      yaws.push(yaw);
      const camera = look(eyes[frame], yaw);
      for (const [id, points] of sights[frame]) {
        if (shareInView(camera, points) >= SEEN) timesSeen.set(id, timesSeen.get(id)! + 1);
      }
    }
    from = to;
  }
  return yaws;
}

/** How much a heading shows of what was seen least, and how far it turns towards it. */
function worthOf(
  room: Room,
  eye: Vec3,
  yaw: number,
  camera: Camera,
  sight: ReadonlyMap<number, readonly Vec3[]>,
  timesSeen: ReadonlyMap<number, number>,
): number {
  let worth = 0;
  for (const { id, box } of room.objects) {
    const points = sight.get(id)!;
    if (points.length === 0) continue;
    const weight = 1 / (1 + timesSeen.get(id)!) ** 2;
    const toward = exact.cos(exact.atan2(box.centroid[1] - eye[1], box.centroid[0] - eye[0]) - yaw);
    worth += weight * (shareInView(camera, points) + 0.3 * toward);
  }
  return worth;
}

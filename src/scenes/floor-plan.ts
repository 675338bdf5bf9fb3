/**
 * Floor plans: rectangles, L-shapes, and two rooms with a doorway between them, whose areas add up (as the benchmarks
 * measure rooms that a scan shows together). A plan says which part of it is furnished as what.
 */
import * as exact from '../exact-math';
import type { RandomStream } from '../random';
import type { Opening } from './openings';
import type { Footprint, Wall } from './plan';
import { roomTypeOf, type RoomType } from './room-types';
import type { Vec2 } from './scene';

export const PLAN_SHAPES = ['rectangle', 'L-shape', 'two rooms'] as const;
export type PlanShape = (typeof PLAN_SHAPES)[number];

/** A part of a plan that is furnished as one room. */
export interface Zone {
  readonly type: RoomType;
  /** Counter-clockwise, metres. */
  readonly polygon: readonly Vec2[];
}

/** A doorway without a door between two zones: its width, the wall's thickness as its depth, from the floor up. */
export type Passage = Footprint;

/** What a plan looks like before doors and furniture. */
export interface Outline {
  /** Counter-clockwise, metres, its bounding box centred on the origin. */
  readonly polygon: readonly Vec2[];
  readonly zones: readonly Zone[];
  readonly passages: readonly Passage[];
  /** Which of the polygon's sides, by their index, have another part of the plan behind them: no place for a window. */
  readonly partitions: readonly number[];
}

/** A plan that can be furnished: its walls, and what has to be kept free. */
export interface Plan {
  readonly polygon: readonly Vec2[];
  /** Floor to ceiling, metres. */
  readonly height: number;
  readonly walls: readonly Wall[];
  readonly openings: readonly Opening[];
  readonly passages: readonly Passage[];
}

/** A rectangle's sides are at most so many to 1. */
const LONGEST = 1.7;
/** Thickness of a wall between two rooms, metres: a stud wall of DIN 18183, 100 to 125 mm. */
const PARTITION = 0.12;
/** What a room leads to. */
const COMPANIONS: Readonly<Record<RoomType['name'], readonly RoomType['name'][]>> = {
  'living room': ['dining room', 'kitchen'],
  bedroom: ['bathroom', 'office'],
  kitchen: ['dining room', 'living room'],
  office: ['office'],
  'dining room': ['kitchen', 'living room'],
  bathroom: ['bedroom'],
};

/** Draws a plan of `shape` for a room of `type`; the second of two rooms is drawn from what goes with the first. */
export function drawOutline(type: RoomType, shape: PlanShape, random: RandomStream): Outline {
  if (shape === 'two rooms') return drawTwoRooms(type, random);
  const polygon = shape === 'L-shape' ? drawLShape(type, random) : drawRectangle(type, random);
  return { polygon, zones: [{ type, polygon }], passages: [], partitions: [] };
}

/** Square metres, uniform in the logarithm. */
function drawArea({ area: [smallest, largest] }: RoomType, random: RandomStream): number {
  return smallest * exact.pow(largest / smallest, random.next());
}

function drawRectangle(type: RoomType, random: RandomStream): readonly Vec2[] {
  const area = drawArea(type, random);
  const aspect = random.uniform(1, LONGEST);
  const [long, short] = [Math.sqrt(area * aspect) / 2, Math.sqrt(area / aspect) / 2];
  const [x, y] = random.next() < 0.5 ? [long, short] : [short, long];
  return rectangle([-x, -y], [x, y]);
}

/** A rectangle less a corner of 0.3 to 0.5 of each side, turned any way. */
function drawLShape(type: RoomType, random: RandomStream): readonly Vec2[] {
  const area = drawArea(type, random);
  const aspect = random.uniform(1 / 1.4, 1.4);
  const [cutX, cutY] = [random.uniform(0.3, 0.5), random.uniform(0.3, 0.5)];
  const bounding = area / (1 - cutX * cutY);
  const [width, depth] = [Math.sqrt(bounding * aspect), Math.sqrt(bounding / aspect)];
  const [x, y] = [width / 2, depth / 2];
  const [notchX, notchY] = [x - cutX * width, y - cutY * depth];
  const polygon: Vec2[] = [
    [-x, -y],
    [x, -y],
    [x, notchY],
    [notchX, notchY],
    [notchX, y],
    [-x, y],
  ];
  const turn = random.integer(0, 3);
  return polygon.map((point) => quarterTurn(point, turn));
}

/** Two rectangles of one depth, side by side, joined by a doorway in the wall between them. */
function drawTwoRooms(type: RoomType, random: RandomStream): Outline {
  const companion = roomTypeOf(random.pick(COMPANIONS[type.name]));
  const area = drawArea(type, random);
  // Side by side, a room more than twice as large as the other would make one of them a corridor.
  const other = Math.min(2 * area, Math.max(area / 2, drawArea(companion, random)));
  const depth = Math.sqrt(Math.min(area, other)) * random.uniform(1, 1.25);
  const width = area / depth + PARTITION + other / depth;
  const [x, y] = [width / 2, depth / 2];
  const [wall0, wall1] = [-x + area / depth, -x + area / depth + PARTITION];
  const doorway = random.uniform(0.9, 1.2);
  const slack = depth / 2 - doorway / 2 - 0.25;
  const middle = random.uniform(-slack, slack);
  const [low, high] = [middle - doorway / 2, middle + doorway / 2];
  const polygon: Vec2[] = [
    [-x, -y],
    [wall0, -y],
    [wall0, low],
    [wall1, low],
    [wall1, -y],
    [x, -y],
    [x, y],
    [wall1, y],
    [wall1, high],
    [wall0, high],
    [wall0, y],
    [-x, y],
  ];
  const turn = random.integer(0, 3);
  const turned = (points: readonly Vec2[]) => points.map((point) => quarterTurn(point, turn));
  return {
    polygon: turned(polygon),
    zones: [
      { type, polygon: turned(rectangle([-x, -y], [wall0, y])) },
      { type: companion, polygon: turned(rectangle([wall1, -y], [x, y])) },
    ],
    passages: [
      {
        center: quarterTurn([(wall0 + wall1) / 2, middle], turn),
        halfWidth: doorway / 2,
        halfDepth: PARTITION / 2,
        yaw: ((turn + 1) * Math.PI) / 2,
        z0: 0,
        z1: 2.05,
      },
    ],
    partitions: [1, 2, 3, 7, 8, 9],
  };
}

/** The space before and behind a passage that furniture leaves free. */
export function passageSpace(passage: Passage): Footprint {
  return { ...passage, halfWidth: passage.halfWidth + 0.05, halfDepth: passage.halfDepth + 0.7 };
}

function rectangle([x0, y0]: Vec2, [x1, y1]: Vec2): readonly Vec2[] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

function quarterTurn([x, y]: Vec2, turns: number): Vec2 {
  switch (turns) {
    case 0:
      return [x, y];
    case 1:
      return [-y, x];
    case 2:
      return [-x, -y];
    default:
      return [y, -x];
  }
}

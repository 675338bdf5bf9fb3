/**
 * Where a person can walk: the floor as a grid that knows how far each cell is from the nearest wall or piece of
 * furniture, the regions of it that are connected, and ways through them. Walk-throughs follow these ways; the
 * validator asks whether every piece can be reached by them.
 */
import * as exact from '../exact-math';
import { boxAxis } from './geometry';
import { insidePolygon } from './plan';
import type { OrientedBox, Room, Vec2 } from './scene';

/** A grid over the plan, row by row from its lowest corner. */
export interface FreeFloor {
  /** Side of a cell, metres. */
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  /** Centre of the first cell, metres. */
  readonly origin: Vec2;
  /** Distance from each cell's centre to the nearest obstacle, metres; 0 within one and outside the plan. */
  readonly clearance: Float32Array;
}

/** Measures the floor of `room` in cells of `cell` metres. */
export function freeFloor(room: Room, cell = 0.1): FreeFloor {
  const low = [0, 1].map((axis) => Math.min(...room.polygon.map((point) => point[axis])));
  const high = [0, 1].map((axis) => Math.max(...room.polygon.map((point) => point[axis])));
  const [columns, rows] = [0, 1].map((axis) => Math.max(1, Math.floor((high[axis] - low[axis]) / cell)));
  const origin: Vec2 = [low[0] + cell / 2, low[1] + cell / 2];
  const clearance = new Float32Array(columns * rows);
  for (let row = 0, k = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, k++) {
      clearance[k] = floorClearance(room, [origin[0] + column * cell, origin[1] + row * cell]);
    }
  }
  return { cell, columns, rows, origin, clearance };
}

/** Distance from `point` on the floor to the nearest wall or piece of furniture, metres; 0 within one and outside. */
export function floorClearance(room: Room, point: Vec2): number {
  if (!insidePolygon(point, room.polygon)) return 0;
  let nearest = Infinity;
  for (const [i, a] of room.polygon.entries()) {
    nearest = Math.min(nearest, segmentDistance(point, a, room.polygon[(i + 1) % room.polygon.length]));
  }
  for (const { box } of room.objects) nearest = Math.min(nearest, distanceToFootprint(point, box));
  return nearest;
}

/** Distance on the floor from `point` to what stands on it as `box`, metres; 0 within. */
export function distanceToFootprint([x, y]: Vec2, box: OrientedBox): number {
  const [dx, dy] = [x - box.centroid[0], y - box.centroid[1]];
  const outside = (k: 0 | 1) => {
    const axis = boxAxis(box, k);
    return Math.max(0, Math.abs(dx * axis[0] + dy * axis[1]) - box.axesLengths[k] / 2);
  };
  return exact.hypot(outside(0), outside(1));
}

/** The centre of cell `k`, metres. */
export function cellCenter({ cell, columns, origin }: FreeFloor, k: number): Vec2 {
  return [origin[0] + (k % columns) * cell, origin[1] + Math.floor(k / columns) * cell];
}

/** Steps of a king on a chessboard from cell `start` over cells with at least `clearance` metres; -1: no way. */
export function stepsFrom(floor: FreeFloor, clearance: number, start: number): Int32Array {
  const steps = new Int32Array(floor.clearance.length).fill(-1);
  steps[start] = 0;
  const queue = [start];
  for (let head = 0; head < queue.length; head++) {
    for (const next of neighbours(floor, queue[head])) {
      if (steps[next] >= 0 || floor.clearance[next] < clearance) continue;
      steps[next] = steps[queue[head]] + 1;
      queue.push(next);
    }
  }
  return steps;
}

/** A shortest way over the floor to cell `end` from the cell that `steps` were counted from, both included. */
export function wayTo(floor: FreeFloor, steps: Int32Array, end: number): number[] {
  if (steps[end] < 0) throw new RangeError(`wayTo: cell ${end} cannot be reached; ask for one whose steps are >= 0`);
  const way = [end];
  while (steps[way[0]] > 0) {
    way.unshift(neighbours(floor, way[0]).find((next) => steps[next] === steps[way[0]] - 1)!);
  }
  return way;
}

/** The cells of the largest connected part of the floor with at least `clearance` metres; empty when there is none. */
export function largestRegion(floor: FreeFloor, clearance: number): number[] {
  const visited = new Uint8Array(floor.clearance.length);
  let largest: number[] = [];
  for (let start = 0; start < visited.length; start++) {
    if (visited[start] || floor.clearance[start] < clearance) continue;
    const region: number[] = [];
    for (const [k, step] of stepsFrom(floor, clearance, start).entries()) {
      if (step < 0) continue;
      visited[k] = 1;
      region.push(k);
    }
    if (region.length > largest.length) largest = region;
  }
  return largest;
}

/** Cells that share a side or a corner with cell `k`; sides first, so that ways prefer straight steps. */
function neighbours({ columns, rows }: FreeFloor, k: number): number[] {
  const [column, row] = [k % columns, Math.floor(k / columns)];
  const found: number[] = [];
  for (const [dx, dy] of KING_STEPS) {
    const [x, y] = [column + dx, row + dy];
    if (x >= 0 && x < columns && y >= 0 && y < rows) found.push(y * columns + x);
  }
  return found;
}

const KING_STEPS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
] as const;

function segmentDistance([x, y]: Vec2, a: Vec2, b: Vec2): number {
  const [ux, uy] = [b[0] - a[0], b[1] - a[1]];
  const t = Math.min(1, Math.max(0, ((x - a[0]) * ux + (y - a[1]) * uy) / (ux * ux + uy * uy)));
  return exact.hypot(x - a[0] - t * ux, y - a[1] - t * uy);
}

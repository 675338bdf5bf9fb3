/**
 * Contact shadows: how much of the light from around is kept from each spot of a room's floor by what stands on it or
 * hangs low over it, and by the walls. A small map over the floor's bounding square, made once a room: cells are
 * weighted by how near the floor the lowest surface above them is, and blurred. It ties furniture to the floor, which
 * is what tells a viewer how far away a thing stands.
 */
import * as exact from '../exact-math';
import type { RoomMesh } from '../scenes/room-mesh';

/** Cells along one side of the map. */
export const CONTACT_CELLS = 128;

/** Height at which an occluder's weight has faded to 1/e, metres. */
const FADE = 0.6;
/** Half the widths of the two blurs, metres: the dark line at a foot, and the soft shade around it. */
const BLURS = [0.07, 0.3];
/** What lies flat, a rug, takes shadows and casts none: thinner than this, metres. */
const FLAT = 0.05;
/** Weight of the room's outside, which darkens the floor along the walls. */
const WALL = 0.75;

/**
 * The map over the square with corner `low` and side `size` (metres), row by row along y: 0 lit, 255 fully occluded.
 * `floor` is the floor's z.
 */
export function contactShadows(
  mesh: RoomMesh,
  low: readonly [number, number],
  size: number,
  floor: number,
): Uint8Array<ArrayBuffer> {
  const n = CONTACT_CELLS;
  const cell = size / n;
  const { positions, normals, indices, instances } = mesh;
  const tops = new Map<number, number>();
  for (let vertex = 0; vertex < instances.length; vertex++) {
    const z = positions[3 * vertex + 2] - floor;
    if (z > (tops.get(instances[vertex]) ?? 0)) tops.set(instances[vertex], z);
  }
  const inside = new Float32Array(n * n);
  const weights = new Float32Array(n * n);
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [3 * indices[t], 3 * indices[t + 1], 3 * indices[t + 2]];
    if (instances[indices[t]] === 0) {
      if (normals[a + 2] > 0.5) cover(inside, a, b, c, 1);
      continue;
    }
    if ((tops.get(instances[indices[t]]) ?? 0) < FLAT) continue;
    const [za, zb, zc] = [positions[a + 2] - floor, positions[b + 2] - floor, positions[c + 2] - floor];
    cover(weights, a, b, c, exact.exp(-Math.max(0, Math.min(za, zb, zc)) / FADE));
  }
  for (let index = 0; index < n * n; index++) if (inside[index] === 0) weights[index] = WALL;
  const [sharp, soft] = BLURS.map((width) => {
    const radius = Math.max(1, Math.round(width / cell));
    // Two box filters a direction make a tent: smooth enough.
    return [1, n, 1, n].reduce((source, stride) => boxBlur(source, n, stride, radius), weights);
  });
  const map = new Uint8Array(n * n);
  for (let index = 0; index < n * n; index++) map[index] = Math.round((255 * (sharp[index] + soft[index])) / 2);
  return map;

  /** Raises the cells whose centres lie below or above the triangle to `value`. */
  function cover(target: Float32Array, a: number, b: number, c: number, value: number): void {
    const [ax, ay] = [(positions[a] - low[0]) / cell, (positions[a + 1] - low[1]) / cell];
    const [bx, by] = [(positions[b] - low[0]) / cell, (positions[b + 1] - low[1]) / cell];
    const [cx, cy] = [(positions[c] - low[0]) / cell, (positions[c + 1] - low[1]) / cell];
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0) return; // Upright: seen from above it is a line.
    const firstX = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
    const lastX = Math.min(n - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
    const firstY = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
    const lastY = Math.min(n - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
    for (let y = firstY; y <= lastY; y++) {
      for (let x = firstX; x <= lastX; x++) {
        const [px, py] = [x + 0.5, y + 0.5];
        const u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * area;
        const v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * area;
        const w = ((ax - px) * (by - py) - (ay - py) * (bx - px)) * area;
        if (u >= 0 && v >= 0 && w >= 0) target[y * n + x] = Math.max(target[y * n + x], value);
      }
    }
  }
}

/** Mean over 2 radius + 1 neighbours along one direction; beyond the border the border repeats. */
function boxBlur(source: Float32Array, n: number, stride: number, radius: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(source.length);
  const line = new Float32Array(n + 2 * radius + 1);
  for (let index = 0; index < n; index++) {
    const start = stride === 1 ? index * n : index;
    for (let i = 0; i < line.length; i++) {
      line[i] = source[start + Math.min(n - 1, Math.max(0, i - radius)) * stride];
    }
    let sum = 0;
    for (let i = 0; i <= 2 * radius; i++) sum += line[i];
    for (let i = 0; i < n; i++) {
      result[start + i * stride] = sum / (2 * radius + 1);
      sum += line[i + 2 * radius + 1] - line[i];
    }
  }
  return result;
}

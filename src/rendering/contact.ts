/**
 * Contact shadows: how much of the light from around is kept from each spot of a room's floor by what stands on it or
 * hangs low over it, and by the walls. A small map over the floor's bounding square, made once a room: cells are
 * weighted by how near the floor the lowest surface above them is, and blurred. It ties furniture to the floor, which
 * is what tells a viewer how far away a thing stands.
 */
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
  const weights = new Float32Array(n * n).fill(WALL);
  const { positions, normals, indices, instances } = mesh;
  // The floor first: what it covers is inside.
  forEachTriangle((a, b, c) => {
    if (instances[a] === 0 && normals[3 * a + 2] > 0.5) cover(a, b, c, (index) => (weights[index] = 0));
  });
  forEachTriangle((a, b, c) => {
    if (instances[a] === 0) return;
    const top = Math.max(positions[3 * a + 2], positions[3 * b + 2], positions[3 * c + 2]) - floor;
    if (top < FLAT) return;
    const height = Math.min(positions[3 * a + 2], positions[3 * b + 2], positions[3 * c + 2]) - floor;
    const weight = Math.exp(-Math.max(0, height) / FADE);
    cover(a, b, c, (index) => (weights[index] = Math.max(weights[index], weight)));
  });
  const blurred = BLURS.map((width) => {
    const radius = Math.max(1, Math.round(width / cell));
    // Two box filters a direction make a tent: smooth enough.
    return [1, n, 1, n].reduce((source, stride) => boxBlur(source, n, stride, radius), weights);
  });
  return Uint8Array.from(weights, (_, index) => Math.round((255 * (blurred[0][index] + blurred[1][index])) / 2));

  function forEachTriangle(visit: (a: number, b: number, c: number) => void): void {
    for (let t = 0; t < indices.length; t += 3) visit(indices[t], indices[t + 1], indices[t + 2]);
  }

  /** Visits the cells whose centres lie below or above the triangle. */
  function cover(a: number, b: number, c: number, visit: (index: number) => void): void {
    const [ax, ay] = [(positions[3 * a] - low[0]) / cell, (positions[3 * a + 1] - low[1]) / cell];
    const [bx, by] = [(positions[3 * b] - low[0]) / cell, (positions[3 * b + 1] - low[1]) / cell];
    const [cx, cy] = [(positions[3 * c] - low[0]) / cell, (positions[3 * c + 1] - low[1]) / cell];
    const clampCell = (value: number) => Math.min(n - 1, Math.max(0, Math.floor(value)));
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    const [firstX, lastX] = [clampCell(Math.min(ax, bx, cx)), clampCell(Math.max(ax, bx, cx))];
    const [firstY, lastY] = [clampCell(Math.min(ay, by, cy)), clampCell(Math.max(ay, by, cy))];
    for (let y = firstY; y <= lastY; y++) {
      for (let x = firstX; x <= lastX; x++) {
        const [px, py] = [x + 0.5, y + 0.5];
        const u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * area;
        const v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * area;
        const w = ((ax - px) * (by - py) - (ay - py) * (bx - px)) * area;
        if (u >= 0 && v >= 0 && w >= 0) visit(y * n + x);
      }
    }
  }
}

/** Mean over 2 radius + 1 neighbours along one direction; beyond the border the border repeats. */
function boxBlur(source: Float32Array, n: number, stride: number, radius: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(source.length);
  const lineStride = stride === 1 ? n : 1;
  for (let line = 0; line < n; line++) {
    const start = line * lineStride;
    const at = (i: number) => source[start + Math.min(n - 1, Math.max(0, i)) * stride];
    let sum = 0;
    for (let i = -radius; i <= radius; i++) sum += at(i);
    for (let i = 0; i < n; i++) {
      result[start + i * stride] = sum / (2 * radius + 1);
      sum += at(i + radius + 1) - at(i - radius);
    }
  }
  return result;
}

/**
 * The shell of a room: floor, walls with skirting boards, a door, windows and pictures, ceiling. It faces inwards, so
 * that the room can be looked into from outside, and is instance 0.
 */
import type { RandomStream } from '../random';
import { MeshBuilder, type Color } from './mesh-builder';
import type { Passage, Plan } from './floor-plan';
import type { Opening } from './openings';
import type { Picture } from './pictures';
import { BLACK, BRASS, color, FABRICS, PAINTS, shade, STEEL, WHITE, WOODS } from './palette';
import { fromFrame, polygonArea, wallPoint, type Wall } from './plan';
import type { RoomType } from './room-types';
import type { TriangleMesh, Vec2, Vec3 } from './scene';

const WALLS = ['#efe9dd', '#e6e8e3', '#dfe5e8', '#eadfd0', '#d8dfd2', '#e9dcd6'].map(color);
const CARPETS = ['#9aa3a8', '#a89f92', '#7f8d94', '#8f9a8c'].map(color);
const TILES = ['#dcd8cf', '#cfd6d8', '#e3ddd2', '#b9bfc0'].map(color);
const SKY = color('#d7e8f5');
const CEILING = color('#f7f6f2');
const SKIRTING = { height: 0.08, thickness: 0.012 };

/** Builds the shell over `plan`, whose polygon may have any simple shape; `texture` scales the contrasts of the floor. */
export function buildShell(
  { polygon, height, walls, openings, passages }: Plan,
  pictures: readonly Picture[],
  floor: RoomType['floor'],
  texture: number,
  random: RandomStream,
): TriangleMesh {
  const mesh = new MeshBuilder();
  addFloor(mesh, polygon, floor, texture, random);
  for (const [a, b, c] of triangulate(polygon)) {
    mesh.polygon([at(c, height), at(b, height), at(a, height)], CEILING);
  }
  const paint = random.pick(WALLS);
  for (const wall of walls) addWall(mesh, wall, height, openings, paint);
  const trim = random.pick([WHITE, ...WOODS]);
  const leaf = random.pick([WHITE, trim, ...PAINTS.slice(2, 5)]);
  for (const opening of openings) {
    if (opening.kind === 'door') addDoor(mesh, opening, trim, leaf);
    else addWindow(mesh, opening, trim);
  }
  for (const passage of passages) addLintel(mesh, passage, height, paint, trim);
  for (const picture of pictures) addPicture(mesh, picture, random);
  return mesh.build();
}

function at([x, y]: Vec2, z: number): Vec3 {
  return [x, y, z];
}

function addFloor(
  mesh: MeshBuilder,
  polygon: readonly Vec2[],
  floor: RoomType['floor'],
  texture: number,
  random: RandomStream,
): void {
  const base = random.pick({ planks: WOODS, tiles: TILES, carpet: CARPETS }[floor]);
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [minX, maxX] = [Math.min(...xs), Math.max(...xs)];
  const [minY, maxY] = [Math.min(...ys), Math.max(...ys)];
  // Planks and tiles differ a little from each other, which gives the eye a scale; tiles lie as a chequerboard, carpet in large
  // squares.
  const piece = { planks: [1.6, 0.2], tiles: [0.45, 0.45], carpet: [1, 1] }[floor];
  const spread = texture * { planks: 0.1, tiles: 0.045, carpet: 0.02 }[floor];
  // Boards meet in T-junctions, through which a GPU's rasterizer leaves pinholes: a millimetre below lies a whole floor.
  for (const [a, b, c] of triangulate(polygon)) mesh.polygon([at(a, -0.001), at(b, -0.001), at(c, -0.001)], base);
  for (let y = minY, row = 0; y < maxY; y += piece[1], row++) {
    const offset = floor === 'planks' ? ((row * 0.37) % 1) * piece[0] : 0;
    for (let x = minX - offset; x < maxX; x += piece[0]) {
      const part = clipToRectangle(polygon, [x, y], [x + piece[0], y + piece[1]]);
      const column = Math.round((x - minX) / piece[0]);
      const checker = floor === 'tiles' && (row + column) % 2 === 1 ? 1 - 0.14 * texture : 1;
      const tint = shade(base, checker * (1 + random.uniform(-spread, spread)));
      for (const [a, b, c] of triangulate(part)) mesh.polygon([at(a, 0), at(b, 0), at(c, 0)], tint);
    }
  }
}

function addWall(mesh: MeshBuilder, wall: Wall, height: number, openings: readonly Opening[], paint: Color): void {
  const [a, b] = [wallPoint(wall, 0, 0), wallPoint(wall, wall.length, 0)];
  mesh.quad(at(b, 0), at(a, 0), at(a, height), at(b, height), paint);
  const doors = openings.filter((opening) => opening.kind === 'door' && opening.wall === wall);
  let from = 0;
  for (const [left, right] of [
    ...doors.map((d) => [d.middle - d.width / 2, d.middle + d.width / 2]),
    [wall.length, 0],
  ]) {
    if (left > from) addPanel(mesh, wall, [from, left], [0, SKIRTING.height], [0, SKIRTING.thickness], WHITE);
    from = right;
  }
}

/** A slab on a wall: `along` it, between two heights, from `depth[0]` to `depth[1]` metres into the room. */
function addPanel(mesh: MeshBuilder, wall: Wall, along: Vec2, heights: Vec2, depth: Vec2, tint: Color): void {
  const corners = (z: number): [Vec3, Vec3, Vec3, Vec3] => [
    at(wallPoint(wall, along[0], depth[0]), z),
    at(wallPoint(wall, along[1], depth[0]), z),
    at(wallPoint(wall, along[1], depth[1]), z),
    at(wallPoint(wall, along[0], depth[1]), z),
  ];
  const [bottom, top] = [corners(heights[0]), corners(heights[1])];
  mesh.quad(bottom[3], bottom[2], bottom[1], bottom[0], tint);
  mesh.quad(top[0], top[1], top[2], top[3], tint);
  // The side against the wall is left out: from outside one looks through walls, and so through what hangs on them.
  for (const [i, j] of [
    [1, 2],
    [2, 3],
    [3, 0],
  ]) {
    mesh.quad(bottom[i], bottom[j], top[j], top[i], tint);
  }
}

function addFrame(mesh: MeshBuilder, { wall, middle, width, bottom, top }: Opening, trim: Color): void {
  const [left, right] = [middle - width / 2, middle + width / 2];
  addPanel(mesh, wall, [left - 0.07, left], [bottom, top + 0.07], [0, 0.035], trim);
  addPanel(mesh, wall, [right, right + 0.07], [bottom, top + 0.07], [0, 0.035], trim);
  addPanel(mesh, wall, [left, right], [top, top + 0.07], [0, 0.035], trim);
}

function addDoor(mesh: MeshBuilder, door: Opening, trim: Color, leaf: Color): void {
  const { wall, middle, width, top } = door;
  addFrame(mesh, door, trim);
  const [left, right] = [middle - width / 2, middle + width / 2];
  addPanel(mesh, wall, [left, right], [0, top], [0, 0.012], leaf);
  // Two raised panels and a handle.
  for (const [low, high] of [
    [0.2, 0.9],
    [1.1, top - 0.18],
  ] as const) {
    addPanel(mesh, wall, [left + 0.14, right - 0.14], [low, high], [0.012, 0.022], shade(leaf, 0.93));
  }
  const handle = right - 0.07;
  addPanel(mesh, wall, [handle - 0.02, handle + 0.02], [0.92, 1.14], [0.012, 0.018], STEEL);
  addPanel(mesh, wall, [handle - 0.12, handle + 0.01], [1.02, 1.04], [0.04, 0.055], BRASS);
  addPanel(mesh, wall, [handle - 0.01, handle + 0.01], [1.02, 1.04], [0.018, 0.04], BRASS);
}

function addWindow(mesh: MeshBuilder, window: Opening, trim: Color): void {
  const { wall, middle, width, bottom, top } = window;
  addFrame(mesh, window, trim);
  const [left, right] = [middle - width / 2, middle + width / 2];
  addPanel(mesh, wall, [left, right], [bottom, top], [0, 0.008], SKY);
  addPanel(mesh, wall, [left - 0.1, right + 0.1], [bottom - 0.04, bottom], [0, 0.075], shade(trim, 0.97));
  const bars = width > 1.3 ? 2 : 1;
  for (let k = 1; k <= bars; k++) {
    const x = left + (k * width) / (bars + 1);
    addPanel(mesh, wall, [x - 0.022, x + 0.022], [bottom, top], [0.008, 0.026], trim);
  }
  addPanel(
    mesh,
    wall,
    [left, right],
    [bottom + 0.7 * (top - bottom), bottom + 0.7 * (top - bottom) + 0.035],
    [0.008, 0.024],
    trim,
  );
}

/** The wall above a doorway, and a lining around the opening. */
function addLintel(mesh: MeshBuilder, passage: Passage, height: number, paint: Color, trim: Color): void {
  const { halfWidth, halfDepth, z1 } = passage;
  const block = (xs: Vec2, reach: number, zs: Vec2, tint: Color) => {
    const corners = (z: number): [Vec3, Vec3, Vec3, Vec3] => [
      at(fromFrame([xs[0], -reach], passage), z),
      at(fromFrame([xs[1], -reach], passage), z),
      at(fromFrame([xs[1], reach], passage), z),
      at(fromFrame([xs[0], reach], passage), z),
    ];
    mesh.block(corners(zs[0]), corners(zs[1]), tint);
  };
  block([-halfWidth, halfWidth], halfDepth, [z1, height], paint);
  block([-halfWidth, halfWidth], halfDepth + 0.015, [z1 - 0.03, z1], trim);
  for (const side of [-1, 1]) {
    const xs: Vec2 = side < 0 ? [-halfWidth, -halfWidth + 0.03] : [halfWidth - 0.03, halfWidth];
    block(xs, halfDepth + 0.015, [0, z1 - 0.03], trim);
  }
}

/** A frame around a landscape of three bands and a sun. */
function addPicture(mesh: MeshBuilder, { wall, middle, width, bottom, top }: Picture, random: RandomStream): void {
  const [left, right] = [middle - width / 2, middle + width / 2];
  addPanel(mesh, wall, [left, right], [bottom, top], [0, 0.014], random.pick([BLACK, WHITE, ...WOODS]));
  const [x0, x1] = [left + 0.03, right - 0.03];
  const [z0, z1] = [bottom + 0.03, top - 0.03];
  const horizon = z0 + random.uniform(0.3, 0.6) * (z1 - z0);
  const shore = z0 + random.uniform(0.3, 0.7) * (horizon - z0);
  const bands = random.shuffle(FABRICS);
  addPanel(mesh, wall, [x0, x1], [horizon, z1], [0.014, 0.016], shade(SKY, random.uniform(0.7, 1)));
  addPanel(mesh, wall, [x0, x1], [shore, horizon], [0.014, 0.016], bands[0]);
  addPanel(mesh, wall, [x0, x1], [z0, shore], [0.014, 0.016], bands[1]);
  const sun = x0 + random.uniform(0.2, 0.7) * (x1 - x0);
  addPanel(mesh, wall, [sun, sun + 0.08], [z1 - 0.12, z1 - 0.04], [0.016, 0.017], bands[2]);
}

/** The part of `polygon` within an axis-aligned rectangle (Sutherland-Hodgman). Empty when there is none. */
function clipToRectangle(polygon: readonly Vec2[], min: Vec2, max: Vec2): Vec2[] {
  let points = [...polygon];
  for (const [axis, bound, sign] of [
    [0, min[0], 1],
    [0, max[0], -1],
    [1, min[1], 1],
    [1, max[1], -1],
  ] as const) {
    const inside = (p: Vec2) => sign * (p[axis] - bound);
    points = points.flatMap((p, i) => {
      const q = points[(i + 1) % points.length];
      const [dp, dq] = [inside(p), inside(q)];
      const kept = dp >= 0 ? [p] : [];
      if (dp > 0 === dq > 0 || dp === 0 || dq === 0) return kept;
      const t = dp / (dp - dq);
      return [...kept, [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])] as const];
    });
  }
  return points;
}

/** Splits a simple counter-clockwise polygon into triangles by cutting off ears. */
function triangulate(polygon: readonly Vec2[]): (readonly [Vec2, Vec2, Vec2])[] {
  const rest = [...polygon];
  const triangles: (readonly [Vec2, Vec2, Vec2])[] = [];
  while (rest.length > 2) {
    const ear = rest.findIndex((b, i) => {
      const a = rest[(i + rest.length - 1) % rest.length];
      const c = rest[(i + 1) % rest.length];
      const twice = polygonArea([a, b, c]) * 2;
      return twice > 1e-9 && !rest.some((p) => p !== a && p !== b && p !== c && strictlyInside(p, a, b, c));
    });
    // What is left has no area: collinear points, or the seams that clipping a concave polygon leaves.
    if (ear < 0) break;
    const a = rest[(ear + rest.length - 1) % rest.length];
    triangles.push([a, rest[ear], rest[(ear + 1) % rest.length]]);
    rest.splice(ear, 1);
  }
  return triangles;
}

function strictlyInside(p: Vec2, a: Vec2, b: Vec2, c: Vec2): boolean {
  return polygonArea([a, b, p]) > 0 && polygonArea([b, c, p]) > 0 && polygonArea([c, a, p]) > 0;
}

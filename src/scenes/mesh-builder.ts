/**
 * The shapes that furniture is made of, gathered into one triangle mesh: boxes with bevelled edges, tapered blocks,
 * bars, turned solids and leaves. Metres, z up; triangles are counter-clockwise seen from outside, and each shape is
 * closed.
 */
import * as exact from '../exact-math';
import type { TriangleMesh, Vec2, Vec3 } from './scene';
import { combine, cross, dot, normalized, subtract } from './vectors';

/** Linear RGB albedo in [0, 1]. */
export type Color = Vec3;

export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

interface LatheOptions {
  /** Number of segments around the axis. */
  readonly sides?: number;
  /** Shade across the profile's corners; otherwise each band is flat along the profile. */
  readonly smooth?: boolean;
  /** Exponent of the superellipse |x|^n + |y|^n = 1 of the cross-section: 2 is an ellipse, 6 a rounded rectangle. */
  readonly exponent?: number;
}

/** A bevelled box has a vertex for each of its 8 corners on each of the 3 faces that meet there. */
const bevelVertex = (corner: number, axis: number) => corner * 3 + axis;
const BEVEL_TRIANGLES = bevelTriangles();

/** Collects shapes; `build` gives the mesh. */
export class MeshBuilder {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly colors: number[] = [];
  private readonly indices: number[] = [];

  /** A box between two opposite corners, its edges bevelled by `bevel` metres (at most 45 % of the shortest side). */
  box(min: Vec3, max: Vec3, color: Color, bevel = 0.004): this {
    const inset = Math.min(bevel, 0.45 * Math.min(max[0] - min[0], max[1] - min[1], max[2] - min[2]));
    const first = this.vertexCount;
    for (let corner = 0; corner < 8; corner++) {
      const x = corner & 1 ? max[0] : min[0];
      const y = corner & 2 ? max[1] : min[1];
      const z = corner & 4 ? max[2] : min[2];
      const sx = corner & 1 ? 1 : -1;
      const sy = corner & 2 ? 1 : -1;
      const sz = corner & 4 ? 1 : -1;
      this.vertex(x, y - sy * inset, z - sz * inset, sx, 0, 0, color);
      this.vertex(x - sx * inset, y, z - sz * inset, 0, sy, 0, color);
      this.vertex(x - sx * inset, y - sy * inset, z, 0, 0, sz, color);
    }
    for (const index of BEVEL_TRIANGLES) this.indices.push(first + index);
    return this;
  }

  /** A convex solid between two quadrilaterals, each counter-clockwise seen from above, `bottom` below `top`. */
  block(bottom: readonly [Vec3, Vec3, Vec3, Vec3], top: readonly [Vec3, Vec3, Vec3, Vec3], color: Color): this {
    this.quad(bottom[3], bottom[2], bottom[1], bottom[0], color);
    this.quad(top[0], top[1], top[2], top[3], color);
    for (let i = 0; i < 4; i++) {
      const j = (i + 1) % 4;
      this.quad(bottom[i], bottom[j], top[j], top[i], color);
    }
    return this;
  }

  /** A box that leans: the rectangle `min`..`max` at height `bottom`, shifted by `shift` metres at height `top`. */
  leaningBox(min: Vec2, max: Vec2, bottom: number, top: number, shift: Vec2, color: Color): this {
    const corners = (z: number, dx: number, dy: number): [Vec3, Vec3, Vec3, Vec3] => [
      [min[0] + dx, min[1] + dy, z],
      [max[0] + dx, min[1] + dy, z],
      [max[0] + dx, max[1] + dy, z],
      [min[0] + dx, max[1] + dy, z],
    ];
    return this.block(corners(bottom, 0, 0), corners(top, shift[0], shift[1]), color);
  }

  /** A square leg at (x, y) from the floor to `top`, `thickness` wide at the top and `foot` at the floor. */
  leg(x: number, y: number, top: number, thickness: number, foot: number, color: Color): this {
    const square = (side: number, z: number): [Vec3, Vec3, Vec3, Vec3] => [
      [x - side / 2, y - side / 2, z],
      [x + side / 2, y - side / 2, z],
      [x + side / 2, y + side / 2, z],
      [x - side / 2, y + side / 2, z],
    ];
    return this.block(square(foot, 0), square(thickness, top), color);
  }

  /** A round bar from `a` to `b`. */
  bar(a: Vec3, b: Vec3, radius: number, color: Color, sides = 8): this {
    const along = normalized(subtract(b, a));
    const helper: Vec3 = Math.abs(along[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
    const u = normalized(cross(helper, along));
    const v = cross(along, u);
    const first = this.vertexCount;
    for (const end of [a, b]) {
      for (let i = 0; i < sides; i++) {
        const angle = (2 * Math.PI * i) / sides;
        const n = combine(u, exact.cos(angle), v, exact.sin(angle));
        this.vertex(end[0] + radius * n[0], end[1] + radius * n[1], end[2] + radius * n[2], n[0], n[1], n[2], color);
      }
    }
    for (let i = 0; i < sides; i++) {
      const j = (i + 1) % sides;
      this.indices.push(first + i, first + j, first + sides + j, first + i, first + sides + j, first + sides + i);
    }
    this.disc(first, sides, subtract(a, b), color);
    this.disc(first + sides, sides, along, color);
    return this;
  }

  /**
   * A solid turned around the vertical axis through `center`. `profile` runs from the bottom up the outside as
   * [fraction of the radius, height above the centre's z] (and down the inside, for a vessel); `radii` are the
   * half-widths along x and y. An end away from the axis is closed with a disc.
   */
  lathe(center: Vec3, radii: Vec2, profile: readonly Vec2[], color: Color, options: LatheOptions = {}): this {
    const { sides = 12, smooth = false, exponent = 2 } = options;
    const ring = crossSection(radii, sides, exponent);
    const slopes = bandNormals(profile, radii);
    const addRing = ([fraction, z]: Vec2, [outward, upward]: Vec2) => {
      const first = this.vertexCount;
      for (const [x, y, nx, ny] of ring) {
        const n = normalized([outward * nx, outward * ny, upward]);
        this.vertex(center[0] + fraction * x, center[1] + fraction * y, center[2] + z, n[0], n[1], n[2], color);
      }
      return first;
    };
    const addBand = (lower: number, upper: number, from: Vec2, to: Vec2) => {
      for (let i = 0; i < sides; i++) {
        const j = (i + 1) % sides;
        if (from[0] > 0) this.indices.push(lower + i, lower + j, upper + j);
        if (to[0] > 0) this.indices.push(lower + i, upper + j, upper + i);
        if (from[0] <= 0 && to[0] <= 0) throw new RangeError('lathe: two neighbouring profile points on the axis');
      }
    };
    const last = profile.length - 1;
    if (smooth) {
      const rings = profile.map((point, k) => {
        const below = slopes[Math.max(0, k - 1)];
        const above = slopes[Math.min(last - 1, k)];
        return addRing(point, [below[0] + above[0], below[1] + above[1]]);
      });
      for (let k = 0; k < last; k++) addBand(rings[k], rings[k + 1], profile[k], profile[k + 1]);
    } else {
      for (let k = 0; k < last; k++) {
        const lower = addRing(profile[k], slopes[k]);
        addBand(lower, addRing(profile[k + 1], slopes[k]), profile[k], profile[k + 1]);
      }
    }
    if (profile[0][0] > 0) this.disc(addRing(profile[0], [0, -1]), sides, [0, 0, -1], color);
    if (profile[last][0] > 0) this.disc(addRing(profile[last], [0, 1]), sides, [0, 0, 1], color);
    return this;
  }

  /** An upright cylinder or truncated cone of round cross-section, standing at height z0. */
  cylinder(x: number, y: number, z0: number, z1: number, radius: number, color: Color, topRadius = radius): this {
    const widest = Math.max(radius, topRadius);
    const profile: Vec2[] = [
      [radius / widest, 0],
      [topRadius / widest, z1 - z0],
    ];
    return this.lathe([x, y, z0], [widest, widest], profile, color);
  }

  /** An ellipsoid with the half-axes `radii`. */
  ellipsoid(center: Vec3, radii: Vec3, color: Color, sides = 10): this {
    const bands = Math.max(4, Math.round(sides / 2));
    const profile = Array.from({ length: bands + 1 }, (_, k): Vec2 => {
      const angle = Math.PI * (k / bands - 0.5);
      return [k === 0 || k === bands ? 0 : exact.cos(angle), radii[2] * exact.sin(angle)];
    });
    return this.lathe(center, [radii[0], radii[1]], profile, color, { sides, smooth: true });
  }

  /** A leaf from `base` to `tip`, `width` wide in the middle, where it is lifted by `lift`. Thin, but closed. */
  leaf(base: Vec3, tip: Vec3, width: number, lift: number, color: Color): this {
    const side = normalized(cross(subtract(tip, base), [0, 0, 1]));
    const middle = combine(base, 0.5, tip, 0.5);
    const thickness = Math.max(0.002, width * 0.04);
    const left: Vec3 = [middle[0] - (side[0] * width) / 2, middle[1] - (side[1] * width) / 2, middle[2] + lift];
    const right: Vec3 = [middle[0] + (side[0] * width) / 2, middle[1] + (side[1] * width) / 2, middle[2] + lift];
    const above: Vec3 = [middle[0], middle[1], middle[2] + lift + thickness / 2];
    const below: Vec3 = [middle[0], middle[1], middle[2] + lift - thickness / 2];
    this.triangle(base, right, above, color).triangle(right, tip, above, color);
    this.triangle(tip, left, above, color).triangle(left, base, above, color);
    this.triangle(right, base, below, color).triangle(tip, right, below, color);
    this.triangle(left, tip, below, color).triangle(base, left, below, color);
    return this;
  }

  /** A flat quadrilateral, counter-clockwise seen from its front. Not closed: for the shell. */
  quad(a: Vec3, b: Vec3, c: Vec3, d: Vec3, color: Color): this {
    return this.polygon([a, b, c, d], color);
  }

  /** A flat convex polygon, counter-clockwise seen from its front. Not closed: for the shell. */
  polygon(corners: readonly Vec3[], color: Color): this {
    const first = this.vertexCount;
    const n = polygonNormal(corners);
    for (const corner of corners) this.vertex(corner[0], corner[1], corner[2], n[0], n[1], n[2], color);
    for (let i = 1; i + 1 < corners.length; i++) this.indices.push(first, first + i, first + i + 1);
    return this;
  }

  /** Triangles that were made elsewhere. */
  add(mesh: TriangleMesh): this {
    const first = this.vertexCount;
    for (let i = 0; i < mesh.positions.length; i++) {
      this.positions.push(mesh.positions[i]);
      this.normals.push(mesh.normals[i]);
      this.colors.push(mesh.colors[i]);
    }
    for (const index of mesh.indices) this.indices.push(first + index);
    return this;
  }

  /** Scales and moves everything so far so that it fills a box of `size` on the floor, centred on the origin. */
  fit(size: Vec3): this {
    const { min, max } = bounds(this.positions);
    for (let axis = 0; axis < 3; axis++) {
      const scale = size[axis] / (max[axis] - min[axis]);
      const low = axis === 2 ? 0 : -size[axis] / 2;
      for (let i = axis; i < this.positions.length; i += 3) {
        this.positions[i] = low + (this.positions[i] - min[axis]) * scale;
        this.normals[i] /= scale;
      }
    }
    for (let i = 0; i < this.normals.length; i += 3) {
      const length = exact.hypot(this.normals[i], this.normals[i + 1], this.normals[i + 2]);
      for (let axis = 0; axis < 3; axis++) this.normals[i + axis] /= length;
    }
    return this;
  }

  /** The smallest box around everything so far. */
  bounds(): Bounds {
    return bounds(this.positions);
  }

  /** The mesh, turned by `yaw` (radians, counter-clockwise seen from above) and moved to `position`. */
  build(position: Vec3 = [0, 0, 0], yaw = 0): TriangleMesh {
    const c = exact.cos(yaw);
    const s = exact.sin(yaw);
    const positions = new Float32Array(this.positions.length);
    const normals = new Float32Array(this.normals.length);
    for (let i = 0; i < positions.length; i += 3) {
      const x = this.positions[i];
      const y = this.positions[i + 1];
      positions[i] = c * x - s * y + position[0];
      positions[i + 1] = s * x + c * y + position[1];
      positions[i + 2] = this.positions[i + 2] + position[2];
      normals[i] = c * this.normals[i] - s * this.normals[i + 1];
      normals[i + 1] = s * this.normals[i] + c * this.normals[i + 1];
      normals[i + 2] = this.normals[i + 2];
    }
    return { positions, normals, colors: new Float32Array(this.colors), indices: new Uint32Array(this.indices) };
  }

  private get vertexCount(): number {
    return this.positions.length / 3;
  }

  private vertex(x: number, y: number, z: number, nx: number, ny: number, nz: number, color: Color): void {
    this.positions.push(x, y, z);
    this.normals.push(nx, ny, nz);
    this.colors.push(color[0], color[1], color[2]);
  }

  private triangle(a: Vec3, b: Vec3, c: Vec3, color: Color): this {
    return this.polygon([a, b, c], color);
  }

  /** Closes the ring of vertices that starts at `ring`, counter-clockwise seen from above, with a disc facing `n`. */
  private disc(ring: number, sides: number, facing: Vec3, color: Color): void {
    const n = normalized(facing);
    const first = this.vertexCount;
    for (let i = 0; i < sides; i++) {
      const at = 3 * (ring + i);
      this.vertex(this.positions[at], this.positions[at + 1], this.positions[at + 2], n[0], n[1], n[2], color);
    }
    const [a, b, c] = [0, 1, 2].map((k): Vec3 => {
      const at = 3 * (first + Math.floor((k * sides) / 3));
      return [this.positions[at], this.positions[at + 1], this.positions[at + 2]];
    });
    const flip = dot(cross(subtract(b, a), subtract(c, a)), n) < 0;
    for (let i = 1; i + 1 < sides; i++) {
      this.indices.push(first, first + (flip ? i + 1 : i), first + (flip ? i : i + 1));
    }
  }
}

function bounds(positions: ArrayLike<number>): Bounds {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3;
    if (positions[i] < min[axis]) min[axis] = positions[i];
    if (positions[i] > max[axis]) max[axis] = positions[i];
  }
  return { min: [min[0], min[1], min[2]], max: [max[0], max[1], max[2]] };
}

/** Points [x, y] of a superellipse with their outward normals [nx, ny], counter-clockwise from above. */
function crossSection(
  radii: Vec2,
  sides: number,
  exponent: number,
): readonly (readonly [number, number, number, number])[] {
  return Array.from({ length: sides }, (_, i) => {
    const angle = (2 * Math.PI * i) / sides;
    const power = (value: number, p: number) => Math.sign(value) * exact.pow(Math.abs(value), p);
    // Rounding noise would otherwise be blown up by the fractional power.
    const c = Math.abs(exact.cos(angle)) < 1e-12 ? 0 : exact.cos(angle);
    const s = Math.abs(exact.sin(angle)) < 1e-12 ? 0 : exact.sin(angle);
    const x = power(c, 2 / exponent);
    const y = power(s, 2 / exponent);
    const n = normalized([power(x, exponent - 1) / radii[0], power(y, exponent - 1) / radii[1], 0]);
    return [x * radii[0], y * radii[1], n[0], n[1]] as const;
  });
}

/** The outward and upward parts of the normal of each band of a profile. */
function bandNormals(profile: readonly Vec2[], radii: Vec2): Vec2[] {
  const radius = (radii[0] + radii[1]) / 2;
  return profile.slice(1).map(([fraction, z], k): Vec2 => {
    const outward = z - profile[k][1];
    const upward = -(fraction - profile[k][0]) * radius;
    const length = exact.hypot(outward, upward);
    return [outward / length, upward / length];
  });
}

/** The triangles of a bevelled box: 6 faces, 12 edges and 8 corners, turned outwards on a reference cube. */
function bevelTriangles(): readonly number[] {
  const position = (vertex: number): Vec3 => {
    const corner = Math.floor(vertex / 3);
    const sign = (axis: number) => ((corner >> axis) & 1 ? 1 : -1);
    const at = (axis: number) => sign(axis) * (vertex % 3 === axis ? 1 : 0.8);
    return [at(0), at(1), at(2)];
  };
  const triangles: number[] = [];
  const add = (a: number, b: number, c: number) => {
    const normal = cross(subtract(position(b), position(a)), subtract(position(c), position(a)));
    triangles.push(...(dot(normal, position(a)) > 0 ? [a, b, c] : [a, c, b]));
  };
  const addQuad = (a: number, b: number, c: number, d: number) => {
    add(a, b, c);
    add(a, c, d);
  };
  for (let axis = 0; axis < 3; axis++) {
    const u = 1 << ((axis + 1) % 3);
    const v = 1 << ((axis + 2) % 3);
    for (const side of [0, 1 << axis]) {
      const corner = (bits: number) => bevelVertex(side | bits, axis);
      addQuad(corner(0), corner(u), corner(u | v), corner(v));
    }
    // Edges parallel to `axis`, between the faces across the other two axes.
    for (const edge of [0, u, v, u | v]) {
      const first = (axis + 1) % 3;
      const second = (axis + 2) % 3;
      addQuad(
        bevelVertex(edge, first),
        bevelVertex(edge | (1 << axis), first),
        bevelVertex(edge | (1 << axis), second),
        bevelVertex(edge, second),
      );
    }
  }
  for (let corner = 0; corner < 8; corner++)
    add(bevelVertex(corner, 0), bevelVertex(corner, 1), bevelVertex(corner, 2));
  return triangles;
}

function polygonNormal(corners: readonly Vec3[]): Vec3 {
  let n: Vec3 = [0, 0, 0];
  for (let i = 1; i + 1 < corners.length; i++) {
    const part = cross(subtract(corners[i], corners[0]), subtract(corners[i + 1], corners[0]));
    n = combine(n, 1, part, 1);
  }
  return normalized(n);
}

/**
 * The CPU reference of the GPU pass: colour, planar depth, instance ids and normals of a room, pixel by pixel. One
 * rasterization yields them all; colours and normals are worked out afterwards, once for each pixel.
 */
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera } from '../scenes/scene';
import type { Frame, NormalFrame } from './frame';
import { Raster } from './raster';
import { lightingOf, Shader } from './shading';

/** The channels of `mesh` seen by `camera`. Pixels where nothing is hit are black, at infinity, of instance 0. */
export function renderSoftware(mesh: RoomMesh, camera: Camera): Frame {
  const raster = rasterized(mesh, camera);
  return { ...geometryOf(raster, mesh), color: shadeHits(mesh, camera, raster, null) };
}

/** As `renderSoftware`, with the normals. */
export function renderNormals(mesh: RoomMesh, camera: Camera): NormalFrame {
  const raster = rasterized(mesh, camera);
  const normals = new Float32Array(3 * camera.width * camera.height);
  const color = shadeHits(mesh, camera, raster, normals);
  return { ...geometryOf(raster, mesh), color, normals };
}

/** As `renderSoftware`, without the colours: what the visibility filter needs, in less time. */
export function renderInstances(mesh: RoomMesh, camera: Camera): Omit<Frame, 'color'> {
  return geometryOf(rasterized(mesh, camera), mesh);
}

function rasterized(mesh: RoomMesh, camera: Camera): Raster {
  const raster = new Raster(camera);
  raster.draw(mesh);
  return raster;
}

function geometryOf({ width, height, depth, triangles }: Raster, mesh: RoomMesh): Omit<Frame, 'color'> {
  const { indices, instances: tags } = mesh;
  const instances = new Uint32Array(triangles.length);
  let [current, instance] = [-1, 0];
  for (let pixel = 0; pixel < triangles.length; pixel++) {
    const t = triangles[pixel];
    if (t !== current) instance = t < 0 ? 0 : tags[indices[t]];
    current = t;
    instances[pixel] = instance;
  }
  return { width, height, depth, instances };
}

/** The colours of the triangles that were hit, each pixel shaded once; fills `normals` too where it is given. */
function shadeHits(mesh: RoomMesh, camera: Camera, raster: Raster, normals: Float32Array | null): Uint8Array {
  const { width, height, triangles, depth, rayX, rayY } = raster;
  const [r00, r01, r02, tx, r10, r11, r12, ty, r20, r21, r22, tz] = camera.cameraToWorld;
  const color = new Uint8Array(4 * width * height);
  const surface = new Surface(mesh, raster.vertices);
  const shader = new Shader(lightingOf(mesh));
  let current = -1;
  for (let row = 0, pixel = 0; row < height; row++) {
    const dy = rayY[row];
    for (let column = 0; column < width; column++, pixel++) {
      const t = triangles[pixel];
      if (t < 0) {
        color[4 * pixel + 3] = 255;
        continue;
      }
      const dx = rayX[column];
      const next = t !== current;
      if (next) surface.setTriangle(t);
      if (next || !surface.flat) {
        surface.interpolate(dx, dy);
        const { albedo, normal } = surface;
        shader.setSurface(albedo[0], albedo[1], albedo[2], normal[0], normal[1], normal[2]);
      }
      current = t;
      const z = depth[pixel];
      const x = tx + z * (r00 * dx + r01 * dy + r02);
      const y = ty + z * (r10 * dx + r11 * dy + r12);
      shader.shade(color, 4 * pixel, x, y, tz + z * (r20 * dx + r21 * dy + r22));
      if (normals !== null) {
        normals[3 * pixel] = surface.normal[0];
        normals[3 * pixel + 1] = surface.normal[1];
        normals[3 * pixel + 2] = surface.normal[2];
      }
    }
  }
  return color;
}

/** Albedo and normal on a triangle of a mesh, interpolated in perspective between its corners. */
class Surface {
  readonly albedo = new Float64Array(3);
  /** Unit length. */
  readonly normal = new Float64Array(3);
  /** Whether albedo and normal are the same all over the triangle. */
  flat = false;
  private readonly mesh: RoomMesh;
  /** In camera axes. */
  private readonly vertices: Float64Array;
  /** B×C, C×A, A×B of the corners; see raster.ts. */
  private readonly products = new Float64Array(9);
  private a = 0;
  private b = 0;
  private c = 0;

  constructor(mesh: RoomMesh, vertices: Float64Array) {
    this.mesh = mesh;
    this.vertices = vertices;
  }

  /** The triangle that begins at `t` in the mesh's indices. */
  setTriangle(t: number): void {
    const { indices, colors, normals } = this.mesh;
    this.a = 3 * indices[t];
    this.b = 3 * indices[t + 1];
    this.c = 3 * indices[t + 2];
    const { a, b, c } = this;
    this.flat = true;
    for (let axis = 0; axis < 3; axis++) {
      if (colors[a + axis] !== colors[b + axis] || colors[a + axis] !== colors[c + axis]) this.flat = false;
      if (normals[a + axis] !== normals[b + axis] || normals[a + axis] !== normals[c + axis]) this.flat = false;
    }
    this.setProduct(0, b, c);
    this.setProduct(3, c, a);
    this.setProduct(6, a, b);
  }

  /** Sets albedo and normal to those on the ray (dx, dy, 1). */
  interpolate(dx: number, dy: number): void {
    const { products, albedo, normal, a, b, c } = this;
    const { colors, normals } = this.mesh;
    const u = products[0] * dx + products[1] * dy + products[2];
    const v = products[3] * dx + products[4] * dy + products[5];
    const w = products[6] * dx + products[7] * dy + products[8];
    const sum = u + v + w;
    for (let axis = 0; axis < 3; axis++) {
      albedo[axis] = (u * colors[a + axis] + v * colors[b + axis] + w * colors[c + axis]) / sum;
      normal[axis] = (u * normals[a + axis] + v * normals[b + axis] + w * normals[c + axis]) / sum;
    }
    const length = Math.sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]) || 1;
    for (let axis = 0; axis < 3; axis++) normal[axis] /= length;
  }

  private setProduct(entry: number, p: number, q: number): void {
    const { vertices, products } = this;
    products[entry] = vertices[p + 1] * vertices[q + 2] - vertices[p + 2] * vertices[q + 1];
    products[entry + 1] = vertices[p + 2] * vertices[q] - vertices[p] * vertices[q + 2];
    products[entry + 2] = vertices[p] * vertices[q + 1] - vertices[p + 1] * vertices[q];
  }
}

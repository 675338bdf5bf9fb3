/**
 * The CPU reference of the GPU pass: colour, planar depth and instance ids of a room, pixel by pixel.
 *
 * A pixel's ray is d = ((x - cx) / fx, (y - cy) / fy, 1) in camera axes. It meets the triangle ABC where z d = a A +
 * b B + c C; by Cramer's rule a, b, c are proportional to d·(B×C), d·(C×A), d·(A×B), and z = A·(B×C) over their sum.
 * The three products are affine in the pixel, their signs say inside or outside, and they hold for vertices behind the
 * camera too, so that nothing has to be clipped and interpolation is perspective-correct. (The idea is that of
 * M. Olano and T. Greer, Triangle scan conversion using 2D homogeneous coordinates, 1997.)
 */
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera } from '../scenes/scene';
import type { Frame } from './frame';
import { lightingOf, shade } from './shading';

/** Nothing nearer to the image plane than this is drawn, metres. */
export const NEAR = 0.05;

/** The geometry part of a frame: which triangle each pixel shows, how far away, and whose it is. */
interface Hits {
  readonly depth: Float32Array;
  readonly instances: Uint32Array;
  /** First index of the triangle in `mesh.indices`, or -1. */
  readonly triangles: Int32Array;
  /** Vertices in camera axes, 3 a vertex, metres. */
  readonly vertices: Float64Array;
}

/** All channels of `mesh` seen by `camera`. Pixels where nothing is hit are black, at infinity, of instance 0. */
export function renderSoftware(mesh: RoomMesh, camera: Camera): Frame {
  const hits = rasterize(mesh, camera);
  const color = shadeHits(mesh, camera, hits);
  return { width: camera.width, height: camera.height, color, depth: hits.depth, instances: hits.instances };
}

/** As `renderSoftware`, without the colours: what the visibility filter needs, in less time. */
export function renderInstances(mesh: RoomMesh, camera: Camera): Omit<Frame, 'color'> {
  const { depth, instances } = rasterize(mesh, camera);
  return { width: camera.width, height: camera.height, depth, instances };
}

/** Checked intrinsics. Throws RangeError on a camera without pixels or with another number of entries in K or pose. */
function intrinsics({ width, height, K, cameraToWorld }: Camera) {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RangeError(`camera: width ${width} and height ${height} must be positive integers (pixels)`);
  }
  if (K.length !== 9 || cameraToWorld.length !== 16) {
    throw new RangeError(
      `camera: K has ${K.length} entries and cameraToWorld ${cameraToWorld.length}; 9 and 16, row-major, are needed`,
    );
  }
  const [fx, , cx, , fy, cy] = K;
  return { fx, fy, cx, cy };
}

/** Room to camera axes: the transpose of the pose's rotation, applied to the offset from the camera. */
function toCameraAxes(positions: Float32Array, pose: readonly number[]): Float64Array {
  const [r00, r01, r02, tx, r10, r11, r12, ty, r20, r21, r22, tz] = pose;
  const vertices = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    const x = positions[i] - tx;
    const y = positions[i + 1] - ty;
    const z = positions[i + 2] - tz;
    vertices[i] = r00 * x + r10 * y + r20 * z;
    vertices[i + 1] = r01 * x + r11 * y + r21 * z;
    vertices[i + 2] = r02 * x + r12 * y + r22 * z;
  }
  return vertices;
}

function rasterize(mesh: RoomMesh, camera: Camera): Hits {
  const { width, height } = camera;
  const { fx, fy, cx, cy } = intrinsics(camera);
  const { indices } = mesh;
  const vertices = toCameraAxes(mesh.positions, camera.cameraToWorld);
  const depth = new Float32Array(width * height).fill(Infinity);
  const triangles = new Int32Array(width * height).fill(-1);
  const instances = new Uint32Array(width * height);

  for (let t = 0; t < indices.length; t += 3) {
    const ia = 3 * indices[t];
    const ib = 3 * indices[t + 1];
    const ic = 3 * indices[t + 2];
    const [ax, ay, az] = [vertices[ia], vertices[ia + 1], vertices[ia + 2]];
    const [bx, by, bz] = [vertices[ib], vertices[ib + 1], vertices[ib + 2]];
    const [cX, cY, cZ] = [vertices[ic], vertices[ic + 1], vertices[ic + 2]];
    if (az < NEAR && bz < NEAR && cZ < NEAR) continue;

    // B×C, C×A, A×B. A shared edge gives both its triangles the same products but for the sign: no cracks.
    const [ux, uy, uz] = [by * cZ - bz * cY, bz * cX - bx * cZ, bx * cY - by * cX];
    const determinant = ax * ux + ay * uy + az * uz;
    if (determinant >= 0) continue; // Seen from behind, or from its edge.
    const [vx, vy, vz] = [cY * az - cZ * ay, cZ * ax - cX * az, cX * ay - cY * ax];
    const [wx, wy, wz] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];

    // Pixels that the part beyond the near plane can cover: its corners, and where its edges pass the plane.
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    const include = (x: number, y: number, z: number) => {
      const column = cx + (fx * x) / z;
      const row = cy + (fy * y) / z;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
    };
    const edge = (x0: number, y0: number, z0: number, x1: number, y1: number, z1: number) => {
      if (z0 >= NEAR) include(x0, y0, z0);
      if (z0 < NEAR !== z1 < NEAR) {
        const s = (NEAR - z0) / (z1 - z0);
        include(x0 + s * (x1 - x0), y0 + s * (y1 - y0), NEAR);
      }
    };
    edge(ax, ay, az, bx, by, bz);
    edge(bx, by, bz, cX, cY, cZ);
    edge(cX, cY, cZ, ax, ay, az);
    const firstColumn = Math.max(0, Math.ceil(left - 0.5 - 1e-6));
    const lastColumn = Math.min(width - 1, Math.floor(right - 0.5 + 1e-6));
    const firstRow = Math.max(0, Math.ceil(top - 0.5 - 1e-6));
    const lastRow = Math.min(height - 1, Math.floor(bottom - 0.5 + 1e-6));

    const instance = mesh.instances[indices[t]];
    for (let row = firstRow; row <= lastRow; row++) {
      const dy = (row + 0.5 - cy) / fy;
      const [u0, v0, w0] = [uy * dy + uz, vy * dy + vz, wy * dy + wz];
      for (let column = firstColumn; column <= lastColumn; column++) {
        const dx = (column + 0.5 - cx) / fx;
        const u = ux * dx + u0;
        const v = vx * dx + v0;
        const w = wx * dx + w0;
        if (u > 0 || v > 0 || w > 0) continue;
        const z = determinant / (u + v + w);
        const pixel = row * width + column;
        if (z >= NEAR && z < depth[pixel]) {
          depth[pixel] = z;
          triangles[pixel] = t;
          instances[pixel] = instance;
        }
      }
    }
  }
  return { depth, instances, triangles, vertices };
}

/** The colours of the triangles that were hit, each pixel shaded once. */
function shadeHits(mesh: RoomMesh, camera: Camera, hits: Hits): Uint8Array {
  const { width, height } = camera;
  const { fx, fy, cx, cy } = intrinsics(camera);
  const { indices, colors, normals } = mesh;
  const { triangles, vertices, depth } = hits;
  const pose = camera.cameraToWorld;
  const lighting = lightingOf(mesh);
  const color = new Uint8Array(4 * width * height);
  const albedo = new Float64Array(3);
  const normal = new Float64Array(3);
  const position = new Float64Array(3);

  for (let row = 0, pixel = 0; row < height; row++) {
    const dy = (row + 0.5 - cy) / fy;
    for (let column = 0; column < width; column++, pixel++) {
      const t = triangles[pixel];
      if (t < 0) {
        color[4 * pixel + 3] = 255;
        continue;
      }
      const dx = (column + 0.5 - cx) / fx;
      const a = 3 * indices[t];
      const b = 3 * indices[t + 1];
      const c = 3 * indices[t + 2];
      const u = against(vertices, b, c, dx, dy);
      const v = against(vertices, c, a, dx, dy);
      const w = against(vertices, a, b, dx, dy);
      const sum = u + v + w;
      const z = depth[pixel];
      for (let axis = 0; axis < 3; axis++) {
        albedo[axis] = (u * colors[a + axis] + v * colors[b + axis] + w * colors[c + axis]) / sum;
        normal[axis] = (u * normals[a + axis] + v * normals[b + axis] + w * normals[c + axis]) / sum;
        position[axis] = pose[4 * axis + 3] + z * (pose[4 * axis] * dx + pose[4 * axis + 1] * dy + pose[4 * axis + 2]);
      }
      const length = Math.hypot(normal[0], normal[1], normal[2]) || 1;
      for (let axis = 0; axis < 3; axis++) normal[axis] /= length;
      shade(color, 4 * pixel, lighting, albedo, normal, position);
    }
  }
  return color;
}

/** d·(P×Q) for the ray d = (dx, dy, 1) and the vertices at p and q. */
function against(vertices: Float64Array, p: number, q: number, dx: number, dy: number): number {
  const [px, py, pz] = [vertices[p], vertices[p + 1], vertices[p + 2]];
  const [qx, qy, qz] = [vertices[q], vertices[q + 1], vertices[q + 2]];
  return dx * (py * qz - pz * qy) + dy * (pz * qx - px * qz) + (px * qy - py * qx);
}

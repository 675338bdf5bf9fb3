/**
 * The rasterizer of the software renderer: which triangle each pixel shows, and how far from the image plane.
 *
 * A pixel's ray is d = ((x - cx) / fx, (y - cy) / fy, 1) in camera axes. It meets the triangle ABC where z d = a A +
 * b B + c C; by Cramer's rule a, b, c are proportional to d·(B×C), d·(C×A), d·(A×B), and z = A·(B×C) over their sum.
 * The three products are affine in the pixel, their signs say inside or outside, and they hold for vertices behind the
 * camera too, so that nothing has to be clipped and interpolation is perspective-correct. (The idea is that of
 * M. Olano and T. Greer, Triangle scan conversion using 2D homogeneous coordinates, 1997.)
 */
import type { Camera, TriangleMesh } from '../scenes/scene';

/** Nothing nearer to the image plane than this is drawn, metres. */
export const NEAR = 0.05;
/** Pixels: what is lost to rounding when corners are projected. */
const SLACK = 1e-6;
/** Rows shorter than this are tested pixel by pixel: finding where they begin would take longer. */
const SHORT = 4;

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

/** A depth buffer that triangles are drawn into. One is used for many objects when it is cleared between them. */
export class Raster {
  readonly width: number;
  readonly height: number;
  /** x and y of the rays through the columns and the rows, 1 m deep. */
  readonly rayX: Float64Array;
  readonly rayY: Float64Array;
  /** Distance to the image plane, metres; Infinity where nothing is. */
  readonly depth: Float32Array;
  /** First index of the pixel's triangle in the mesh's `indices`, or -1. */
  readonly triangles: Int32Array;
  /** Vertices of the mesh that was drawn last in camera axes, 3 a vertex, metres. */
  vertices = new Float64Array(0);
  /** The smallest window around all that was drawn since the raster was cleared: first and last columns and rows. */
  left = Infinity;
  right = -1;
  top = Infinity;
  bottom = -1;
  private readonly camera: Camera;
  private readonly fx: number;
  private readonly fy: number;
  private readonly cx: number;
  private readonly cy: number;
  /** Where the vertices appear, 2 a vertex, pixels; NaN before the near plane. */
  private projected = new Float64Array(0);
  /** Result of `boundCut`: least and greatest column, least and greatest row. */
  private readonly cut = new Float64Array(4);

  constructor(camera: Camera) {
    const { fx, fy, cx, cy } = intrinsics(camera);
    const { width, height } = camera;
    this.camera = camera;
    this.width = width;
    this.height = height;
    [this.fx, this.fy, this.cx, this.cy] = [fx, fy, cx, cy];
    this.rayX = Float64Array.from({ length: width }, (_, column) => (column + 0.5 - cx) / fx);
    this.rayY = Float64Array.from({ length: height }, (_, row) => (row + 0.5 - cy) / fy);
    this.depth = new Float32Array(width * height).fill(Infinity);
    this.triangles = new Int32Array(width * height).fill(-1);
  }

  /** Forgets everything drawn. */
  clear(): void {
    for (let row = this.top; row <= this.bottom; row++) {
      const first = row * this.width;
      this.depth.fill(Infinity, first + this.left, first + this.right + 1);
      this.triangles.fill(-1, first + this.left, first + this.right + 1);
    }
    [this.left, this.right, this.top, this.bottom] = [Infinity, -1, Infinity, -1];
  }

  /** Draws the triangles whose front is seen. */
  draw({ positions, indices }: Pick<TriangleMesh, 'positions' | 'indices'>): void {
    this.place(positions);
    const { vertices, projected, cut, depth, triangles, rayX, rayY, width, height, fx, cx } = this;
    for (let t = 0; t < indices.length; t += 3) {
      const a = indices[t];
      const b = indices[t + 1];
      const c = indices[t + 2];
      const az = vertices[3 * a + 2];
      const bz = vertices[3 * b + 2];
      const cz = vertices[3 * c + 2];
      if (az < NEAR && bz < NEAR && cz < NEAR) continue;
      const ax = vertices[3 * a];
      const ay = vertices[3 * a + 1];
      const bx = vertices[3 * b];
      const by = vertices[3 * b + 1];
      const cX = vertices[3 * c];
      const cY = vertices[3 * c + 1];

      // B×C, C×A, A×B. A shared edge gives both its triangles the same products but for the sign: no cracks.
      const ux = by * cz - bz * cY;
      const uy = bz * cX - bx * cz;
      const uz = bx * cY - by * cX;
      const determinant = ax * ux + ay * uy + az * uz;
      if (determinant >= 0) continue; // Seen from behind, or from its edge.

      // Pixels that the part beyond the near plane can cover.
      let left: number;
      let right: number;
      let top: number;
      let bottom: number;
      if (az >= NEAR && bz >= NEAR && cz >= NEAR) {
        left = Math.min(projected[2 * a], projected[2 * b], projected[2 * c]);
        right = Math.max(projected[2 * a], projected[2 * b], projected[2 * c]);
        top = Math.min(projected[2 * a + 1], projected[2 * b + 1], projected[2 * c + 1]);
        bottom = Math.max(projected[2 * a + 1], projected[2 * b + 1], projected[2 * c + 1]);
      } else {
        this.boundCut(a, b, c);
        left = cut[0];
        right = cut[1];
        top = cut[2];
        bottom = cut[3];
      }
      const firstColumn = Math.max(0, Math.ceil(left - 0.5 - SLACK));
      const lastColumn = Math.min(width - 1, Math.floor(right - 0.5 + SLACK));
      const firstRow = Math.max(0, Math.ceil(top - 0.5 - SLACK));
      const lastRow = Math.min(height - 1, Math.floor(bottom - 0.5 + SLACK));
      if (firstColumn > lastColumn || firstRow > lastRow) continue;
      if (firstColumn < this.left) this.left = firstColumn;
      if (lastColumn > this.right) this.right = lastColumn;
      if (firstRow < this.top) this.top = firstRow;
      if (lastRow > this.bottom) this.bottom = lastRow;

      const vx = cY * az - cz * ay;
      const vy = cz * ax - cX * az;
      const vz = cX * ay - cY * ax;
      const wx = ay * bz - az * by;
      const wy = az * bx - ax * bz;
      const wz = ax * by - ay * bx;
      const long = lastColumn - firstColumn >= SHORT;
      for (let row = firstRow; row <= lastRow; row++) {
        const dy = rayY[row];
        const u0 = uy * dy + uz;
        const v0 = vy * dy + vz;
        const w0 = wy * dy + wz;
        let first = firstColumn;
        let last = lastColumn;
        if (long) {
          // Each edge cuts the row in two; a pixel too many on each side is sorted out below.
          const center = cx - 0.5;
          if (ux > 0) last = Math.min(last, Math.ceil(center - (fx * u0) / ux));
          else if (ux < 0) first = Math.max(first, Math.floor(center - (fx * u0) / ux));
          if (vx > 0) last = Math.min(last, Math.ceil(center - (fx * v0) / vx));
          else if (vx < 0) first = Math.max(first, Math.floor(center - (fx * v0) / vx));
          if (wx > 0) last = Math.min(last, Math.ceil(center - (fx * w0) / wx));
          else if (wx < 0) first = Math.max(first, Math.floor(center - (fx * w0) / wx));
        }
        for (let column = first; column <= last; column++) {
          const dx = rayX[column];
          const u = ux * dx + u0;
          const v = vx * dx + v0;
          const w = wx * dx + w0;
          if (u > 0 || v > 0 || w > 0) continue;
          const z = determinant / (u + v + w);
          const pixel = row * width + column;
          if (z >= NEAR && z < depth[pixel]) {
            depth[pixel] = z;
            triangles[pixel] = t;
          }
        }
      }
    }
  }

  /** Room to camera axes (the transpose of the pose's rotation, applied to the offset from the camera), and to pixels. */
  private place(positions: Float32Array): void {
    const [r00, r01, r02, tx, r10, r11, r12, ty, r20, r21, r22, tz] = this.camera.cameraToWorld;
    const { fx, fy, cx, cy } = this;
    if (this.vertices.length < positions.length) {
      this.vertices = new Float64Array(positions.length);
      this.projected = new Float64Array((2 * positions.length) / 3);
    }
    const { vertices, projected } = this;
    for (let i = 0, j = 0; i < positions.length; i += 3, j += 2) {
      const x = positions[i] - tx;
      const y = positions[i + 1] - ty;
      const z = positions[i + 2] - tz;
      const right = r00 * x + r10 * y + r20 * z;
      const down = r01 * x + r11 * y + r21 * z;
      const forward = r02 * x + r12 * y + r22 * z;
      vertices[i] = right;
      vertices[i + 1] = down;
      vertices[i + 2] = forward;
      projected[j] = forward < NEAR ? NaN : cx + (fx * right) / forward;
      projected[j + 1] = forward < NEAR ? NaN : cy + (fy * down) / forward;
    }
  }

  /** Bounds of a triangle that the near plane cuts: its corners beyond the plane, and where its edges pass it. */
  private boundCut(a: number, b: number, c: number): void {
    const { vertices, cut, fx, fy, cx, cy } = this;
    cut.set([Infinity, -Infinity, Infinity, -Infinity]);
    const include = (x: number, y: number, z: number) => {
      const column = cx + (fx * x) / z;
      const row = cy + (fy * y) / z;
      cut[0] = Math.min(cut[0], column);
      cut[1] = Math.max(cut[1], column);
      cut[2] = Math.min(cut[2], row);
      cut[3] = Math.max(cut[3], row);
    };
    const corners = [a, b, c];
    for (let k = 0; k < 3; k++) {
      const [p, q] = [3 * corners[k], 3 * corners[(k + 1) % 3]];
      const [z0, z1] = [vertices[p + 2], vertices[q + 2]];
      if (z0 >= NEAR) include(vertices[p], vertices[p + 1], z0);
      if (z0 < NEAR === z1 < NEAR) continue;
      const s = (NEAR - z0) / (z1 - z0);
      const between = (axis: number) => vertices[p + axis] + s * (vertices[q + axis] - vertices[p + axis]);
      include(between(0), between(1), NEAR);
    }
  }
}

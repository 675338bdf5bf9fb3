/** A small furnished room of boxes and a tilted slab, built here so that the renderers' tests need no other folder. */
import type { RoomMesh } from '../../src/scenes/room-mesh';
import type { Camera, Vec3 } from '../../src/scenes/scene';

interface Block {
  readonly id: number;
  readonly center: Vec3;
  readonly size: Vec3;
  readonly color: Vec3;
  /** Turn about z, radians. */
  readonly yaw?: number;
}

/** A mesh of blocks in an inward-facing shell of `extent` metres, floor at z = 0 around the origin. */
export function blockRoom(extent: Vec3, blocks: readonly Block[]): RoomMesh {
  const positions: number[] = [];
  const normals: number[] = [];
  const colors: number[] = [];
  const indices: number[] = [];
  const instances: number[] = [];
  const addBox = ({ id, center, size, color, yaw = 0 }: Block, inward: boolean) => {
    for (let axis = 0; axis < 3; axis++) {
      for (const side of [-1, 1]) {
        const first = instances.length;
        const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
        for (const [su, sv] of [
          [-1, -1],
          [1, -1],
          [1, 1],
          [-1, 1],
        ]) {
          const offset = [0, 0, 0];
          offset[axis] = (side * size[axis]) / 2;
          offset[u] = (su * size[u]) / 2;
          offset[v] = (sv * size[v]) / 2;
          const normal = [0, 0, 0];
          normal[axis] = inward ? -side : side;
          for (const [target, vector, shift] of [
            [positions, offset, center],
            [normals, normal, [0, 0, 0]],
          ] as const) {
            target.push(
              shift[0] + vector[0] * Math.cos(yaw) - vector[1] * Math.sin(yaw),
              shift[1] + vector[0] * Math.sin(yaw) + vector[1] * Math.cos(yaw),
              shift[2] + vector[2],
            );
          }
          colors.push(...color);
          instances.push(id);
        }
        const outward = side > 0 !== inward;
        for (const corner of outward ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2]) indices.push(first + corner);
      }
    }
  };
  addBox({ id: 0, center: [0, 0, extent[2] / 2], size: extent, color: [0.7, 0.62, 0.5] }, true);
  for (const block of blocks) addBox(block, false);
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    colors: Float32Array.from(colors),
    indices: Uint32Array.from(indices),
    instances: Uint32Array.from(instances),
  };
}

/** A room of 5 x 4 x 2.6 m with a table top, a cube, a wardrobe and a lamp. */
export const SAMPLE_ROOM: RoomMesh = blockRoom(
  [5, 4, 2.6],
  [
    { id: 1, center: [0.2, 0.3, 0.74], size: [1.6, 0.8, 0.05], color: [0.6, 0.35, 0.15], yaw: 0.3 },
    { id: 2, center: [-0.3, 0.2, 0.9], size: [0.25, 0.25, 0.25], color: [0.1, 0.3, 0.7], yaw: 0.8 },
    { id: 3, center: [1.9, 1.5, 1], size: [0.9, 0.6, 2], color: [0.8, 0.8, 0.75] },
    { id: 7, center: [-1.5, -0.6, 0.25], size: [0.5, 0.5, 0.5], color: [0.7, 0.15, 0.1], yaw: 0.5 },
  ],
);

/** A pinhole camera at `eye` that looks at `target`, z up, with a horizontal field of view in radians. */
export function lookAt(eye: Vec3, target: Vec3, width: number, height: number, fov = 1.2): Camera {
  const unit = (v: number[]) => v.map((x) => x / Math.hypot(...v));
  const cross = (a: number[], b: number[]) => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const forward = unit(target.map((x, axis) => x - eye[axis]));
  const right = unit(cross(forward, [0, 0, 1]));
  const down = cross(forward, right);
  const f = width / 2 / Math.tan(fov / 2);
  return {
    width,
    height,
    K: [f, 0, width / 2, 0, f, height / 2, 0, 0, 1],
    cameraToWorld: [0, 1, 2].flatMap((i) => [right[i], down[i], forward[i], eye[i]]).concat([0, 0, 0, 1]),
  };
}

/**
 * What a room is, as data. Metres, radians, z up, right-handed. Camera axes are OpenCV's (x right, y down, z forward);
 * matrices are row-major. Nothing here knows how a room is drawn or asked about.
 */

export type Vec2 = readonly [number, number];
export type Vec3 = readonly [number, number, number];

/** A box of any orientation: the true extent of an object. */
export interface OrientedBox {
  /** Centre, in room coordinates, metres. */
  readonly centroid: Vec3;
  /** Side lengths along the three axes, metres. */
  readonly axesLengths: Vec3;
  /** Three orthonormal unit vectors, one after the other. */
  readonly axes: readonly number[];
}

/**
 * Triangles with their colours, in room coordinates.
 * positions, normals, colors: 3 floats a vertex (metres; unit vectors; linear RGB albedo in [0, 1]).
 * indices: 3 a triangle, counter-clockwise seen from outside.
 */
export interface TriangleMesh {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly colors: Float32Array;
  readonly indices: Uint32Array;
}

/** A piece of furniture, standing in the room. */
export interface SceneObject {
  /** Instance id, 1 or more; 0 is the room's shell (floor, walls, ceiling). */
  readonly id: number;
  /** Category in the benchmarks' words, lower case singular: 'chair', 'trash bin'. */
  readonly category: string;
  /** Tight box around the object's geometry, its vertical axis being z. */
  readonly box: OrientedBox;
  /** Id of the object that it stands on, or 0 for the floor. */
  readonly support: number;
  readonly mesh: TriangleMesh;
}

/** A furnished room. The same seed gives the same room everywhere. */
export interface Room {
  readonly seed: number;
  /** 'living room', 'bedroom', … */
  readonly type: string;
  /** Floor outline, counter-clockwise, metres. */
  readonly polygon: readonly Vec2[];
  /** Floor to ceiling, metres. */
  readonly height: number;
  /** Floor area, square metres. */
  readonly area: number;
  /** Where one comes in: the middle of each door, on the outline. Left out where the doors are unknown. */
  readonly doors?: readonly Vec2[];
  readonly objects: readonly SceneObject[];
  /** Floor, walls and ceiling, facing inwards. */
  readonly shell: TriangleMesh;
}

/** A pinhole camera. */
export interface Camera {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** 3x3 intrinsics [fx 0 cx; 0 fy cy; 0 0 1], pixels; the centre of the top-left pixel is at (0.5, 0.5). */
  readonly K: readonly number[];
  /** 4x4 pose, camera to room. */
  readonly cameraToWorld: readonly number[];
}

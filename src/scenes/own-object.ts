/**
 * An object that a user brings: a GLB file, a category and a true size become a piece that rooms are furnished with like
 * with any other. Its base colours are kept, its textures are not: surfaces here have one colour each.
 */
import type { Furniture, Size } from './furniture/furniture';
import { FURNITURE } from './furniture/registry';
import { MeshBuilder } from './mesh-builder';
import { readGlb } from './own-object-glb';
import type { TriangleMesh } from './scene';

/**
 * The true measures, metres: x (width), y (depth) and z (height), the front of the object facing -y. One of them scales
 * the object evenly; all three stretch it to fit.
 */
export type TrueSize = Partial<Size>;

/** Plain data: may be posted to a worker, and given to `synthesizeRoom` as an option. */
export interface OwnObject {
  /** Of the file. */
  readonly name: string;
  readonly category: string;
  readonly size: Size;
  /** z up, standing on the floor, centred on the origin, front towards -y; fills `size` exactly. */
  readonly mesh: TriangleMesh;
  /** Whether the file has textures, which are left out. */
  readonly textured: boolean;
}

/** Smaller is no object that a camera sees, larger no furniture; metres. */
const MEASURES = [0.02, 10] as const;
/** Words of letters and digits, as the categories of benchmarks are. */
const CATEGORY = /^[a-z0-9]+([ -][a-z0-9]+)*$/;
const LONGEST_CATEGORY = 40;
const AXES = ['width', 'depth', 'height'] as const;

/**
 * The object in the file `name` whose bytes are `glb`, of `category` and true `size` (metres). glTF's axes (y up, front
 * towards +z) become the room's.
 * @throws Error that names the file, what is wrong with it or with the size or category, and the remedy.
 */
export function ownObject(name: string, glb: Uint8Array, category: string, size: TrueSize): OwnObject {
  try {
    if (!CATEGORY.test(category) || category.length > LONGEST_CATEGORY) {
      throw new Error(`its category "${category}" must be lower-case words, like "trash bin"`);
    }
    const { mesh, textured } = readGlb(glb);
    const builder = new MeshBuilder().add(zUp(mesh));
    const { min, max } = builder.bounds();
    const fitted = trueSize(size, { width: max[0] - min[0], depth: max[1] - min[1], height: max[2] - min[2] });
    builder.fit([fitted.width, fitted.depth, fitted.height]);
    return { name, category, size: fitted, mesh: builder.build(), textured };
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** The piece for the placement: it stands where others of its category do, or along a wall where there are none. */
export function ownFurniture({ category, size, mesh }: OwnObject): Furniture {
  const known = FURNITURE.find((furniture) => furniture.category === category);
  return {
    category,
    size: { width: [size.width, size.width], depth: [size.depth, size.depth], height: [size.height, size.height] },
    placement: known?.placement ?? { kind: 'wall', clearance: 0 },
    rooms: {},
    build: (builder) => void builder.add(mesh),
  };
}

/** glTF's axes to ours: x stays, y becomes z, and the front, +z, becomes -y. */
function zUp(mesh: TriangleMesh): TriangleMesh {
  const turn = (values: Float32Array) =>
    values.map((_, k) => (k % 3 === 0 ? values[k] : k % 3 === 1 ? -values[k + 1] : values[k - 1]));
  return { ...mesh, positions: turn(mesh.positions), normals: turn(mesh.normals) };
}

/** The measures that `wanted` asks for, of an object that measures `extent` in its file. */
function trueSize(wanted: TrueSize, extent: Size): Size {
  const longest = Math.max(extent.width, extent.depth, extent.height);
  const flat = AXES.find((axis) => !(extent[axis] > 1e-5 * longest));
  if (flat !== undefined) throw new Error(`it has no ${flat}; give the mesh a thickness and export it again`);
  const given = AXES.filter((axis) => wanted[axis] !== undefined);
  if (given.length !== 1 && given.length !== 3) {
    throw new Error(`its size has ${given.length} measures; give one of ${AXES.join(', ')}, or all three, in metres`);
  }
  const scale = wanted[given[0]]! / extent[given[0]];
  const size = { width: 0, depth: 0, height: 0 };
  for (const axis of AXES) {
    size[axis] = wanted[axis] ?? scale * extent[axis];
    if (size[axis] >= MEASURES[0] && size[axis] <= MEASURES[1]) continue;
    throw new Error(`its ${axis} would be ${size[axis]} m; give a size that makes it ${MEASURES.join(' to ')} m`);
  }
  return size;
}

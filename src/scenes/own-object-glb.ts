/**
 * The triangles of a GLB file (binary glTF 2.0, Khronos), as far as a room needs them: positions, normals, base colours
 * and the transforms of the nodes. Textures, skins, animations and lights are left out. Nothing is fetched and nothing
 * needs a window, so that the same file gives the same triangles in the page, in a worker and on the command line.
 */
import * as exact from '../exact-math';
import { z } from 'zod';
import type { TriangleMesh, Vec3 } from './scene';
import { cross, dot, subtract } from './vectors';

/** What a file holds, in glTF's axes: y up, front towards +z; metres by the standard, anything in practice. */
interface GlbContent {
  readonly mesh: TriangleMesh;
  /** Whether a material has a texture, whose colours are lost. */
  readonly textured: boolean;
}

/** More would slow down every frame of every room. */
export const LARGEST_TRIANGLES = 50_000;

const MAGIC = 0x46546c67; // 'glTF'
const JSON_CHUNK = 0x4e4f534a; // 'JSON'
const BINARY_CHUNK = 0x004e4942; // 'BIN\0'
/** Extensions that a file may require and that change nothing in its triangles. */
const HARMLESS = /^(KHR_materials_|KHR_texture_|EXT_texture_|KHR_lights_|KHR_mesh_quantization$)/;
/** Modes of primitives that draw surfaces; points and lines have none. */
const [TRIANGLES, STRIP, FAN] = [4, 5, 6];
const COMPONENTS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 } as const;

const index = z.number().int().nonnegative();
const numbers = (count: number) => z.array(z.number()).length(count);
const documentSchema = z.object({
  asset: z.object({ version: z.string() }),
  extensionsRequired: z.array(z.string()).default([]),
  scene: index.default(0),
  scenes: z.array(z.object({ nodes: z.array(index).default([]) })).default([]),
  nodes: z
    .array(
      z.object({
        mesh: index.optional(),
        children: z.array(index).default([]),
        matrix: numbers(16).optional(),
        translation: numbers(3).default([0, 0, 0]),
        rotation: numbers(4).default([0, 0, 0, 1]),
        scale: numbers(3).default([1, 1, 1]),
      }),
    )
    .default([]),
  meshes: z
    .array(
      z.object({
        primitives: z.array(
          z.object({
            attributes: z.record(z.string(), index),
            indices: index.optional(),
            material: index.optional(),
            mode: index.default(TRIANGLES),
          }),
        ),
      }),
    )
    .default([]),
  materials: z
    .array(
      z.object({
        pbrMetallicRoughness: z
          .object({ baseColorFactor: numbers(4).default([1, 1, 1, 1]), baseColorTexture: z.unknown().optional() })
          .optional(),
        doubleSided: z.boolean().default(false),
      }),
    )
    .default([]),
  accessors: z
    .array(
      z.object({
        bufferView: index.optional(),
        byteOffset: index.default(0),
        componentType: z.union([5120, 5121, 5122, 5123, 5125, 5126].map((type) => z.literal(type))),
        normalized: z.boolean().default(false),
        count: index,
        type: z.enum(['SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4']),
        sparse: z.unknown().optional(),
      }),
    )
    .default([]),
  bufferViews: z
    .array(z.object({ buffer: index, byteOffset: index.default(0), byteLength: index, byteStride: index.optional() }))
    .default([]),
  buffers: z.array(z.object({ uri: z.string().optional() })).default([]),
});

type Document = z.infer<typeof documentSchema>;
type Primitive = Document['meshes'][number]['primitives'][number];

/** An affine map, three rows of four. */
type Transform = readonly number[];
const IDENTITY: Transform = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/**
 * All triangles of the file's scene as one mesh. A missing normal is the triangle's; a two-sided material gives each
 * triangle a second one that faces the other way.
 * @throws Error that says what is wrong with the file and what to do about it.
 */
export function readGlb(bytes: Uint8Array): GlbContent {
  const { document, binary } = openContainer(bytes);
  const unknown = document.extensionsRequired.find((extension) => !HARMLESS.test(extension));
  if (unknown !== undefined) {
    throw new Error(`it needs the extension ${unknown}; export it without (compression, instancing and the like)`);
  }
  const parts = [...meshNodes(document)].flatMap(({ mesh, transform }) =>
    at(document.meshes, mesh, 'mesh').primitives.map((primitive) => ({ primitive, transform })),
  );
  const surfaces = parts.filter(({ primitive }) => [TRIANGLES, STRIP, FAN].includes(primitive.mode));
  if (surfaces.length === 0)
    throw new Error('it holds no mesh with triangles; export the object itself, not an empty scene');
  const out = new Triangles();
  let textured = false;
  for (const { primitive, transform } of surfaces) {
    const material =
      primitive.material === undefined ? undefined : at(document.materials, primitive.material, 'material');
    if (material?.pbrMetallicRoughness?.baseColorTexture !== undefined) textured = true;
    addPrimitive(out, document, binary, primitive, transform);
  }
  return { mesh: out.mesh(), textured };
}

/** Splits the container into its JSON, checked, and its binary chunk. */
function openContainer(bytes: Uint8Array): { document: Document; binary: DataView } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 12 || view.getUint32(0, true) !== MAGIC) {
    throw new Error('it is not a GLB file; export the object as binary glTF 2.0 (.glb)');
  }
  const version = view.getUint32(4, true);
  if (version !== 2) throw new Error(`it is glTF of version ${version}; export it as binary glTF 2.0 (.glb)`);
  const chunks = new Map<number, DataView>();
  for (let offset = 12; offset + 8 <= view.byteLength;) {
    const length = view.getUint32(offset, true);
    const type = view.getUint32(offset + 4, true);
    if (offset + 8 + length > view.byteLength) throw new Error('it ends too early; copy or download it again');
    if (!chunks.has(type)) chunks.set(type, new DataView(bytes.buffer, bytes.byteOffset + offset + 8, length));
    offset += 8 + length;
  }
  const json = chunks.get(JSON_CHUNK);
  if (!json) throw new Error('it has no JSON chunk; export it again');
  return { document: parseDocument(json), binary: chunks.get(BINARY_CHUNK) ?? new DataView(new ArrayBuffer(0)) };
}

function parseDocument(chunk: DataView): Document {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(chunk));
  } catch (error) {
    throw new Error('its JSON chunk cannot be read; export it again', { cause: error });
  }
  const parsed = documentSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new Error(`its field ${path.join('.')} is not as glTF 2.0 asks (${message}); export it again`);
}

/** The element that the file refers to. */
function at<T>(items: readonly T[], position: number, what: string): T {
  if (position >= items.length)
    throw new Error(`it refers to ${what} ${position}, which it does not hold; export it again`);
  return items[position];
}

/** Every use of a mesh in the scene, with its transform; a file without scenes shows all its nodes. */
function* meshNodes(document: Document): Generator<{ mesh: number; transform: Transform }> {
  const { nodes, scenes, scene } = document;
  const children = new Set(nodes.flatMap((node) => node.children));
  const roots =
    scenes.length > 0 ? at(scenes, scene, 'scene').nodes : [...nodes.keys()].filter((node) => !children.has(node));
  const waiting = roots.map((node) => ({ node, parent: IDENTITY }));
  // A node has one parent: whoever is met more often than there are nodes goes in a circle.
  for (let visits = 0; waiting.length > 0; visits++) {
    if (visits > nodes.length) throw new Error('its nodes are no tree; export it again');
    const { node, parent } = waiting.pop()!;
    const { mesh, matrix, translation, rotation, scale, children: next } = at(nodes, node, 'node');
    const transform = compose(parent, matrix ? rowsOf(matrix) : placed(translation, rotation, scale));
    if (mesh !== undefined) yield { mesh, transform };
    waiting.push(...next.map((child) => ({ node: child, parent: transform })));
  }
}

/** The upper three rows of a matrix that is written column by column. */
function rowsOf(matrix: readonly number[]): Transform {
  return IDENTITY.map((_, entry) => matrix[4 * (entry % 4) + Math.floor(entry / 4)]);
}

function placed(t: readonly number[], [x, y, z, w]: readonly number[], s: readonly number[]): Transform {
  // prettier-ignore
  return [
    s[0] * (1 - 2 * (y * y + z * z)), s[1] * 2 * (x * y - z * w), s[2] * 2 * (x * z + y * w), t[0],
    s[0] * 2 * (x * y + z * w), s[1] * (1 - 2 * (x * x + z * z)), s[2] * 2 * (y * z - x * w), t[1],
    s[0] * 2 * (x * z - y * w), s[1] * 2 * (y * z + x * w), s[2] * (1 - 2 * (x * x + y * y)), t[2],
  ];
}

/** a after b. */
function compose(a: Transform, b: Transform): Transform {
  return IDENTITY.map((_, entry) => {
    const [row, column] = [4 * Math.floor(entry / 4), entry % 4];
    const shift = column === 3 ? a[row + 3] : 0;
    return a[row] * b[column] + a[row + 1] * b[4 + column] + a[row + 2] * b[8 + column] + shift;
  });
}

/** The values of an accessor, one element after the other; normalized integers come as fractions. */
function readAccessor(document: Document, binary: DataView, position: number): { values: Float64Array; width: number } {
  const accessor = at(document.accessors, position, 'accessor');
  if (accessor.sparse !== undefined || accessor.bufferView === undefined) {
    throw new Error('it stores vertices sparsely; export it without sparse accessors');
  }
  const view = at(document.bufferViews, accessor.bufferView, 'buffer view');
  if (view.buffer !== 0 || at(document.buffers, 0, 'buffer').uri !== undefined) {
    throw new Error('its vertices are in another file; export it as one .glb with everything inside');
  }
  const [size, read] = componentReader(binary, accessor.componentType, accessor.normalized);
  const width = COMPONENTS[accessor.type];
  const stride = view.byteStride ?? size * width;
  const start = view.byteOffset + accessor.byteOffset;
  const end = accessor.count === 0 ? start : start + (accessor.count - 1) * stride + size * width;
  if (end > binary.byteLength || end > view.byteOffset + view.byteLength) {
    throw new Error('its vertices reach beyond its data; export it again');
  }
  const values = new Float64Array(accessor.count * width);
  for (let i = 0; i < values.length; i++) values[i] = read(start + Math.floor(i / width) * stride + (i % width) * size);
  return { values, width };
}

/** Bytes of a component, and how it is read. */
function componentReader(binary: DataView, type: number, normalized: boolean): [number, (offset: number) => number] {
  const scale = (most: number) => (normalized ? 1 / most : 1);
  switch (type) {
    case 5120:
      return [1, (offset) => Math.max(binary.getInt8(offset) * scale(127), normalized ? -1 : -128)];
    case 5121:
      return [1, (offset) => binary.getUint8(offset) * scale(255)];
    case 5122:
      return [2, (offset) => Math.max(binary.getInt16(offset, true) * scale(32767), normalized ? -1 : -32768)];
    case 5123:
      return [2, (offset) => binary.getUint16(offset, true) * scale(65535)];
    case 5125:
      return [4, (offset) => binary.getUint32(offset, true)];
    default:
      return [4, (offset) => binary.getFloat32(offset, true)];
  }
}

function addPrimitive(
  out: Triangles,
  document: Document,
  binary: DataView,
  { attributes, indices, material, mode }: Primitive,
  transform: Transform,
): void {
  if (attributes.POSITION === undefined) return;
  const attribute = (name: string, widths: readonly number[]) => {
    const { values, width } = readAccessor(document, binary, attributes[name]);
    if (!widths.includes(width)) throw new Error(`its ${name} has ${width} numbers a vertex; export it again`);
    return { values, width };
  };
  const positions = attribute('POSITION', [3]).values;
  const normals = attributes.NORMAL === undefined ? null : attribute('NORMAL', [3]).values;
  const tints = attributes.COLOR_0 === undefined ? null : attribute('COLOR_0', [3, 4]);
  const { pbrMetallicRoughness: look, doubleSided } = document.materials[material ?? -1] ?? { doubleSided: false };
  const base = look?.baseColorFactor ?? [1, 1, 1];
  const vertices = positions.length / 3;
  const order = indices === undefined ? null : readAccessor(document, binary, indices).values;
  const vertexAt = (k: number) => {
    const vertex = order === null ? k : order[k];
    if (vertex >= vertices) throw new Error(`it refers to vertex ${vertex} of ${vertices}; export it again`);
    return vertex;
  };
  const [x, y, z] = [0, 4, 8].map((row): Vec3 => [transform[row], transform[row + 1], transform[row + 2]]);
  // Normals turn with the cofactors of the map, which are its rows' cross products; a mirror turns triangles around.
  const cofactors = [cross(y, z), cross(z, x), cross(x, y)];
  const mirror = dot(x, cofactors[0]) < 0 ? -1 : 1;
  const position = (vertex: number): Vec3 => {
    const p: Vec3 = [positions[3 * vertex], positions[3 * vertex + 1], positions[3 * vertex + 2]];
    return [dot(x, p) + transform[3], dot(y, p) + transform[7], dot(z, p) + transform[11]];
  };
  const normal = (vertex: number): Vec3 | null => {
    if (normals === null) return null;
    const n: Vec3 = [normals[3 * vertex], normals[3 * vertex + 1], normals[3 * vertex + 2]];
    return unit([mirror * dot(cofactors[0], n), mirror * dot(cofactors[1], n), mirror * dot(cofactors[2], n)]);
  };
  const color = (vertex: number): Vec3 => {
    const channel = (c: number) => {
      const value = base[c] * (tints === null ? 1 : tints.values[tints.width * vertex + c]);
      return Math.min(1, Math.max(0, value));
    };
    return [channel(0), channel(1), channel(2)];
  };
  for (const triangle of trianglesOf(mode, order === null ? vertices : order.length)) {
    const [a, b, c] = triangle.map(vertexAt);
    const corners = mirror < 0 ? [a, c, b] : [a, b, c];
    out.add(corners.map(position), corners.map(normal), corners.map(color), doubleSided);
  }
}

/** The places of each triangle's corners in a list of `count` (glTF 2.0, section 3.7.2.1). */
function* trianglesOf(mode: number, count: number): Generator<readonly [number, number, number]> {
  const step = mode === TRIANGLES ? 3 : 1;
  for (let k = 0; k + 2 < count; k += step) {
    if (mode === FAN) yield [k + 1, k + 2, 0];
    else if (mode === STRIP && k % 2 === 1) yield [k, k + 2, k + 1];
    else yield [k, k + 1, k + 2];
  }
}

function unit(v: Vec3): Vec3 | null {
  const length = exact.hypot(v[0], v[1], v[2]);
  return length > 0 && Number.isFinite(length) ? [v[0] / length, v[1] / length, v[2] / length] : null;
}

/** Collects triangles, three vertices of their own each. */
class Triangles {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly colors: number[] = [];

  /** Adds a triangle, unless it has no area; a normal that is null becomes the triangle's own. */
  add(corners: readonly Vec3[], normals: readonly (Vec3 | null)[], colors: readonly Vec3[], twoSided: boolean): void {
    if (!corners.flat().every(Number.isFinite)) {
      throw new Error('a vertex of it is not a finite number; repair the mesh and export it again');
    }
    const own = unit(cross(subtract(corners[1], corners[0]), subtract(corners[2], corners[0])));
    if (own === null) return;
    const facing = normals.map((normal) => normal ?? own);
    this.positions.push(...corners.flat());
    this.normals.push(...facing.flat());
    this.colors.push(...colors.flat());
    if (this.positions.length > 9 * LARGEST_TRIANGLES) {
      throw new Error(`it has more than ${LARGEST_TRIANGLES} triangles; decimate the mesh and export it again`);
    }
    if (!twoSided) return;
    const turned = <T>([a, b, c]: readonly T[]) => [a, c, b];
    this.add(
      turned(corners),
      turned(facing).map(([x, y, z]): Vec3 => [-x, -y, -z]),
      turned(colors),
      false,
    );
  }

  mesh(): TriangleMesh {
    return {
      positions: Float32Array.from(this.positions),
      normals: Float32Array.from(this.normals),
      colors: Float32Array.from(this.colors),
      indices: Uint32Array.from({ length: this.positions.length / 3 }, (_, k) => k),
    };
  }
}

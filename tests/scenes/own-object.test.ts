/** Own objects: GLB files built here by hand, read beside three's own loader, and placed in rooms. */
import { Mesh } from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { describe, expect, it } from 'vitest';
import { meshBoundsIn } from '../../src/scenes/geometry';
import { ownObject } from '../../src/scenes/own-object';
import { LARGEST_TRIANGLES, readGlb } from '../../src/scenes/own-object-glb';
import { synthesizeRoom } from '../../src/scenes/room';
import { roomMesh } from '../../src/scenes/room-mesh';
import { validateRoom } from '../../src/scenes/validation';

type Json = Record<string, unknown>;

/** A GLB file of these chunks. */
function container(json: string, binary: Uint8Array = new Uint8Array(0), version = 2): Uint8Array {
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 4) * 4, ' '));
  const padded = Math.ceil(binary.length / 4) * 4;
  const total = 12 + 8 + text.length + 8 + padded;
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  const words = [0x46546c67, version, total, text.length, 0x4e4f534a];
  words.forEach((word, k) => view.setUint32(4 * k, word, true));
  bytes.set(text, 20);
  view.setUint32(20 + text.length, padded, true);
  view.setUint32(24 + text.length, 0x004e4942, true);
  bytes.set(binary, 28 + text.length);
  return bytes;
}

/** A box of 2 x 4 x 6 in glTF's axes (y up), a corner at the origin: 8 shared vertices, no normals. */
const CORNERS = Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => [k & 1 && 2, k & 2 && 4, k & 4 && 6]));
// prettier-ignore
const FACES = Uint16Array.from([
  0, 4, 6, 0, 6, 2,  1, 3, 7, 1, 7, 5,  0, 1, 5, 0, 5, 4,  2, 6, 7, 2, 7, 3,  0, 2, 3, 0, 3, 1,  4, 5, 7, 4, 7, 6,
]);

/** A GLB with one mesh of one primitive; `change` edits the document before it is written. */
function glb(change: (document: Json) => void = () => {}, positions = CORNERS, indices = FACES): Uint8Array {
  const binary = new Uint8Array(positions.byteLength + indices.byteLength);
  binary.set(new Uint8Array(positions.buffer), 0);
  binary.set(new Uint8Array(indices.buffer), positions.byteLength);
  const document: Json = {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, material: 0 }] }],
    materials: [{ pbrMetallicRoughness: { baseColorFactor: [0.8, 0.2, 0.1, 1] } }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: positions.length / 3, type: 'VEC3', min: [0, 0, 0], max: [2, 4, 6] },
      { bufferView: 1, componentType: 5123, count: indices.length, type: 'SCALAR' },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: positions.byteLength },
      { buffer: 0, byteOffset: positions.byteLength, byteLength: indices.byteLength },
    ],
    buffers: [{ byteLength: binary.length }],
  };
  change(document);
  return container(JSON.stringify(document), binary);
}

/** The corners of all triangles as three's loader has them in the scene, each as text, sorted. */
async function cornersByThree(bytes: Uint8Array): Promise<string[]> {
  const { scene } = await new GLTFLoader().parseAsync(bytes.slice().buffer, '');
  scene.updateMatrixWorld(true);
  const corners: string[] = [];
  scene.traverse((object) => {
    if (!(object instanceof Mesh)) return;
    const geometry = object.geometry.index ? object.geometry.toNonIndexed() : object.geometry;
    const positions = geometry.getAttribute('position').clone().applyMatrix4(object.matrixWorld);
    for (let k = 0; k < positions.count; k++)
      corners.push(text([positions.getX(k), positions.getY(k), positions.getZ(k)]));
  });
  return corners.sort();
}

const text = (numbers: readonly number[]) =>
  numbers.map((value) => (Math.round(value * 1e4) / 1e4 + 0).toFixed(3)).join(' ');

/** Volume inside the triangles, cubic metres: positive where they face outwards. */
function volume(positions: Float32Array, indices: Uint32Array): number {
  const at = (k: number) => [...positions.subarray(3 * indices[k], 3 * indices[k] + 3)];
  let six = 0;
  for (let k = 0; k < indices.length; k += 3) {
    const [a, b, c] = [at(k), at(k + 1), at(k + 2)];
    six += a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
  }
  return six / 6;
}

describe('ownObject', () => {
  it('scales evenly to one true measure: z up, on the floor, in the middle, facing outwards', () => {
    const { size, mesh, category, textured } = ownObject('crate.glb', glb(), 'crate', { height: 1 });
    // glTF's height is y, its depth z: 2 x 4 x 6 becomes 0.5 wide, 1.5 deep, 1 high.
    expect(size).toEqual({ width: 0.5, depth: 1.5, height: 1 });
    expect([category, textured]).toEqual(['crate', false]);
    const box = { centroid: [0, 0, 0.5], axesLengths: [0.5, 1.5, 1], axes: [1, 0, 0, 0, 1, 0, 0, 0, 1] } as const;
    const { min, max } = meshBoundsIn(box, mesh);
    expect(text(min)).toBe(text([-0.25, -0.75, -0.5]));
    expect(text(max)).toBe(text([0.25, 0.75, 0.5]));
    expect(volume(mesh.positions, mesh.indices)).toBeCloseTo(0.75, 5);
    expect([...mesh.colors.subarray(0, 3)].map((c) => c.toFixed(3))).toEqual(['0.800', '0.200', '0.100']);
    for (let k = 0; k < mesh.normals.length; k += 3) {
      expect([...mesh.normals.subarray(k, k + 3)].map(Math.abs).sort()).toEqual([0, 0, 1]);
    }
  });

  it('stretches to three measures, and turns the front (+z in glTF) to -y', () => {
    const { size, mesh } = ownObject('crate.glb', glb(), 'crate', { width: 0.3, depth: 0.4, height: 0.9 });
    expect(size).toEqual({ width: 0.3, depth: 0.4, height: 0.9 });
    // The last two triangles of the list are those of +z.
    for (const vertex of mesh.indices.slice(-6)) expect(mesh.positions[3 * vertex + 1]).toBeCloseTo(-0.2, 6);
  });

  it.each<[string, (document: Json) => void]>([
    ['as it is', () => {}],
    [
      'without indices',
      (d) => ((d.meshes = [{ primitives: [{ attributes: { POSITION: 0 }, mode: 5 }] }]), delete d.materials),
    ],
    ['as a fan', (d) => (d.meshes = [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1, mode: 6 }] }])],
    [
      'under turned, stretched and mirrored nodes, twice',
      (d) =>
        (d.nodes = [
          { children: [1, 2], translation: [1, -2, 3], rotation: [0.5, 0.5, 0.5, 0.5], scale: [1, 2, -3] },
          { mesh: 0, matrix: [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 2, 0, 5, 6, 7, 1] },
          { mesh: 0, rotation: [0.6, 0, 0, 0.8] },
        ]),
    ],
  ])('reads the triangles that three reads: %s', async (_, change) => {
    const bytes = glb(change);
    const { positions } = readGlb(bytes).mesh;
    const corners = Array.from({ length: positions.length / 3 }, (__, k) =>
      text([...positions.subarray(3 * k, 3 * k + 3)]),
    );
    const theirs = await cornersByThree(bytes);
    // Triangles without area are left out here.
    expect(corners.length).toBeGreaterThan(0.5 * theirs.length);
    expect(theirs).toEqual(expect.arrayContaining(corners));
  });

  it('shows all nodes of a file without scenes', () => {
    const bytes = glb((d) => (delete d.scene, delete d.scenes, (d.nodes = [{ children: [1] }, { mesh: 0 }])));
    expect(readGlb(bytes)).toEqual(readGlb(glb()));
  });

  it('keeps triangles outwards under a mirror, and adds backs where the material is two-sided', () => {
    const mirrored = ownObject(
      'm.glb',
      glb((d) => (d.nodes = [{ mesh: 0, scale: [-1, 1, 1] }])),
      'crate',
      { height: 1 },
    );
    expect(volume(mirrored.mesh.positions, mirrored.mesh.indices)).toBeCloseTo(0.75, 5);
    const twoSided = ownObject(
      't.glb',
      glb((d) => (d.materials = [{ doubleSided: true }])),
      'crate',
      { height: 1 },
    );
    expect(twoSided.mesh.indices.length).toBe(2 * FACES.length);
    expect(volume(twoSided.mesh.positions, twoSided.mesh.indices)).toBeCloseTo(0, 6);
  });

  it('says when there are textures to leave out', () => {
    const change = (d: Json) => (d.materials = [{ pbrMetallicRoughness: { baseColorTexture: { index: 0 } } }]);
    expect(ownObject('crate.glb', glb(change), 'crate', { height: 1 }).textured).toBe(true);
  });

  const wild = CORNERS.slice();
  wild[4] = NaN;
  const many = new Uint16Array(3 * (LARGEST_TRIANGLES + 1)).map((_, k) => FACES[k % FACES.length]);
  it.each<[string, Uint8Array, RegExp]>([
    [
      'no GLB',
      new TextEncoder().encode('v 0 0 0 # an OBJ file'),
      /crate\.glb: it is not a GLB file; export .* glTF 2\.0/,
    ],
    ['an empty file', new Uint8Array(0), /not a GLB file/],
    ['glTF 1', container('{}', undefined, 1), /glTF of version 1; export it as binary glTF 2\.0/],
    ['a file that was cut', glb().slice(0, 300), /ends too early; copy or download it again/],
    ['broken JSON', container('{"asset":'), /JSON chunk cannot be read/],
    ['a wrong field', glb((d) => (d.nodes = [{ mesh: 'chair' }])), /field nodes\.0\.mesh is not as glTF 2\.0 asks/],
    ['no mesh', glb((d) => (d.nodes = [{}])), /holds no mesh with triangles/],
    [
      'lines',
      glb((d) => (d.meshes = [{ primitives: [{ attributes: { POSITION: 0 }, mode: 1 }] }])),
      /no mesh with triangles/,
    ],
    ['NaN', glb(undefined, wild), /not a finite number; repair the mesh/],
    [
      'no extent',
      glb((d) => (d.nodes = [{ mesh: 0, scale: [1, 0, 1] }])),
      /it has no height; give the mesh a thickness/,
    ],
    ['too many triangles', glb(undefined, CORNERS, many), /more than 50000 triangles; decimate/],
    [
      'compression',
      glb((d) => (d.extensionsRequired = ['KHR_draco_mesh_compression'])),
      /needs .*draco.*; export it without/,
    ],
    [
      'another file',
      glb((d) => (d.buffers = [{ byteLength: 9, uri: 'crate.bin' }])),
      /in another file; export it as one \.glb/,
    ],
    [
      'missing data',
      glb((d) => (d.accessors = [{ bufferView: 0, componentType: 5126, count: 99, type: 'VEC3' }])),
      /reach beyond its data/,
    ],
    ['a missing vertex', glb(undefined, CORNERS, Uint16Array.from([0, 1, 99])), /vertex 99 of 8/],
    ['a circle of nodes', glb((d) => (d.nodes = [{ children: [0], mesh: 0 }])), /nodes are no tree/],
  ])('refuses %s, naming the file and the remedy', (_, bytes, message) => {
    expect(() => ownObject('crate.glb', bytes, 'crate', { height: 1 })).toThrow(message);
    expect(() => ownObject('crate.glb', bytes, 'crate', { height: 1 })).toThrow(/^crate\.glb: /);
  });

  it('refuses sizes and categories that make no sense', () => {
    expect(() => ownObject('a.glb', glb(), 'crate', {})).toThrow(/a\.glb: its size has 0 measures; give one of width/);
    expect(() => ownObject('a.glb', glb(), 'crate', { width: 1, height: 1 })).toThrow(/has 2 measures/);
    expect(() => ownObject('a.glb', glb(), 'crate', { height: 90 })).toThrow(/its width would be 45 m; give a size/);
    expect(() => ownObject('a.glb', glb(), 'crate', { height: NaN })).toThrow(/would be NaN m/);
    expect(() => ownObject('a.glb', glb(), 'Crate!', { height: 1 })).toThrow(
      /category "Crate!" must be lower-case words/,
    );
  });
});

describe('a room with an own object', () => {
  const crate = ownObject('crate.glb', glb(), 'crate', { height: 0.4 });
  const chair = ownObject('chair.glb', glb(), 'chair', { height: 0.5 });

  it('holds it at its true size, standing soundly, in every type and shape of room', () => {
    let [held, sound] = [0, 0];
    for (let seed = 0; seed < 24; seed++) {
      const { room, rejected } = synthesizeRoom(seed, { own: [crate] });
      const [object, ...more] = room.objects.filter(({ category }) => category === 'crate');
      expect(more).toEqual([]);
      if (object === undefined) {
        expect(rejected.map(({ category }) => category)).toContain('crate');
        continue;
      }
      held++;
      expect(object.support).toBe(0);
      expect(text(object.box.axesLengths)).toBe(text([0.2, 0.6, 0.4]));
      expect(roomMesh(room).instances).toContain(object.id);
      expect(rejected.map(({ category }) => category)).not.toContain('crate');
      if (validateRoom(room).ok) sound++;
    }
    expect(held).toBeGreaterThanOrEqual(23);
    expect(sound).toBe(held);
  });

  it('stands where others of its category do, and comes before the limit on pieces', () => {
    const around = Array.from({ length: 12 }, (_, seed) => {
      const { room } = synthesizeRoom(seed, { own: [chair], maxObjects: 1 });
      return room.objects.map(({ category }) => category).join();
    });
    expect(around.filter((categories) => categories === 'chair').length).toBeGreaterThanOrEqual(10);
  });

  it('leaves rooms without one as they were, and is the same for the same seed', () => {
    expect(synthesizeRoom(3, { own: [] })).toEqual(synthesizeRoom(3));
    expect(synthesizeRoom(3, { own: [crate] })).toEqual(synthesizeRoom(3, { own: [structuredClone(crate)] }));
  });
});

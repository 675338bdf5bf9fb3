/** The whole verdict on rooms: what a person can reach and see, on rooms built by hand and on drawn ones. */
import { describe, expect, it } from 'vitest';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { uprightBox } from '../../src/scenes/geometry';
import { synthesizeInspectedRoom } from '../../src/scenes/inspected-room';
import { inspectRoom } from '../../src/scenes/inspection';
import { synthesizeRoom } from '../../src/scenes/room';
import { ROOM_TYPES } from '../../src/scenes/room-types';
import type { Room, SceneObject, Vec2, Vec3 } from '../../src/scenes/scene';

const NO_MESH = {
  positions: new Float32Array(0),
  normals: new Float32Array(0),
  colors: new Float32Array(0),
  indices: new Uint32Array(0),
};

/** A piece on the floor with its middle at (x, y), front towards -y. */
function piece(id: number, category: string, [x, y]: Vec2, [width, depth, height]: Vec3): SceneObject {
  const box = uprightBox({ min: [-width / 2, -depth / 2, 0], max: [width / 2, depth / 2, height] }, [x, y, 0], 0);
  return { id, category, box, support: 0, mesh: NO_MESH };
}

/** A room of 4 x 4 m, the door in the middle of its lower wall. */
function roomWith(...objects: SceneObject[]): Room {
  const polygon: Vec2[] = [
    [-2, -2],
    [2, -2],
    [2, 2],
    [-2, 2],
  ];
  return { seed: 0, type: 'office', polygon, height: 2.5, area: 16, doors: [[0, -2]], objects, shell: NO_MESH };
}

const shelf = piece(1, 'bookshelf', [0, 1.8], [1, 0.3, 1.8]);

describe('inspectRoom', () => {
  it('accepts a piece that can be walked up to', () => {
    expect(inspectRoom(roomWith(shelf))).toEqual({ ok: true, problems: [] });
    expect(inspectRoom(roomWith()).ok).toBe(true);
  });

  it('finds what is behind a barrier that leaves no way past', () => {
    const barrier = (width: number) => piece(2, 'sofa', [0, 0.4], [width, 0.8, 0.8]);
    expect(inspectRoom(roomWith(shelf, barrier(3.9))).problems).toEqual([
      'bookshelf 1 cannot be reached from the door.',
    ]);
    // 1 m on either side is enough to pass, 0.4 m is not.
    expect(inspectRoom(roomWith(shelf, barrier(2))).problems).toEqual([]);
    expect(inspectRoom(roomWith(shelf, barrier(3.2))).problems).toEqual([
      'bookshelf 1 cannot be reached from the door.',
    ]);
    // Chairs are moved aside.
    const chairs = Array.from({ length: 7 }, (_, k) => piece(k + 2, 'chair', [-1.71 + 0.57 * k, 0.4], [0.5, 0.5, 0.9]));
    expect(inspectRoom(roomWith(shelf, ...chairs)).problems).toEqual([]);
  });

  it('finds a piece whose front is blocked, though its side can be reached', () => {
    const wardrobe = piece(1, 'wardrobe', [-1.4, 1.7], [1, 0.55, 2]);
    const blocked = roomWith(wardrobe, piece(2, 'cabinet', [-1.3, 1.1], [1.3, 0.5, 0.9]));
    const found = inspectRoom(blocked).problems;
    expect(found).toContain('wardrobe 1 has no room to stand before it.');
    expect(inspectRoom(roomWith(wardrobe)).problems).toEqual([]);
  });

  it('finds an object hidden from everywhere, and a door that is blocked', () => {
    const bin = piece(1, 'trash bin', [0, 1.75], [0.3, 0.3, 0.4]);
    const wall = [piece(2, 'cabinet', [0, 1.3], [1.2, 0.5, 1.5])];
    const sides = [-0.45, 0.45].map((x, k) => piece(3 + k, 'bookshelf', [x, 1.78], [0.3, 0.38, 1.5]));
    expect(inspectRoom(roomWith(bin, ...wall, ...sides)).problems).toContain('trash bin 1 is hidden from everywhere.');
    expect(inspectRoom(roomWith(piece(1, 'sofa', [0, -1.4], [3.9, 1, 0.8]))).problems.join()).toMatch(
      /Nobody can enter/,
    );
  });

  it('repeats what the physical checks find', () => {
    const { box } = shelf;
    const hovering = { ...shelf, box: { ...box, centroid: [0, 1.8, box.centroid[2] + 0.01] as Vec3 } };
    expect(inspectRoom(roomWith(hovering)).problems.join()).toMatch(/10\.0 mm above the floor/);
  });
});

describe('synthesizeInspectedRoom', () => {
  const rooms = Array.from({ length: 200 }, (_, seed) =>
    synthesizeInspectedRoom(seed, { roomType: ROOM_TYPES[seed % ROOM_TYPES.length].name }),
  );

  it('gives rooms that pass, or says why not; redrawing is bounded and told', () => {
    const passed = rooms.filter(({ validation }) => validation.ok);
    expect(passed.length).toBeGreaterThanOrEqual(198);
    for (const { validation, discarded } of rooms) {
      expect(validation.ok).toBe(validation.problems.length === 0);
      expect(discarded.length).toBeLessThan(10);
      for (const problems of discarded) expect(problems.length).toBeGreaterThan(0);
      // Whatever is redrawn, it is never for hovering or interpenetrating: placement rules those out.
      const physical = /above|interpenetrate|reaches out|ceiling|stands on|beyond the edge/;
      for (const problem of discarded.flat()) expect(problem).not.toMatch(physical);
    }
  });

  it('names the seed that makes the room again', () => {
    for (const { room } of rooms.slice(0, 20)) {
      const roomType = ROOM_TYPES.find(({ name }) => room.type.startsWith(name))!.name;
      expect(synthesizeRoom(room.seed, { roomType }).room).toEqual(room);
    }
  });

  it('still shows every category', () => {
    const seen = new Set(rooms.flatMap(({ room }) => room.objects.map(({ category }) => category)));
    expect([...seen].sort()).toEqual(FURNITURE.map(({ category }) => category).sort());
  });

  it('gives up after the draws that it is allowed, with the problems of the last', () => {
    const failing = Array.from({ length: 40 }, (_, seed) => synthesizeInspectedRoom(seed, {}, 1)).filter(
      ({ validation }) => !validation.ok,
    );
    expect(failing.length).toBeGreaterThan(0);
    for (const { discarded, validation } of failing) {
      expect(discarded).toEqual([]);
      expect(validation.problems.length).toBeGreaterThan(0);
    }
  });
});

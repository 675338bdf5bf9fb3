/** Synthesized rooms: sound, varied, and fixed by their seed. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { boxDistance, meshBoundsIn } from '../../src/scenes/geometry';
import { placeFurniture } from '../../src/scenes/placement';
import { polygonArea, wallsOf } from '../../src/scenes/plan';
import { synthesizeRoom } from '../../src/scenes/room';
import { roomMesh } from '../../src/scenes/room-mesh';
import { ROOM_TYPES, type RoomTypeName } from '../../src/scenes/room-types';
import type { Room, SceneObject, TriangleMesh, Vec2 } from '../../src/scenes/scene';
import { buildShell } from '../../src/scenes/shell';
import { validateRoom } from '../../src/scenes/validation';
import { cross, subtract } from '../../src/scenes/vectors';

const SEEDS = Array.from({ length: 240 }, (_, seed) => seed);
const rooms = SEEDS.map((seed) => synthesizeRoom(seed, { roomType: ROOM_TYPES[seed % ROOM_TYPES.length].name }));

describe('synthesizeRoom', () => {
  it('gives rooms that validate, over all types and 240 seeds', () => {
    for (const { room } of rooms) expect(validateRoom(room).problems).toEqual([]);
  });

  it('keeps to the ranges of the room type and of each piece', () => {
    for (const { room } of rooms) {
      const types = room.type.split(' and ').map((part) => ROOM_TYPES.find(({ name }) => name === part)!);
      const bound = (k: 0 | 1) => types.reduce((sum, { area }) => sum + area[k], 0);
      expect(room.area).toBeGreaterThanOrEqual(bound(0) - 1e-9);
      // The doorway between two rooms adds its own floor.
      expect(room.area).toBeLessThanOrEqual(bound(1) + (types.length > 1 ? 0.15 : 1e-9));
      expect(room.area).toBeCloseTo(polygonArea(room.polygon), 9);
      for (const { category, box } of room.objects) {
        const { size } = FURNITURE.find((furniture) => furniture.category === category)!;
        for (const [k, range] of [size.width, size.depth, size.height].entries()) {
          expect(box.axesLengths[k]).toBeGreaterThanOrEqual(range[0] - 1e-6);
          expect(box.axesLengths[k]).toBeLessThanOrEqual(range[1] + 1e-6);
        }
      }
    }
  });

  it('gives each object the tight box around its vertices', () => {
    for (const { room } of rooms.slice(0, 60)) {
      for (const { box, mesh } of room.objects) {
        const { min, max } = meshBoundsIn(box, mesh);
        for (let k = 0; k < 3; k++) {
          expect(min[k]).toBeCloseTo(-box.axesLengths[k] / 2, 5);
          expect(max[k]).toBeCloseTo(box.axesLengths[k] / 2, 5);
        }
      }
    }
  });

  it('gives the same room for the same seed, and another for another', () => {
    expect(synthesizeRoom(5)).toEqual(synthesizeRoom(5));
    expect(synthesizeRoom(6).room.objects.map(({ box }) => box)).not.toEqual(
      synthesizeRoom(5).room.objects.map(({ box }) => box),
    );
  });

  it('leaves no room bare', () => {
    const sizes = rooms.map(({ room }) => room.objects.length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3);
    expect(sizes.filter((size) => size >= 5).length).toBeGreaterThan(0.95 * sizes.length);
  });

  it('numbers the objects from 1 and leaves nothing out in silence', () => {
    for (const { room, rejected } of rooms) {
      expect(room.objects.map(({ id }) => id)).toEqual(room.objects.map((_, k) => k + 1));
      for (const { category, reason } of rejected) expect(`${category}: ${reason}`).toMatch(/^[a-z ]+: .{10,}/);
    }
  });

  it('uses every category, and spreads the counts from 1 to at least 7', () => {
    const seen = new Set<string>();
    const counts = new Set<number>();
    for (const { room } of rooms) {
      const tally = new Map<string, number>();
      for (const { category } of room.objects) tally.set(category, (tally.get(category) ?? 0) + 1);
      for (const [category, count] of tally) {
        seen.add(category);
        counts.add(count);
      }
    }
    expect([...seen].sort()).toEqual(FURNITURE.map(({ category }) => category).sort());
    for (let count = 1; count <= 7; count++) expect(counts).toContain(count);
  });

  it('turns chairs at a table or desk to it', () => {
    let facing = 0;
    let seated = 0;
    for (const { room } of rooms) {
      const hosts = room.objects.filter(({ category }) => category === 'table' || category === 'desk');
      for (const chair of room.objects.filter(({ category }) => category === 'chair')) {
        const near = hosts.filter(({ box }) => boxDistance(box, chair.box) < 0.22);
        if (near.length === 0) continue;
        seated++;
        // Front is -y of the chair's own axes.
        const ahead = near.some(({ box }) => {
          const toHost = subtract(box.centroid, chair.box.centroid);
          return toHost[0] * chair.box.axes[3] + toHost[1] * chair.box.axes[4] < 0;
        });
        if (ahead) facing++;
      }
    }
    expect(seated).toBeGreaterThan(100);
    // The rest are chairs at a wall that happens to be near a table.
    expect(facing / seated).toBeGreaterThan(0.95);
  });

  it('keeps to the limit on the number of pieces, and refuses a senseless one', () => {
    for (const seed of SEEDS.slice(0, 20)) {
      expect(synthesizeRoom(seed, { maxObjects: 3 }).room.objects.length).toBeLessThanOrEqual(3);
    }
    expect(() => synthesizeRoom(1, { maxObjects: 0 })).toThrow(/maxObjects is 0/);
    expect(() => synthesizeRoom(1.5)).toThrow(/seed is 1.5/);
    const roomType = 'garage' as string as RoomTypeName;
    expect(() => synthesizeRoom(1, { roomType })).toThrow(/roomType is 'garage'; give one of living room/);
  });
});

describe('placeFurniture', () => {
  it('gives up what finds no place, and says why', () => {
    const polygon: Vec2[] = [
      [0, 0],
      [2, 0],
      [2, 2],
      [0, 2],
    ];
    const plan = { polygon, height: 2.4, walls: wallsOf(polygon), openings: [], passages: [] };
    const bed = FURNITURE.find(({ category }) => category === 'bed')!;
    const lamp = FURNITURE.find(({ category }) => category === 'table lamp')!;
    const wanted = [
      { furniture: bed, size: { width: 1.4, depth: 2.1, height: 1 } },
      { furniture: lamp, size: { width: 0.3, depth: 0.3, height: 0.5 } },
      { furniture: bed, size: { width: 1, depth: 1, height: 2.5 } },
    ];
    const { placed, rejected } = placeFurniture(wanted, plan, stream(1, 'placement'));
    expect(placed).toEqual([]);
    expect(rejected.map(({ category }) => category).sort()).toEqual(['bed', 'bed', 'table lamp']);
    expect(rejected.map(({ reason }) => reason).join('; ')).toMatch(/a wall/);
    expect(rejected.map(({ reason }) => reason).join('; ')).toMatch(/no host/);
    expect(rejected.map(({ reason }) => reason).join('; ')).toMatch(/too high/);
  });
});

describe('validateRoom', () => {
  const sound = rooms.map(({ room }) => room).find((room) => room.objects.some(({ support }) => support > 0))!;
  const moved = (room: Room, index: number, by: readonly [number, number, number]): Room => {
    const shift = (object: SceneObject): SceneObject => ({
      ...object,
      box: {
        ...object.box,
        centroid: [0, 1, 2].map((k) => object.box.centroid[k] + by[k]) as [number, number, number],
      },
    });
    return { ...room, objects: room.objects.map((object, k) => (k === index ? shift(object) : object)) };
  };

  it('finds what hovers, interpenetrates, leaves the plan or has lost its support', () => {
    expect(validateRoom(sound).ok).toBe(true);
    expect(validateRoom(moved(sound, 0, [0, 0, 0.002])).problems.join()).toMatch(/2\.0 mm above the floor/);
    expect(validateRoom(moved(sound, 0, [50, 0, 0])).problems.join()).toMatch(/out of the room's plan/);
    expect(validateRoom(moved(sound, 0, [0, 0, 9])).problems.join()).toMatch(/through the ceiling/);
    const [first, second] = sound.objects;
    const onto = subtract(second.box.centroid, first.box.centroid);
    expect(validateRoom(moved(sound, 0, [onto[0], onto[1], 0])).problems.join()).toMatch(/interpenetrate by/);
    const carried = sound.objects.findIndex(({ support }) => support > 0);
    expect(validateRoom(moved(sound, carried, [0, 0, 0.005])).problems.join()).toMatch(/5\.0 mm above the top of/);
    expect(validateRoom(moved(sound, carried, [3, 0, 0])).problems.join()).toMatch(/beyond the edge/);
    const orphan = { ...sound, objects: sound.objects.map((o, k) => (k === carried ? { ...o, support: 99 } : o)) };
    expect(validateRoom(orphan).problems.join()).toMatch(/object 99, which is not in the room/);
  });
});

/** Area of the triangles in the plane z = `level`, square metres, split by whether they face up or down. */
function flatArea({ positions, indices }: TriangleMesh, level: number): { up: number; down: number } {
  const area = { up: 0, down: 0 };
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => {
      const v = 3 * indices[i + k];
      return [positions[v], positions[v + 1], positions[v + 2]] as const;
    });
    if ([a, b, c].some((p) => Math.abs(p[2] - level) > 1e-6)) continue;
    const z = cross(subtract(b, a), subtract(c, a))[2] / 2;
    if (z > 0) area.up += z;
    else area.down -= z;
  }
  return area;
}

describe('the shell', () => {
  it('covers floor and ceiling once, facing inwards, also over an L-shaped plan', () => {
    const polygon: Vec2[] = [
      [0, 0],
      [5, 0],
      [5, 2.3],
      [2.1, 2.3],
      [2.1, 4],
      [0, 4],
    ];
    const plan = { polygon, height: 2.5, walls: wallsOf(polygon), openings: [], passages: [] };
    for (const floor of ['planks', 'tiles', 'carpet'] as const) {
      const shell = buildShell(plan, [], floor, 1, stream(3, 'shell'));
      // Skirting boards stand on the floor: their undersides face down at z = 0.
      expect(flatArea(shell, 0).up).toBeCloseTo(polygonArea(polygon), 4);
      expect(flatArea(shell, 2.5)).toEqual({ up: 0, down: expect.closeTo(polygonArea(polygon), 4) });
    }
  });
});

describe('roomMesh', () => {
  it('holds the triangles of shell and objects, each tagged with its instance', () => {
    const { room } = rooms[0];
    const mesh = roomMesh(room);
    const triangles = new Map<number, number>();
    for (let i = 0; i < mesh.indices.length; i += 3) {
      const ids = [0, 1, 2].map((k) => mesh.instances[mesh.indices[i + k]]);
      expect(new Set(ids).size).toBe(1);
      triangles.set(ids[0], (triangles.get(ids[0]) ?? 0) + 1);
    }
    expect(triangles.get(0)).toBe(room.shell.indices.length / 3);
    for (const { id, mesh: own } of room.objects) expect(triangles.get(id)).toBe(own.indices.length / 3);
    expect(mesh.positions.length).toBe(mesh.instances.length * 3);
  });
});

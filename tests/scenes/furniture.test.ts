/** Every category of the registry: the size it states, its surface, and how it stands. New categories join by themselves. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import type { Furniture } from '../../src/scenes/furniture/furniture';
import { MeshBuilder } from '../../src/scenes/mesh-builder';
import { ROOM_TYPES } from '../../src/scenes/room-types';
import { meshFaults } from './mesh-faults';

/** The corners of the size range and some sizes within it. */
function sizesOf({ size, square }: Furniture) {
  const random = stream(7, 'sizes');
  return [0, 1, ...Array.from({ length: 6 }, () => null)].map((fraction) => {
    const draw = ([low, high]: readonly [number, number]) => low + (high - low) * (fraction ?? random.next());
    const width = draw(size.width);
    return { width, depth: square ? width : draw(size.depth), height: draw(size.height) };
  });
}

function build(furniture: Furniture, k: number) {
  const builder = new MeshBuilder();
  const size = sizesOf(furniture)[k];
  furniture.build(builder, size, stream(k, 'model', furniture.category));
  return { size, bounds: builder.bounds(), mesh: builder.build() };
}

describe.each(FURNITURE.map((furniture) => [furniture.category, furniture] as const))('%s', (_, furniture) => {
  const models = sizesOf(furniture).map((_size, k) => build(furniture, k));

  it('fills its size, centred on the origin and standing on the floor', () => {
    for (const { size, bounds } of models) {
      for (const [axis, length] of [size.width, size.depth].entries()) {
        expect(bounds.min[axis]).toBeCloseTo(-length / 2, 6);
        expect(bounds.max[axis]).toBeCloseTo(length / 2, 6);
      }
      expect(bounds.min[2]).toBeCloseTo(0, 6);
      expect(bounds.max[2]).toBeCloseTo(size.height, 6);
    }
  });

  it('is made of closed parts whose triangles and unit normals face outwards', () => {
    for (const { mesh } of models) expect(meshFaults(mesh)).toEqual([]);
  });

  it('has the detail of a real piece, and no more triangles than a frame can afford', () => {
    for (const { mesh } of models) {
      expect(mesh.indices.length / 3).toBeGreaterThanOrEqual(60);
      expect(mesh.indices.length / 3).toBeLessThanOrEqual(4000);
    }
  });

  it('belongs in a room type, and names hosts that exist and can carry it', () => {
    const names = ROOM_TYPES.map(({ name }) => name);
    expect(Object.keys(furniture.rooms).length).toBeGreaterThan(0);
    for (const room of Object.keys(furniture.rooms)) expect(names).toContain(room);
    const { placement } = furniture;
    if (!('hosts' in placement)) return;
    for (const host of placement.hosts) {
      const found = FURNITURE.find(({ category }) => category === host);
      expect(found?.category).toBe(host);
      if (placement.kind === 'on') expect(found?.surface).toBeGreaterThan(0);
    }
  });
});

describe('the registry', () => {
  it('names each category once', () => {
    const names = FURNITURE.map(({ category }) => category);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Plans of all shapes: their area, and that everything stays in its part of them. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import { cameraPosition, chooseCamera } from '../../src/scenes/camera';
import { drawOutline, PLAN_SHAPES } from '../../src/scenes/floor-plan';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { boxCorners } from '../../src/scenes/geometry';
import { insidePolygon, polygonArea, wallBetween } from '../../src/scenes/plan';
import { synthesizeRoom } from '../../src/scenes/room';
import { ROOM_TYPES } from '../../src/scenes/room-types';
import type { Vec2 } from '../../src/scenes/scene';
import { validateRoom } from '../../src/scenes/validation';
import { walkThrough } from '../../src/scenes/walk-through';

const boundsOf = (polygon: readonly Vec2[]) =>
  [0, 1].map((axis) => {
    const values = polygon.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)] as const;
  });

describe('drawOutline', () => {
  it.each(PLAN_SHAPES)('draws a %s of an area within the range of its type, centred on the origin', (shape) => {
    for (let seed = 0; seed < 120; seed++) {
      const type = ROOM_TYPES[seed % ROOM_TYPES.length];
      const { polygon, zones } = drawOutline(type, shape, stream(seed, 'outline'));
      expect(polygon).toHaveLength({ rectangle: 4, 'L-shape': 6, 'two rooms': 12 }[shape]);
      for (const zone of zones) {
        const area = polygonArea(zone.polygon);
        expect(area).toBeGreaterThanOrEqual(zone.type.area[0] - 1e-9);
        expect(area).toBeLessThanOrEqual(zone.type.area[1] + 1e-9);
        for (const [low, high] of boundsOf(zone.polygon)) expect(high - low).toBeGreaterThan(1.7);
      }
      for (const [low, high] of boundsOf(polygon)) expect(low + high).toBeCloseTo(0, 9);
    }
  });

  it('counts the area by sampling as the formula does', () => {
    for (const shape of PLAN_SHAPES) {
      const { polygon } = drawOutline(ROOM_TYPES[0], shape, stream(5, 'outline'));
      const [[x0, x1], [y0, y1]] = boundsOf(polygon);
      const steps = 400;
      let inside = 0;
      for (let i = 0; i < steps; i++) {
        for (let j = 0; j < steps; j++) {
          const point: Vec2 = [x0 + ((i + 0.5) / steps) * (x1 - x0), y0 + ((j + 0.5) / steps) * (y1 - y0)];
          if (insidePolygon(point, polygon)) inside++;
        }
      }
      const sampled = (inside / steps ** 2) * (x1 - x0) * (y1 - y0);
      expect(sampled / polygonArea(polygon)).toBeCloseTo(1, 2);
    }
  });

  it('joins two rooms by a doorway only', () => {
    const { polygon, zones, passages } = drawOutline(ROOM_TYPES[0], 'two rooms', stream(8, 'outline'));
    const [a, b] = zones.map(
      (zone) => boundsOf(zone.polygon).map(([low, high]) => (low + high) / 2) as [number, number],
    );
    const { center, halfWidth, yaw } = passages[0];
    expect(halfWidth).toBeGreaterThanOrEqual(0.45);
    expect(wallBetween(a, center, polygon) || wallBetween(center, b, polygon)).toBe(false);
    // A metre beside the doorway's edge there is wall between the two rooms.
    const along = [Math.cos(yaw), Math.sin(yaw)];
    const beside = (side: number, across: number): Vec2 => [
      center[0] + along[0] * side - along[1] * across,
      center[1] + along[1] * side + along[0] * across,
    ];
    for (const side of [-halfWidth - 0.1, halfWidth + 0.1]) {
      expect(wallBetween(beside(side, -0.3), beside(side, 0.3), polygon)).toBe(true);
    }
    expect(wallBetween(beside(0, -0.3), beside(0, 0.3), polygon)).toBe(false);
  });
});

describe.each(['L-shape', 'two rooms'] as const)('a room on a plan of shape %s', (shape) => {
  const rooms = Array.from({ length: 48 }, (_, seed) => {
    const roomType = ROOM_TYPES[seed % ROOM_TYPES.length].name;
    return { seed, roomType, room: synthesizeRoom(seed, { roomType, shape }).room };
  });

  it('validates, with every corner of every piece inside', () => {
    for (const { room } of rooms) {
      expect(validateRoom(room).problems).toEqual([]);
      for (const { box } of room.objects) {
        for (const [x, y] of boxCorners(box)) expect(insidePolygon([x, y], room.polygon)).toBe(true);
      }
    }
  });

  it('holds what belongs in its type, or in those of its two parts', () => {
    const together = new Set<string>();
    for (const { room, roomType } of rooms) {
      const types = room.type.split(' and ');
      expect(types[0]).toBe(roomType);
      together.add(room.type);
      for (const { category } of room.objects) {
        const { rooms: belongs } = FURNITURE.find((furniture) => furniture.category === category)!;
        expect(types.some((type) => Object.keys(belongs).includes(type))).toBe(true);
      }
    }
    expect(together.size).toBeGreaterThanOrEqual(6);
  });

  it('is seen by cameras and walked through, without passing through a wall', () => {
    for (const { room, seed } of rooms.slice(0, 12)) {
      const eye = cameraPosition(chooseCamera(room, stream(seed, 'camera'), { width: 64, height: 64 }));
      expect(insidePolygon([eye[0], eye[1]], room.polygon)).toBe(true);
      const walk = walkThrough(room, stream(seed, 'walk'), { width: 64, height: 64, frames: 40 });
      const path = walk.map(({ camera }): Vec2 => [cameraPosition(camera)[0], cameraPosition(camera)[1]]);
      for (const [k, point] of path.slice(1).entries()) expect(wallBetween(path[k], point, room.polygon)).toBe(false);
    }
  });
});

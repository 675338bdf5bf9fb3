/** Randomization: each range does what it says, and nothing changes where it is left out. */
import { describe, expect, it } from 'vitest';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { synthesizeRoom } from '../../src/scenes/room';
import { checkRandomization, RANDOMIZATION_FIELDS, type RoomOptions } from '../../src/scenes/scene-options';
import type { TriangleMesh } from '../../src/scenes/scene';
import { validateRoom } from '../../src/scenes/validation';

const draw = (options: RoomOptions, count = 40) =>
  Array.from({ length: count }, (_, seed) => synthesizeRoom(seed, { shape: 'rectangle', ...options }).room);
const isSmall = (category: string) =>
  FURNITURE.find((furniture) => furniture.category === category)!.placement.kind === 'on';
const total = (options: RoomOptions, keep: (category: string) => boolean) =>
  draw(options).reduce((sum, { objects }) => sum + objects.filter(({ category }) => keep(category)).length, 0);
const brightness = ({ colors }: TriangleMesh, channel: number) =>
  colors.reduce((sum, value, k) => (k % 3 === channel ? sum + value : sum), 0);

describe('room options', () => {
  it('changes nothing at the defaults, spelt out or left out', () => {
    const spelt = { count: [1, 1], clutter: [1, 1], light: [1, 1], warmth: [0, 0], texture: [1, 1] } as const;
    for (const seed of [1, 2, 3]) expect(synthesizeRoom(seed, spelt)).toEqual(synthesizeRoom(seed));
  });

  it('furnishes more fully or more sparsely with count, and still soundly', () => {
    const [few, usual, many] = [0.4, 1, 2].map((factor) => total({ count: [factor, factor] }, () => true));
    expect(few).toBeLessThan(0.85 * usual);
    expect(many).toBeGreaterThan(1.15 * usual);
    for (const room of draw({ count: [2, 2], clutter: [2, 2] })) expect(validateRoom(room).problems).toEqual([]);
  });

  it('strews or clears the tables with clutter, and leaves the furniture alone', () => {
    expect(total({ clutter: [0, 0] }, isSmall)).toBe(0);
    expect(total({ clutter: [2, 2] }, isSmall)).toBeGreaterThan(1.2 * total({}, isSmall));
  });

  it('dims, tints and flattens what is seen', () => {
    const shell = (options: RoomOptions) => synthesizeRoom(4, options).room.shell;
    const usual = shell({});
    expect(brightness(shell({ light: [0.5, 0.5] }), 1)).toBeCloseTo(0.5 * brightness(usual, 1), 1);
    const ratio = (mesh: TriangleMesh) => brightness(mesh, 0) / brightness(mesh, 2);
    expect(ratio(shell({ warmth: [1, 1] }))).toBeGreaterThan(1.1 * ratio(usual));
    expect(ratio(shell({ warmth: [-1, -1] }))).toBeLessThan(0.9 * ratio(usual));
    const floorTints = ({ positions, colors }: TriangleMesh) =>
      new Set(colors.filter((_, k) => k % 3 === 0 && positions[k + 2] === 0 && Math.abs(positions[k]) < 0.4)).size;
    expect(floorTints(shell({ texture: [0, 0] }))).toBeLessThan(floorTints(usual));
  });

  it('draws within the range, another value for another seed', () => {
    const light = (seed: number) => {
      const bright = synthesizeRoom(seed).room.shell;
      return brightness(synthesizeRoom(seed, { light: [0.4, 0.8] }).room.shell, 0) / brightness(bright, 0);
    };
    const drawn = [1, 2, 3, 4, 5, 6].map(light);
    for (const value of drawn) {
      expect(value).toBeGreaterThan(0.399);
      expect(value).toBeLessThan(0.801);
    }
    expect(new Set(drawn.map((value) => value.toFixed(3))).size).toBe(6);
  });
});

describe('checkRandomization', () => {
  it('accepts what makes sense', () => {
    const given = { fieldOfView: [0.6, 1.8], eyeHeight: [0.5, 1.9], maxObjects: 4 };
    const checked = checkRandomization(given);
    expect(checked).toEqual(given);
    // The order of fields is the schema's, however they are given: files that record them do not depend on it.
    expect(Object.keys(checked)).toEqual(['maxObjects', 'eyeHeight', 'fieldOfView']);
  });

  it.each([
    [{ light: [0.8, 0.2] }, /light is \[0.8, 0.2\]; give \[lowest, highest\] within 0.1 to 1.5/],
    [{ clutter: [-1, 1] }, /clutter is/],
    [{ warmth: 0.5 }, /warmth is 0.5; give \[lowest, highest\] within -1 to 1/],
    [{ maxObjects: 2.5 }, /maxObjects is 2.5; give a whole number from 1 on/],
    [{ glare: [0, 1] }, /no randomization 'glare'; give any of roomType, shape/],
    ['bright', /the randomization is no object/],
    [{ eyeHeight: [1.5, Number.NaN] }, /eyeHeight is/],
    [{ fieldOfView: [1, 4] }, /fieldOfView is/],
    [{ shape: 'round' }, /shape is 'round'; give one of rectangle/],
  ])('refuses %o', (options, message) => {
    expect(() => checkRandomization(options)).toThrow(message);
  });

  it('tells of every field what it does and what it may be', () => {
    for (const { description, remedy } of RANDOMIZATION_FIELDS) {
      expect(description).toMatch(/; left out: /);
      expect(remedy).toMatch(/^(one of|a whole number|\[lowest, highest\])/);
    }
  });
});

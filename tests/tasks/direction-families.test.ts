/** Families about directions from a standpoint, on rooms whose answers follow by hand, and each filter at its threshold. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import type { SceneObject } from '../../src/scenes/scene';
import type { Question } from '../../src/tasks/family';
import { familyNamed } from '../../src/tasks/registry';
import { piece, viewOf } from './views';

/** Small boxes: the person stands by the bed at the origin and faces the desk, 2 m along y. */
const at = piece(1, 'bed', [0, 0, 0.5], [0.2, 0.2, 1]);
const facing = piece(2, 'desk', [0, 2, 0.5], [0.2, 0.2, 1]);
/** The lamp `degrees` to the left of the desk as seen from the bed; beyond the desk, so as not to be too near it. */
function lamp(degrees: number, distance = 3, side = 0.02): SceneObject {
  const angle = Math.PI / 2 + (degrees * Math.PI) / 180;
  return piece(3, 'lamp', [distance * Math.cos(angle), distance * Math.sin(angle), 0.5], [side, side, 1]);
}
function ask(task: string, objects: readonly SceneObject[], seed = 1): Question[] {
  return familyNamed(task).ask(viewOf(objects), stream(seed, 'test'));
}
/** The question of someone by the bed who faces the desk, about the lamp; null where there is none. */
function about(task: string, objects: readonly SceneObject[]): Question | null {
  return ask(task, objects).find(({ evidence }) => evidence.objects.join() === '1,2,3') ?? null;
}
function answerAt(level: string, degrees: number): string | null {
  const question = about(`object_rel_direction_${level}`, [at, facing, lamp(degrees)]);
  return question && question.options!['ABCD'.indexOf(question.answer)];
}

describe('object_rel_direction', () => {
  it.each([
    [11, 'front-left', 'left', 'left'],
    [79, 'front-left', 'left', 'left'],
    [101, 'back-left', 'left', 'left'],
    [124, 'back-left', 'left', 'left'],
    [146, 'back-left', 'back', null],
    [169, 'back-left', 'back', null],
    [191, 'back-right', 'back', null],
    [214, 'back-right', 'back', null],
    [236, 'back-right', 'right', 'right'],
    [281, 'front-right', 'right', 'right'],
    [349, 'front-right', 'right', 'right'],
  ])('at %d degrees is %s, %s, %s', (degrees, hard, medium, easy) => {
    expect(answerAt('hard', degrees)).toBe(hard);
    expect(answerAt('medium', degrees)).toBe(medium);
    expect(answerAt('easy', degrees)).toBe(easy);
  });
  it.each([
    ['hard', [0, 90, 180, 270]],
    ['medium', [0, 135, 225]],
    ['easy', [0, 135, 225]],
  ] as const)('%s drops what is within 10 degrees of a boundary', (level, boundaries) => {
    for (const boundary of boundaries) {
      for (const away of [-9.9, 0, 9.9]) expect(answerAt(level, boundary + away)).toBeNull();
    }
    expect(answerAt(level, 10.1)).not.toBeNull();
    expect(answerAt(level, -10.1)).not.toBeNull();
  });
  it('is worded as in the benchmark', () => {
    const objects = [at, facing, lamp(50)];
    expect(about('object_rel_direction_easy', objects)!.question).toBe(
      'If I am standing by the bed and facing the desk, is the lamp to the left or the right of the desk?',
    );
    expect(about('object_rel_direction_medium', objects)!.question).toBe(
      'If I am standing by the bed and facing the desk, is the lamp to my left, right, or back? ' +
        'An object is to my back if I would have to turn at least 135 degrees in order to face it.',
    );
    const hard = about('object_rel_direction_hard', objects)!;
    expect(hard.question).toBe(
      'If I am standing by the bed and facing the desk, is the lamp to my front-left, front-right, back-left, or ' +
        'back-right? The directions refer to the quadrants of a Cartesian plane (if I am standing at the origin and ' +
        'facing along the positive y-axis).',
    );
    expect(hard.options!.toSorted()).toEqual(['back-left', 'back-right', 'front-left', 'front-right']);
    expect(hard.reasoning).toBe(
      `By the bed, facing the desk, the lamp left 50 degrees. That is front-left, ${hard.answer}.`,
    );
    expect(hard.evidence.values.turn_1_2_3).toBeCloseTo((50 * Math.PI) / 180, 9);
  });
  it('drops objects closer than 0.3 m or farther than 5 m from each other', () => {
    // Between the boxes' faces: 0.1 m of the bed and 0.01 m of the lamp lie between the centres' distance and theirs.
    const left = (distance: number) => [at, facing, piece(3, 'lamp', [-distance, 0.001, 0.5], [0.02, 0.2, 1])];
    const asked = (distance: number) => about('object_abs_direction', left(distance)) !== null;
    expect([0.11 + 0.299, 0.11 + 0.301].map(asked)).toEqual([false, true]);
    // From the desk, 2 m away, the lamp is farther than from the bed: hypot(x, 1.8 in y) <= 5 m.
    const reach = Math.sqrt(25 - 1.799 ** 2) + 0.11;
    expect([reach - 0.01, reach + 0.01].map(asked)).toEqual([true, false]);
  });
  it('hard drops a box of which more than two corners lie in another quadrant', () => {
    // The lamp is 45 degrees to the left at (-1.41, 1.41): as it widens along x, corners cross the line ahead.
    const wide = (x: number, y = 0.1) =>
      about('object_rel_direction_hard', [at, facing, piece(3, 'lamp', [-1.414, 1.414, 0.5], [x, y, 1])]);
    expect(wide(2.7)).not.toBeNull();
    // Beyond 2.83 m the two far edges, four corners, cross it.
    const crossing = piece(3, 'lamp', [-1.414, 1.414, 0.5], [2.85, 0.1, 1]);
    const apart = { ...facing, box: { ...facing.box, centroid: [0, 3, 0.5] as const } };
    expect(about('object_rel_direction_hard', [at, apart, crossing])).toBeNull();
    expect(about('object_rel_direction_medium', [at, apart, crossing])).not.toBeNull();
    // Turned, a single edge (two corners) crosses it, and then a second one.
    const turned = (side: number) =>
      about('object_rel_direction_hard', [at, apart, piece(3, 'lamp', [-0.8, 1.2, 0.5], [side, side, 1], Math.PI / 4)]);
    expect(turned(1.2)).not.toBeNull();
  });
  it('asks only about single objects that are well seen', () => {
    const objects = [at, facing, lamp(50)];
    const task = 'object_rel_direction_medium';
    expect(ask(task, [...objects, { ...lamp(250), id: 4 }])).toEqual([]);
    expect(familyNamed(task).ask(viewOf(objects, { pixels: { 3: 11 } }), stream(1))).toEqual([]);
    expect(familyNamed(task).ask(viewOf(objects, { pixels: { 3: 12 } }), stream(1)).length).toBeGreaterThan(0);
  });
  it('brings every direction up before any comes twice', () => {
    const objects = [at, facing, lamp(50), piece(4, 'sofa', [-1.5, -1.6, 0.5]), piece(5, 'tv', [1.7, -1.6, 0.5])];
    for (let seed = 0; seed < 5; seed++) {
      const first = ask('object_rel_direction_medium', objects, seed).slice(0, 3);
      expect(first.map(({ options, answer }) => options!['ABC'.indexOf(answer)]).sort()).toEqual([
        'back',
        'left',
        'right',
      ]);
    }
  });
});

describe('object_abs_direction', () => {
  it('counts degrees clockwise', () => {
    const question = about('object_abs_direction', [at, facing, lamp(-70)])!;
    expect(question).toMatchObject({
      question:
        'If I am standing by the bed and facing the desk, by how many degrees do I have to turn clockwise to face the lamp?',
      answer: '70',
      answerValue: 70,
      unit: 'degrees',
      reasoning: 'By the bed, facing the desk, the lamp right 70 degrees. Clockwise that is 70.',
    });
    expect(about('object_abs_direction', [at, facing, lamp(70)])!.answer).toBe('290');
  });
  it('drops turns below 10 degrees either way', () => {
    for (const [degrees, asked] of [
      [9.9, false],
      [10.1, true],
      [-9.9, false],
      [-10.1, true],
    ] as const) {
      expect(about('object_abs_direction', [at, facing, lamp(degrees)]) !== null).toBe(asked);
    }
  });
});

describe('perspective_taking', () => {
  const second = (degrees: number) => ({ ...lamp(degrees, 4.5), id: 4, category: 'tv' });
  const seen = (a: number, b: number) =>
    ask('perspective_taking', [at, facing, lamp(a), second(b)]).filter(
      ({ evidence: { objects } }) => objects[0] === 1 && objects[1] === 2,
    );
  it('asks what is left of what from there', () => {
    const [question, ...others] = seen(30, -20);
    expect(others).toEqual([]);
    const [first, other] = question.evidence.objects.slice(2).map((id) => (id === 3 ? 'lamp' : 'tv'));
    expect(question.question).toBe(
      `If I am standing by the bed and facing the desk, do I see the ${first} to the left or the right of the ${other}?`,
    );
    expect(question.options!['AB'.indexOf(question.answer)]).toBe(first === 'lamp' ? 'left' : 'right');
    expect(question.reasoning).toContain('the lamp left 30 degrees'.slice(first === 'lamp' ? 0 : 99));
  });
  it('needs both within 75 degrees and 15 degrees between them', () => {
    expect(seen(74, 20)).toHaveLength(1);
    expect(seen(76, 20)).toHaveLength(0);
    expect(seen(30, 14.9)).toHaveLength(1);
    expect(seen(30, 15.1)).toHaveLength(0);
  });
});

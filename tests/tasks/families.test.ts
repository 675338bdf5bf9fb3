/** Every family on rooms whose answers follow by hand, and each filter just below and just above its threshold. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import type { SceneObject, Vec3 } from '../../src/scenes/scene';
import { familyNamed } from '../../src/tasks/registry';
import type { Observation, Question } from '../../src/tasks/family';
import { CAMERA, piece, viewOf } from './views';

function ask(task: string, view: Observation, seed = 1): Question[] {
  return familyNamed(task).ask(view, stream(seed, 'test'));
}

describe('object_counting', () => {
  const chairs = [
    piece(1, 'chair', [2, 2, 0.5]), // 45 degrees right
    piece(2, 'chair', [0, 3, 0.5]),
    piece(3, 'chair', [-3, 3, 0.5]), // 45 degrees left
  ];
  it('counts what is in the room and points at each from left to right', () => {
    const [question, ...others] = ask('object_counting', viewOf([...chairs, piece(4, 'table', [0, 5, 0.5])]));
    expect(others).toEqual([]);
    expect(question).toMatchObject({
      question: 'How many chair(s) are in this room?',
      answer: '3',
      answerValue: 3,
      unit: null,
      options: null,
      reasoning: 'Each chair in degrees: left 45, ahead, right 45. That makes 3.',
      evidence: { objects: [3, 2, 1], values: { count: 3 } },
    });
  });
  it('asks from two on', () => {
    expect(ask('object_counting', viewOf(chairs.slice(0, 1)))).toEqual([]);
    expect(ask('object_counting', viewOf(chairs.slice(0, 2)))).toHaveLength(1);
  });
  it('does not ask when one instance is hidden or shows less than 12 pixels of 64 x 64', () => {
    expect(ask('object_counting', viewOf(chairs, { pixels: { 2: 0 } }))).toEqual([]);
    expect(ask('object_counting', viewOf(chairs, { pixels: { 2: 11 } }))).toEqual([]);
    expect(ask('object_counting', viewOf(chairs, { pixels: { 2: 12 } }))).toHaveLength(1);
  });
  it('scales the pixel minimum with the frame', () => {
    const pixels = { 1: 47, 2: 48, 3: 48 };
    const camera = { ...CAMERA, width: 128, height: 128 };
    expect(ask('object_counting', viewOf(chairs, { pixels, camera }))).toEqual([]);
    expect(ask('object_counting', viewOf(chairs, { pixels, camera: { ...camera, width: 124 } }))).toHaveLength(1);
  });
});

describe('object_abs_distance', () => {
  it('measures between the closest points of the boxes', () => {
    // Gaps of 3 along x and 4 along y: 5 m. The nearer box is 1.5 m ahead, the farther at (4, 7).
    const view = viewOf([piece(1, 'sofa', [0, 2, 1]), piece(2, 'bed', [4, 7, 1])]);
    const [question, ...others] = ask('object_abs_distance', view);
    expect(others).toEqual([]);
    expect(question).toMatchObject({ answer: '5.0', answerValue: 5, unit: 'm', kind: 'number' });
    const [a, b] = question.evidence.objects.map((id) => (id === 1 ? 'sofa' : 'bed'));
    expect(question.question).toBe(
      'Measuring from the closest point of each object, what is the direct distance between ' +
        `the ${a} and the ${b} (in meters)?`,
    );
    // The bed's closest point is (3.5, 6.5, 1), its centre at atan(4/7).
    expect(question.reasoning).toContain('The sofa ahead, 1.5 m away.');
    expect(question.reasoning).toContain('The bed right 30 degrees, 7.4 m away.');
    expect(question.reasoning).toMatch(/ The gap is 5\.0 m\.$/);
  });
  it('measures turned boxes from their corners', () => {
    // A unit box turned by 45 degrees reaches sqrt(1/2) along x.
    const view = viewOf([piece(1, 'sofa', [0, 3, 1], [1, 1, 1], Math.PI / 4), piece(2, 'bed', [3, 3, 1])]);
    expect(ask('object_abs_distance', view)[0].evidence.values.distance).toBeCloseTo(2.5 - Math.SQRT1_2, 9);
  });
  it('drops pairs closer than 0.2 m', () => {
    const apart = (gap: number) => viewOf([piece(1, 'sofa', [0, 2, 1]), piece(2, 'bed', [1 + gap, 2, 1])]);
    expect(ask('object_abs_distance', apart(0.199))).toEqual([]);
    expect(ask('object_abs_distance', apart(0.201))).toHaveLength(1);
  });
  it('asks only about objects that are alone of their category and well seen', () => {
    const objects = [piece(1, 'sofa', [0, 2, 1]), piece(2, 'bed', [3, 2, 1]), piece(3, 'bed', [-3, 2, 1])];
    expect(ask('object_abs_distance', viewOf(objects))).toEqual([]);
    // A second bed counts even when the view does not show it.
    expect(ask('object_abs_distance', viewOf(objects, { pixels: { 3: 0 } }))).toEqual([]);
    expect(ask('object_abs_distance', viewOf(objects.slice(0, 2), { pixels: { 2: 11 } }))).toEqual([]);
    expect(ask('object_abs_distance', viewOf([...objects.slice(0, 2), piece(4, 'desk', [0, 6, 1])]))).toHaveLength(3);
  });
});

describe('object_size_estimation', () => {
  it('takes the longest side, whichever it is, in whole centimetres', () => {
    for (const [sides, printed] of [
      [[2.034, 0.9, 0.85], '203, 90 and 85'],
      [[0.9, 2.034, 0.85], '90, 203 and 85'],
      [[0.9, 0.85, 2.034], '90, 85 and 203'],
    ] as const satisfies readonly (readonly [Vec3, string])[]) {
      const [question, ...others] = ask('object_size_estimation', viewOf([piece(7, 'sofa', [0, 4, 1], sides, 0.3)]));
      expect(others).toEqual([]);
      expect(question).toMatchObject({
        question:
          'What is the length of the longest dimension (length, width, or height) of the sofa, measured in centimeters?',
        answer: '203',
        answerValue: 203,
        unit: 'cm',
      });
      expect(question.reasoning).toContain(`its sides ${printed} cm. The longest is 203 cm.`);
    }
  });
  it('asks only about single instances that are well seen', () => {
    const sofa = piece(1, 'sofa', [0, 4, 1]);
    expect(ask('object_size_estimation', viewOf([sofa, piece(2, 'sofa', [3, 4, 1])]))).toEqual([]);
    expect(ask('object_size_estimation', viewOf([sofa], { pixels: { 1: 11 } }))).toEqual([]);
    expect(ask('object_size_estimation', viewOf([sofa], { pixels: { 1: 12 } }))).toHaveLength(1);
  });
});

describe('camera_object_distance', () => {
  it('measures from the camera to the closest point of the box', () => {
    // The centre is at (-3, 4, 1), 5 m away; the closest corner edge at (-2.5, 3.5, 1).
    const [question] = ask('camera_object_distance', viewOf([piece(5, 'lamp', [-3, 4, 1])]));
    expect(question).toMatchObject({
      question:
        'What is the approximate distance (in meters) between the camera (or the person filming) and the nearest point ' +
        'of the lamp?',
      answer: '4.3',
      answerValue: 4.3,
      unit: 'm',
      reasoning: 'The lamp left 37 degrees, its center 5.0 m away, its nearest point 4.3 m.',
      evidence: { objects: [5] },
    });
    expect(question.evidence.values.distance_to_camera_5).toBeCloseTo(Math.hypot(2.5, 3.5), 9);
  });
  it('is Euclidean, not planar depth, and counts height', () => {
    const [question] = ask('camera_object_distance', viewOf([piece(5, 'lamp', [0, 4.5, -3.5])]));
    expect(question.evidence.values.distance_to_camera_5).toBeCloseTo(Math.hypot(4, 4), 9);
  });
  it('asks only about single instances that are well seen', () => {
    const lamp = piece(1, 'lamp', [0, 4, 1]);
    expect(ask('camera_object_distance', viewOf([lamp, piece(2, 'lamp', [3, 4, 1])]))).toEqual([]);
    expect(ask('camera_object_distance', viewOf([lamp], { pixels: { 1: 0 } }))).toEqual([]);
  });
});

describe('object_rel_distance', () => {
  /** A unit box `gap` metres beyond the unit box around (0, 2, 1), along x. */
  const beside = (id: number, category: string, gap: number): SceneObject => piece(id, category, [1 + gap, 2, 1]);
  const table = piece(9, 'table', [0, 2, 1]);
  const about = (questions: readonly Question[]) => questions.filter(({ evidence }) => evidence.objects[0] === 9);

  it('asks for the closest of four, with the distance of each', () => {
    const objects = [beside(1, 'chair', 0.5), beside(2, 'sofa', 1), beside(3, 'lamp', 2), beside(4, 'bed', 3)];
    const [question, ...others] = about(ask('object_rel_distance', viewOf([table, ...objects])));
    expect(others).toEqual([]);
    const options = question.options!;
    expect(options.toSorted()).toEqual(['bed', 'chair', 'lamp', 'sofa']);
    expect(options['ABCD'.indexOf(question.answer)]).toBe('chair');
    expect(question.answerValue).toBeNull();
    expect(question.question).toBe(
      `Measuring from the closest point of each object, which of these objects (${options.join(', ')}) is the closest ` +
        'to the table?\nIf there are multiple instances of an object category, measure to the closest.',
    );
    const printed = { chair: '0.5', sofa: '1.0', lamp: '2.0', bed: '3.0' } as Record<string, string>;
    const listed = options.map((name) => `the ${name} ${printed[name]} m`).join(', ');
    expect(question.reasoning).toBe(`From the table: ${listed}. The closest is the chair, ${question.answer}.`);
    expect(question.evidence.values.distance_9_3).toBeCloseTo(2, 9);
  });
  it('measures to the closest of several instances, all of which must be shown', () => {
    const objects = [table, beside(1, 'chair', 3), beside(2, 'chair', 0.5), beside(3, 'sofa', 1)];
    const [question] = about(ask('object_rel_distance', viewOf(objects)));
    expect(question.options!['AB'.indexOf(question.answer)]).toBe('chair');
    expect(question.evidence.objects.toSorted()).toEqual([2, 3, 9]);
    expect(about(ask('object_rel_distance', viewOf(objects, { pixels: { 1: 0 } })))).toEqual([]);
  });
  it('needs a target that is alone of its category', () => {
    const objects = [table, beside(1, 'chair', 0.5), beside(2, 'chair', 3), piece(3, 'table', [0, 9, 1])];
    expect(ask('object_rel_distance', viewOf(objects))).toEqual([]);
  });
  it.each([
    ['a nearest option at 0.149 m', 20, [0.149, 1], 0],
    ['a nearest option at 0.151 m', 20, [0.151, 1], 2],
    ['options 0.149 m apart', 20, [1, 1.149], 0],
    ['options 0.151 m apart', 20, [1, 1.151], 2],
    ['options 0.299 m apart in a room of 40.1 m2', 40.1, [1, 1.299], 0],
    ['options 0.299 m apart in a room of 40 m2', 40, [1, 1.299], 2],
    ['options 0.301 m apart in a room of 40.1 m2', 40.1, [1, 1.301], 2],
    ['three options', 20, [1, 2, 3], 3],
    ['four places for five', 20, [1, 1.1, 2, 3, 4], 4],
    ['three that fit, of four', 20, [1, 1.1, 2, 3], 3],
  ] as const)('%s', (_, area, gaps, expected) => {
    const names = ['chair', 'sofa', 'lamp', 'bed', 'desk'];
    const objects = [table, ...gaps.map((gap, index) => beside(index + 1, names[index], gap))];
    for (let seed = 0; seed < 5; seed++) {
      const questions = about(ask('object_rel_distance', viewOf(objects, { area }), seed));
      expect(questions.map(({ options }) => options!.length)).toEqual(expected === 0 ? [] : [expected]);
    }
  });
  it('draws the letter uniformly', () => {
    const objects = [table, beside(1, 'chair', 0.5), beside(2, 'sofa', 1), beside(3, 'lamp', 2), beside(4, 'bed', 3)];
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 800; seed++) {
      const [{ answer }] = about(ask('object_rel_distance', viewOf(objects), seed));
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['A', 'B', 'C', 'D']);
    // 200 expected of each, standard deviation 12.2: four of them either way.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(49);
  });
});

describe('the registry', () => {
  it('names an unknown task and lists the known ones', () => {
    expect(() => familyNamed('object_color')).toThrow(
      /unknown task 'object_color'.*object_counting.*camera_object_distance/,
    );
  });
});

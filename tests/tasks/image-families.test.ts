/** CV-Bench's families and others about one image, on views whose answers follow by hand, each filter at its threshold. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import { cameraLookingAt } from '../../src/scenes/camera';
import { MeshBuilder } from '../../src/scenes/mesh-builder';
import { roomMesh } from '../../src/scenes/room-mesh';
import type { SceneObject, Vec3 } from '../../src/scenes/scene';
import { difficultyOf } from '../../src/tasks/difficulty';
import type { Observation, Question } from '../../src/tasks/family';
import { observe } from '../../src/tasks/observation';
import { familyNamed } from '../../src/tasks/registry';
import { CAMERA, frameOf, piece, roomOf, viewOf } from './views';

function ask(task: string, view: Observation, seed = 1): Question[] {
  return familyNamed(task).ask(view, stream(seed, 'test'));
}
const chosen = ({ options, answer }: Question) => options!['ABCD'.indexOf(answer)];

describe('room_size_estimation', () => {
  it('states the area, whatever is seen', () => {
    const [question, ...others] = ask('room_size_estimation', viewOf([], { area: 17.46 }));
    expect(others).toEqual([]);
    expect(question).toMatchObject({
      question:
        'What is the size of this room (in square meters)? If multiple rooms are shown, estimate the size of the combined space.',
      answer: '17.5',
      answerValue: 17.5,
      unit: 'm²',
      reasoning: 'The floor is 5.0 m by 3.5 m. Its area is 17.5.',
      evidence: { objects: [], values: { span_x: 5, area: 17.46 } },
    });
  });
});

describe('count_2d', () => {
  const chairs = [1, 2, 3].map((id) => piece(id, 'chair', [id - 2, 3, 0.5]));
  it('counts what the image shows, among four neighbouring numbers', () => {
    for (let seed = 0; seed < 20; seed++) {
      const [question] = ask('count_2d', viewOf(chairs, { pixels: { 3: 0 } }), seed);
      expect(question.question).toBe('How many chair(s) are in the image?');
      expect(chosen(question)).toBe('2');
      const sorted = question.options!.map(Number).sort((a, b) => a - b);
      expect(sorted.map((value) => value - sorted[0])).toEqual([0, 1, 2, 3]);
      expect(sorted[0]).toBeGreaterThanOrEqual(0);
    }
  });
  it('places the truth anywhere among the numbers', () => {
    const ranks = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const [{ options }] = ask('count_2d', viewOf(chairs), seed);
      ranks.add(options!.map(Number).filter((value) => value < 3).length);
    }
    expect([...ranks].sort()).toEqual([0, 1, 2, 3]);
  });
  it('does not ask where an instance shows a little', () => {
    expect(ask('count_2d', viewOf(chairs, { pixels: { 2: 11 } }))).toEqual([]);
    expect(ask('count_2d', viewOf(chairs, { pixels: { 2: 12 } }))).toHaveLength(1);
    expect(ask('count_2d', viewOf(chairs, { pixels: { 1: 0, 2: 0, 3: 0 } }))).toEqual([]);
  });
});

describe('relation_2d', () => {
  const two = [piece(1, 'sofa', [0, 3, 1]), piece(2, 'tv', [1, 3, 1])];
  type Box = readonly [number, number, number, number];
  const relation = (a: Box, b: Box) =>
    ask('relation_2d', viewOf(two, { boxes: { 1: a, 2: b } })).map((question) => ({
      about: question.question.match(/where is the (\w+)/)![1],
      is: chosen(question),
      question,
    }));
  it('tells the four sides', () => {
    const of = (a: Box, b: Box) => relation(a, b).find(({ about }) => about === 'sofa')!;
    expect(of([0, 10, 10, 10], [20, 12, 10, 10]).is).toBe('left');
    expect(of([40, 10, 10, 10], [20, 12, 10, 10]).is).toBe('right');
    expect(of([20, 0, 10, 10], [22, 30, 10, 10]).is).toBe('above');
    expect(of([20, 50, 10, 10], [22, 30, 10, 10]).is).toBe('below');
    const { question } = of([0, 16, 16, 16], [32, 16, 16, 16]);
    expect(question.question).toBe(
      'Considering the relative positions of the sofa and the tv in the image provided, where is the sofa located with respect to the tv?',
    );
    expect(question.reasoning).toBe(`From the left the sofa 13 percent, the tv 63. That is left, ${question.answer}.`);
  });
  it('needs a gap of 2 percent along one axis and an overlap along the other', () => {
    // Of 64 pixels: 1.28.
    expect(relation([0, 10, 10, 10], [11.2, 12, 10, 10])).toHaveLength(0);
    expect(relation([0, 10, 10, 10], [11.3, 12, 10, 10])).toHaveLength(2);
    expect(relation([0, 10, 10, 10], [20, 19.9, 10, 10])).toHaveLength(2);
    expect(relation([0, 10, 10, 10], [20, 20, 10, 10])).toHaveLength(0);
  });
});

describe('depth_3d', () => {
  const asked = (difference: number) =>
    ask('depth_3d', viewOf([piece(1, 'sofa', [0, 2.5, 1]), piece(2, 'tv', [0, 2.5 + difference, 1])]));
  it('names the closer one by the distances to the camera', () => {
    const [question, ...others] = asked(1);
    expect(others).toEqual([]);
    expect(question.question).toBe(
      `Which object is closer to the camera taking this photo, the ${question.options![0]} or the ${question.options![1]}?`,
    );
    expect(chosen(question)).toBe('sofa');
    expect(question.evidence.values).toEqual({ distance_to_camera_1: 2, distance_to_camera_2: 3 });
  });
  it('needs 0.3 m between them', () => {
    expect(asked(0.299)).toEqual([]);
    expect(asked(0.301)).toHaveLength(1);
  });
});

describe('distance_3d', () => {
  const beside = (id: number, category: string, gap: number) => piece(id, category, [1 + gap, 2, 1]);
  const asked = (a: number, b: number) =>
    ask('distance_3d', viewOf([piece(9, 'table', [0, 2, 1]), beside(1, 'sofa', a), beside(2, 'tv', b)])).filter(
      ({ evidence }) => evidence.objects[0] === 9,
    );
  it('names the one closer to the anchor', () => {
    const [question] = asked(0.5, 1.5);
    expect(question.question).toMatch(
      /^Estimate the real-world distances between objects in this image\. Which object is closer to the table, the \w+ or the \w+\?$/,
    );
    expect(chosen(question)).toBe('sofa');
  });
  it('needs 0.3 m between the distances, and 0.15 m to the anchor', () => {
    expect(
      [asked(0.5, 0.799), asked(0.5, 0.801), asked(0.149, 2), asked(0.151, 2)].map(({ length }) => length),
    ).toEqual([0, 1, 0, 1]);
  });
});

describe('size_comparison', () => {
  const sized = (sizes: readonly number[]) =>
    viewOf(
      sizes.map((size, index) =>
        piece(index + 1, ['sofa', 'tv', 'lamp', 'bed', 'desk'][index], [0, 4, 1], [0.1, size, 0.1]),
      ),
    );
  it('names the longest', () => {
    const [question] = ask('size_comparison', sized([0.5, 2, 1, 0.75]));
    expect(question.options!.toSorted()).toEqual(['bed', 'lamp', 'sofa', 'tv']);
    expect(chosen(question)).toBe('tv');
    expect(question.reasoning).toContain('the tv 200 cm');
  });
  it('keeps options 15 percent apart', () => {
    expect(ask('size_comparison', sized([1, 1.149]))).toEqual([]);
    expect(ask('size_comparison', sized([1, 1.151]))).toHaveLength(2);
    expect(ask('size_comparison', sized([1, 2, 4, 8, 16])).every(({ options }) => options!.length === 4)).toBe(true);
  });
});

describe('occlusion', () => {
  const asked = (fraction: number) =>
    ask('occlusion', viewOf([piece(1, 'sofa', [0, 3, 1])], { fractions: { 1: fraction } }));
  it('states the visible fraction in percent', () => {
    expect(asked(0.6249)[0]).toMatchObject({
      question:
        'Of the part of the sofa that lies within the image borders, what percentage is visible, not hidden behind other objects?',
      answer: '62',
      unit: '%',
      reasoning: 'The sofa 38 percent hidden. Visible is 62.',
      evidence: { objects: [1], values: { visible_fraction_1: 0.6249 } },
    });
  });
  it('does not ask about what is seen whole, or was not measured', () => {
    expect(asked(0.981)).toEqual([]);
    expect(asked(0.979)).toHaveLength(1);
    expect(ask('occlusion', viewOf([piece(1, 'sofa', [0, 3, 1])]))).toEqual([]);
  });
});

describe('point_depth_order', () => {
  /** A solid box that can be seen. */
  function solid(id: number, category: string, [x, y, z]: Vec3): SceneObject {
    const mesh = new MeshBuilder().box([-0.5, -0.5, -0.5], [0.5, 0.5, 0.5], [1, 1, 1]).build([x, y, z], 0);
    return { ...piece(id, category, [x, y, z]), mesh };
  }
  const camera = cameraLookingAt([0, 0, 1], [0, 4, 1], Math.PI / 2, 64, 64);
  const look = (objects: readonly SceneObject[]) => {
    const room = roomOf(objects);
    return observe(room, roomMesh(room), camera);
  };
  it('compares two points on two objects', () => {
    const [question, ...others] = ask(
      'point_depth_order',
      look([solid(1, 'sofa', [-1, 2.5, 1]), solid(2, 'tv', [1, 4.5, 1])]),
    );
    expect(others).toEqual([]);
    const [px, py, qx] = [...question.question.matchAll(/\d+/g)].map(Number);
    expect(question.question).toBe(
      `Which point is closer to the camera, P at (${px}, ${py}) or Q at (${qx}, ${[...question.question.matchAll(/\d+/g)].map(Number)[3]})? ` +
        'Both are in percent of the image from its left and its top.',
    );
    // The sofa is on the left, from 0 to 38 percent of the width at its face.
    expect(chosen(question)).toBe(px < 40 ? 'point P' : 'point Q');
    const [nearer, farther] = px < 40 ? [1, 2] : [2, 1];
    expect(question.evidence.values[`point_distance_${nearer}`]).toBeGreaterThanOrEqual(1.98);
    expect(question.evidence.values[`point_distance_${nearer}`]).toBeLessThan(3.6);
    expect(question.evidence.values[`point_distance_${farther}`]).toBeGreaterThanOrEqual(3.98);
  });
  it('does not ask where the boxes overlap in depth', () => {
    const asked = (y: number) =>
      ask('point_depth_order', look([solid(1, 'sofa', [-1, 2.5, 1]), solid(2, 'tv', [1, y, 1])]));
    expect(asked(2.9)).toEqual([]);
    expect(asked(6)).toHaveLength(1);
  });
});

describe('families about one image', () => {
  it.each([
    'count_2d',
    'relation_2d',
    'depth_3d',
    'distance_3d',
    'camera_object_distance',
    'occlusion',
    'point_depth_order',
  ])('%s does not ask about a video', (task) => {
    const objects = [piece(1, 'sofa', [-1, 2, 1]), piece(2, 'tv', [1, 4, 1]), piece(3, 'bed', [3, 8, 1])];
    const frame = frameOf(objects, { fractions: { 1: 0.5 } });
    expect(ask(task, { room: roomOf(objects), frames: [frame, { ...frame, time: 1 }] })).toEqual([]);
  });
  it('others take an object that any frame of a video shows', () => {
    const objects = [piece(1, 'sofa', [-1, 2, 1]), piece(2, 'tv', [1, 4, 1])];
    const frames = [frameOf(objects, { pixels: { 1: 0 } }), frameOf(objects, { pixels: { 2: 0 }, time: 1 })];
    expect(ask('object_abs_distance', { room: roomOf(objects), frames })).toHaveLength(1);
    expect(ask('object_abs_distance', { room: roomOf(objects), frames: frames.slice(1) })).toEqual([]);
  });
});

describe('difficulty', () => {
  const view = (pixels: number, fraction: number, others = 0) => {
    const crowd = Array.from({ length: others }, (_, k) => piece(10 + k, 'chair', [0, 9, 1]));
    return viewOf([piece(1, 'sofa', [0, 3, 1]), ...crowd], { pixels: { 1: pixels }, fractions: { 1: fraction } });
  };
  it('rises with each of its reasons', () => {
    const base = difficultyOf(view(100, 0.9), [1], 0.8);
    expect(difficultyOf(view(40, 0.9), [1], 0.8).value).toBeGreaterThan(base.value);
    expect(difficultyOf(view(100, 0.5), [1], 0.8).value).toBeGreaterThan(base.value);
    expect(difficultyOf(view(100, 0.9, 9), [1], 0.8).value).toBeGreaterThan(base.value);
    expect(difficultyOf(view(100, 0.9), [1], 0.2).value).toBeGreaterThan(base.value);
    expect(difficultyOf(view(100, 0.9, 1), [1, 10], 0.8).reasons.objects_to_relate).toBe(0.4);
  });
  it('is 1 at the pixel minimum and 0 for a large object, in the reason of size', () => {
    expect(difficultyOf(view(12, 1), [1], 1).reasons.small_objects).toBeCloseTo(1, 9);
    expect(difficultyOf(view(64 * 64 * 0.06, 1), [1], 1).reasons.small_objects).toBeCloseTo(0, 9);
    expect(difficultyOf(view(12, 1), [], undefined).reasons).toEqual({ objects_to_relate: 0, clutter: 0.05 });
  });
  it('takes the frame that shows an object best', () => {
    const objects = [piece(1, 'sofa', [0, 3, 1])];
    const frames = [20, 200].map((pixels, time) => frameOf(objects, { pixels: { 1: pixels }, camera: CAMERA, time }));
    const room = roomOf(objects);
    expect(difficultyOf({ room, frames }, [1], 1)).toEqual(difficultyOf({ room, frames: frames.slice(1) }, [1], 1));
  });
});

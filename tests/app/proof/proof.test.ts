/** What a proof draws is what the room holds: lengths, angles and places are measured anew from the shapes. */
import { expect, test } from 'vitest';
import { type FrameShape, type Proof, proofOf, type RoomShape } from '../../../src/app/proof/proof';
import type { FrameSummary } from '../../../src/lab/protocol';
import { stream } from '../../../src/random';
import { cameraPosition } from '../../../src/scenes/camera';
import { pointToBoxDistance } from '../../../src/scenes/geometry';
import type { OrientedBox, Vec3 } from '../../../src/scenes/scene';
import type { Observation, Question } from '../../../src/tasks/family';
import { families } from '../../../src/tasks/registry';
import { stillOfRoom, videoOfRoom } from '../../tasks/records';

const ROOMS = 10;

interface Case {
  readonly question: Question;
  readonly observation: Observation;
  readonly frames: readonly FrameSummary[];
  readonly proof: Proof;
}

const picture = { width: 64, height: 64, rgba: new Uint8Array(0) };
const framesOf = ({ frames }: Observation): FrameSummary[] =>
  frames.map(({ camera, time, visible }) => ({ picture, camera, time, visible }));
const summaryOf = ({ room: { polygon, area, objects } }: Observation) => ({
  polygon,
  area,
  objects: objects.map(({ id, category, box }) => ({
    id,
    category,
    box,
    distanceToCamera: 0,
    distances: {},
    visible: true,
  })),
});

const cases = Array.from({ length: ROOMS }, (_, seed) =>
  (['image', 'video'] as const).flatMap((kind) => {
    const observation = kind === 'image' ? stillOfRoom(seed) : videoOfRoom(seed);
    const frames = framesOf(observation);
    return families
      .filter((family) => family.frames === kind)
      .flatMap((family) => family.ask(observation, stream(seed, 'proof', family.name)).slice(0, 3))
      .map((question): Case => {
        return { question, observation, frames, proof: proofOf(question, summaryOf(observation), frames) };
      });
  }),
).flat();

/** The proofs of some tasks; never none. */
function of(...tasks: readonly string[]): readonly Case[] {
  const found = cases.filter(({ question }) => tasks.includes(question.task));
  expect(new Set(found.map(({ question }) => question.task))).toEqual(new Set(tasks));
  return found;
}

type Shape<K, All> = Extract<All, { readonly kind: K }>;
const ofKind = <K extends RoomShape['kind']>(shapes: readonly RoomShape[], kind: K) =>
  shapes.filter((shape): shape is Shape<K, RoomShape> => shape.kind === kind);
const rectangles = ({ inFrames }: Proof) =>
  inFrames.filter((shape): shape is Shape<'rectangle', FrameShape> => shape.kind === 'rectangle');
const lines = ({ inRoom }: Proof) => ofKind(inRoom, 'line');
const boxes = ({ inRoom }: Proof) => ofKind(inRoom, 'box');
const boxOf = ({ observation }: Case, id: number): OrientedBox =>
  observation.room.objects.find((object) => object.id === id)!.box;
const length = (points: readonly Vec3[]) => Math.hypot(...points[0].map((value, k) => points[1][k] - value));
const angle = (from: Vec3, to: Vec3) => Math.atan2(to[1] - from[1], to[0] - from[0]);
const wrapped = (radians: number) => Math.atan2(Math.sin(radians), Math.cos(radians));
const floor = ({ centroid: [x, y] }: OrientedBox): Vec3 => [x, y, 0];
/** The signed angle that an arc around `center` sweeps. */
const sweptBy = (points: readonly Vec3[], center: Vec3) =>
  points.slice(1).reduce((sum, point, k) => sum + wrapped(angle(center, point) - angle(center, points[k])), 0);

test('every family is drawn, names each of its values in words, and holds all its objects', () => {
  expect(new Set(cases.map(({ question }) => question.task))).toEqual(new Set(families.map(({ name }) => name)));
  for (const { question, proof } of cases) {
    expect(proof.inRoom.length + proof.inFrames.length).toBeGreaterThan(0);
    expect(proof.figures).toHaveLength(Object.keys(question.evidence.values).length);
    for (const { name, value } of proof.figures) expect(`${name}: ${value}`).not.toMatch(/_|NaN|undefined|object \d/);
    const drawn = boxes(proof).map(({ box }) => box.centroid.join());
    expect(new Set(drawn).size).toBe(new Set(question.evidence.objects).size);
  }
});

test('distances are measured between points of the two boxes, as far apart as the evidence says', () => {
  for (const one of of('object_abs_distance', 'object_rel_distance', 'distance_3d')) {
    const [first, ...others] = one.question.evidence.objects;
    const drawn = lines(one.proof);
    expect(drawn).toHaveLength(others.length);
    others.forEach((other, index) => {
      const { values } = one.question.evidence;
      const stated = values[`distance_${first}_${other}`] ?? values.distance;
      expect(length(drawn[index].points)).toBeCloseTo(stated, 9);
      expect(drawn[index].label).toBe(`${stated.toFixed(2)} m`);
      expect(pointToBoxDistance(drawn[index].points[0], boxOf(one, first))).toBeCloseTo(0, 9);
      expect(pointToBoxDistance(drawn[index].points[1], boxOf(one, other))).toBeCloseTo(0, 9);
    });
  }
});

test('of several distances the one that decides is marked', () => {
  for (const { question, proof } of of('object_rel_distance', 'distance_3d')) {
    const shortest = Math.min(...Object.values(question.evidence.values));
    const marked = lines(proof).filter(({ tone }) => tone === 'answer');
    expect(marked).toHaveLength(1);
    expect(length(marked[0].points)).toBeCloseTo(shortest, 9);
  }
  for (const { question, proof } of of('depth_3d')) {
    const marked = lines(proof).filter(({ tone }) => tone === 'answer');
    expect(length(marked[0].points)).toBeCloseTo(Math.min(...Object.values(question.evidence.values)), 9);
  }
});

test('distances to the camera start at its centre', () => {
  for (const one of of('camera_object_distance', 'depth_3d')) {
    one.question.evidence.objects.forEach((id, index) => {
      const { points } = lines(one.proof)[index];
      expect(points[0]).toEqual(cameraPosition(one.frames[0].camera));
      expect(length(points)).toBeCloseTo(one.question.evidence.values[`distance_to_camera_${id}`], 9);
    });
  }
});

test('a size is the edge of a box', () => {
  for (const one of of('object_size_estimation', 'size_comparison')) {
    const sizes = one.question.evidence.objects.map((id) => Math.max(...boxOf(one, id).axesLengths));
    expect(lines(one.proof).map(({ points }) => length(points).toFixed(9))).toEqual(sizes.map((s) => s.toFixed(9)));
    expect(lines(one.proof).find(({ tone }) => tone === 'answer')?.label).toBe(
      `${(100 * Math.max(...sizes)).toFixed(0)} cm`,
    );
  }
});

test('the outline of the floor encloses the area', () => {
  for (const { question, proof } of of('room_size_estimation')) {
    const [{ points }] = lines(proof);
    expect(points.at(-1)).toEqual(points[0]);
    const twice = points.slice(1).reduce((sum, [x, y], k) => sum + points[k][0] * y - x * points[k][1], 0);
    expect(twice / 2).toBeCloseTo(question.evidence.values.area, 9);
    const [, alongX, alongY] = lines(proof);
    expect(length(alongX.points)).toBeCloseTo(question.evidence.values.span_x, 9);
    expect(length(alongY.points)).toBeCloseTo(question.evidence.values.span_y, 9);
  }
});

test('a turn starts at what is faced and ends at the third object, by the angle of the evidence', () => {
  const directions = ['easy', 'medium', 'hard'].map((level) => `object_rel_direction_${level}`);
  for (const one of of(...directions, 'object_abs_direction')) {
    const [at, facing, to] = one.question.evidence.objects.map((id) => floor(boxOf(one, id)));
    const arc = lines(one.proof).at(-1)!;
    const swept = sweptBy(arc.points, at);
    expect(wrapped(angle(at, arc.points[0]) - angle(at, facing))).toBeCloseTo(0, 9);
    expect(wrapped(angle(at, arc.points.at(-1)!) - angle(at, to))).toBeCloseTo(0, 9);
    if (one.question.task === 'object_abs_direction') {
      expect(Math.round((-swept * 180) / Math.PI)).toBe(one.question.answerValue);
    } else {
      expect(Math.abs(swept)).toBeLessThanOrEqual(Math.PI);
      expect(swept).toBeCloseTo(Object.values(one.question.evidence.values)[0], 9);
    }
  }
});

test('the two directions of a perspective are to either side as the answer says', () => {
  for (const one of of('perspective_taking')) {
    const at = floor(boxOf(one, one.question.evidence.objects[0]));
    const [a, b] = lines(one.proof).filter(({ label }) => /°/.test(label));
    const left = sweptBy(a.points, at) > sweptBy(b.points, at);
    expect(one.question.options!['AB'.indexOf(one.question.answer)]).toBe(left ? 'left' : 'right');
  }
});

test('each counted instance has a rectangle of its own, numbered from the left', () => {
  for (const { question, proof, observation } of of('count_2d', 'object_counting')) {
    const shown = rectangles(proof);
    expect(shown).toHaveLength(question.evidence.values.count);
    expect(shown.map(({ label }) => label)).toEqual(shown.map((_, index) => String(index + 1)));
    question.evidence.objects.forEach((id, index) => {
      const [x, y, w, h] = shown[index].rectangle.map((share) => share * 64);
      expect(observation.frames[0].visible.find(({ object }) => object === id)!.bbox).toEqual([x, y, w, h]);
    });
  }
});

test('in the image, rectangles lie where the evidence says', () => {
  for (const { question, proof } of of('relation_2d')) {
    question.evidence.objects.forEach((id, index) => {
      const [x, y, w, h] = rectangles(proof)[index].rectangle;
      const { values } = question.evidence;
      if (`image_x_${id}` in values) expect(x + w / 2).toBeCloseTo(values[`image_x_${id}`], 9);
      else expect(y + h / 2).toBeCloseTo(values[`image_y_${id}`], 9);
    });
  }
  for (const { proof } of of('occlusion')) {
    const [whole, seen] = rectangles(proof).map(({ rectangle: [x, y, w, h] }) => [x, y, x + w, y + h]);
    expect(seen[0] >= whole[0] && seen[1] >= whole[1] && seen[2] <= whole[2] && seen[3] <= whole[3]).toBe(true);
  }
});

test('the two points lie on their objects, the closer one marked', () => {
  for (const { question, proof, observation } of of('point_depth_order')) {
    const [{ instances }] = observation.frames;
    const drawn = proof.inFrames.filter((shape): shape is Shape<'point', FrameShape> => shape.kind === 'point');
    expect(drawn.map(({ at: [x, y] }) => instances[Math.floor(64 * y) * 64 + Math.floor(64 * x)])).toEqual(
      question.evidence.objects,
    );
    expect(drawn.findIndex(({ tone }) => tone === 'answer')).toBe('AB'.indexOf(question.answer));
  }
});

test('the camera’s way goes from the one frame to the other', () => {
  for (const { question, proof, frames } of of('camera_displacement', 'camera_movement_direction', 'view_change')) {
    const named = /frame (\d+) and frame (\d+)/
      .exec(question.question)!
      .slice(1)
      .map((number) => Number(number) - 1);
    expect(proof.marks.map(({ frame }) => frame)).toEqual(named);
    const [from, to] = named.map((frame) => frames[frame].camera);
    const { moved_forward: forward, moved_left: left, turned } = question.evidence.values;
    if (turned === undefined) {
      const [, along, across, way] = lines(proof);
      expect(along.points[1]).toEqual(across.points[0]);
      expect(length(along.points)).toBeCloseTo(Math.abs(forward), 9);
      expect(length(across.points)).toBeCloseTo(Math.abs(left), 9);
      expect(across.points[1].slice(0, 2)).toEqual(cameraPosition(to).slice(0, 2));
      expect(way.points.map(([x, y]) => [x, y])).toEqual(
        [from, to].map((camera) => cameraPosition(camera).slice(0, 2)),
      );
      // The corner lies where the two parts say: the way across ends at the camera.
      expect(Math.hypot(forward, left)).toBeCloseTo(length(way.points), 9);
    } else {
      const [before, after, arc] = lines(proof);
      const swept = sweptBy(arc.points, before.points[0]);
      expect(swept).toBeCloseTo(turned, 9);
      expect(wrapped(angle(...twoOf(after.points)) - angle(...twoOf(before.points)))).toBeCloseTo(turned, 9);
    }
  }
});

const twoOf = ([a, b]: readonly Vec3[]): [Vec3, Vec3] => [a, b];

test('first appearances are marked in their order, each in a frame that shows the object', () => {
  for (const { question, proof, frames } of of('obj_appearance_order')) {
    const marked = proof.marks.map(({ frame }) => frame);
    expect(marked).toHaveLength(4);
    expect(marked).toEqual(marked.toSorted((a, b) => a - b));
    question.evidence.objects.forEach((id, index) => {
      expect(frames[marked[index]].visible.some(({ object }) => object === id)).toBe(true);
      const name = proof.marks[index].label;
      expect(rectangles(proof).filter(({ label, frame }) => label === name && frame < marked[index])).toEqual([]);
      expect(rectangles(proof).some(({ label, frame }) => label === name && frame === marked[index])).toBe(true);
    });
  }
});

test('a route passes its places, turning at each as the evidence says', () => {
  for (const one of of('route_planning')) {
    const centers = one.question.evidence.objects.map((id) => floor(boxOf(one, id)));
    const [, way, ...arcs] = lines(one.proof);
    expect(way.points).toEqual([centers[0], ...centers.slice(2)]);
    arcs.forEach(({ points }, index) => {
      const stop = way.points[index];
      expect(sweptBy(points, stop)).toBeCloseTo(one.question.evidence.values[`route_turn_${index + 1}`], 9);
      expect(wrapped(angle(stop, points.at(-1)!) - angle(stop, way.points[index + 1]))).toBeCloseTo(0, 9);
    });
  }
});

test('a family without a drawing of its own shows the boxes of its objects and its values', () => {
  const [{ question, observation, frames }] = of('object_abs_distance');
  const other = { ...question, task: 'a new one', evidence: { ...question.evidence, values: { some_value: 1.23456 } } };
  const proof = proofOf(other, summaryOf(observation), frames);
  expect(boxes(proof)).toHaveLength(2);
  expect(proof.figures).toEqual([{ name: 'some value', value: '1.235' }]);
});

test('evidence about an object that is not in the room is refused by its number', () => {
  const [{ question, observation, frames }] = of('object_abs_distance');
  const other = { ...question, evidence: { objects: [999], values: {} } };
  expect(() => proofOf(other, summaryOf(observation), frames)).toThrow('object 999');
});

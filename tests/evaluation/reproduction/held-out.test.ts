/** Held-out questions: families in turn, rooms as evenly as they come, and none that the policy cannot read. */
import { describe, expect, test } from 'vitest';
import type { SampleRecord } from '../../../src/datasets/canonical';
import { chooseHeldOut, heldOutPlan } from '../../../src/evaluation/reproduction/held-out';
import { questionOf } from '../../../src/evaluation/suites/question';
import { groupBy } from '../../../src/group-by';
import { Tokenizer } from '../../../src/policy/tokenizer';
import { presets } from '../../../src/training/presets';
import { architectureOf } from '../../../src/training/run';

const tokenizer = new Tokenizer(['room', 'size']);
const architecture = architectureOf(presets.tiny, tokenizer);

function question(task: string, index: number, scene: string, text = 'size?') {
  const sample: SampleRecord = {
    id: `${task}-${index}`,
    scene,
    split: 'test',
    domain: 'spatial',
    task,
    kind: 'number',
    question: text,
    options: null,
    answer: '1',
    answer_value: 1,
    unit: 'm',
    frames: [0],
    reasoning: '',
    evidence: { objects: [], values: {} },
    difficulty: { value: 0, reasons: {} },
  };
  return questionOf(sample, async () => []);
}

/** So many questions of a task, three about a room. */
const asked = (task: string, count: number) =>
  Array.from({ length: count }, (_, index) => question(task, index, `scene ${Math.floor(index / 3)}`));

const choose = (questions: Parameters<typeof chooseHeldOut>[0], count: number) =>
  chooseHeldOut(questions, count, tokenizer, architecture).map(({ sample }) => sample);

describe('chooseHeldOut', () => {
  test('takes the families in turn, and of a rare one all there are', () => {
    const chosen = choose(
      [...asked('object_counting', 30), ...asked('room_size_estimation', 2), ...asked('occlusion', 30)],
      12,
    );
    const counts = [...groupBy(chosen, ({ task }) => task)].map(([task, own]) => [task, own.length]);
    expect(counts).toEqual([
      ['object_counting', 5],
      ['room_size_estimation', 2],
      ['occlusion', 5],
    ]);
    expect(new Set(chosen.map(({ id }) => id)).size).toBe(12);
  });
  test('asks about each room before it asks about one again', () => {
    const chosen = choose([...asked('object_counting', 30), ...asked('occlusion', 30)], 20);
    const uses = [...groupBy(chosen, ({ scene }) => scene).values()].map(({ length }) => length);
    expect(uses).toEqual(Array.from({ length: 10 }, () => 2));
  });
  test('gives all where there are no more, and nothing that is too long or counts more frames than are seen', () => {
    const long = question('occlusion', 99, 'scene', 'z'.repeat(architecture.max_prompt_length));
    const numbered = question('camera_displacement', 98, 'scene', 'frame 2 of 4?');
    const questions = asked('occlusion', 4);
    const chosen = choose([...questions, long, numbered], 9).map(({ id }) => id);
    expect(chosen.toSorted()).toEqual(questions.map(({ sample }) => sample.id));
    expect(choose([long, numbered], 9)).toEqual([]);
    const seeing = { ...architecture, frames: 4 };
    expect(chooseHeldOut([numbered], 9, tokenizer, seeing)).toEqual([numbered]);
  });
  test('is the same every time', () => {
    expect(choose(asked('occlusion', 30), 9)).toEqual(choose(asked('occlusion', 30), 9));
  });
});

describe('heldOutPlan', () => {
  test('asks the spatial families of the config and of the starting policy, as the policy sees them', () => {
    const data = { tasks: ['occlusion', 'clock_time'], general_share: 0.5, general_difficulty: 0.25 };
    const plan = heldOutPlan({ ...presets.tiny, data }, ['depth_3d', 'syllogism', 'occlusion'], 40);
    expect(plan).toMatchObject({
      scenes: 40,
      frames: 1,
      width: 32,
      height: 32,
      tasks: ['occlusion', 'depth_3d'],
      split: { test: 1 },
    });
    expect(() => heldOutPlan({ ...presets.tiny, data: { ...data, tasks: ['clock_time'] } }, ['depth_3d'], 40)).toThrow(
      'data.tasks names general families only',
    );
  });
});

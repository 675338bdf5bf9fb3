/** The curriculum's table by itself: which levels open, what is drawn, and what it takes in. */
import { expect, test } from 'vitest';
import { presets } from '../../src/training/presets';
import { Curriculum, levelOf, type Outcome } from '../../src/training/curriculum';
import { learningValue } from '../../src/training/sample-weights';
import type { RunConfig } from '../../src/training/config';

function configWith(settings: Partial<RunConfig['dynamic_optimization']>): RunConfig {
  return {
    ...presets.nano,
    data: {
      ...presets.nano.data,
      tasks: ['object_counting', 'room_size_estimation', 'grid_walk'],
      general_share: 0.5,
    },
    dynamic_optimization: {
      ...presets.nano.dynamic_optimization,
      curriculum: true,
      exploration: 0,
      difficulty_levels: 3,
      ...settings,
    },
  };
}

const groups = (count: number, outcome: Partial<Outcome>): Outcome[] =>
  Array.from({ length: count }, () => ({ task: 'grid_walk', level: 0, wanted: null, accuracy: 1, ...outcome }));

const sharesOf = (curriculum: Curriculum, task = 'grid_walk') =>
  curriculum
    .table()
    .filter((cell) => cell.task === task)
    .map(({ share }) => share);

test('a level opens when the one below it is mastered, and closes when that is lost', () => {
  const curriculum = new Curriculum(configWith({ accuracy_momentum: 0, unlock_accuracy: 0.6 }));
  expect(sharesOf(curriculum)).toEqual([0.5, 0, 0]);
  curriculum.observe(groups(1, { accuracy: 0.59 }));
  expect(sharesOf(curriculum)).toEqual([0.5, 0, 0]);
  curriculum.observe(groups(1, { accuracy: 0.6 }));
  const [easy, middle, hard] = sharesOf(curriculum);
  // w(0.6) against w(0.5) of the level that has not been seen.
  const value = learningValue(0.6, 0.1);
  expect(easy).toBeCloseTo((0.5 * value) / (value + 1), 12);
  expect(middle).toBeCloseTo(0.5 / (value + 1), 12);
  expect(hard).toBe(0);
  curriculum.observe(groups(1, { level: 1, accuracy: 0.9 }));
  expect(sharesOf(curriculum)[2]).toBeGreaterThan(0);
  curriculum.observe(groups(1, { accuracy: 0.2 }));
  expect(sharesOf(curriculum)).toEqual([0.5, 0, 0]);
  // The other tasks are where they were.
  expect(sharesOf(curriculum, 'object_counting')).toEqual([0.25, 0, 0]);
});

test('exploration reaches closed levels, and shares add up to those of the data', () => {
  const curriculum = new Curriculum(configWith({ exploration: 0.3 }));
  expect(sharesOf(curriculum, 'object_counting')).toEqual(
    [0.25 * 0.8, 0.25 * 0.1, 0.25 * 0.1].map((x) => expect.closeTo(x, 12)),
  );
});

test('a level that is asked for in vain is stepped over', () => {
  const curriculum = new Curriculum(configWith({}));
  curriculum.observe(groups(2, { level: 1, wanted: 0, accuracy: 0.1 }));
  expect(sharesOf(curriculum)).toEqual([0.5, 0, 0]);
  curriculum.observe(groups(1, { level: 1, wanted: 0, accuracy: 0.1 }));
  expect(sharesOf(curriculum)).toEqual([0, 0.5, 0]);
  curriculum.observe(groups(20, { level: 1, wanted: 1, accuracy: 1 }));
  expect(sharesOf(curriculum)[2]).toBeGreaterThan(0);
});

test('draws follow the shares, and one task a batch changes how they fall, not how often', () => {
  for (const one_task_per_batch of [false, true]) {
    const curriculum = new Curriculum(configWith({ exploration: 1, one_task_per_batch }));
    const counts = new Map<string, number>();
    for (let step = 1; step <= 3000; step++) {
      const slots = curriculum.slots(step, 4);
      if (one_task_per_batch) expect(new Set(slots.map(({ task }) => task)).size).toBe(1);
      for (const { task, level } of slots) {
        counts.set(`${task} ${level}`, (counts.get(`${task} ${level}`) ?? 0) + 1);
      }
    }
    const cells = curriculum.table();
    expect(cells).toHaveLength(9);
    for (const { task, level, share } of cells) {
      expect(Math.abs((counts.get(`${task} ${level}`) ?? 0) / 12_000 - share!)).toBeLessThan(0.02);
    }
  }
});

test('without curriculum and one task a batch nothing is asked for', () => {
  const slots = new Curriculum(configWith({ curriculum: false })).slots(3, 2);
  expect(slots).toEqual([
    { task: null, level: null },
    { task: null, level: null },
  ]);
});

test('the online accuracy is a running mean that begins with the first group', () => {
  const curriculum = new Curriculum(configWith({ accuracy_momentum: 0.75, sample_weights: true }));
  curriculum.observe([...groups(1, { accuracy: 0.4 }), ...groups(1, { accuracy: 0.8 })]);
  const [seen, unseen] = curriculum.table().filter(({ task }) => task === 'grid_walk');
  expect(seen).toMatchObject({ groups: 2, accuracy: expect.closeTo(0.5, 12), weight: expect.closeTo(1, 12) });
  expect(unseen).toMatchObject({ groups: 0, accuracy: null, weight: null });
});

test('the state restores the table, without tasks that are gone and not with fewer levels', () => {
  const curriculum = new Curriculum(configWith({}));
  curriculum.observe([...groups(3, { accuracy: 0.7 }), ...groups(1, { task: 'object_counting', level: 2, wanted: 1 })]);
  const state = JSON.parse(JSON.stringify(curriculum.state));
  const restored = new Curriculum(configWith({}), state);
  expect(restored.table()).toEqual(curriculum.table());
  expect(restored.state).toEqual(curriculum.state);
  const fewer = { ...configWith({}), data: { ...presets.nano.data, tasks: ['object_counting'] } };
  expect(new Curriculum(fewer, state).table()).toHaveLength(3);
  expect(() => new Curriculum(configWith({ difficulty_levels: 2 }), state)).toThrow(
    /level 3 of object_counting.*difficulty_levels/,
  );
});

test('levels divide the difficulty evenly, the hardest included', () => {
  expect([0, 0.24, 0.25, 0.5, 0.99, 1].map((difficulty) => levelOf(difficulty, 4))).toEqual([0, 0, 1, 2, 3, 3]);
});

test('there is most to learn where half is right, least at either end', () => {
  expect([0, 0.25, 0.5, 0.75, 1].map((p) => learningValue(p, 0.1))).toEqual(
    [0.1, 0.775, 1, 0.775, 0.1].map((w) => expect.closeTo(w, 12)),
  );
});

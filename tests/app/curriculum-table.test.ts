/** The heat map of task by difficulty: what each cell reads, and where it lies on the scale. */
import { expect, test } from 'vitest';
import { heatMap } from '../../src/app/curriculum-table';
import { Curriculum } from '../../src/training/curriculum';
import { parseRunConfig } from '../../src/training/config';
import { presets } from '../../src/training/presets';

const tasks = ['object_size_estimation', 'object_counting'];
const table = (dynamic_optimization: object, outcomes: Parameters<Curriculum['observe']>[0] = []) => {
  const config = parseRunConfig({ ...presets.tiny, data: { tasks }, dynamic_optimization }, 'the test');
  const curriculum = new Curriculum(config);
  curriculum.observe(outcomes);
  return curriculum.table();
};
const both = { curriculum: true, sample_weights: true, min_sample_weight: 0.2, difficulty_levels: 3 };
const outcomes = [
  { task: tasks[0], level: 0, wanted: 0, accuracy: 0.75 },
  { task: tasks[1], level: 2, wanted: null, accuracy: 0 },
];
const read = (map: ReturnType<typeof heatMap>, of: 'text' | 'heat') =>
  map!.rows.map(({ task, cells }) => [task, ...cells.map((cell) => cell[of])]);

test('accuracy and weight lie on a scale from 0 to 1; cells that were not asked are empty, unlike those at 0', () => {
  const cells = table(both, outcomes);
  const accuracy = heatMap(cells, 'accuracy');
  expect(accuracy).toMatchObject({ levels: 3, top: '100 %' });
  expect(read(accuracy, 'text')).toEqual([
    [tasks[0], '75 %', null, null],
    [tasks[1], null, null, '0 %'],
  ]);
  expect(read(accuracy, 'heat')).toEqual([
    [tasks[0], 0.75, null, null],
    [tasks[1], null, null, 0],
  ]);
  const weight = heatMap(cells, 'weight');
  // 0.2 + 0.8 * 4 * 0.75 * 0.25, and the minimum.
  expect(read(weight, 'text')).toEqual([
    [tasks[0], '0.80', null, null],
    [tasks[1], null, null, '0.20'],
  ]);
});

test('shares lie on a scale up to the largest, and are there before anything was asked', () => {
  const share = heatMap(table({ ...both, exploration: 0.3 }), 'share');
  // The easiest level of each task has all but the exploration, of which each level has a third.
  expect(read(share, 'text')).toEqual(tasks.map((task) => [task, '40 %', '5 %', '5 %']));
  expect(share!.top).toBe('40 %');
  expect(share!.rows[0].cells[0].heat).toBe(1);
  expect(share!.rows[0].cells[1].heat).toBeCloseTo(0.125, 12);
});

test('there is no map of a figure that the run does not have', () => {
  expect(heatMap(table({ curriculum: false }, outcomes), 'share')).toBeNull();
  expect(heatMap(table(both), 'accuracy')).toBeNull();
  expect(heatMap([], 'weight')).toBeNull();
});

test('a cell tells all that is known of it', () => {
  const [row] = heatMap(table(both, outcomes), 'accuracy')!.rows;
  expect(row.cells[0].detail).toMatch(/^1 group, accuracy 75 %, share \d+ %, weight 0\.80$/);
  expect(row.cells[1].detail).toMatch(/^not asked yet, share \d+ %$/);
});

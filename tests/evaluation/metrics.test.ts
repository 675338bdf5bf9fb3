/** Scores and averages on cases computed by hand from the published definitions. */
import { describe, expect, test } from 'vitest';
import type { Answer, Mode } from '../../src/evaluation/metrics/benchmark';
import { bootstrapIntervals } from '../../src/evaluation/metrics/bootstrap';
import { cvBenchmark } from '../../src/evaluation/metrics/cv-bench';
import { generalBenchmark } from '../../src/evaluation/metrics/general';
import { vsiBenchmark } from '../../src/evaluation/metrics/vsi-bench';
import { scoreAnswers } from '../../src/evaluation/scoring';

function answer(task: string, groundTruth: string, prediction: string | null, more: Partial<Answer> = {}): Answer {
  return { id: 'x', task, groundTruth, prediction, options: null, source: null, scene: null, ...more };
}

function vsi(task: string, truth: string, prediction: string, mode: Mode): number {
  return vsiBenchmark.score(answer(task, truth, prediction), mode);
}

describe('VSI-Bench', () => {
  // Python: (abs(p - t) / t <= 1 - numpy.linspace(.5, .95, 10)).mean()
  test.each([
    ['1', '1', 1],
    ['1', '1.05', 1],
    ['1', '0.95', 1],
    ['2', '2.1', 1],
    ['100', '105', 1],
    ['1', '1.1', 0.9],
    ['1', '1.15', 0.8],
    ['1', '1.2', 0.7],
    ['10', '12', 0.6],
    ['4', '5', 0.6],
    ['10', '13', 0.5],
    ['10', '14', 0.3],
    ['1', '1.45', 0.2],
    ['10', '5', 0.1],
    ['10', '15', 0.1],
    ['10', '15.1', 0],
    ['10', '4.99', 0],
    ['0', '0', 0],
    ['0', '1', 0],
    ['3', 'inf', 0],
    ['3', 'nan', 0],
    ['3', '-3', 0],
  ])('truth %s, answer %s: %d', (truth, prediction, score) => {
    expect(vsi('object_abs_distance', truth, prediction, 'vsi')).toBe(score);
  });

  test.each([
    ['3.', 1, 1],
    ['3 meters', 1, 1],
    ['3meters', 0, 1],
    ['about 3', 0, 1],
    ['three', 0, 1],
    ['the answer is 3', 0, 1],
    ['', 0, 0],
    ['３', 1, 1],
    ['٣ m', 1, 1],
    [' 3', 0, 1],
  ])('truth 3, answer %j: %d by its own parser, %d by the harness', (prediction, own, harness) => {
    expect(vsi('room_size_estimation', '3', prediction, 'vsi')).toBe(own);
    expect(vsi('room_size_estimation', '3', prediction, 'lmms-eval')).toBe(harness);
  });

  test.each([
    ['A', 1],
    ['a', 1],
    ['A.', 1],
    ['A. table', 1],
    ['(A)', 0],
    ['the answer is A', 0],
    ['', 0],
    ['B', 0],
  ])('truth A, answer %j: %d in both modes', (prediction, score) => {
    expect(vsi('object_rel_distance', 'A', prediction, 'vsi')).toBe(score);
    expect(vsi('object_rel_distance', 'A', prediction, 'lmms-eval')).toBe(score);
  });

  test('averages the levels of direction first, then the tasks', () => {
    const choice = (task: string, right: boolean, id: number) => answer(task, 'A', right ? 'A' : 'B', { id });
    const report = scoreAnswers(
      vsiBenchmark,
      [
        choice('object_rel_direction_easy', true, 1),
        choice('object_rel_direction_medium', false, 2),
        choice('object_rel_direction_medium', true, 3),
        choice('object_rel_direction_hard', false, 4),
        choice('object_rel_direction_hard', false, 5),
        choice('object_rel_direction_hard', false, 6),
        choice('route_planning', true, 7),
        answer('object_counting', '4', '5', { id: 8 }),
        answer('object_counting', '4', null, { id: 9 }),
      ],
      'vsi',
    );
    expect(report.by_task).toEqual({
      object_rel_direction_easy: 1,
      object_rel_direction_medium: 0.5,
      object_rel_direction_hard: 0,
      object_rel_direction: 0.5,
      route_planning: 1,
      object_counting: 0.3,
    });
    expect(report.overall).toBe((0.5 + 1 + 0.3) / 3);
    expect([report.n, report.unanswered]).toEqual([9, 1]);
    expect(report.samples.map(({ score }) => score)).toEqual([1, 0, 1, 0, 0, 0, 1, 0.6, 0]);
  });

  test('refuses what no answer could match', () => {
    expect(vsiBenchmark.problem(answer('object_counting', 'two', ''))).toContain('not a number');
    expect(vsiBenchmark.problem(answer('route_planning', 'turn left', ''))).toContain('not a letter');
    expect(vsiBenchmark.problem(answer('Count', '3', ''))).toContain('none of VSI-Bench');
  });
});

describe('CV-Bench', () => {
  const rows: [task: string, source: string, right: boolean][] = [
    ['Count', 'ADE20K', true],
    ['Count', 'ADE20K', true],
    ['Relation', 'ADE20K', false],
    ['Count', 'COCO', false],
    ['Depth', 'Omni3D', true],
    ['Distance', 'Omni3D', true],
    ['Distance', 'Omni3D', true],
    ['Distance', 'Omni3D', false],
  ];
  const answers = rows.map(([task, source, right], id) => answer(task, '(B)', right ? '(B) two' : 'A', { id, source }));

  test('official and micro scores', () => {
    const official = scoreAnswers(cvBenchmark, answers, 'vsi');
    expect(official.others).toEqual({ official: ((2 / 3 + 0) / 2 + 3 / 4) / 2, micro: 5 / 8 });
    expect(official.overall).toBe(official.others.official);
    expect(official.by_task).toEqual({ Count: 2 / 3, Relation: 0, Depth: 1, Distance: 2 / 3 });
    expect(scoreAnswers(cvBenchmark, answers, 'lmms-eval').overall).toBe(5 / 8);
  });

  test('the interval of the overall score is of that average alone', () => {
    const two = [
      answer('Count', 'A', 'A', { id: 1, source: 'COCO', scene: 'a' }),
      answer('Depth', 'A', 'B', { id: 2, source: 'Omni3D', scene: 'b' }),
    ];
    // Half of the draws hold one of the scenes twice: they have no official score, and a micro accuracy of 0 or 1.
    const { overall, intervals } = scoreAnswers(cvBenchmark, two, 'vsi');
    expect([overall, intervals.overall, intervals.micro]).toEqual([0.5, [0.5, 0.5], [0, 1]]);
    expect(scoreAnswers(cvBenchmark, two, 'lmms-eval').intervals.overall).toEqual([0, 1]);
  });

  test('without sources there is no official score, and it is said', () => {
    const report = scoreAnswers(
      cvBenchmark,
      answers.map((row) => ({ ...row, source: null })),
      'vsi',
    );
    expect([report.overall, report.others.official]).toEqual([5 / 8, null]);
    expect(report.notes.join()).toContain('official score');
  });
});

describe('general problems', () => {
  const options = ['A. 12', 'B. a red cube', 'C. 1/2'];
  test.each<[string, string, readonly string[] | null, number]>([
    ['42', '42', null, 1],
    ['42', '42.0', null, 1],
    ['42', ' 42. ', null, 1],
    ['0.5', '1/2', null, 1],
    ['1250', '1,250', null, 1],
    ['42', '43', null, 0],
    ['42', '42 apples', null, 0],
    ['Paris', 'paris.', null, 1],
    ['yes', '', null, 0],
    ['A', 'A. table', null, 1],
    ['A', '(a)', null, 1],
    ['A', 'B. table', null, 0],
    ['A', 'a table', null, 0],
    ['A', 'the answer is A', null, 0],
    ['table', 'A. table', null, 0],
    ['٤٢', '42', null, 1],
    ['7', '<think>5</think><answer>\\boxed{7}</answer>', null, 1],
    ['B', 'B', options, 1],
    ['B', 'b.', options, 1],
    ['B', '(B) a red cube', options, 1],
    ['B', 'a red cube', options, 1],
    ['a red cube', 'B', options, 1],
    ['C', '0.5', options, 1],
    ['B', 'A. table', options, 0],
    ['A', 'the answer is A', options, 0],
    ['A', '', options, 0],
  ])('truth %j, answer %j: %d', (truth, prediction, choices, score) => {
    expect(generalBenchmark.score(answer('logic', truth, prediction, { options: choices }), 'vsi')).toBe(score);
  });
});

describe('bootstrap', () => {
  const overall = (cells: readonly { mean: number; count: number }[]) => ({
    mean: cells.reduce((sum, cell) => sum + cell.mean * cell.count, 0) / cells.reduce((n, cell) => n + cell.count, 0),
  });
  const coins = Array.from({ length: 400 }, (_, k) => ({ task: 't', source: null, scene: null, score: k % 2 }));

  test('of independent answers has the width of the binomial law', () => {
    const { intervals, clusters } = bootstrapIntervals(coins, overall);
    // 1.96 * sqrt(0.25 / 400) = 0.049
    expect(clusters).toBe(400);
    expect(intervals.mean[0]).toBeCloseTo(0.451, 2);
    expect(intervals.mean[1]).toBeCloseTo(0.549, 2);
  });

  test('of answers that stand or fall with their scenes is wider', () => {
    const clustered = coins.map((coin, k) => ({ ...coin, scene: String(Math.floor(k / 40)), score: k < 200 ? 1 : 0 }));
    const { intervals, clusters } = bootstrapIntervals(clustered, overall);
    // Ten scenes: 1.96 * sqrt(0.25 / 10) = 0.31
    expect(clusters).toBe(10);
    expect(intervals.mean[1] - intervals.mean[0]).toBeGreaterThan(0.5);
    expect(bootstrapIntervals(clustered, overall)).toEqual({ intervals, clusters });
  });
});

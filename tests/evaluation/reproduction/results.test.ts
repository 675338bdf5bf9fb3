/** The experiment's figures and answers, from replies whose scores are known. */
import { describe, expect, test } from 'vitest';
import { experimentAnswers } from '../../../src/evaluation/reproduction/answers';
import { ARMS, armConfig } from '../../../src/evaluation/reproduction/arms';
import { experimentReport } from '../../../src/evaluation/reproduction/report';
import { compare } from '../../../src/evaluation/reproduction/results';
import type { ScoredReply } from '../../../src/evaluation/reproduction/scored-reply';
import { presets } from '../../../src/training/presets';

/** Ten numbers with these scores, and ten choices; each question about a room of its own. */
function replies(number: number, choice: number, valid = 1): ScoredReply[] {
  return Array.from({ length: 20 }, (_, index) => {
    const numeric = index % 2 === 0;
    return {
      id: `q${index}`,
      task: numeric ? 'room_size_estimation' : 'object_rel_distance',
      ground_truth: numeric ? '1' : 'A',
      prediction: '',
      options: numeric ? null : ['x', 'y'],
      source: null,
      scene: `s${index}`,
      completion: '',
      error: null,
      kind: numeric ? 'number' : 'choice',
      score: numeric ? number : choice,
      valid_format: index < 20 * valid,
    };
  });
}

const runsOf = (arm: string, number: number, choice: number) =>
  [1, 2].map((seed) => ({ arm, seed, replies: replies(number, choice) }));

describe('compare', () => {
  const comparison = compare(replies(0.25, 0.5, 0.5), [...runsOf('ednm', 0.5, 0.5), ...runsOf('binary', 0.125, 0.75)]);
  test('takes each measure over its own questions', () => {
    const { start, questions, scenes, questions_by_task } = comparison;
    expect([questions, scenes]).toEqual([20, 20]);
    expect(questions_by_task).toEqual({ room_size_estimation: 10, object_rel_distance: 10 });
    expect(start.measures.numeric).toEqual({ mean: 0.25, interval: [0.25, 0.25] });
    expect(start.measures.choice?.mean).toBe(0.5);
    expect(start.measures.format?.mean).toBe(0.5);
    expect(start.tasks.room_size_estimation.mean).toBe(0.25);
  });
  test('pairs differences by question', () => {
    const [ednm, binary] = comparison.arms;
    expect(ednm.to_base).toBeNull();
    expect(ednm.to_start.measures.numeric).toEqual({ mean: 0.25, interval: [0.25, 0.25] });
    expect(binary.to_start.measures.numeric?.mean).toBe(-0.125);
    expect(binary.to_base?.measures.numeric).toEqual({ mean: -0.375, interval: [-0.375, -0.375] });
    expect(binary.to_base?.tasks.object_rel_distance.mean).toBe(0.25);
    expect(binary.runs.map(({ seed, figures }) => [seed, figures.measures.numeric])).toEqual([
      [1, 0.125],
      [2, 0.125],
    ]);
  });
  test('pairs runs by seed', () => {
    const levels = [0.25, 0.5, 0.75];
    const shifted = (arm: string, by: number) =>
      levels.map((level, seed) => ({ arm, seed, replies: replies(level + by, 0) }));
    const { arms } = compare(replies(0, 0), [...shifted('ednm', 0), ...shifted('weights', 0.125)]);
    expect(arms[0].figures.measures.numeric?.interval).toEqual([0.25, 0.75]);
    expect(arms[1].to_base?.measures.numeric).toEqual({ mean: 0.125, interval: [0.125, 0.125] });
  });
});

describe('answers', () => {
  const answered = (...runs: ReturnType<typeof runsOf>[]) =>
    Object.fromEntries(
      experimentAnswers(compare(replies(0.25, 0.5), runs.flat())).map(({ question, sentence }) => [question, sentence]),
    );
  test('follow from the intervals, whichever way they fall', () => {
    const answers = answered(runsOf('ednm', 0.5, 0.25), runsOf('binary', 0.125, 0.5), runsOf('curriculum', 0.375, 1));
    expect(answers['Did RL with EDNM raise numeric MRA?']).toMatch(/^Yes: .*\+25\.0 points \(\+25\.0 to \+25\.0\)\.$/);
    expect(answers['Did it raise choice accuracy?']).toMatch(/^No, it is lower: .*−25\.0 points/);
    expect(answers['Is EDNM better than a binary reward?']).toMatch(/^Yes: .*`ednm` against `binary`, \+37\.5 points/);
    expect(answers['Does the curriculum help?']).toMatch(
      /^No, it is lower: .*`curriculum` against `ednm`, −12\.5 points/,
    );
    expect(Object.keys(answers)).toHaveLength(4);
  });
  test('say that no difference can be told', () => {
    const mixed = [1, 2].map((seed) => ({
      arm: 'ednm',
      seed,
      replies: replies(0, 0.5).map((reply, index) => (index % 4 === 0 ? { ...reply, score: 0.6 } : reply)),
    }));
    expect(answered(mixed)['Did RL with EDNM raise numeric MRA?']).toMatch(
      /^No difference .* \+5\.0 points \(−\d+\.\d to \+/,
    );
    expect(answered(runsOf('ednm', 0.25, 0.5))['Did RL with EDNM raise numeric MRA?']).toBe(
      "No difference can be told at this budget: numeric MRA after `ednm` against the starting policy's, 0.0 points (0.0 to 0.0).",
    );
  });
  test('say what is missing', () => {
    expect(answered(runsOf('weights', 1, 1))['Do sample weights help?']).toBe(
      'Not answered: the arm `ednm` was not run beside it.',
    );
    const choices = (arm: string) => ({ arm, seed: 1, replies: replies(0, 1).filter(({ kind }) => kind === 'choice') });
    const [{ sentence }] = experimentAnswers(compare(choices('').replies, [choices('ednm')]));
    expect(sentence).toBe('Not answered: no held-out question asks for numbers.');
  });
});

test('each arm differs from the base in what it tests alone', () => {
  const base = { ...presets.tiny, reward: { ...presets.tiny.reward, function: 'mra' as const } };
  const differing = (name: string) => {
    const [arm, ednm] = [name, 'ednm'].map((each) => armConfig(base, each, 7));
    expect({ ...arm, reward: null, dynamic_optimization: null }).toEqual({
      ...ednm,
      reward: null,
      dynamic_optimization: null,
    });
    return (['reward', 'dynamic_optimization'] as const).flatMap((section) => {
      const [own, other] = [arm, ednm].map((config) => Object.entries(config[section]));
      return own.filter(([, value], index) => value !== other[index][1]).map(([field, value]) => [field, value]);
    });
  };
  expect(Object.fromEntries(ARMS.map(({ name }) => [name, differing(name)]))).toEqual({
    ednm: [],
    binary: [['function', 'binary']],
    linear: [['function', 'linear']],
    mra: [['function', 'mra']],
    curriculum: [['curriculum', true]],
    weights: [['sample_weights', true]],
  });
  expect(armConfig(base, 'binary', 7).seed).toBe(7);
  expect(() => armConfig(base, 'none', 7)).toThrow('there is no arm "none"; the arms are ednm, binary');
});

test('a report of an unfinished experiment says so', () => {
  const comparison = compare(replies(0.25, 0.5), [{ arm: 'ednm', seed: 1, replies: replies(0.5, 0.5) }]);
  const report = experimentReport(
    {
      command: 'reproduce',
      model: 'nano',
      weights: 'abc',
      machine: 'a machine',
      seeds: [1],
      seeds_left: [2, 3],
      trained: ['room_size_estimation'],
      fingerprint: 'def',
      comparison,
      runs: [{ arm: 'ednm', seed: 1, steps: 10, questions: 80, completions: 640, tokens: 12345, seconds: 90 }],
      config: {},
    },
    'reward.svg',
  );
  expect(report).toContain('**Incomplete: seeds 2, 3 are still to be run.**');
  expect(report).toContain('10 steps of 64 completions');
  expect(report).toContain('With one seed only rooms are drawn');
  expect(report).toContain('| starting policy | 25.0 (25.0 to 25.0) | 50.0 (50.0 to 50.0) | 100.0 (100.0 to 100.0) |');
  expect(report).toContain('| `ednm` | +25.0 (+25.0 to +25.0) | 0.0 (0.0 to 0.0) | 0.0 (0.0 to 0.0) |');
  expect(report).toContain('| `ednm` | 1 | 10 | 80 | 640 | 12,345 | 1.5 min |');
  expect(report).not.toContain('Difference to `ednm`');
  expect(report).toMatch(/^\| room_size_estimation \|/m);
  expect(report).toMatch(/^\| object_rel_distance \* \|/m);
});

/** What the selection does to made-up candidates whose answers crowd. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/random';
import type { Candidate } from '../../src/datasets/candidates';
import { CandidateCounts, Selection } from '../../src/datasets/selection';
import { sceneName, splits } from '../../src/datasets/plan';

function candidate(task: string, fields: Partial<Candidate>): Candidate {
  const value = fields.answer_value ?? null;
  return {
    domain: 'spatial',
    task,
    kind: 'number',
    question: `${task} ${value}?`,
    options: null,
    answer: String(value),
    answer_value: value,
    unit: null,
    frames: [0],
    reasoning: '',
    categories: [],
    evidence: { objects: [1], values: {} },
    difficulty: { value: 0, reasons: {} },
    ...fields,
  };
}

function select(scenes: readonly (readonly Candidate[])[]) {
  const counts = new CandidateCounts();
  for (const candidates of scenes) counts.add(candidates);
  const selection = new Selection(1, counts);
  return scenes.flatMap((candidates, index) => selection.select(sceneName(index), 'train', candidates));
}

describe('Selection', () => {
  it('thins the answers that crowd and keeps the rare ones', () => {
    // Nine of ten scenes have a count of 2, one a count of 7; each is of another thing.
    const scenes = Array.from({ length: 400 }, (_, index) => [
      candidate('object_counting', { answer_value: index % 10 === 0 ? 7 : 2, categories: [`thing ${index}`] }),
    ]);
    const kept = select(scenes).map(({ sample }) => sample.answer_value);
    const rare = kept.filter((value) => value === 7).length;
    expect(rare).toBe(40);
    // 0.6 of 400 are left, 40 of them rare.
    expect(kept.length - rare).toBeGreaterThan(170);
    expect(kept.length - rare).toBeLessThan(230);
  });

  it('asks seldom about categories whose answer a guesser knows', () => {
    const scenes = Array.from({ length: 400 }, (_, index) => [
      candidate('size', { question: 'bed?', answer_value: 205, unit: 'cm', categories: ['bed'] }),
      candidate('size', { question: 'plant?', answer_value: 40 + index, unit: 'cm', categories: ['plant'] }),
    ]);
    const kept = select(scenes).map(({ categories }) => categories[0]);
    const [beds, plants] = ['bed', 'plant'].map((name) => kept.filter((category) => category === name).length);
    expect(beds).toBeGreaterThan(2);
    expect(beds).toBeLessThan(60);
    expect(plants).toBeGreaterThan(120);
  });

  it('takes choices of one number of options, the usual one', () => {
    const scenes = Array.from({ length: 60 }, (_, index) => [
      candidate('object_rel_distance', {
        kind: 'choice',
        options: ['bed', 'sofa', 'desk', 'lamp'].slice(0, index % 3 === 0 ? 2 : 4),
        answer: 'AB'[index % 2],
      }),
    ]);
    const kept = select(scenes).map(({ sample }) => sample);
    expect(kept.length).toBeGreaterThan(15);
    for (const { options } of kept) expect(options).toHaveLength(4);
  });

  it('thins within the questions about the same category, whatever the others have', () => {
    const scenes = Array.from({ length: 600 }, (_, index) => {
      const sofa = index % 2 === 0;
      const value = sofa ? (index % 20 === 0 ? 140 : 200) : 30 + (index % 40) * 10;
      return [candidate('size', { answer_value: value, unit: 'cm', categories: [sofa ? 'sofa' : 'desk'] })];
    });
    const sofas = select(scenes).filter(({ categories }) => categories[0] === 'sofa');
    const common = sofas.filter(({ sample }) => sample.answer_value === 200).length;
    // 30 sofas of 140 cm, 270 of 200 cm.
    expect((sofas.length - common) / 30).toBeGreaterThan((1.3 * common) / 270);
  });

  it('balances letters to within one, from shuffled ways of asking', () => {
    const random = stream(5, 'letters');
    const scenes = Array.from({ length: 100 }, () =>
      Array.from({ length: 4 }, () => {
        const options = random.shuffle(['bed', 'sofa', 'desk', 'lamp']);
        return candidate('object_rel_distance', {
          kind: 'choice',
          options,
          answer: 'ABCD'[options.indexOf('bed')],
          evidence: { objects: random.shuffle([1, 2, 3, 4]), values: {} },
        });
      }),
    );
    const kept = select(scenes).map(({ sample }) => sample.answer);
    // One way of asking of each question that was not thinned.
    expect(kept.length).toBeLessThanOrEqual(100);
    const counts = ['A', 'B', 'C', 'D'].map((letter) => kept.filter((answer) => answer === letter).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3);
  });

  it('takes at most six questions of a task in a scene, numbered, and none twice', () => {
    const scenes = Array.from({ length: 20 }, () => [
      ...Array.from({ length: 12 }, (_, k) => candidate('size', { answer_value: 20 + 20 * k, unit: 'cm' })),
      candidate('size', { answer_value: 20, unit: 'cm', frames: [3] }),
    ]);
    const kept = select(scenes);
    for (let index = 0; index < 20; index++) {
      const own = kept.filter(({ sample }) => sample.scene === sceneName(index)).map(({ sample }) => sample);
      expect(own.length).toBeLessThanOrEqual(6);
      expect(new Set(own.map(({ question }) => question)).size).toBe(own.length);
      expect(own.map(({ id }) => id)).toEqual(own.map((_, k) => `${sceneName(index)}_${k}`));
    }
  });
});

describe('splits', () => {
  it('divides any first scenes as evenly as whole scenes allow', () => {
    const names = [...splits({ scenes: 1000, split: { train: 0.8, validation: 0.1, test: 0.1 } })];
    for (const length of [1, 10, 137, 1000]) {
      const first = names.slice(0, length);
      for (const [name, share] of [
        ['train', 0.8],
        ['validation', 0.1],
        ['test', 0.1],
      ] as const) {
        expect(Math.abs(first.filter((split) => split === name).length - share * length)).toBeLessThan(1.01);
      }
    }
  });
});

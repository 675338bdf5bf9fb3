/** Published rows against their printed averages, and baselines against expectations worked out by hand. */
import { describe, expect, test } from 'vitest';
import { baselineFigures, blindGuess, chanceCells } from '../../src/evaluation/baselines';
import { evaluationResults } from '../../src/evaluation/evaluation';
import { published } from '../../src/evaluation/published';
import { reportMarkdown } from '../../src/evaluation/report';
import { questionNamed, sampleOf } from './questions';

describe('published rows', () => {
  test.each(Object.entries(published))('%s: a figure for each column, marked as published', (_, table) => {
    for (const { origin, figures } of table!.rows) {
      expect(origin).toBe('published');
      expect(figures).toHaveLength(table!.columns.length);
    }
  });

  test.each(['vsi', 'general'])('averages of %s are the means of the columns, but for one', (name) => {
    const odd = published[name]!.rows.filter(({ figures, average }) => {
      const mean = figures.reduce((sum, figure) => sum + figure, 0) / figures.length;
      return Math.abs(mean - average) > 0.0501;
    });
    expect(odd.map(({ model }) => model)).toEqual(name === 'vsi' ? [] : ['Base model']);
  });
});

describe('baselines', () => {
  const counts = ['2', '2', '4'].map((answer, k) =>
    questionNamed(`n${k}`, { answer, answer_value: Number(answer), scene: `s${k}` }),
  );
  const choices = [2, 4].map((options, k) =>
    questionNamed(`c${k}`, {
      task: 'object_rel_distance',
      kind: 'choice',
      answer: 'A',
      answer_value: null,
      options: Array.from({ length: options }, (_, index) => `thing ${index}`),
    }),
  );

  test('chance draws options, and the truths of other questions', () => {
    // Truth 2: the others are 2 and 4 (scores 1 and 0). Truth 4: both others are 2, which is half of it: 0.1.
    const cells = chanceCells([...counts, ...choices], 'vsi');
    expect(cells.map(({ task, count }) => [task, count])).toEqual([
      ['object_counting', 3],
      ['object_rel_distance', 2],
    ]);
    expect(cells[0].mean).toBeCloseTo((0.5 + 0.5 + 0.1) / 3, 12);
    expect(cells[1].mean).toBe((1 / 2 + 1 / 4) / 2);
    expect(baselineFigures(counts, cells, 'vsi').overall).toBeCloseTo((1.1 / 3 + 0.375) / 2, 12);
  });

  test('the blind guesser learns from the training split, or else from the answers themselves', () => {
    const test3 = counts.map(({ sample }) => ({ ...sample, categories: [] }));
    // 2 scores 1, 1 and 0.1; what is nearer to 4 loses more at both twos.
    expect(blindGuess(counts, test3)).toMatchObject({ fitted: true, cells: [{ mean: expect.closeTo(2.1 / 3, 12) }] });
    expect(blindGuess(choices, [])).toMatchObject({ fitted: true, cells: [{ mean: 1 }] });
    const train = { ...sampleOf('t', { split: 'train', answer: '2', answer_value: 2 }), categories: [] };
    // It says 2: right twice, and half of 4.
    const other = { ...train, answer: '4', answer_value: 4 };
    expect(blindGuess(counts, [...test3, train]).cells[0].mean).toBeCloseTo((1 + 1 + 0.1) / 3, 12);
    // It learned 4: half of 2 away from 2 twice, and right once.
    expect(blindGuess(counts, [...test3, other])).toMatchObject({
      fitted: false,
      cells: [{ mean: expect.closeTo(1 / 3, 12) }],
    });
  });

  test('the blind guesser of general problems is scored by exact match', () => {
    const general = { domain: 'general', task: 'grid_walk', scene: '', frames: [] } as const;
    const questions = ['10', '11'].map((answer, k) =>
      questionNamed(`g${k}`, { ...general, answer, answer_value: Number(answer) }),
    );
    const train = { ...sampleOf('t', { ...general, split: 'train', answer: '10', answer_value: 10 }), categories: [] };
    const samples = [...questions.map(({ sample }) => ({ ...sample, categories: [] })), train];
    expect(blindGuess(questions, samples).cells[0].mean).toBe(0.5);
  });

  test('a report keeps what is measured apart from what is published', () => {
    const replies = new Map(counts.map(({ sample }) => [sample.id, { completion: '2', error: null }]));
    const results = evaluationResults({
      policy: 'nano',
      suite: 'vsi-small',
      origin: 'synthetic',
      fingerprint: 'f',
      mode: 'vsi',
      stopped: null,
      questions: [...counts, ...choices],
      replies,
      blankReplies: null,
      textReplies: null,
      frames: null,
      blindSamples: [],
    });
    expect([results.not_asked, results.benchmarks[0].model.n]).toEqual([2, 3]);
    const [measured, real] = reportMarkdown(results).split('### Published');
    expect(measured).toContain('2 of 5 questions were not asked');
    expect(measured).toContain('| nano | measured | 70.0 (');
    expect(measured).not.toContain('| published |');
    expect(real).toContain('| M2-Reasoning-7B | published | 42.3 | 41.0 |');
    expect(real).not.toContain('measured |');
  });
});

/** The suites: valid plans, no question twice, and truths that their own metric scores 1. */
import { describe, expect, test } from 'vitest';
import type { SampleRecord } from '../../src/datasets/canonical';
import { checkPlan } from '../../src/datasets/plan';
import { synthesizeScene } from '../../src/datasets/scene-synthesis';
import { MODES } from '../../src/evaluation/metrics/benchmark';
import { generalSuite } from '../../src/evaluation/suites/general';
import { answerTo, promptOf, questionOf } from '../../src/evaluation/suites/question';
import { sceneSuites, SIZES } from '../../src/evaluation/suites/suites';
import { generalFamilies } from '../../src/tasks/general/registry';
import { families } from '../../src/tasks/registry';

function expectAnswerable(samples: readonly SampleRecord[]): void {
  for (const sample of samples) {
    const question = questionOf(sample, async () => []);
    const { benchmark } = question;
    expect(benchmark.problem(answerTo(question, null)), sample.id).toBeNull();
    expect(promptOf(question)).toContain(sample.question);
    for (const mode of MODES) {
      // Relative accuracy is not defined for a truth of 0.
      const best = benchmark.name !== 'general' && sample.answer_value === 0 ? 0 : 1;
      expect(benchmark.score(answerTo(question, sample.answer), mode), `${sample.id} ${sample.answer}`).toBe(best);
      expect(benchmark.score(answerTo(question, null), mode)).toBe(0);
    }
  }
}

describe('suites', () => {
  test.each(SIZES)('%s: the plans of rooms are valid', (size) => {
    for (const plan of Object.values(sceneSuites)) expect(() => checkPlan(plan(size))).not.toThrow();
  });

  test('every question of a scene is scored by its benchmark', () => {
    const plan = { ...sceneSuites.vsi('small'), frames: 6, width: 96, height: 96 };
    const { candidates } = synthesizeScene({ ...plan, tasks: families.map(({ name }) => name) }, 0);
    const samples = candidates.map((candidate, k) => ({ ...candidate, id: `${k}`, scene: '000000', split: 'test' }));
    const benchmarks = samples.map((sample) => questionOf(sample, async () => []).benchmark.name);
    expect(new Set(benchmarks)).toEqual(new Set(['vsi', 'cvbench', 'spatial']));
    expectAnswerable(samples);
  });

  test('the general suite asks every family, no question twice, always the same', () => {
    const samples = generalSuite('small');
    expect(new Set(samples.map(({ task }) => task))).toEqual(new Set(generalFamilies.map(({ name }) => name)));
    expect(new Set(samples.map(({ id }) => id)).size).toBe(samples.length);
    const asked = samples.map(({ task, question, options }) => JSON.stringify([task, question, options]));
    expect(new Set(asked).size).toBe(samples.length);
    expectAnswerable(samples);
    expect(generalSuite('small')).toEqual(samples);
    const full = generalSuite('full');
    expect(full.length).toBeGreaterThan(4 * samples.length);
    expect(new Set(full.map(({ task, question, options }) => JSON.stringify([task, question, options]))).size).toBe(
      full.length,
    );
  });
});

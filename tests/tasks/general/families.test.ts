/** What the general families ask: agreed to by the checker, harder with the knob, balanced, and seldom twice. */
import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/random';
import { promptText } from '../../../src/tasks/contract';
import type { Question } from '../../../src/tasks/family';
import { checkSolution } from '../../../src/tasks/general/checker/check';
import { generalFamilies } from '../../../src/tasks/general/registry';

const DIFFICULTIES = [0, 0.15, 0.3, 0.45, 0.6, 0.8, 1];
const SEEDS = 80;
/** Most of `SEEDS` questions that may have been asked before, as a share: easy problems are few. */
const MOST_REPEATED = 0.1;

const asked = (name: string, difficulty: number, count = SEEDS): Question[] => {
  const family = generalFamilies.find((candidate) => candidate.name === name)!;
  return Array.from({ length: count }, (_, seed) => family.ask(difficulty, stream(seed, 'general test', name)));
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the registry', () => {
  it('holds at least ten families under names of their own', () => {
    const names = generalFamilies.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(10);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(generalFamilies.map(({ kind }) => kind))).toEqual(new Set(['number', 'choice', 'text']));
  });
});

describe.each(generalFamilies)('$name', ({ name, kind, ask }) => {
  it.each(DIFFICULTIES)('is agreed to in every step and the answer at difficulty %d', (difficulty) => {
    for (const question of asked(name, difficulty)) {
      const { steps, answerProblem, supportProblem } = checkSolution(question);
      expect([steps.filter(({ problem }) => problem !== null), answerProblem, supportProblem]).toEqual([
        [],
        null,
        null,
      ]);
      expect(steps.length).toBeGreaterThan(0);
      expect(steps.map(({ text }) => text).join('\n')).toBe(question.reasoning);
    }
  });

  it('has answers of its kind, and evidence without objects', () => {
    for (const question of DIFFICULTIES.flatMap((difficulty) => asked(name, difficulty, 20))) {
      const form = { number: /^(0|[1-9]\d*)$/, choice: /^[A-D]$/, text: /^[A-Za-z]+$/ }[kind];
      expect(question.answer).toMatch(form);
      expect(question.kind).toBe(kind);
      expect(question.answerValue).toBe(kind === 'number' ? Number(question.answer) : null);
      expect(question.options === null).toBe(kind !== 'choice');
      expect(question.evidence.objects).toEqual([]);
      expect(Object.values(question.evidence.values).every(Number.isFinite)).toBe(true);
      expect(question.question).toMatch(/\?$/);
    }
  });

  it('is the same from the same stream', () => {
    expect(asked(name, 0.5, 10)).toEqual(asked(name, 0.5, 10));
    expect(asked(name, 0.5, 10)).not.toEqual(asked(name, 0.5, 20).slice(10));
  });

  it('takes more work at a higher difficulty: longer reasoning, or larger numbers in as many steps', () => {
    const levels = [0, 0.5, 1].map((difficulty) => asked(name, difficulty));
    const work = levels.map((questions) =>
      mean(questions.map(({ question, reasoning }) => `${question}${reasoning}`.length)),
    );
    expect(work[1]).toBeGreaterThan(1.02 * work[0]);
    expect(work[2]).toBeGreaterThan(1.05 * work[1]);
    expect(levels.map(([{ difficulty }]) => difficulty.value)).toEqual([0, 0.5, 1]);
    for (const { difficulty } of levels.flat()) {
      for (const reason of Object.values(difficulty.reasons)) expect(reason >= 0 && reason <= 1).toBe(true);
    }
    const effort = levels.map((questions) =>
      mean(questions.map(({ difficulty: { reasons } }) => reasons.steps + reasons.numbers)),
    );
    expect(effort[2]).toBeGreaterThan(effort[0]);
  });

  it('seldom asks the same twice', () => {
    const counts = DIFFICULTIES.map((difficulty) => new Set(asked(name, difficulty).map(promptText)).size);
    const repeated = counts.map((distinct) => 1 - distinct / SEEDS);
    expect(Math.max(...repeated)).toBeLessThanOrEqual(MOST_REPEATED);
    expect(mean(repeated)).toBeLessThan(0.02);
  });

  it('refuses a difficulty out of range', () => {
    for (const difficulty of [-0.1, 1.1, NaN]) expect(() => ask(difficulty, stream(1))).toThrow(/from 0 to 1/);
  });
});

describe('answers', () => {
  const count = 1200;
  const shares = (name: string, difficulty: number) => {
    const counts = new Map<string, number>();
    for (const { answer } of asked(name, difficulty, count)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
    return new Map([...counts].map(([answer, times]) => [answer, times / count]));
  };

  it.each([
    ['expression_comparison', 0, 2],
    ['expression_comparison', 1, 4],
    ['clock_time', 0, 4],
    ['clock_time', 1, 4],
    ['syllogism', 0, 2],
    ['syllogism', 1, 2],
  ])('of %s at difficulty %d fall evenly on %d', (name, difficulty, options) => {
    const found = shares(name, difficulty);
    expect(found.size).toBe(options);
    // Four standard deviations of a share of 1200 fair draws.
    const slack = 4 * Math.sqrt((1 / options) * (1 - 1 / options) * (1 / count));
    for (const share of found.values()) expect(Math.abs(share - 1 / options)).toBeLessThan(slack);
  });

  it.each(generalFamilies.filter(({ kind }) => kind === 'number').map(({ name }) => name))(
    'of %s are not one number for most questions',
    (name) => {
      for (const difficulty of [0, 0.5, 1]) expect(Math.max(...shares(name, difficulty).values())).toBeLessThan(0.45);
    },
  );

  it.each(['transitive_order', 'weekday_arithmetic', 'facing_direction'])('of %s are words used alike', (name) => {
    for (const difficulty of [0, 1]) {
      const found = shares(name, difficulty);
      expect(found.size).toBeGreaterThanOrEqual(7);
      for (const share of found.values()) expect(Math.abs(share * found.size - 1)).toBeLessThan(0.4);
    }
  });
});

/** The checker refuses what was tampered with, and never what a different right solution says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../../src/random';
import { checkSolution, type Report, type Solution } from '../../../src/tasks/general/checker/check';
import { generalFamilies } from '../../../src/tasks/general/registry';

const DIFFICULTIES = [0, 0.3, 0.6, 1];
const SEEDS = 5;

const solutions = (name: string): Solution[] => {
  const family = generalFamilies.find((candidate) => candidate.name === name)!;
  return DIFFICULTIES.flatMap((difficulty) =>
    Array.from({ length: SEEDS }, (_, seed) => family.ask(difficulty, stream(seed, 'checker test', name, difficulty))),
  );
};
const accepts = ({ steps, answerProblem, supportProblem }: Report) =>
  steps.every(({ problem }) => problem === null) && answerProblem === null && supportProblem === null;
const withStep = (solution: Solution, at: number, step: string): Solution => ({
  ...solution,
  reasoning: solution.reasoning.split('\n').with(at, step).join('\n'),
});

/** Each step of `solution` with each of its tokens that match `pattern` replaced by each of `others`. */
function* mutants(solution: Solution, pattern: RegExp, others: (token: string) => readonly string[]) {
  for (const [at, step] of solution.reasoning.split('\n').entries()) {
    for (const { 0: token, index } of step.matchAll(pattern)) {
      for (const other of others(token)) {
        if (other === token) continue;
        const mutated = step.slice(0, index) + other + step.slice(index + token.length);
        yield { mutated, solution: withStep(solution, at, mutated) };
      }
    }
  }
}

/** Whether things, given by their properties, refute what a syllogism asks: written anew from the words' meaning. */
function refutes(question: string, step: string): boolean {
  const match = /^Case: (one [a-z ]+ thing(?: and one [a-z ]+ thing)*)\.$/.exec(step);
  if (!match) return false;
  const things = match[1].split(' and ').map((thing) => thing.split(' ').slice(1, -1));
  const [premises, asked] = question.slice(0, -1).split('. Must it be that ');
  const sentences = [...premises.split('. '), asked].map((sentence) => sentence.toLowerCase().split(' '));
  const said = new Set(sentences.flatMap((words) => [words[1], words[words.length - 1]]));
  const sensible = things.every((thing) => new Set(thing).size === thing.length && thing.every((p) => said.has(p)));
  const truths = sentences.map(([quantifier, subject, , , ...rest]) => {
    const subjects = things.filter((thing) => thing.includes(subject));
    const having = subjects.filter((thing) => thing.includes(rest[rest.length - 1])).length;
    if (quantifier === 'some') return rest[0] === 'not' ? having < subjects.length : having > 0;
    return having === (quantifier === 'all' ? subjects.length : 0);
  });
  return sensible && truths.slice(0, -1).every(Boolean) && !truths[truths.length - 1];
}

/** The mutated steps that the checker lets pass. */
const survivors = (all: Iterable<{ mutated: string; solution: Solution }>) =>
  [...all].filter(({ solution }) => accepts(checkSolution(solution)));

describe.each(generalFamilies)('$name', ({ name, kind }) => {
  const cases = solutions(name);

  it('is refused with any number of a step changed', () => {
    const others = (token: string) =>
      [Number(token) + 1, Number(token) - 1, Number(token) + 10, 10 * Number(token), 0].map((n) =>
        String(Math.abs(n)).padStart(token.startsWith('0') ? token.length : 0, '0'),
      );
    const all = cases.flatMap((one) => [...mutants(one, /\d+/g, others)]);
    expect(survivors(all).map(({ mutated }) => mutated)).toEqual([]);
    // Syllogisms have no numbers.
    expect(all.length).toBeGreaterThan(name === 'syllogism' ? -1 : 90);
  });

  it('is refused with any word of a step changed for another that the family uses', () => {
    const words = [...new Set(cases.flatMap(({ reasoning }) => reasoning.match(/[A-Za-z]+/g) ?? [])), 'tea'];
    for (const one of cases) {
      const all = [...mutants(one, /[A-Za-z]+/g, () => words)];
      // Another counterexample may be as good.
      const good = all.filter(({ mutated }) => name === 'syllogism' && refutes(one.question, mutated));
      expect(survivors(all)).toEqual(good);
    }
  });

  it('is refused with any sign of a step changed', () => {
    const signs = ['+', '-', '*', '/', '<', '>'];
    const all = cases.flatMap((one) => [...mutants(one, /(?<= )[-+*/<>](?= )/g, () => signs)]);
    expect(survivors(all).map(({ mutated }) => mutated)).toEqual([]);
  });

  it('names the step and the reason', () => {
    for (const one of cases) {
      for (const at of one.reasoning.split('\n').keys()) {
        const { steps } = checkSolution(withStep(one, at, 'So it is.'));
        expect(steps[at].text).toBe('So it is.');
        expect(steps[at].problem).toContain('So it is');
        expect(steps.slice(0, at).every(({ problem }) => problem === null)).toBe(true);
      }
    }
  });

  it('is refused without its last step, with a step after it, and without full stops', () => {
    for (const one of cases) {
      const lines = one.reasoning.split('\n');
      const without = checkSolution({ ...one, reasoning: lines.slice(0, -1).join('\n') });
      expect(without.supportProblem).toContain('no answer');
      expect(without.answerProblem).toBeNull();
      expect(accepts(checkSolution({ ...one, reasoning: `${one.reasoning}\n1 + 1 = 2.` }))).toBe(false);
      expect(accepts(checkSolution({ ...one, reasoning: lines[lines.length - 1].slice(0, -1) }))).toBe(false);
    }
  });

  it('is refused with another answer, and with reasoning for another question', () => {
    const wrong = { number: ['-1', '1e9', '007', ''], choice: ['E', 'a', ''], text: ['tea', ''] }[kind];
    for (const one of cases) {
      for (const answer of wrong) {
        const { answerProblem, supportProblem } = checkSolution({ ...one, answer });
        expect(answerProblem).toContain('the answer is');
        expect(supportProblem).toContain('the steps lead to');
      }
    }
    const differing = cases.filter(({ reasoning }) => reasoning !== cases[0].reasoning);
    for (const { reasoning, answer } of differing) {
      expect(accepts(checkSolution({ ...cases[0], reasoning, answer }))).toBe(false);
    }
  });

  it('judges any text without failing', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom(...cases.flatMap((one) => [one.question, one.reasoning])));
    fc.assert(
      fc.property(
        text,
        text,
        fc.string(),
        fc.array(fc.string(), { maxLength: 4 }),
        (question, reasoning, answer, options) => {
          const report = checkSolution({ task: name, question, reasoning, answer, options });
          expect(report.steps.map((step) => step.text).join('\n')).toBe(reasoning);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the checker', () => {
  const problems = (solution: Omit<Solution, 'options'> & { options?: readonly string[] }) => {
    const { steps, answerProblem, supportProblem } = checkSolution({ options: null, ...solution });
    return [...steps.map(({ problem }) => problem), answerProblem, supportProblem];
  };

  it('says what is wrong with arithmetic, and goes on from the last valid step', () => {
    const task = 'arithmetic_chain';
    const question = 'Start with 12. Add 7. Multiply by 2. What is the result?';
    const reasoning = '12 + 7 = 20.\n12 + 7 = 19.\n20 * 2 = 40.\n19 * 2 = 38.';
    expect(problems({ task, question, reasoning, answer: '38' })).toEqual([
      '12 + 7 is 19, not 20',
      null,
      'the number so far is 19, not 20',
      null,
      null,
      null,
    ]);
  });

  it('takes solutions that no family writes: other orders, other ways', () => {
    const sum = { task: 'unit_conversion', question: 'How many cm are 3 m + 40 cm + 2 m?', answer: '540' };
    for (const reasoning of [
      '2 m = 200 cm.\n3 m = 300 cm.\n300 + 200 = 500.\n500 + 40 = 540.',
      '3 m = 3000 mm.\n3000 mm = 300 cm.\n40 + 300 = 340.\n2 m = 200 cm.\n340 + 200 = 540.',
    ]) {
      expect(problems({ ...sum, reasoning }).every((problem) => problem === null)).toBe(true);
    }
    const clock = { task: 'clock_time', question: 'It is 23:50. Go 75 min forward. What time is it?', answer: 'A' };
    const reasoning = '23:50 + 10 min = 00:00.\n00:00 + 1 h = 01:00.\n01:00 + 5 min = 01:05.\n01:05 is A.';
    expect(problems({ ...clock, options: ['01:05', '00:05'], reasoning }).every((problem) => problem === null)).toBe(
      true,
    );
  });

  it('decides syllogisms by their worlds: what is said of nothing need not exist', () => {
    const task = 'syllogism';
    const premises = 'All red things are big. All big things are old';
    const ask = (asked: string) =>
      problems({ task, question: `${premises}. Must it be that ${asked}?`, reasoning: '', answer: 'yes' })[0];
    expect(ask('all red things are old')).toBeNull();
    expect(ask('no old things are red')).toContain('the answer is no');
    expect(ask('some red things are old')).toContain('the answer is no');
    expect(ask('all old things are red')).toContain('the answer is no');
  });

  it('refuses questions with no one answer', () => {
    const unread = (task: string, question: string, options: readonly string[] | null = null) =>
      checkSolution({ task, question, options, reasoning: '', answer: '' }).answerProblem;
    expect(unread('tea', 'Tea?')).toContain('no way to check the task tea');
    expect(unread('number_sequence', 'Which number comes next: 1, 5, 2, 9?')).toContain('0 rules');
    expect(
      unread('transitive_order', 'Ann is taller than Ben. Ann is taller than Dan. Who is the second tallest?'),
    ).toContain('2 people could be');
    expect(unread('transitive_order', 'Ann is older than Ben. Who is the tallest?')).toContain('says nothing of who');
    expect(unread('transitive_order', 'Ann is taller than Ben. Ben is taller than Ann. Who is the tallest?')).toContain(
      '0 people could be',
    );
    expect(
      unread('venn_count', '9 people. 5 like tea. 6 like milk. 1 like tea and milk. How many like none of these?'),
    ).toContain('0 answers');
    expect(unread('venn_count', '9 people. 5 like tea. 6 like milk. How many like tea or milk?')).toContain(
      'each combination',
    );
    expect(unread('expression_comparison', 'Which is the largest?', ['1 + 4', '2 + 3'])).toContain('several options');
    expect(unread('clock_time', 'It is 25:00. Go 5 min back. What time is it?', ['24:55'])).toContain(
      'no time of a day',
    );
    expect(unread('set_operations', 'P = {1, 2}. How many are in P and Q?')).toContain('no set Q');
  });
});

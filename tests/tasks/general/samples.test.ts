/** General samples: filtered, fixed by their seed, and records and tokens like any other. */
import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../src/policy/tokenizer';
import { formatCompletion, promptText } from '../../../src/tasks/contract';
import { LENGTH_LIMITS, rejectionOf } from '../../../src/tasks/general/filters';
import { generalFamilies } from '../../../src/tasks/general/registry';
import { distinctGeneralSamples, generalRecord, generalSample } from '../../../src/tasks/general/sample';
import { generalPieces } from '../../../src/tasks/general/vocabulary';

const samples = generalFamilies.flatMap(({ name }) =>
  [0, 0.25, 0.5, 0.75, 1].flatMap((difficulty) =>
    Array.from({ length: 20 }, (_, index) => generalSample(7, index, name, difficulty)),
  ),
);

describe('generalSample', () => {
  it('is fixed by its seed, its index, the family and the difficulty', () => {
    const of = (seed: number, index: number) => generalSample(seed, index, 'arithmetic_chain', 0.8);
    expect(of(1, 2)).toEqual(of(1, 2));
    expect(of(1, 2).id).toBe('arithmetic_chain-1-2');
    expect(of(1, 2).question).not.toEqual(of(1, 3).question);
    expect(of(1, 2).question).not.toEqual(of(2, 2).question);
  });

  it('passes the filters', () => {
    for (const { question } of samples) expect(rejectionOf(question)).toBeNull();
  });

  it('leaves time for work between breaks, at every difficulty', () => {
    for (let index = 0; index < 4000; index++) {
      const { question } = generalSample(3, index, 'elapsed_minutes', (index % 21) / 20);
      expect(question.answerValue).toBeGreaterThan(0);
    }
  });

  it('draws again what is beyond the length limits', () => {
    const limits = { ...LENGTH_LIMITS, maxSteps: 3 };
    const steps = (index: number, ...given: [] | [typeof limits]) =>
      generalSample(2, index, 'item_counting', 0, ...given).question.reasoning.split('\n').length;
    const indices = Array.from({ length: 20 }, (_, index) => index);
    expect(Math.max(...indices.map((index) => steps(index)))).toBeGreaterThan(3);
    expect(Math.max(...indices.map((index) => steps(index, limits)))).toBe(3);
    expect(() => generalSample(2, 0, 'facing_direction', 0, { ...limits, maxSteps: 2 })).toThrow(
      /too long or too short/,
    );
  });

  it('names what it cannot do', () => {
    expect(() => generalSample(1, 0, 'tea', 0.5)).toThrow(/unknown general task 'tea'; .*arithmetic_chain/);
    expect(() => generalSample(1, 0, 'syllogism', 2)).toThrow(/difficulty is 2/);
  });
});

describe('distinctGeneralSamples', () => {
  it('asks nothing twice, in the order of the indices, however easy', () => {
    for (const { name } of generalFamilies) {
      const drawn = distinctGeneralSamples(5, 200, name, 0);
      expect(new Set(drawn.map(({ question }) => promptText(question))).size).toBe(200);
      expect(drawn[0]).toEqual(generalSample(5, 0, name, 0));
      expect(distinctGeneralSamples(5, 150, name, 0)).toEqual(drawn.slice(0, 150));
    }
  });

  it('gives up where there are no more', () => {
    // 99 starts, 24 differences, two ways.
    expect(() => distinctGeneralSamples(5, 4753, 'number_sequence', 0)).toThrow(/hardly 4753 problems at difficulty 0/);
  });
});

describe('the filters', () => {
  const { question } = generalSample(3, 1, 'arithmetic_chain', 0.5);
  it('refuse wrong answers, invalid steps and missing steps, each by name', () => {
    expect(rejectionOf({ ...question, answer: '1000' })?.filter).toBe('correctness');
    expect(rejectionOf({ ...question, reasoning: `1 + 1 = 3.\n${question.reasoning}` })).toEqual({
      filter: 'step_validity',
      reason: "'1 + 1 = 3.': 1 + 1 is 2, not 3",
    });
    expect(rejectionOf({ ...question, reasoning: '' })?.reason).toContain('no answer');
  });
  it('refuse what is too long or too short, at the bound', () => {
    const steps = question.reasoning.split('\n').length;
    const bounds = {
      minSteps: steps,
      maxSteps: steps,
      maxPrompt: question.question.length,
      maxReasoning: question.reasoning.length,
    };
    expect(rejectionOf(question, bounds)).toBeNull();
    for (const [bound, change] of [
      ['minSteps', 1],
      ['maxSteps', -1],
      ['maxPrompt', -1],
      ['maxReasoning', -1],
    ] as const) {
      const limits = { ...LENGTH_LIMITS, [bound]: bounds[bound] + change };
      expect(rejectionOf(question, limits)?.filter).toBe('length');
    }
  });
});

describe('generalRecord', () => {
  it('is a sample of a data set without a scene and frames', () => {
    for (const sample of samples) {
      const record = generalRecord(sample, 'train');
      const { question, kind, options, answer, reasoning, evidence, difficulty, task } = sample.question;
      expect(JSON.parse(JSON.stringify(record))).toEqual({
        id: sample.id,
        scene: '',
        split: 'train',
        domain: 'general',
        task,
        kind,
        question,
        options,
        answer,
        answer_value: kind === 'number' ? Number(answer) : null,
        unit: null,
        frames: [],
        reasoning,
        evidence,
        difficulty,
      });
    }
  });
});

describe('the general vocabulary', () => {
  const pieces = generalPieces();
  const tokenizer = new Tokenizer([...pieces].filter((piece) => piece.length > 1).sort());

  it('is small, and spells no word in bytes', () => {
    expect(pieces.size).toBeLessThan(320);
    for (const { question } of samples) {
      const text = `${promptText(question)} ${formatCompletion(question.reasoning, question.answer)}`;
      const spelled = tokenizer.encode(text).map((token) => {
        const bytes = tokenizer.tokenTexts()[token];
        return bytes.length === 1 ? String.fromCharCode(bytes[0]) : '|';
      });
      expect(spelled.join('')).not.toMatch(/[A-Za-z]{2}|[^ -~\n]/);
    }
  });
});

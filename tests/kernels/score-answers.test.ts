import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnswerTarget, encodeTargets, encodeTokenText } from '../../src/kernels/answer-text';
import { ednm } from '../../src/kernels/rewards/ednm';
import { rewardParameters } from '../../src/kernels/rewards/registry';
import { scoreAnswers } from '../../src/kernels/score-answers';
import { cpu, DEVICES, type KernelDevice, worstError } from './support';

/** Tokens 0 to 255 are the bytes; then pad, eos, and tokens of several bytes, which may cut tags in two. */
const PIECES = ['<think>', '</think>', '<answer>', '</answer>', '<ans', 'wer>', '12', '.5 ', '3e', '</'];
const [PAD, EOS, FIRST_PIECE] = [256, 257, 258];
const encoder = new TextEncoder();
const TEXTS = [
  ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  new Uint8Array(0),
  new Uint8Array(0),
  ...PIECES.map((piece) => encoder.encode(piece)),
];
const TOKEN_TEXT = encodeTokenText(TEXTS);

const SETTINGS = { gamma: 1, lambda: 2, epsilon: 1e-6, tolerance: 0, sigma: 1, sharpness: 1 };
const WEIGHTS = { ...rewardParameters(ednm, SETTINGS), accuracy_weight: 1, format_weight: 0.5, exact_weight: 0 };

/** The tokens of a text: bytes, ended by EOS unless `truncated`. */
const tokenize = (text: string, truncated = false) => [...encoder.encode(text), ...(truncated ? [] : [EOS])];

async function score(
  run: KernelDevice['run'],
  completions: number[][],
  targets: AnswerTarget[],
  weights: Partial<typeof WEIGHTS> = {},
) {
  const rows = completions.length;
  const max_completion = Math.max(1, ...completions.map(({ length }) => length));
  const tokens = new Int32Array(rows * max_completion).fill(PAD);
  completions.forEach((completion, row) => tokens.set(completion, row * max_completion));
  return run(
    scoreAnswers,
    {
      tokens,
      token_text: TOKEN_TEXT,
      targets: encodeTargets(targets),
      total: new Float32Array(rows).fill(77),
      accuracy: new Float32Array(rows).fill(77),
      exact: new Float32Array(rows).fill(77),
      format: new Float32Array(rows).fill(77),
      parsed: new Float32Array(2 * rows).fill(77),
    },
    {
      rows,
      max_completion,
      group_size: rows / targets.length,
      vocabulary: TEXTS.length,
      eos: EOS,
      ...WEIGHTS,
      ...weights,
    },
  );
}

/** Scores one answer within a well-formed completion. */
const answered = (run: KernelDevice['run'], answer: string, target: AnswerTarget) =>
  score(run, [tokenize(`<think>t</think><answer>${answer}</answer>`)], [target]);

const number = (value: number): AnswerTarget => ({ kind: 'number', value });
const text = (value: string): AnswerTarget => ({ kind: 'text', text: value });

// An oracle of its own: it splits the text at the tags instead of searching or stepping through it.
function oracle(completion: string, ended: boolean, target: AnswerTarget) {
  const space = [9, 10, 11, 12, 13, 32].map((code) => String.fromCharCode(code));
  const trim = (s: string): string =>
    space.includes(s[0]) ? trim(s.slice(1)) : space.includes(s[s.length - 1]) ? trim(s.slice(0, -1)) : s;
  const parts = completion.split(/(<\/?think>|<\/?answer>)/);
  const tags = parts.filter((_, i) => i % 2 === 1);
  const format =
    ended &&
    tags.join() === '<think>,</think>,<answer>,</answer>' &&
    [0, 4, 8].every((i) => trim(parts[i]) === '') &&
    trim(parts[6]) !== '';
  const open = tags.indexOf('<answer>');
  const close = open < 0 ? -1 : tags.indexOf('</answer>', open);
  const answer = close < 0 ? null : trim(parts.slice(2 * open + 2, 2 * close + 1).join(''));
  let accuracy = 0;
  let exact = 0;
  let parsed = [0, 0];
  if (answer !== null && target.kind === 'text') {
    const lower = (s: string) => [...s].map((c) => (c >= 'A' && c <= 'Z' ? c.toLowerCase() : c)).join('');
    accuracy = exact = lower(answer) === lower(trim(target.text)) ? 1 : 0;
  }
  if (answer !== null && target.kind === 'number') {
    const [mantissa, exponent, ...rest] = answer.replace('E', 'e').split('e');
    const [whole, fraction = '', ...more] = mantissa.replace(/^[+-]/, '').split('.');
    const digits = (s: string) => [...s].every((c) => c >= '0' && c <= '9');
    const plain =
      rest.length === 0 &&
      more.length === 0 &&
      digits(whole + fraction) &&
      whole + fraction !== '' &&
      (exponent === undefined || (exponent.replace(/^[+-]/, '') !== '' && digits(exponent.replace(/^[+-]/, ''))));
    if (plain) {
      let value = Number.parseFloat(answer);
      if (Math.abs(value) > 1e25) value = 1e25 * Math.sign(value);
      if (Math.abs(value) < 1e-25) value = 0;
      const truth = Math.fround(target.value);
      const distance = Math.abs(value - truth);
      accuracy = SETTINGS.gamma * Math.exp((-SETTINGS.lambda * distance) / (Math.abs(truth) + SETTINGS.epsilon));
      exact = distance <= 1e-6 * Math.abs(truth) ? 1 : 0;
      parsed = [value, 1];
    }
  }
  return { accuracy, exact, format: format ? 1 : 0, parsed };
}

describe.each(DEVICES)('score-answers on $name', ({ run }) => {
  test.each<[string, number]>([
    ['<think>a</think><answer>1</answer>', 1],
    [' \n<think>a</think>\t\r\n<answer> 1 </answer>  ', 1],
    ['<think></think><answer>x</answer>', 1],
    ['<think>a < b, </thin <answer</think><answer>1</answer>', 1],
    ['<think>a</think><answer></answer>', 0],
    ['<think>a</think><answer> \n </answer>', 0],
    ['<think>a</think><answer>1</answer>.', 0],
    ['x<think>a</think><answer>1</answer>', 0],
    ['<think>a</think>so<answer>1</answer>', 0],
    ['<think>a</think><<answer>1</answer>', 0],
    ['<think>a</think><answer>1</answer><', 0],
    ['<think>a</think><answer>1</answer><answer>2</answer>', 0],
    ['<think>a<think></think><answer>1</answer>', 0],
    ['<answer>1</answer><think>a</think>', 0],
    ['<think>a</think><answer>1', 0],
    ['<THINK>a</THINK><ANSWER>1</ANSWER>', 0],
    ['', 0],
  ])('format of %j is %i', async (completion, expected) => {
    const { format } = await score(run, [tokenize(completion)], [number(1)]);
    expect(format[0]).toBe(expected);
  });

  test('a completion without EOS has no format reward, but its answer counts; what follows EOS does not', async () => {
    const good = '<think>a</think><answer>1</answer>';
    const result = await score(
      run,
      [tokenize(good, true), [...tokenize(good), ...tokenize('<answer>2')], [EOS, ...tokenize(good)]],
      [number(1)],
    );
    expect([...result.format]).toEqual([0, 1, 0]);
    expect([...result.accuracy]).toEqual([1, 1, 0]);
  });

  test.each<[string, number | null]>([
    ['1', 1],
    ['+1.5', 1.5],
    ['-2', -2],
    ['.5', 0.5],
    ['5.', 5],
    ['-.25', -0.25],
    ['007', 7],
    ['  3.25\n', 3.25],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['2.5e+1', 25],
    ['5.e1', 50],
    ['123456789.125', 123456789.125],
    ['0.000000000000123', 1.23e-13],
    ['1e-40', 0],
    ['1e1000', 1e25],
    ['-1e99999999999', -1e25],
    ['1e-99999999999', 0],
    ['0e99999', 0],
    [`${'0'.repeat(100)}1e30`, 1e25],
    ['9'.repeat(400), 1e25],
    [`0.${'0'.repeat(400)}1`, 0],
    [`1${'0'.repeat(400)}e-400`, 1],
    [`0.${'0'.repeat(399)}1e400`, 1],
    ['', null],
    ['.', null],
    ['-', null],
    ['e5', null],
    ['.e5', null],
    ['1e', null],
    ['1e+', null],
    ['1e1.5', null],
    ['1..2', null],
    ['--1', null],
    ['1 2', null],
    ['1,000', null],
    ['0x10', null],
    ['Infinity', null],
    ['NaN', null],
    ['3 m', null],
    ['- 1', null],
    ['١', null],
  ])('reads the number %j', async (answer, expected) => {
    const { parsed, accuracy } = await answered(run, answer, number(1));
    expect(parsed[1]).toBe(expected === null ? 0 : 1);
    const tolerance = 1e-6 * Math.abs(expected ?? 0);
    expect(Math.abs(parsed[0] - (expected ?? 0))).toBeLessThanOrEqual(tolerance);
    if (expected === null) expect(accuracy[0]).toBe(0);
  });

  test('EDNM is the formula, from 0 to the largest targets', async () => {
    const cases: [string, number, number][] = [
      ['2', 2, 1],
      ['2.2', 2, Math.exp(-2 * (0.2 / (2 + 1e-6)))],
      ['1', 2, Math.exp(-1)],
      ['-2', 2, Math.exp(-4)],
      ['0', 0, 1],
      ['0.000001', 0, Math.exp(-2)],
      ['0.1', 0, 0],
      ['1e25', 1e25, 1],
      ['1e300', 1, 0],
      ['-1e300', 1e25, Math.exp(-4)],
      ['1e-30', 1, Math.exp(-2)],
    ];
    for (const [answer, target, expected] of cases) {
      const { accuracy, total, format } = await answered(run, answer, number(target));
      expect(Math.abs(accuracy[0] - expected)).toBeLessThan(1e-5);
      expect(total[0]).toBeCloseTo(accuracy[0] + 0.5 * format[0], 5);
    }
    const weighted = await score(run, [tokenize('<answer>1</answer>')], [number(2)], {
      ...rewardParameters(ednm, { ...SETTINGS, gamma: 3, lambda: 0.5, epsilon: 2 }),
      accuracy_weight: 10,
    });
    expect(weighted.accuracy[0]).toBeCloseTo(3 * Math.exp(-0.5 / 4), 5);
    expect(weighted.total[0]).toBeCloseTo(30 * Math.exp(-0.5 / 4), 4);
    const right = await score(run, [tokenize('<answer>2</answer>')], [number(2)], { exact_weight: 0.25 });
    expect(right.total[0]).toBeCloseTo(1.25, 6);
  });

  test('exact match: numbers that are equal, texts but for case and white space around them', async () => {
    const exact = async (answer: string, target: AnswerTarget) => (await answered(run, answer, target)).exact[0];
    expect(await exact('2.50', number(2.5))).toBe(1);
    expect(await exact('25e-1', number(2.5))).toBe(1);
    expect(await exact('2.501', number(2.5))).toBe(0);
    expect(await exact('0', number(0))).toBe(1);
    expect(await exact(' Left\n', text('left'))).toBe(1);
    expect(await exact('b', text(' B '))).toBe(1);
    expect(await exact('B.', text('B'))).toBe(0);
    expect(await exact('B', text('B C'))).toBe(0);
    expect(await exact('coffee  table', text('coffee table'))).toBe(0);
    expect(await exact('Ä', text('ä'))).toBe(0);
    expect(await exact('1', text('1'))).toBe(1);
    expect((await answered(run, 'chair', text('CHAIR'))).accuracy[0]).toBe(1);
  });

  test('the first answer counts, and a tag within it makes it no number', async () => {
    const accuracy = async (completion: string) => (await score(run, [tokenize(completion)], [number(1)])).accuracy[0];
    expect(await accuracy('<answer>1</answer><answer>2</answer>')).toBe(1);
    expect(await accuracy('<answer>2</answer><answer>1</answer>')).toBeLessThan(0.2);
    expect(await accuracy('</answer><answer>1</answer>')).toBe(1);
    expect(await accuracy('<answer><answer>1</answer>')).toBe(0);
    expect(await accuracy('<answer>1')).toBe(0);
    expect(await accuracy('1')).toBe(0);
  });

  test('tags and numbers that are cut over tokens; tokens out of the vocabulary say nothing', async () => {
    const piece = (name: string) => FIRST_PIECE + PIECES.indexOf(name);
    const [lessThan, one] = ['<', '1'].map((character) => character.charCodeAt(0));
    const open = [piece('<think>'), -5, piece('</think>'), piece('<ans'), 100_000, piece('wer>')];
    const answer = [piece('12'), piece('.5 '), lessThan, ...encoder.encode('/answer>')];
    const tokens = [...open, ...answer, PAD, EOS, one];
    const result = await score(run, [tokens], [number(12.5)]);
    expect([result.accuracy[0], result.exact[0], result.format[0], result.parsed[0]]).toEqual([1, 1, 1, 12.5]);
  });

  test('each group has its own target; a group of one', async () => {
    const completions = ['<answer>1</answer>', '<answer>2</answer>', '<answer>a</answer>', '<answer>b</answer>'];
    const pairs = await score(
      run,
      completions.map((completion) => tokenize(completion)),
      [number(2), text('a')],
    );
    expect([...pairs.exact]).toEqual([0, 1, 1, 0]);
    const singles = await score(
      run,
      completions.map((completion) => tokenize(completion)),
      [number(1), text('bb'), text('A'), text('b')],
    );
    expect([...singles.exact]).toEqual([1, 0, 1, 1]);
  });

  test('whatever the tokens, rewards are those of an oracle that works another way', async () => {
    const token = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: FIRST_PIECE, max: FIRST_PIECE + PIECES.length - 1 }) },
      { weight: 4, arbitrary: fc.constantFrom(...encoder.encode('0123456789.+-eE \n</>')) },
      { weight: 1, arbitrary: fc.integer({ min: -3, max: TEXTS.length + 3 }) },
    );
    const body = fc.array(token, { maxLength: 30 });
    const piece = (index: number) => FIRST_PIECE + index;
    // Soups, and soups within a proper frame, so that answers are met often.
    const completion = fc.oneof(
      body,
      fc
        .tuple(body, body)
        .map(([thought, answer]) =>
          [[piece(0)], thought, [piece(1), piece(2)], answer.slice(0, 6), [piece(3), EOS]].flat(),
        ),
    );
    const target = fc.oneof(
      fc.constantFrom(0, 1, 12, -3, 0.5, 1e20, 1e-20).map(number),
      fc.constantFrom('12', 'e', '.5', '3E').map(text),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(completion, target), { minLength: 1, maxLength: 60 }), async (cases) => {
        const result = await score(
          run,
          cases.map(([tokens]) => tokens),
          cases.map(([, wanted]) => wanted),
        );
        cases.forEach(([tokens, wanted], row) => {
          const end = tokens.indexOf(EOS);
          const read = (end < 0 ? tokens : tokens.slice(0, end)).flatMap((id) => [...(TEXTS[id] ?? [])]);
          const expected = oracle(String.fromCharCode(...read), end >= 0, wanted);
          expect(result.format[row]).toBe(expected.format);
          expect(result.exact[row]).toBe(expected.exact);
          expect(Math.abs(result.accuracy[row] - expected.accuracy)).toBeLessThan(1e-5);
          expect(worstError(result.parsed.slice(2 * row, 2 * row + 2), expected.parsed, 1e-20)).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test('a million completions', async () => {
    const [rows, max_completion] = [1_000_000, 4];
    const answers = [...encoder.encode('59x')];
    const tokens = new Int32Array(rows * max_completion);
    for (let row = 0; row < rows; row++) {
      tokens.set([FIRST_PIECE + 2, answers[row % 3], FIRST_PIECE + 3, EOS], row * max_completion);
    }
    const zero = new Float32Array(rows);
    const { accuracy } = await run(
      scoreAnswers,
      {
        tokens,
        token_text: TOKEN_TEXT,
        targets: encodeTargets([number(10)]),
        total: zero,
        accuracy: zero,
        exact: zero,
        format: zero,
        parsed: new Float32Array(2 * rows),
      },
      { rows, max_completion, group_size: rows, vocabulary: TEXTS.length, eos: EOS, ...WEIGHTS },
    );
    const expected = [Math.exp(-1), Math.exp(-0.2), 0];
    let worst = 0;
    for (let row = 0; row < rows; row++) worst = Math.max(worst, Math.abs(accuracy[row] - expected[row % 3]));
    expect(worst).toBeLessThan(1e-5);
  });
});

test('targets that no answer can match are refused', () => {
  expect(() => encodeTargets([number(1), number(Number.NaN)])).toThrow(/target 1 is NaN/);
  expect(() => encodeTargets([number(1e30)])).toThrow(/at most 1e\+25/);
  expect(() => encodeTargets([text('  ')])).toThrow(/target 0 is a blank text/);
  expect(() => encodeTargets([text('a long text')], 5)).toThrow(/more than the 5 given/);
});

test('sizes and parameters that do not fit are refused', async () => {
  await expect(score(cpu.run, [[1], [2], [3]], [number(1), number(2)])).rejects.toThrow(
    /"group_size" must be uint32, not 1.5/,
  );
  await expect(score(cpu.run, [[1]], [number(1)], { reward: 99 })).rejects.toThrow(/no reward number 99/);
});

/** The benchmarks' parsers on answers as models write them, against what their Python gives. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cvLetter, cvTruth } from '../../src/evaluation/parsers/cv-bench';
import { finalAnswer } from '../../src/evaluation/parsers/final-answer';
import { firstNumber } from '../../src/evaluation/parsers/lmms-eval';
import { pythonFloat } from '../../src/evaluation/parsers/python-text';
import { vsiAnswer } from '../../src/evaluation/parsers/vsi';

describe("Python's float", () => {
  test.each<[string, number | null]>([
    ['3.', 3],
    ['.5', 0.5],
    ['+1e-3', 0.001],
    [' 7\n', 7],
    ['1_000', 1000],
    ['1__0', null],
    ['３.５', 3.5],
    ['٤٢', 42],
    ['𝟗𝟎', 90],
    ['½', null],
    ['3,5', null],
    ['0x10', null],
    ['-Infinity', -Infinity],
    ['nan', NaN],
    ['', null],
    ['.', null],
    ['\ufeff3', null],
  ])('%j is %d', (text, value) => expect(pythonFloat(text)).toBe(value));

  test('reads back every finite double', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => pythonFloat(String(x)) === x));
  });
});

describe("VSI-Bench's parser", () => {
  test.each([
    ['3.', '3'],
    ['3 meters', '3'],
    ['3...', '3'],
    ['A. table', 'A'],
    ['the answer is A', 'the'],
    ['', ''],
    [' 3', ''],
    ['A.\n', 'A.'],
    ['3\n', '3'],
    ['3\u00a0m', '3\u00a0m'],
  ])('%j is %j', (text, answer) => expect(vsiAnswer(text)).toBe(answer));
});

describe("lmms-eval's number", () => {
  test.each<[string, number | null]>([
    ['3.', 3],
    ['3 meters', 3],
    ['about 2.5m, or 3', 2.5],
    ['There are two chairs, not 4', 2],
    ['Twenty-one', 21],
    ['one hundred and twenty cm', 120],
    ['sixteen', 16],
    ['1,250 cm', 1250],
    ['10-12', 10],
    ['option-2', 2],
    ['it is -4 degrees', -4],
    ['１２ m', 12],
    ['someone often', null],
    ['', null],
    ['no idea', null],
  ])('%j is %d', (text, value) => expect(firstNumber(text)).toBe(value));
});

describe("CV-Bench's parser", () => {
  test.each([
    ['A', 'A'],
    ['(b)', 'B'],
    ['  ( C ) chair', 'C'],
    ['D. 4', 'D'],
    ['The first', 'T'],
    ['3', null],
    ['', null],
    ['**A**', null],
    ['\u017f', 'S'],
    ['(\u0131)', 'I'],
    ['\uff21', null],
  ])('%j is %j', (text, letter) => expect(cvLetter(text)).toBe(letter));

  test('a truth is its letter, in brackets or not', () => {
    expect([cvTruth('(B)'), cvTruth('B')]).toEqual(['B', 'B']);
  });
});

describe('the final answer', () => {
  test.each([
    ['<think>3 or 4</think><answer>4</answer>', '4'],
    ['<think>a</think>\n<answer>\\boxed{C. 22.6}</answer>', 'C. 22.6'],
    ['<answer>1</answer><answer>2</answer>', '1'],
    ['<think>long</think> 5 ', '5'],
    ['so \\boxed{\\frac{1}{2}}', '\\frac{1}{2}'],
    ['\\boxed{open', '\\boxed{open'],
    ['3 meters', '3 meters'],
    ['', ''],
  ])('of %j is %j', (completion, answer) => expect(finalAnswer(completion)).toBe(answer));
});

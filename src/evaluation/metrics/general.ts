/**
 * General problems: exact match. A choice is its letter or its text, a number is its value however it is written, any
 * other answer its words but for case, spacing and a full stop.
 */
import { letterOf } from '../../tasks/contract';
import { finalAnswer } from '../parsers/final-answer';
import { asciiDigits } from '../parsers/python-text';
import { type Benchmark, mean, microMean, taskMeans } from './benchmark';

const LETTERED = /^\(?([a-z])\)?(?:[.:)]\s*(.*)|\s*)$/s;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/;
const FRACTION = /^([+-]?\d+)\/(\d+)$/;
/** Two doubles within this relative distance are the same number, written with different care. */
const SAME_NUMBER = 1e-9;

/** Without outer white space, doubled spaces, case and final full stops; digits and signs of one form. */
function normalized(text: string): string {
  return asciiDigits(text.normalize('NFKC'))
    .replaceAll('\u2212', '-')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\.+$/, '')
    .replace(/^\$(.*)\$$/, '$1')
    .toLowerCase();
}

/** The value of a decimal number or a fraction that is the whole text, or null. Commas may part thousands. */
function numberIn(text: string): number | null {
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  const fraction = FRACTION.exec(plain);
  if (fraction) return Number(fraction[1]) / Number(fraction[2]);
  return DECIMAL.test(plain) ? Number(plain) : null;
}

const isLetter = (text: string) => /^[a-z]$/.test(text);

/** Whether two answers say the same. */
function sameAnswer(a: string, b: string): boolean {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x === null || y === null) return a === b;
  return Math.abs(x - y) <= SAME_NUMBER * Math.max(Math.abs(x), Math.abs(y));
}

/** Letter of the option that `answer`, normalized, stands for, or null. */
function chosenLetter(answer: string, options: readonly string[]): string | null {
  const lettered = LETTERED.exec(answer);
  if (lettered && lettered[1].charCodeAt(0) - 97 < options.length) return lettered[1];
  const at = options.findIndex((option) => sameAnswer(normalized(withoutLetter(option)), answer));
  return at < 0 ? null : letterOf(at).toLowerCase();
}

/** Options may come with their letters: 'A. chair'. */
export function withoutLetter(option: string): string {
  return option.replace(/^\s*\(?[A-Z][.):]\s+/, '');
}

export const generalBenchmark: Benchmark = {
  name: 'general',
  title: 'General problems',
  problem({ groundTruth, options }) {
    if (normalized(groundTruth) === '') return 'ground_truth is blank; give the right answer';
    if (options !== null && chosenLetter(normalized(groundTruth), options) === null) {
      return `ground_truth "${groundTruth}" is none of the ${options.length} options; give its letter or its text`;
    }
    return null;
  },
  score({ groundTruth, prediction, options }) {
    if (prediction === null) return 0;
    const [answer, truth] = [normalized(finalAnswer(prediction)), normalized(groundTruth)];
    // Options may stand in the question only.
    if (options === null)
      return sameAnswer(answer, truth) || (isLetter(truth) && LETTERED.exec(answer)?.[1] === truth) ? 1 : 0;
    const chosen = chosenLetter(answer, options);
    return chosen !== null && chosen === chosenLetter(truth, options) ? 1 : 0;
  },
  figures(cells) {
    const byTask = taskMeans(cells);
    return { overall: microMean(cells), byTask, others: { macro: mean(Object.values(byTask)) } };
  },
};

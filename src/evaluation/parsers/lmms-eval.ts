/**
 * How newer releases of lmms-eval read the number in an answer to a VSI-Bench question: the first one anywhere in the
 * text, in digits or in words.
 */
import { asciiDigits } from './python-text';

const UNITS = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const VALUES = new Map<string, number>([
  ...UNITS.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, 20 + 10 * index] as const),
]);

const SMALL = `(?:(?:${TENS.join('|')})(?:[- ](?:${UNITS.slice(1, 10).join('|')}))?|${UNITS.toReversed().join('|')})`;
/** Up to nine hundred and ninety-nine; whole words only. */
const WORDS = `(?<![\\p{L}\\d])${SMALL}(?: hundred(?:(?: and)? ${SMALL})?)?(?!\\p{L})`;
/** A minus after a letter or a digit is a hyphen: 'option-2', '2-3'. Commas may part thousands. */
const DECIMAL =
  '(?:(?<![\\p{L}\\d])[-+])?(?:\\d{1,3}(?:,\\d{3})+(?![\\d])(?:\\.\\d+)?|\\d+(?:\\.\\d*)?|\\.\\d+)(?:e[+-]?\\d+)?';
const NUMBER = new RegExp(`(?<decimal>${DECIMAL})|(?<words>${WORDS})`, 'iu');

/** The first number in `text`, or null when it holds none. 'about three meters' is 3. */
export function firstNumber(text: string): number | null {
  const found = NUMBER.exec(asciiDigits(text))?.groups;
  if (!found) return null;
  return found.words === undefined ? Number(found.decimal.replaceAll(',', '')) : wordsValue(found.words);
}

function wordsValue(words: string): number {
  let value = 0;
  for (const word of words.toLowerCase().split(/[- ]/)) {
    if (word === 'hundred') value *= 100;
    else value += VALUES.get(word) ?? 0;
  }
  return value;
}

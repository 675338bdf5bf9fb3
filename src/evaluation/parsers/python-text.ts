/**
 * What Python's `str.strip` and `float` do, as far as they differ from JavaScript's: the benchmarks' parsers are Python,
 * and a score agrees to the last digit only if the same texts count as the same numbers.
 */

/** White space by Python's definition, as the inside of a regular expression's brackets. */
export const PYTHON_SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const OUTER_SPACE = new RegExp(`^[${PYTHON_SPACE}]+|[${PYTHON_SPACE}]+$`, 'g');
const DIGIT = /^\p{Nd}$/u;
const DIGITS = '\\d+(?:_\\d+)*';
const FLOAT = new RegExp(`^[+-]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:e[+-]?${DIGITS})?$`, 'i');
const INFINITE = /^([+-]?)inf(?:inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;

/** `text.strip()`. */
export function pythonStrip(text: string): string {
  return text.replace(OUTER_SPACE, '');
}

/** Decimal digits of any script as ASCII's: '３' and '٣' are 3 to Python, in `float` as in regular expressions. */
export function asciiDigits(text: string): string {
  return text.replace(/[^\P{Nd}0-9]/gu, (character) => String(digitValue(character.codePointAt(0)!)));
}

/** Unicode keeps the digits of a script together, from 0 to 9; some runs hold several sets of ten. */
function digitValue(codePoint: number): number {
  let start = codePoint;
  while (DIGIT.test(String.fromCodePoint(start - 1))) start--;
  return (codePoint - start) % 10;
}

/** `float(text)`: a double, infinities and NaN among them, or null where Python raises ValueError. */
export function pythonFloat(text: string): number | null {
  const stripped = asciiDigits(pythonStrip(text));
  if (FLOAT.test(stripped)) return Number(stripped.replaceAll('_', ''));
  const infinite = INFINITE.exec(stripped);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return NOT_A_NUMBER.test(stripped) ? NaN : null;
}

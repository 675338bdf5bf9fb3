/**
 * Rewards straight from the token buffer: is a completion well formed, what does it answer, and how near is that to the
 * truth. Numbers earn one of the rewards in rewards/, texts an exact match.
 */
import wgsl from '../../shaders/score-answers.wgsl?raw';
import { asciiTrim, byteAt, MAX_MAGNITUDE, TARGET_WORDS } from './answer-text';
import { defineKernel, type TypedArray } from './kernel';
import { NUMERIC_REWARDS, rewardsWgsl } from './rewards/registry';
import type { RewardSettings } from './rewards/reward';
import { invocationGrid, requireLength, requireThat } from './sizes';

/** Completions are read as bytes; each becomes the character of its code. */
const FORMAT = /^[\t-\r ]*<think>([^]*?)<\/think>[\t-\r ]*<answer>([^]*?)<\/answer>[\t-\r ]*$/;
const TAG = /<\/?(?:think|answer)>/g;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** What a reward does not name it does not read. */
const NO_SETTINGS: RewardSettings = { gamma: 0, lambda: 0, epsilon: 0, tolerance: 0, sigma: 0, sharpness: 0 };
/** Two float32 within this relative distance are the same number: rounding differs between processors. */
const SAME_NUMBER = 1e-6;

/** Text of a row up to `eos`, and whether `eos` was there. Tokens out of the vocabulary have no text. */
function decode(
  tokens: TypedArray,
  tokenText: TypedArray,
  start: number,
  end: number,
  vocabulary: number,
  eos: number,
) {
  let text = '';
  for (let i = start; i < end; i++) {
    const token = tokens[i];
    if (token === eos) return { text, ended: true };
    if (token < 0 || token >= vocabulary) continue;
    for (let at = tokenText[token]; at < tokenText[token + 1]; at++) {
      text += String.fromCharCode(byteAt(tokenText, vocabulary + 1, at));
    }
  }
  return { text, ended: false };
}

/** The text of the first answer, trimmed, or null. */
function firstAnswer(text: string): string | null {
  const open = text.indexOf('<answer>');
  if (open < 0) return null;
  const close = text.indexOf('</answer>', open);
  return close < 0 ? null : asciiTrim(text.slice(open + '<answer>'.length, close));
}

/** Whether the whole text is one thought and one answer that is not blank. */
export function isWellFormed(text: string): boolean {
  const match = FORMAT.exec(text);
  return match !== null && text.match(TAG)?.length === 4 && asciiTrim(match[2]) !== '';
}

/** The number that `answer` is, within the magnitudes that count, or null when it is no plain decimal number. */
function parseNumber(answer: string): number | null {
  if (!NUMBER.test(answer)) return null;
  const value = Number(answer);
  if (Math.abs(value) < 1 / MAX_MAGNITUDE) return 0;
  return Math.max(-MAX_MAGNITUDE, Math.min(MAX_MAGNITUDE, value));
}

/** ASCII letters in lower case, other bytes as they are. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * `tokens`: [rows, max_completion], each row up to its first `eos`. `token_text`: what `encodeTokenText` gives.
 * `targets`: what `encodeTargets` gives, one target for `group_size` rows.
 *
 * `accuracy`, `exact`, `format`, `total`: [rows]. `parsed`: [rows, 2], the number that was answered and 1, or 0 and 0
 * where the target is a number and none was answered, or the target is a text.
 *
 * - The answer is the text between the first `<answer>` and the first `</answer>` after it, without the white space around it. A
 *   completion cannot hedge: further answers do not count and cost the format reward.
 * - A number has an optional sign, digits with an optional fraction ('5.' and '.5' pass), and an optional exponent (e or E);
 *   nothing else. Beyond 1e25 it counts as 1e25, below 1e-25 as 0. Anything else earns 0.
 * - accuracy, for numbers: the reward number `reward` of rewards/registry.ts, with its settings. For texts: `exact`.
 * - exact: 1 if the numbers agree to 1e-6 relative, or the texts byte for byte but for the case of ASCII letters.
 * - format: 1 if the whole completion is `<think>…</think><answer>…</answer>`, each tag once, the answer not blank,
 *   white space alone before, between and after the two, and ended by `eos`.
 * - total: accuracy_weight * accuracy + format_weight * format + exact_weight * exact.
 */
export const scoreAnswers = defineKernel({
  name: 'score-answers',
  wgsl: rewardsWgsl() + wgsl,
  bindings: [
    { name: 'tokens', dtype: 'int32', access: 'read' },
    { name: 'token_text', dtype: 'uint32', access: 'read' },
    { name: 'targets', dtype: 'uint32', access: 'read' },
    { name: 'total', dtype: 'float32', access: 'read_write' },
    { name: 'accuracy', dtype: 'float32', access: 'read_write' },
    { name: 'exact', dtype: 'float32', access: 'read_write' },
    { name: 'format', dtype: 'float32', access: 'read_write' },
    { name: 'parsed', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'rows', dtype: 'uint32' },
    { name: 'max_completion', dtype: 'uint32' },
    { name: 'group_size', dtype: 'uint32' },
    { name: 'vocabulary', dtype: 'uint32' },
    { name: 'eos', dtype: 'int32' },
    { name: 'reward', dtype: 'uint32' },
    { name: 'setting_0', dtype: 'float32' },
    { name: 'setting_1', dtype: 'float32' },
    { name: 'setting_2', dtype: 'float32' },
    { name: 'setting_3', dtype: 'float32' },
    { name: 'accuracy_weight', dtype: 'float32' },
    { name: 'format_weight', dtype: 'float32' },
    { name: 'exact_weight', dtype: 'float32' },
  ],
  check(lengths, { rows, max_completion, group_size, vocabulary, reward }) {
    requireThat(this.name, group_size > 0, 'group_size must be above 0');
    requireThat(this.name, rows % group_size === 0, `group_size (${group_size}) must divide rows (${rows})`);
    requireThat(this.name, reward < NUMERIC_REWARDS.length, `there is no reward number ${reward}`);
    requireThat(this.name, lengths.token_text > vocabulary, `"token_text" has no table for ${vocabulary} tokens`);
    const records = (TARGET_WORDS * rows) / group_size;
    requireThat(this.name, lengths.targets >= records, `"targets" holds fewer than ${rows / group_size} records`);
    requireLength(this.name, 'tokens', lengths.tokens, rows * max_completion);
    for (const name of ['total', 'accuracy', 'exact', 'format'] as const) {
      requireLength(this.name, name, lengths[name], rows);
    }
    requireLength(this.name, 'parsed', lengths.parsed, 2 * rows);
  },
  dispatches: ({ rows }) => [invocationGrid('main', rows)],
  reference(buffers, parameters) {
    const { tokens, token_text, targets, total, accuracy, exact, format, parsed } = buffers;
    const { rows, max_completion, group_size, vocabulary, eos } = parameters;
    const { accuracy_weight, format_weight, exact_weight } = parameters;
    const { settings: names, reference } = NUMERIC_REWARDS[parameters.reward];
    const given = [parameters.setting_0, parameters.setting_1, parameters.setting_2, parameters.setting_3];
    const settings = { ...NO_SETTINGS, ...Object.fromEntries(names.map((name, index) => [name, given[index]])) };
    const targetValues = new Float32Array(targets.buffer, targets.byteOffset, targets.length);
    const targetText = (TARGET_WORDS * rows) / group_size;
    for (let row = 0; row < rows; row++) {
      const start = row * max_completion;
      const { text, ended } = decode(tokens, token_text, start, start + max_completion, vocabulary, eos);
      const answer = firstAnswer(text);
      const record = TARGET_WORDS * Math.floor(row / group_size);
      accuracy[row] = exact[row] = parsed[2 * row] = parsed[2 * row + 1] = 0;
      if (answer !== null && targets[record] === 0) {
        const truth = targetValues[record + 1];
        const value = parseNumber(answer);
        if (value !== null) {
          const distance = Math.abs(value - truth);
          accuracy[row] = reference(value, truth, settings);
          exact[row] = distance <= SAME_NUMBER * Math.abs(truth) ? 1 : 0;
          parsed[2 * row] = value;
          parsed[2 * row + 1] = 1;
        }
      } else if (answer !== null) {
        let wanted = '';
        for (let i = 0; i < targets[record + 3]; i++) {
          wanted += String.fromCharCode(byteAt(targets, targetText, targets[record + 2] + i));
        }
        accuracy[row] = exact[row] = asciiLower(answer) === asciiLower(wanted) ? 1 : 0;
      }
      format[row] = ended && isWellFormed(text) ? 1 : 0;
      total[row] = accuracy_weight * accuracy[row] + format_weight * format[row] + exact_weight * exact[row];
    }
  },
});

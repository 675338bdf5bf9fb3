/**
 * Texts as the reward kernel takes them: bytes, packed four to a word, low byte first, behind a table of where each begins.
 */

/** What an answer is held against. */
export type AnswerTarget =
  | { readonly kind: 'number'; readonly value: number }
  /** The answer must be this text, but for ASCII case and white space around it. */
  | { readonly kind: 'text'; readonly text: string };

/** Words of a target's record: kind, float32 bits of the number, first byte of the text, its length. */
export const TARGET_WORDS = 4;
/** Targets and answers beyond this count as this; below its inverse, as 0. Keeps every reward within float32. */
export const MAX_MAGNITUDE = 1e25;

const TARGET_KINDS = { number: 0, text: 1 } as const;

/** Bytes packed four to a word, low byte first, the last word filled up with zeros. */
function packBytes(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(Math.ceil(bytes.length / 4));
  bytes.forEach((byte, i) => (words[i >> 2] |= byte << (8 * (i & 3))));
  return words;
}

/** Byte `index` of `words`, counted from word `base` on. */
export function byteAt(words: ArrayLike<number>, base: number, index: number): number {
  return (words[base + (index >> 2)] >>> (8 * (index & 3))) & 0xff;
}

/** The `token_text` of score-answers: byte offsets of every token ([vocabulary + 1]), then the bytes. */
export function encodeTokenText(texts: readonly Uint8Array[]): Uint32Array {
  const offsets = new Uint32Array(texts.length + 1);
  texts.forEach((text, token) => (offsets[token + 1] = offsets[token] + text.length));
  const bytes = new Uint8Array(offsets[texts.length]);
  texts.forEach((text, token) => bytes.set(text, offsets[token]));
  const words = packBytes(bytes);
  const packed = new Uint32Array(offsets.length + words.length);
  packed.set(offsets);
  packed.set(words, offsets.length);
  return packed;
}

/**
 * The `targets` of score-answers: a record of 4 words a group, then the bytes of the texts.
 * @param minimumWords the result is filled up with zeros to this length, so that a tensor can be reused for other targets.
 * @throws RangeError for a number that is not finite or above 1e25, for a blank text, and for texts that do not fit.
 */
export function encodeTargets(targets: readonly AnswerTarget[], minimumWords = 0): Uint32Array {
  const texts = targets.map((target) =>
    target.kind === 'text' ? new TextEncoder().encode(asciiTrim(target.text)) : new Uint8Array(0),
  );
  const bytes = new Uint8Array(texts.reduce((sum, text) => sum + text.length, 0));
  const records = new Uint32Array(TARGET_WORDS * targets.length);
  const floats = new Float32Array(records.buffer);
  let start = 0;
  targets.forEach((target, index) => {
    if (target.kind === 'number') {
      if (!(Math.abs(target.value) <= MAX_MAGNITUDE)) {
        throw new RangeError(`target ${index} is ${target.value}; a target is a number of at most ${MAX_MAGNITUDE}`);
      }
      floats[TARGET_WORDS * index + 1] = target.value;
    }
    if (target.kind === 'text' && texts[index].length === 0) {
      throw new RangeError(`target ${index} is a blank text, which no answer can match`);
    }
    bytes.set(texts[index], start);
    records[TARGET_WORDS * index] = TARGET_KINDS[target.kind];
    records[TARGET_WORDS * index + 2] = start;
    records[TARGET_WORDS * index + 3] = texts[index].length;
    start += texts[index].length;
  });
  const words = packBytes(bytes);
  if (minimumWords > 0 && records.length + words.length > minimumWords) {
    throw new RangeError(
      `the targets take ${records.length + words.length} words, more than the ${minimumWords} given`,
    );
  }
  const packed = new Uint32Array(Math.max(minimumWords, records.length + words.length));
  packed.set(records);
  packed.set(words, records.length);
  return packed;
}

/** `text` without ASCII white space (tab, line feed, vertical tab, form feed, carriage return, space) around it. */
export function asciiTrim(text: string): string {
  return text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
}

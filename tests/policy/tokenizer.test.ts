/** The tokenizer is total and reversible, keeps digits apart, and reads only sound files. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeTokenText } from '../../src/kernels/answer-text';
import { Tokenizer } from '../../src/policy/tokenizer';
import { CONTRACT_TAGS } from '../../src/tasks/contract';

const PIECES = ['The', ' chair', ' chairs', ' char', ' is', ' trash bin', ' trash', '\nA.', 'é', '座位', '🪑'];
const tokenizer = new Tokenizer(PIECES);

/** Any well-formed text, and texts dense in what the tokenizer treats specially. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...PIECES,
        ...CONTRACT_TAGS,
        '<pad>',
        '<bos>',
        '<eos>',
        '<',
        '>',
        '<0x41>',
        '7',
        '\uFEFF',
        ' ',
        '\0',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('encode and decode', () => {
  it('give any well-formed text back', () => {
    fc.assert(
      fc.property(anyText, (text) => tokenizer.decode(tokenizer.encode(text)) === text),
      { numRuns: 1000 },
    );
  });
  it('never encode into special tokens, and stay below the size', () => {
    const { pad, bos, eos } = tokenizer.special;
    fc.assert(
      fc.property(anyText, (text) =>
        tokenizer.encode(text).every((id) => ![pad, bos, eos].includes(id) && id >= 0 && id < tokenizer.size),
      ),
    );
  });
  it('decode any tokens to the concatenation of their bytes', () => {
    const ids = fc.array(fc.integer({ min: 0, max: tokenizer.size - 1 }), { maxLength: 40 });
    const texts = tokenizer.tokenTexts();
    fc.assert(
      fc.property(ids, (tokens) => {
        const bytes = Buffer.concat(tokens.map((id) => texts[id]));
        return tokenizer.decode(tokens) === bytes.toString('utf8');
      }),
    );
  });
  it('take the longest piece', () => {
    const lengths = (text: string) => tokenizer.encode(text).map((id) => tokenizer.tokenTexts()[id].length);
    expect(lengths(' chairs')).toEqual([7]);
    expect(lengths(' chair')).toEqual([6]);
    expect(lengths(' trash bin')).toEqual([10]);
    expect(lengths(' trash bag')).toEqual([6, 1, 1, 1, 1]);
    expect(lengths('é座位🪑')).toEqual([2, 6, 4]);
    expect(lengths('🪐')).toEqual([1, 1, 1, 1]);
  });
  it('take the longest tag or piece wherever one begins', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let rest = Buffer.from(text);
        for (const id of tokenizer.encode(text)) {
          const taken = Buffer.from(tokenizer.tokenTexts()[id]);
          const fitting = [...CONTRACT_TAGS, ...PIECES]
            .map((each) => Buffer.from(each))
            .filter((each) => rest.indexOf(each) === 0);
          expect(taken).toEqual(
            fitting.reduce((most, each) => (each.length > most.length ? each : most), rest.subarray(0, 1)),
          );
          rest = rest.subarray(taken.length);
        }
        expect(rest).toHaveLength(0);
      }),
    );
  });
  it('give every digit a token of its own, the same everywhere', () => {
    const digit = (d: string) => tokenizer.encode(d)[0];
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const text = `${a}.${b}`;
        const expected = [...text].map(digit);
        expect(tokenizer.encode(text)).toEqual(expected);
        expect(tokenizer.encode(` chair${text}`).slice(1)).toEqual(expected);
      }),
    );
  });
  it('give every tag one token', () => {
    for (const tag of CONTRACT_TAGS) expect(tokenizer.encode(tag)).toHaveLength(1);
    expect(tokenizer.encode('<think>7</think>')).toHaveLength(3);
  });
  it('write special tokens only when asked to', () => {
    const { pad, bos, eos } = tokenizer.special;
    const tokens = [bos, ...tokenizer.encode('The chair'), eos, pad];
    expect(tokenizer.decode(tokens)).toBe('The chair');
    expect(tokenizer.decode(tokens, { specials: true })).toBe('<bos>The chair<eos><pad>');
  });
  it('replaces half a surrogate pair, which has no bytes', () => {
    expect(tokenizer.decode(tokenizer.encode('a\uD800b'))).toBe('a\uFFFDb');
  });
  it.each([-1, 1.5, NaN, tokenizer.size])('refuses token %s', (id) => {
    expect(() => tokenizer.decode([0, id])).toThrow(new RegExp(`${id} is not a token`));
  });
});

describe('token texts', () => {
  it('are empty for the special tokens only, and fit the reward kernel', () => {
    const texts = tokenizer.tokenTexts();
    expect(texts).toHaveLength(tokenizer.size);
    const { pad, bos, eos } = tokenizer.special;
    const empty = texts.flatMap((bytes, id) => (bytes.length === 0 ? [id] : []));
    expect(empty).toEqual([pad, bos, eos].sort());
    const packed = encodeTokenText(texts);
    expect(packed[tokenizer.size]).toBe(texts.reduce((sum, bytes) => sum + bytes.length, 0));
  });
});

describe('files', () => {
  it('round-trip', () => {
    const copy = Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)));
    expect(copy.size).toBe(tokenizer.size);
    fc.assert(
      fc.property(anyText, (text) => {
        expect(copy.encode(text)).toEqual(tokenizer.encode(text));
      }),
    );
  });
  const format = tokenizer.toJSON().format;
  it.each([
    [null, /no JSON object/],
    ['text', /no JSON object/],
    [{ pieces: [] }, /format is undefined/],
    [{ format: 'other', pieces: [] }, /format is "other"/],
    [{ format }, /pieces is not a list/],
    [{ format, pieces: ['the', 3] }, /pieces\[1\] is 3/],
    [{ format, pieces: ['the', 'the'] }, /pieces\[1\], "the", is there already/],
    [{ format, pieces: ['<think>'] }, /pieces\[0\], "<think>", is there already/],
    [{ format, pieces: ['the', ''] }, /pieces\[1\], "", is shorter than two bytes/],
    [{ format, pieces: ['a'] }, /pieces\[0\], "a", is shorter/],
    [{ format, pieces: ['the', ' 12'] }, /pieces\[1\], " 12", holds a digit/],
    [{ format, pieces: ['a\uD800'] }, /pieces\[0\].*half a surrogate/],
  ])('with a fault are refused by the field: %j', (value, message) => {
    expect(() => Tokenizer.fromJSON(value)).toThrow(message);
  });
});

/**
 * Text to tokens and back. The vocabulary has four parts, in order: the special tokens (padding, beginning, end), the
 * contract's tags, the 256 bytes, and the pieces that it was given (words, mostly). Encoding takes the longest token at
 * each place of the text's UTF-8 bytes. So any text can be written, decoding gives it back, and a digit is always a
 * token of its own: a number costs one token a digit, each with the same meaning everywhere.
 */
import { CONTRACT_TAGS } from '../tasks/contract';

/** Ids of the tokens that stand for no text. */
export interface SpecialTokens {
  readonly pad: number;
  readonly bos: number;
  readonly eos: number;
}

/** A tokenizer as a JSON file. Ids follow from the order of the pieces. */
interface TokenizerFile {
  readonly format: typeof FORMAT;
  readonly pieces: readonly string[];
}

/** The bytes that some tokens begin with: the token that they are, if they are one, and the bytes that may follow. */
interface Prefix {
  token: number | null;
  readonly next: Map<number, Prefix>;
}

const FORMAT = 'parallax-tokenizer-1';
const SPECIAL_TEXTS = ['<pad>', '<bos>', '<eos>'] as const;
const FIRST_BYTE = SPECIAL_TEXTS.length + CONTRACT_TAGS.length;

const encoder = new TextEncoder();
// A byte-order mark is text like any other here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Tokenizer {
  readonly special: SpecialTokens = { pad: 0, bos: 1, eos: 2 };
  /** Number of tokens; ids run from 0 to size - 1. */
  readonly size: number;
  private readonly pieces: readonly string[];
  private readonly texts: readonly Uint8Array[];
  /** Of all tokens but the special ones: no bytes. */
  private readonly root: Prefix = { token: null, next: new Map() };

  /**
   * A tokenizer with the given pieces. Throws RangeError naming a piece that is a single byte or empty (bytes are tokens
   * already), holds a digit, is not well-formed text, is a contract tag or occurs twice.
   */
  constructor(pieces: readonly string[]) {
    const taken = new Set<string>(CONTRACT_TAGS);
    pieces.forEach((piece, index) => {
      const problem = problemWith(piece) ?? (taken.has(piece) ? 'is there already' : null);
      if (problem) throw new RangeError(`tokenizer: pieces[${index}], ${JSON.stringify(piece)}, ${problem}`);
      taken.add(piece);
    });
    this.pieces = [...pieces];
    this.texts = [
      ...SPECIAL_TEXTS.map(() => new Uint8Array(0)),
      ...CONTRACT_TAGS.map((tag) => encoder.encode(tag)),
      ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
      ...pieces.map((piece) => encoder.encode(piece)),
    ];
    this.size = this.texts.length;
    for (let id = SPECIAL_TEXTS.length; id < this.size; id++) this.addPrefixes(id);
  }

  private addPrefixes(token: number): void {
    let prefix = this.root;
    for (const byte of this.texts[token]) {
      let longer = prefix.next.get(byte);
      if (!longer) prefix.next.set(byte, (longer = { token: null, next: new Map() }));
      prefix = longer;
    }
    prefix.token = token;
  }

  /** Tokens of `text`. Never a special token. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
  encode(text: string): number[] {
    const bytes = encoder.encode(text);
    const tokens: number[] = [];
    for (let at = 0; at < bytes.length;) {
      // Every byte is a token, so there always is one.
      let [token, length] = [FIRST_BYTE + bytes[at], 1];
      let prefix = this.root.next.get(bytes[at]);
      for (let count = 1; prefix; prefix = prefix.next.get(bytes[at + count++])) {
        if (prefix.token !== null) [token, length] = [prefix.token, count];
      }
      tokens.push(token);
      at += length;
    }
    return tokens;
  }

  /**
   * Text of `tokens`. Special tokens are left out, or written as '<pad>', '<bos>', '<eos>' where `specials` is set.
   * Bytes that are not UTF-8 become U+FFFD. Throws RangeError naming an id that is not a token.
   */
  decode(tokens: readonly number[], { specials = false } = {}): string {
    const parts = tokens.map((id) => {
      if (!Object.hasOwn(this.texts, id)) {
        throw new RangeError(`tokenizer: ${id} is not a token; ids run from 0 to ${this.size - 1}`);
      }
      return specials && id < SPECIAL_TEXTS.length ? encoder.encode(SPECIAL_TEXTS[id]) : this.texts[id];
    });
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return decoder.decode(bytes);
  }

  /** UTF-8 bytes of every token, by id; none for the special tokens. */
  tokenTexts(): readonly Uint8Array[] {
    return this.texts;
  }

  toJSON(): TokenizerFile {
    return { format: FORMAT, pieces: this.pieces };
  }

  /** The tokenizer that a parsed file describes. Throws TypeError or RangeError naming the field at fault. */
  static fromJSON(value: unknown): Tokenizer {
    if (typeof value !== 'object' || value === null) throw new TypeError('tokenizer: the file holds no JSON object');
    const { format, pieces } = value as { format?: unknown; pieces?: unknown };
    if (format !== FORMAT) {
      throw new TypeError(`tokenizer: format is ${JSON.stringify(format)}; '${FORMAT}' is what this version reads`);
    }
    if (!Array.isArray(pieces)) throw new TypeError('tokenizer: pieces is not a list of texts');
    const texts = pieces.map((piece: unknown, index) => {
      if (typeof piece === 'string') return piece;
      throw new TypeError(`tokenizer: pieces[${index}] is ${JSON.stringify(piece)}; it must be a text`);
    });
    return new Tokenizer(texts);
  }
}

/** Why `piece` cannot be a token, or null. */
function problemWith(piece: string): string | null {
  if (!/^\P{Surrogate}*$/u.test(piece)) return 'holds half a surrogate pair; give whole characters';
  if (encoder.encode(piece).length < 2) return 'is shorter than two bytes; single bytes are tokens already';
  if (/[0-9]/.test(piece)) return 'holds a digit; digits are tokens of their own';
  return null;
}

/**
 * Text to tokens and back. The vocabulary has four parts, in order: the special tokens (padding, beginning, end), the
 * contract's tags, the 256 bytes, and the pieces that it was given (words, mostly). Encoding takes the longest tag or
 * piece at each place, and the bytes of a character that none begins with. So any text can be written, decoding gives
 * it back, and a digit is always a token of its own: a number costs one token a digit, each with the same meaning
 * everywhere.
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

const FORMAT = 'parallax-tokenizer-1';
const SPECIAL_TEXTS = ['<pad>', '<bos>', '<eos>'] as const;
const FIRST_BYTE = SPECIAL_TEXTS.length + CONTRACT_TAGS.length;
const FIRST_PIECE = FIRST_BYTE + 256;

const encoder = new TextEncoder();
// A byte-order mark is text like any other here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Tokenizer {
  readonly special: SpecialTokens = { pad: 0, bos: 1, eos: 2 };
  /** Number of tokens; ids run from 0 to size - 1. */
  readonly size: number;
  private readonly pieces: readonly string[];
  /** Tags and pieces by their text. */
  private readonly ids: ReadonlyMap<string, number>;
  /** Length of the longest tag or piece, UTF-16 units. */
  private readonly longest: number;
  private readonly texts: readonly Uint8Array[];

  /**
   * A tokenizer with the given pieces. Throws RangeError naming a piece that is a single byte or empty (bytes are tokens
   * already), holds a digit, is not well-formed text, is a contract tag or occurs twice.
   */
  constructor(pieces: readonly string[]) {
    const ids = new Map<string, number>(CONTRACT_TAGS.map((tag, index) => [tag, SPECIAL_TEXTS.length + index]));
    pieces.forEach((piece, index) => {
      const problem = problemWith(piece) ?? (ids.has(piece) ? 'is there already' : null);
      if (problem) throw new RangeError(`tokenizer: pieces[${index}], ${JSON.stringify(piece)}, ${problem}`);
      ids.set(piece, FIRST_PIECE + index);
    });
    this.pieces = [...pieces];
    this.ids = ids;
    this.size = FIRST_PIECE + pieces.length;
    this.longest = Math.max(...Array.from(ids.keys(), (text) => text.length));
    this.texts = [
      ...SPECIAL_TEXTS.map(() => new Uint8Array(0)),
      ...CONTRACT_TAGS.map((tag) => encoder.encode(tag)),
      ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
      ...pieces.map((piece) => encoder.encode(piece)),
    ];
  }

  /** Tokens of `text`. Never a special token. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
  encode(text: string): number[] {
    const tokens: number[] = [];
    for (let at = 0; at < text.length;) {
      const match = this.longestAt(text, at);
      if (match) {
        tokens.push(match.id);
        at += match.length;
      } else {
        const character = String.fromCodePoint(text.codePointAt(at)!);
        for (const byte of encoder.encode(character)) tokens.push(FIRST_BYTE + byte);
        at += character.length;
      }
    }
    return tokens;
  }

  private longestAt(text: string, at: number): { id: number; length: number } | null {
    for (let length = Math.min(this.longest, text.length - at); length > 0; length--) {
      const id = this.ids.get(text.slice(at, at + length));
      if (id !== undefined) return { id, length };
    }
    return null;
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

/** A tar archive (POSIX ustar), written member by member: the same members give the same bytes. */
import { text } from '../store';
import type { OutputFile } from '../store';

const BLOCK = 512;

export class TarFile {
  readonly #file: OutputFile;

  constructor(file: OutputFile) {
    this.#file = file;
  }

  /** Throws RangeError on a name of more than 100 bytes. */
  async add(name: string, bytes: Uint8Array): Promise<void> {
    await this.#file.write(header(name, bytes.length));
    await this.#file.write(bytes);
    await this.#file.write(new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }

  async close(): Promise<void> {
    await this.#file.write(new Uint8Array(2 * BLOCK));
    await this.#file.close();
  }
}

function header(name: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const encoded = text(name);
  if (encoded.length > 100) throw new RangeError(`tar: the name ${name} is longer than 100 bytes`);
  const octal = (value: number, digits: number) => text(value.toString(8).padStart(digits, '0'));
  block.set(encoded, 0);
  block.set(octal(0o644, 7), 100);
  block.set(octal(0, 7), 108);
  block.set(octal(0, 7), 116);
  block.set(octal(size, 11), 124);
  block.set(octal(0, 11), 136);
  // The checksum is taken with spaces in its own field.
  block.fill(0x20, 148, 156);
  block.set(text('0'), 156);
  block.set(text('ustar\u000000'), 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(octal(sum, 6), 148);
  block[154] = 0;
  return block;
}

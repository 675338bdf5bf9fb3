/**
 * A zip archive, written as it grows. The same files give the same bytes. What is compressed already is stored as it is.
 * The archive has no 64-bit fields, so that it holds up to 65,535 files and 4 GiB.
 */
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

export const MOST_FILES = 65_535;
const MOST_BYTES = 2 ** 32 - 1;
const COMPRESSED = /\.(png|parquet|tar|webm|mp4)$/;
/** Zip's first day, in local time, as its fields are. */
const MODIFIED = new Date(1980, 0, 1);

export class ZipWriter {
  readonly #sink: WritableStreamDefaultWriter<Uint8Array>;
  readonly #zip: Zip;
  /** What the archive has yielded and is not written yet. */
  #pending: Uint8Array[] = [];
  #failure: Error | null = null;
  #files = 0;
  #bytes = 0;

  /** An archive that is written to `sink`, which stays the caller's to close. */
  constructor(sink: WritableStreamDefaultWriter<Uint8Array>) {
    this.#sink = sink;
    this.#zip = new Zip((error, chunk) => {
      if (error) this.#failure = error;
      else this.#pending.push(chunk);
    });
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a file. Throws Error when the archive would be too large to be read. */
  async add(path: string, content: Blob): Promise<void> {
    if (++this.#files > MOST_FILES) throw tooLarge(`over ${MOST_FILES} files`);
    const entry = COMPRESSED.test(path) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    entry.mtime = MODIFIED;
    this.#zip.add(entry);
    const reader = content.stream().getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      entry.push(new Uint8Array(part.value));
      await this.#flush();
    }
    entry.push(new Uint8Array(0), true);
    await this.#flush();
  }

  /** Writes the archive's directory. */
  async finish(): Promise<void> {
    this.#zip.end();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const chunks = this.#pending;
    this.#pending = [];
    for (const chunk of chunks) {
      this.#bytes += chunk.length;
      if (this.#bytes > MOST_BYTES) throw tooLarge('over 4 GiB');
      await this.#sink.write(chunk);
    }
  }
}

function tooLarge(what: string): Error {
  return new Error(
    `the archive would have ${what}; make fewer or smaller scenes, or use the command line: npm run -s lab -- synthesize`,
  );
}

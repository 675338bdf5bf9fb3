/** A JSON file that is one long array or object, written entry by entry. */
import { type FileSink, type OutputFile, text } from '../store';

export class JsonStream {
  readonly #file: OutputFile;
  #separator = '';

  private constructor(file: OutputFile) {
    this.#file = file;
  }

  static async create(sink: FileSink, path: string): Promise<JsonStream> {
    return new JsonStream(await sink.create(path));
  }

  /** Writes `opening`: a bracket, and what stands before the entries. The next entry has no comma before it. */
  async open(opening: string): Promise<this> {
    await this.#file.write(text(opening));
    this.#separator = '\n';
    return this;
  }

  /** Adds an entry, under `key` in an object. */
  async add(value: unknown, key?: string): Promise<void> {
    const named = key === undefined ? '' : `${JSON.stringify(key)}: `;
    await this.#file.write(text(`${this.#separator}${named}${JSON.stringify(value)}`));
    this.#separator = ',\n';
  }

  /** Ends the file with `closing`. */
  async close(closing: string): Promise<void> {
    await this.#file.write(text(`\n${closing}\n`));
    await this.#file.close();
  }
}

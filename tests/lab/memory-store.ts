/** A file store in memory, which remembers what was written to it. */
import type { FileStore } from '../../src/lab/dataset/file-store';

export class MemoryStore implements FileStore {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Paths in the order in which they were closed. */
  readonly written: string[] = [];

  async create(path: string) {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    return {
      write: async (bytes: Uint8Array) => void parts.push(new Uint8Array(bytes)),
      close: async () => {
        this.written.push(path);
        this.files.set(path, new Uint8Array(await new Blob(parts).arrayBuffer()));
      },
    };
  }

  async read(path: string): Promise<Blob | null> {
    const bytes = this.files.get(path);
    return bytes ? new Blob([bytes]) : null;
  }

  async list(): Promise<string[]> {
    return [...this.files.keys()].sort();
  }

  async remove(path: string): Promise<void> {
    for (const file of this.files.keys()) if (file === path || file.startsWith(`${path}/`)) this.files.delete(file);
  }

  async clear(): Promise<void> {
    this.files.clear();
  }
}

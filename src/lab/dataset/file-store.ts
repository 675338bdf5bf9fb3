/** Where a data set lies while it is made: files by path. */
import type { FileSink } from '../../datasets/store';

export interface FileStore extends FileSink {
  /** The whole file, or null when it is not there. A file is there, whole, once it was closed. */
  read(path: string): Promise<Blob | null>;
  /** All paths, sorted. */
  list(): Promise<string[]>;
  /** Removes a file or a folder, if it is there. */
  remove(path: string): Promise<void>;
  /** Removes everything. */
  clear(): Promise<void>;
}

/** Puts a whole file in place. */
export async function store(files: FileStore, path: string, content: string | Uint8Array): Promise<void> {
  const file = await files.create(path);
  await file.write(typeof content === 'string' ? new TextEncoder().encode(content) : content);
  await file.close();
}

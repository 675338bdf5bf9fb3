/** A folder of the browser's storage (the origin private file system) as a file store. */
import type { OutputFile } from '../../datasets/store';
import type { FileStore } from './file-store';

export class BrowserStore implements FileStore {
  readonly #folder: FileSystemDirectoryHandle;
  /** Folders that were opened: looking one up takes longer than writing a small file. */
  readonly #folders = new Map<string, Promise<FileSystemDirectoryHandle>>();

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  /** The folder `name` of the storage, made when it is not there. Throws Error where pages have no storage. */
  static async open(name: string): Promise<BrowserStore> {
    try {
      const root = await navigator.storage.getDirectory();
      return new BrowserStore(await root.getDirectoryHandle(name, { create: true }));
    } catch (cause) {
      throw new Error(
        'this browser gives the page no storage to make the data set in; leave private browsing, or use the command line',
        { cause },
      );
    }
  }

  async create(path: string): Promise<OutputFile> {
    // What is written goes to a copy, which takes the file's place when it is closed.
    const file = await (await this.handle(path)).createWritable();
    return {
      write: (bytes) => file.write(new Uint8Array(bytes)),
      close: () => file.close(),
    };
  }

  async read(path: string): Promise<Blob | null> {
    const [folder, name] = split(path);
    return orNull(async () => (await (await this.#open(folder)).getFileHandle(name)).getFile());
  }

  /** The handle of a file that is made when it is not there. */
  async handle(path: string): Promise<FileSystemFileHandle> {
    const [folder, name] = split(path);
    return (await this.#open(folder)).getFileHandle(name, { create: true });
  }

  async list(): Promise<string[]> {
    return (await pathsIn(this.#folder, '')).sort();
  }

  async remove(path: string): Promise<void> {
    const [folder, name] = split(path);
    this.#folders.clear();
    await orNull(async () => (await this.#open(folder)).removeEntry(name, { recursive: true }));
  }

  async clear(): Promise<void> {
    this.#folders.clear();
    for await (const name of this.#folder.keys()) await this.#folder.removeEntry(name, { recursive: true });
  }

  #open(path: string): Promise<FileSystemDirectoryHandle> {
    if (path === '') return Promise.resolve(this.#folder);
    const known = this.#folders.get(path);
    if (known) return known;
    const [parent, name] = split(path);
    const opened = this.#open(parent).then((folder) => folder.getDirectoryHandle(name, { create: true }));
    this.#folders.set(path, opened);
    return opened;
  }
}

async function pathsIn(folder: FileSystemDirectoryHandle, prefix: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === 'directory') paths.push(...(await pathsIn(handle, `${prefix}${name}/`)));
    // Chromium's name for the copy that a file is written to.
    else if (!name.endsWith('.crswap')) paths.push(`${prefix}${name}`);
  }
  return paths;
}

function split(path: string): [string, string] {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}

/** What `find` finds, or null when there is no such file. */
async function orNull<T>(find: () => Promise<T>): Promise<T | null> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return null;
    throw error;
  }
}

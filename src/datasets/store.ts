/**
 * A canonical data set as the converters see it, wherever it lies: on disk, or in the browser. Scenes and samples come
 * one after the other, so that a data set of any size is converted in flat memory.
 */
import type { SampleRecord, SceneRecord } from './canonical';

export interface DatasetSource {
  /** Names of the splits that have samples or scenes. */
  readonly splits: readonly string[];
  /** All samples, in order. */
  samples(): AsyncIterable<SampleRecord>;
  /** All scenes with their splits, in order. */
  scenes(): AsyncIterable<{ readonly name: string; readonly split: string; readonly record: SceneRecord }>;
  /** A file by its path in the data set. Throws Error naming one that is not there. */
  file(path: string): Promise<Uint8Array>;
}

/** Where a converter writes. */
export interface FileSink {
  /** Starts the file at `path`, relative to the format's own folder; one that is there is replaced. */
  create(path: string): Promise<OutputFile>;
}

export interface OutputFile {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Another layout of a data set. */
export interface Format {
  /** Name on the command line, and of the folder that it is written to. */
  readonly name: string;
  /** One line: who reads it. */
  readonly summary: string;
  convert(source: DatasetSource, sink: FileSink): Promise<void>;
}

/** Path of a frame's colour image in a data set. */
export function framePath(scene: string, frame: number): string {
  return `frames/${scene}/${frame}.png`;
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** Writes one whole file. */
export async function writeFile(sink: FileSink, path: string, bytes: Uint8Array): Promise<void> {
  const file = await sink.create(path);
  await file.write(bytes);
  await file.close();
}

/** A file for each split, opened with `open` when it is first asked for; `finish` closes them all. */
export function perSplit<T>(open: (split: string) => Promise<T>, close: (file: T) => Promise<void>) {
  const files = new Map<string, T>();
  return {
    async of(split: string): Promise<T> {
      let file = files.get(split);
      if (file === undefined) files.set(split, (file = await open(split)));
      return file;
    },
    async finish(): Promise<void> {
      for (const file of files.values()) await close(file);
    },
  };
}

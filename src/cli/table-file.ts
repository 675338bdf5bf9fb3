/** Tables on disk, row by row: JSON Lines and parquet. */
import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import type { FileRow } from '../evaluation/suites/rows';

/** @throws Error naming the file, and the line where there are any, that cannot be read. */
export async function readTable(file: string): Promise<FileRow[]> {
  if (file.endsWith('.parquet')) {
    const { readParquet } = await import('parquet-wasm/node');
    const table = tableFromIPC(readParquet(readFileSync(file)).intoIPCStream());
    return table.toArray().map((row) => plainObject(row));
  }
  if (!file.endsWith('.jsonl')) throw new Error(`${file} is neither .jsonl nor .parquet`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      try {
        return [plainObject(JSON.parse(line))];
      } catch (error) {
        throw new Error(`${file}, line ${index + 1}, is no JSON object`, { cause: error });
      }
    });
}

function plainObject(value: unknown): FileRow {
  const plained = plain(value);
  if (typeof plained === 'object' && plained !== null && !Array.isArray(plained)) return { ...plained };
  throw new Error(`a row is ${JSON.stringify(plained)}, not an object`);
}

/** Arrow's rows and vectors as plain objects and arrays; bytes stay bytes. */
function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const json: unknown = value.toJSON();
    return plain(json);
  }
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

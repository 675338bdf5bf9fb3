/** Tables on disk, row by row: JSON Lines and parquet. */
import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { FileRow } from '../evaluation/suites/rows';

/** @throws Error naming the file, and the line where there are any, that cannot be read. */
export async function readTable(file: string): Promise<FileRow[]> {
  if (file.endsWith('.parquet')) {
    const bytes = new Uint8Array(readFileSync(file));
    // Only columns that are declared as text are decoded as such: pictures are bytes.
    const rows = await parquetReadObjects({ file: bytes.buffer, compressors, utf8: false }).catch((error: Error) => {
      throw new Error(`${file} cannot be read as parquet: ${error.message}`, { cause: error });
    });
    return rows.map(plainObject);
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
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`a row is ${JSON.stringify(value)}, not an object`);
}

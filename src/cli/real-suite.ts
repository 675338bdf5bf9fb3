/** Real benchmark files as a suite: rows from tables, pictures from the rows or from beside them. */
import { basename, dirname, extname } from 'node:path';
import { z } from 'zod';
import { generalBenchmark } from '../evaluation/metrics/general';
import { answerTo, type Question } from '../evaluation/suites/question';
import { type ColumnMap, FIELDS, rowReader } from '../evaluation/suites/rows';
import { fingerprint, type SuiteSource } from '../evaluation/suites/source';
import { UsageError } from './command';
import { NOTHING_SHOWN, type PictureOptions, Pictures } from './pictures';
import { readTable } from './table-file';

/** Problems named one by one. */
const NAMED = 10;

/** Reads `id=pid,answer=label`. Throws UsageError naming a field that there is none of. */
export function parseColumns(list: string | undefined): ColumnMap {
  if (list === undefined) return {};
  const pairs = list.split(',').map((pair) => {
    const [field, column] = pair.split('=').map((side) => side.trim());
    if (!FIELDS.some((known) => known === field) || !column) {
      throw new UsageError(`--columns: "${pair}" is not FIELD=COLUMN with a field of ${FIELDS.join(', ')}`);
    }
    return [field, column] as const;
  });
  return Object.fromEntries(pairs);
}

/**
 * The suite of the files in `list`, parted by commas.
 * @param mediaFolder where the pictures are; null: beside each file.
 * @param pictureOptions null: nobody looks at the pictures, which need not be there.
 * @throws Error that names rows that are no questions, or whose pictures are not there.
 */
export async function readRealSuite(
  list: string,
  columns: ColumnMap,
  mediaFolder: string | null,
  pictureOptions: PictureOptions | null,
): Promise<SuiteSource> {
  const pictures = pictureOptions && new Pictures(pictureOptions);
  const questions: Question[] = [];
  const problems: string[] = [];
  const ids = new Set<string>();
  const files = list.split(',').map((file) => file.trim());
  for (const file of files) {
    const rows = await readTable(file);
    if (rows.length === 0) throw new Error(`${file} holds no rows`);
    const name = basename(file, extname(file)).toLowerCase();
    const read = rowReader(rows[0], columns, name);
    for (const [index, row] of rows.entries()) {
      try {
        const { media, ...rest } = read(row);
        // Files of different benchmarks each count from 1.
        const id =
          rest.benchmark === generalBenchmark && files.length > 1 ? `${name}:${rest.sample.id}` : rest.sample.id;
        const { frames, load } = (await pictures?.of(media, mediaFolder ?? dirname(file))) ?? NOTHING_SHOWN;
        const question = { ...rest, sample: { ...rest.sample, id, frames }, images: load };
        const problem = question.benchmark.problem(answerTo(question, null));
        if (problem !== null) throw new Error(problem);
        if (ids.has(id)) throw new Error(`id ${id} is there already`);
        ids.add(id);
        questions.push(question);
      } catch (error) {
        problems.push(`  ${file}, row ${index + 1}: ${messageOf(error)}`);
      }
    }
  }
  if (problems.length > 0) {
    const more = problems.length > NAMED ? [`  … and ${problems.length - NAMED} more`] : [];
    const shown = [...problems.slice(0, NAMED), ...more].join('\n');
    throw new Error(
      `${problems.length} rows are no questions; mend them, or name other columns with --columns\n${shown}`,
    );
  }
  return {
    name: basename(files[0], extname(files[0])),
    origin: 'real',
    // How many frames of a video are shown belongs to the model, as in the benchmark's own tables.
    fingerprint: await fingerprint(questions.map(({ sample }) => ({ ...sample, frames: [] }))),
    questions,
    blindSamples: [],
  };
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

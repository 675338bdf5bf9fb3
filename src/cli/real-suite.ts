/** Real benchmark files as a suite: rows from tables, pictures from the rows or from beside them. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { answerTo, type Question } from '../evaluation/suites/question';
import { type ColumnMap, FIELDS, type Media, rowReader, type RowQuestion } from '../evaluation/suites/rows';
import type { SuiteSource } from '../evaluation/suites/source';
import { UsageError } from './command';
import { readTable } from './table-file';

const IMAGE = /\.(png|jpe?g)$/i;
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
 * @param frames most frames of a video that a question shows, evenly spaced.
 * @throws Error that names rows that are no questions, or whose pictures are not there.
 */
export async function readRealSuite(
  list: string,
  columns: ColumnMap,
  mediaFolder: string | null,
  frames: number,
): Promise<SuiteSource> {
  const questions: Question[] = [];
  const problems: string[] = [];
  const ids = new Set<string>();
  const files = list.split(',').map((file) => file.trim());
  for (const file of files) {
    const rows = await readTable(file);
    if (rows.length === 0) throw new Error(`${file} holds no rows`);
    const read = rowReader(rows[0], columns);
    for (const [index, row] of rows.entries()) {
      try {
        const question = withPictures(read(row), mediaFolder ?? dirname(file), frames);
        const problem = question.benchmark.problem(answerTo(question, null));
        if (problem !== null) throw new Error(problem);
        if (ids.has(question.sample.id)) throw new Error(`id ${question.sample.id} is there already`);
        ids.add(question.sample.id);
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
  const hash = createHash('sha256');
  for (const { sample } of questions) {
    hash.update(JSON.stringify([sample.id, sample.task, sample.question, sample.options, sample.answer]));
  }
  return {
    name: basename(files[0], extname(files[0])),
    origin: 'real',
    fingerprint: hash.digest('hex').slice(0, 16),
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

/** The question with its pictures. Throws Error when a file is not there. */
function withPictures({ media, ...question }: RowQuestion, folder: string, frames: number): Question {
  const files = mediaFiles(media, folder, frames);
  const count = media.kind === 'bytes' ? 1 : files.length;
  return {
    ...question,
    sample: { ...question.sample, frames: Array.from({ length: count }, (_, index) => index) },
    images: async () => (media.kind === 'bytes' ? [media.bytes] : files.map((file) => readFileSync(file))),
  };
}

function mediaFiles(media: Media, folder: string, frames: number): string[] {
  if (media.kind === 'image') {
    const file = [join(folder, media.path), join(folder, 'img', media.path)].find((path) => existsSync(path));
    if (!file) throw new Error(`there is no picture ${join(folder, media.path)}; name its folder with --media`);
    return [file];
  }
  if (media.kind !== 'video') return [];
  const path = join(folder, media.path);
  const all = existsSync(path) ? readdirSync(path).filter((name) => IMAGE.test(name)) : [];
  if (all.length === 0) {
    throw new Error(
      `there are no frames in ${path}; cut them from the video: ` +
        `mkdir ${path} && ffmpeg -i ${path}.mp4 -vf fps=2 ${path}/%05d.png, or name their folder with --media`,
    );
  }
  all.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const count = Math.min(frames, all.length);
  // The first and the last, and evenly between them, as numpy.linspace takes them.
  const at = (k: number) => (count === 1 ? 0 : Math.floor((k * (all.length - 1)) / (count - 1)));
  return Array.from({ length: count }, (_, k) => join(path, all[at(k)]));
}

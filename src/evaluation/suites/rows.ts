/**
 * Rows of real benchmark files as questions. VSI-Bench and CV-Bench are known by their owners' columns; any other file of
 * choices or short answers is read by a map of its columns, and scored by exact match.
 */
import { z } from 'zod';
import type { SampleRecord } from '../../datasets/canonical';
import type { Benchmark } from '../metrics/benchmark';
import { cvBenchmark } from '../metrics/cv-bench';
import { generalBenchmark, withoutLetter } from '../metrics/general';
import { vsiBenchmark } from '../metrics/vsi-bench';
import { cvTruth } from '../parsers/cv-bench';
import { pythonFloat } from '../parsers/python-text';

export type FileRow = Readonly<Record<string, unknown>>;

/** Where a question's pictures are. */
export type Media =
  | { readonly kind: 'none' }
  /** The picture itself, as a PNG or JPEG file. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A picture's path. */
  | { readonly kind: 'image'; readonly path: string }
  /** A video's path without its ending: its frames lie in a folder of that name. */
  | { readonly kind: 'video'; readonly path: string };

/** A question, but for its pictures. */
export interface RowQuestion {
  readonly sample: SampleRecord;
  readonly benchmark: Benchmark;
  readonly task: string;
  readonly source: string | null;
  readonly media: Media;
}

/** Names of the columns that the fields of a question are in; `id`, `question` and `answer` must be there. */
export const FIELDS = ['id', 'question', 'answer', 'options', 'image', 'task'] as const;
export type ColumnMap = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

const value = z.union([z.string(), z.number(), z.bigint()]).transform(String);
const picture = z.object({ bytes: z.instanceof(Uint8Array).nullish(), path: z.string().nullish() });

const vsiRow = z.object({
  id: value,
  dataset: z.string(),
  scene_name: z.string(),
  question_type: z.string(),
  question: z.string(),
  ground_truth: value,
  options: z.array(z.string()).nullish(),
});

const cvRow = z.object({
  idx: value,
  task: z.string(),
  question: z.string(),
  choices: z.array(z.string()).min(1),
  answer: z.string(),
  filename: z.string(),
  source: z.string(),
  image: picture.nullish(),
});

/**
 * The reader of files whose first row is `row`; `columns` is the map for files of no known benchmark.
 * @param name the task of questions that name none.
 */
export function rowReader(row: FileRow, columns: ColumnMap, name: string): (row: FileRow) => RowQuestion {
  const has = (...names: string[]) => names.every((name) => name in row);
  if (Object.keys(columns).length === 0) {
    if (has('question_type', 'scene_name', 'ground_truth')) return vsiQuestion;
    if (has('idx', 'choices', 'filename', 'source')) return cvQuestion;
  }
  return (other) => mappedQuestion(other, columns, name);
}

function vsiQuestion(row: FileRow): RowQuestion {
  const { id, dataset, scene_name, question_type: task, question, ground_truth, options } = vsiRow.parse(row);
  const scene = `${dataset}/${scene_name}`;
  return {
    sample: sampleOf({ id, scene, task, question, answer: ground_truth, options: options?.length ? options : null }),
    benchmark: vsiBenchmark,
    task,
    source: null,
    media: { kind: 'video', path: scene },
  };
}

function cvQuestion(row: FileRow): RowQuestion {
  const { idx, task, question, choices, answer, filename, source, image } = cvRow.parse(row);
  return {
    sample: sampleOf({ id: idx, scene: filename, task, question, answer: cvTruth(answer), options: choices }),
    benchmark: cvBenchmark,
    task,
    source,
    media: image?.bytes ? { kind: 'bytes', bytes: image.bytes } : { kind: 'image', path: filename },
  };
}

function mappedQuestion(row: FileRow, columns: ColumnMap, name: string): RowQuestion {
  const cell = (field: (typeof FIELDS)[number]) => row[columns[field] ?? field] ?? undefined;
  const fields = z
    .object({
      id: value,
      question: z.string(),
      answer: value,
      options: z.union([z.array(value), z.string()]).optional(),
      image: z.union([picture, z.string()]).optional(),
      task: z.string().default(name),
    })
    .parse(Object.fromEntries(FIELDS.map((field) => [field, cell(field)])));
  const { id, question, answer, task, image } = fields;
  const options = optionList(fields.options);
  return {
    sample: sampleOf({ id, scene: '', task, question, answer, options }, 'general'),
    benchmark: generalBenchmark,
    task,
    source: null,
    media: mediaOf(image),
  };
}

/** Options as a list, as JSON, one a line, or lettered with semicolons between ('A. 3; B. 4'); null where there are none. */
function optionList(options: readonly string[] | string | undefined): string[] | null {
  if (options === undefined) return null;
  if (typeof options !== 'string') return options.length === 0 ? null : [...options];
  const text = options.trim();
  if (text === '') return null;
  if (text.startsWith('[')) return optionList(z.array(value).parse(JSON.parse(text)));
  return text.split(/\r?\n|;\s*(?=\(?[A-Z][.):]\s)/);
}

function mediaOf(image: string | z.infer<typeof picture> | undefined): Media {
  if (typeof image === 'string') return { kind: 'image', path: image };
  if (image?.bytes) return { kind: 'bytes', bytes: image.bytes };
  return image?.path ? { kind: 'image', path: image.path } : { kind: 'none' };
}

function sampleOf(
  row: Pick<SampleRecord, 'id' | 'scene' | 'task' | 'question' | 'answer' | 'options'>,
  domain: SampleRecord['domain'] = 'spatial',
): SampleRecord {
  const number = row.options === null ? pythonFloat(row.answer) : null;
  return {
    ...row,
    options: row.options && row.options.map(withoutLetter),
    domain,
    split: 'test',
    kind: row.options !== null ? 'choice' : number === null ? 'text' : 'number',
    answer_value: number,
    unit: null,
    frames: [],
    reasoning: '',
    evidence: { objects: [], values: {} },
    difficulty: { value: 0, reasons: {} },
  };
}

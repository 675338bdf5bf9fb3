/**
 * Evaluations from files: the folders that `lab evaluate` has written, or the files of one. Only results.json must be
 * there; predictions.jsonl adds what the model wrote, and suite/ the questions with their frames.
 */
import { z } from 'zod';
import type { SampleRecord, SceneRecord } from '../../datasets/canonical';
import type { EvaluationResults } from '../../evaluation/evaluation';
import { type ReplyLine, replyLineSchema } from '../../evaluation/reply-line';
import type { EvaluatedScene, EvaluationFiles } from '../../lab/evaluation-protocol';
import { resultsSchema, sampleSchema } from './results-schema';

/** A file with its path in the folder that was opened. */
export interface OpenedFile {
  readonly path: string;
  readonly content: Blob;
}

const RESULTS = 'results.json';
const PREDICTIONS = 'predictions.jsonl';
const SAMPLES = 'samples.jsonl';
/** Below the last folder of this name: a scene of a real benchmark has slashes in its own. */
const FRAME = /^(?:.*\/)?frames\/(.+)\/(\d+)\.png$/;
const SCENE = /(?:^|\/)scenes\/([^/]+)\.json$/;
/** Schema problems named of one file. */
const NAMED = 3;

/**
 * The evaluations in `files`, one for each results.json with what lies beside or below it.
 * @throws Error that names the file, or its line, and what to do about it; nothing is opened then.
 */
export async function openEvaluations(files: readonly OpenedFile[]): Promise<EvaluationFiles[]> {
  const found = files.filter(({ path }) => nameOf(path) === RESULTS);
  if (found.length === 0) {
    const names = files.slice(0, NAMED).map(({ path }) => nameOf(path));
    throw new Error(
      `There is no ${RESULTS} among ${names.join(', ') || 'the files'}: open the folder that \`lab evaluate --out\` has written, or its ${RESULTS} with ${PREDICTIONS}.`,
    );
  }
  const opened: EvaluationFiles[] = [];
  for (const file of found) {
    const folder = file.path.slice(0, -RESULTS.length);
    opened.push(
      await openOne(
        file,
        files.filter(({ path }) => path.startsWith(folder)),
      ),
    );
  }
  return opened;
}

async function openOne(file: OpenedFile, beside: readonly OpenedFile[]): Promise<EvaluationFiles> {
  const results = parse(await file.content.text(), resultsSchema, file.path, 'what `lab evaluate` writes');
  const named = async <T>(name: string, schema: z.ZodType<T>, what: string) => {
    const own = beside
      .filter(({ path }) => nameOf(path) === name)
      .toSorted((a, b) => a.path.length - b.path.length)
      .at(0);
    return own ? linesOf(await own.content.text(), schema, own.path, what) : [];
  };
  const predictions: ReplyLine[] = await named(PREDICTIONS, replyLineSchema, 'a reply that `lab evaluate` writes');
  refuseStrangers(predictions, results, PREDICTIONS);
  const samples: SampleRecord[] = await named(SAMPLES, sampleSchema, 'a sample that `lab synthesize` writes');
  return { results, predictions, samples, scenes: await scenesOf(samples, beside) };
}

/** The scenes that the samples are about, as far as their files are there. */
async function scenesOf(
  samples: readonly SampleRecord[],
  files: readonly OpenedFile[],
): Promise<Record<string, EvaluatedScene>> {
  const asked = new Set(samples.map(({ scene }) => scene));
  const scenes: Record<string, { record: SceneRecord | null; frames: Record<number, Blob> }> = {};
  const sceneNamed = (name: string) => (scenes[name] ??= { record: null, frames: {} });
  for (const { path, content } of files) {
    const frame = FRAME.exec(path);
    if (frame && asked.has(frame[1])) sceneNamed(frame[1]).frames[Number(frame[2])] = content;
    const scene = SCENE.exec(path);
    if (scene && asked.has(scene[1])) {
      sceneNamed(scene[1]).record = parse(
        await content.text(),
        sceneSchema,
        path,
        'a scene that `lab synthesize` writes',
      );
    }
  }
  return scenes;
}

const numbers = z.array(z.number());
const sceneSchema: z.ZodType<SceneRecord> = z.object({
  seed: z.number(),
  room: z.object({ type: z.string(), polygon: z.array(numbers), height: z.number(), area: z.number() }),
  objects: z.array(
    z.object({
      id: z.number(),
      category: z.string(),
      centroid: numbers,
      axes_lengths: numbers,
      axes: numbers,
      support: z.number(),
    }),
  ),
  cameras: z.array(
    z.object({
      frame: z.number(),
      time: z.number(),
      width: z.number(),
      height: z.number(),
      K: numbers,
      camera_to_world: numbers,
    }),
  ),
  visibility: z.array(
    z.object({
      frame: z.number(),
      object: z.number(),
      bbox_obj: numbers,
      bbox_visib: numbers,
      px_count_all: z.number(),
      px_count_visib: z.number(),
      visib_fract: z.number(),
      distance_to_camera: z.number(),
    }),
  ),
  validation: z.object({ ok: z.boolean(), problems: z.array(z.string()) }),
});

/** Predictions of another evaluation would show completions beside questions that they do not answer. */
function refuseStrangers(predictions: readonly ReplyLine[], results: EvaluationResults, name: string): void {
  const known = new Set(results.benchmarks.flatMap(({ model }) => model.samples.map(({ id }) => String(id))));
  const strangers = predictions.filter(({ id }) => !known.has(id));
  if (strangers.length === 0) return;
  throw new Error(
    `${name} answers ${strangers.length} questions that ${RESULTS} does not hold, such as ${strangers[0].id}: open the two files of one evaluation.`,
  );
}

function linesOf<T>(text: string, schema: z.ZodType<T>, path: string, what: string): T[] {
  return text.split('\n').flatMap((line, index) => {
    return line.trim() === '' ? [] : [parse(line, schema, `${path}, line ${index + 1}`, what)];
  });
}

/** @throws Error that names `origin` and the fields that are wrong. */
function parse<T>(text: string, schema: z.ZodType<T>, origin: string, what: string): T {
  const remedy = 'open the file as it was written, or evaluate again';
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new Error(`${origin} is not JSON: ${remedy}.`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, NAMED)
    .map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new Error(`${origin} is not ${what} (${problems.join('; ')}): ${remedy}.`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

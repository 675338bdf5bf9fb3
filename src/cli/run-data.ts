/** The data set of a run, and how the run's folder remembers it: a run that goes on reads the same samples. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunConfig } from '../training/config';
import { type RunOptions, tokenizerOf } from '../training/run';
import { parsedJson } from './dataset-folder';
import { TrainingData } from './training-data';

const DATA = 'data.json';

/** What is told of a data set, so that a resumed run reads the same. */
const dataSchema = z.strictObject({ path: z.string(), bytes: z.int() });

/** Where a run begins: at a checkpoint, with the weights of a policy, or with fresh ones. */
type Start = Pick<RunOptions, 'checkpoint' | 'policy'>;

/** The data set in `path` for a run, telling what was found. Throws Error where the run cannot learn from it. */
export async function openData(path: string, config: RunConfig, { checkpoint, policy }: Start): Promise<TrainingData> {
  const data = await TrainingData.open(path, config, checkpoint?.tokenizer ?? tokenizerOf(config, policy));
  console.log(`${path}: ${data.summary}`);
  return data;
}

/** Size of the samples, bytes: tells one data set from another. Undefined where there are none. */
function sizeOf(path: string): number | undefined {
  return statSync(join(path, 'samples.jsonl'), { throwIfNoEntry: false })?.size;
}

/** Notes in the run's folder which data set it learns from. */
export function noteData(out: string, path: string): void {
  writeFileSync(join(out, DATA), `${JSON.stringify({ path, bytes: sizeOf(path) }, null, 2)}\n`);
}

/**
 * The data set that the run in `out` was begun with; null for none.
 * @throws Error where it is another one by now.
 */
export function notedData(out: string): string | null {
  const file = join(out, DATA);
  if (!existsSync(file)) return null;
  const noted = dataSchema.safeParse(parsedJson(readFileSync(file, 'utf8'), file, 'begin the run again'));
  if (!noted.success) throw new Error(`${file} is invalid: ${z.prettifyError(noted.error)}`);
  const { path, bytes } = noted.data;
  if (sizeOf(path) !== bytes) {
    throw new Error(`the run was begun with the data set ${path}, which is gone or another one; put it back`);
  }
  return path;
}

/** The flags of `synthesize` that name files: what varies from scene to scene, and objects that a user brings. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { OwnObjectFile } from '../datasets/plan';
import { type OwnObject, ownObject } from '../scenes/own-object';
import { checkRandomization, type Randomization } from '../scenes/scene-options';
import { UsageError } from './command';

/**
 * What --randomization asks for: a JSON file, or the JSON itself. Undefined where it asks for nothing.
 * @throws UsageError naming the file or the field, and the remedy.
 */
export function readRandomization(value: string): Randomization | undefined {
  const inline = value.trimStart().startsWith('{');
  const text = inline ? value : read(value, '--randomization').toString();
  try {
    const randomization = checkRandomization(JSON.parse(text));
    return Object.keys(randomization).length === 0 ? undefined : randomization;
  } catch (error) {
    const place = inline ? '' : ` ${value}`;
    throw new UsageError(
      error instanceof SyntaxError
        ? `--randomization${place}: this is no JSON: ${error.message}`
        : `--randomization${place}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * The object that --own asks for as FILE.glb:category:measure=metres, and how the plan names it.
 * @throws UsageError naming the file or the part, and the remedy.
 */
export function readOwnObject(value: string): { file: OwnObjectFile; object: OwnObject } {
  const parsed = /^(.+):([^:]+):([^:]+)$/.exec(value);
  if (!parsed) throw new UsageError(`--own must be like crate.glb:trash bin:height=0.6, not "${value}"`);
  const [, path, category, measures] = parsed;
  const size: Record<string, number> = {};
  for (const measure of measures.split(',')) {
    const given = /^(width|depth|height)=(\d*\.?\d+)$/.exec(measure);
    if (!given) {
      throw new UsageError(`--own ${path}: "${measure}" must be width, depth or height in metres, like height=0.6`);
    }
    size[given[1]] = Number(given[2]);
  }
  const bytes = read(path, '--own');
  try {
    const file = basename(path);
    const object = ownObject(file, bytes, category, size);
    return { file: { file, sha256: createHash('sha256').update(bytes).digest('hex'), category, size }, object };
  } catch (error) {
    throw new UsageError(`--own ${messageOf(error)}`, { cause: error });
  }
}

function read(path: string, flag: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${flag}: ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

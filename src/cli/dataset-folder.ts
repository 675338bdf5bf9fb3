/**
 * A data set's folder. A scene is there when its record is, which is written last and put in place whole; the questions
 * that it allows wait in .candidates until all scenes are done and the samples are selected. So a run that dies leaves
 * a folder to go on from, and the finished folder does not show how often that happened.
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createReadStream, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Candidate } from '../datasets/candidates';
import type { SampleRecord, SceneRecord } from '../datasets/canonical';
import { type DatasetPlan, sceneName, splits } from '../datasets/plan';
import type { SynthesizedScene } from '../datasets/scene-synthesis';
import type { DatasetSource, FileSink, Format } from '../datasets/store';

const PLAN = 'dataset.json';
const CARD = 'README.md';
const SAMPLES = 'samples.jsonl';
const CANDIDATES = '.candidates';

export class DatasetFolder implements DatasetSource {
  readonly path: string;
  readonly plan: DatasetPlan;

  /**
   * Starts a data set at `path`, or goes on with the one that is there.
   * @throws Error when the folder holds something else, holds a data set and `resume` is off, or one of another plan.
   */
  constructor(path: string, plan: DatasetPlan, resume: boolean) {
    this.path = path;
    this.plan = plan;
    if (existsSync(join(path, PLAN))) {
      if (!resume) {
        throw new Error(`${path} already holds a data set; go on with it with --resume, or name another folder`);
      }
      refuseOtherPlan(path, readPlan(path), plan);
    } else {
      if (existsSync(path) && !statSync(path).isDirectory()) throw new Error(`${path} is a file; name a folder`);
      // What a run leaves that was killed as it wrote its plan.
      if (existsSync(path) && readdirSync(path).some((name) => name !== `${PLAN}.part`)) {
        throw new Error(`${path} is not empty and holds no data set; name an empty or a new folder`);
      }
      mkdirSync(path, { recursive: true });
      this.replace(PLAN, `${JSON.stringify(plan, null, 2)}\n`);
    }
  }

  get splits(): string[] {
    return Object.keys(this.plan.split);
  }

  /** Whether samples and card are written. */
  get finished(): boolean {
    return existsSync(join(this.path, CARD));
  }

  /** Whether scene `index` is there with all its files. */
  hasScene(index: number): boolean {
    return existsSync(join(this.path, `scenes/${sceneName(index)}.json`));
  }

  writeScene(index: number, { record, candidates, frames }: SynthesizedScene): void {
    const name = sceneName(index);
    for (const [frame, { color, depth, instances }] of frames.entries()) {
      this.#write(`frames/${name}/${frame}.png`, color);
      this.#write(`depth/${name}/${frame}.png`, depth);
      this.#write(`instances/${name}/${frame}.png`, instances);
    }
    this.#write(candidatesPath(name), gzipSync(JSON.stringify(candidates), { level: 1 }));
    this.replace(`scenes/${name}.json`, `${JSON.stringify(record)}\n`);
  }

  candidates(index: number): Candidate[] {
    const file = readFileSync(join(this.path, candidatesPath(sceneName(index))));
    return JSON.parse(gunzipSync(file).toString()) as Candidate[];
  }

  /** Opens samples.jsonl anew; `close` puts it in place. */
  samplesFile(): { write(sample: SampleRecord): void; close(): void } {
    const path = join(this.path, SAMPLES);
    const file = openSync(`${path}.part`, 'w');
    return {
      write: (sample) => writeWhole(file, Buffer.from(`${JSON.stringify(sample)}\n`)),
      close: () => {
        closeSync(file);
        renameSync(`${path}.part`, path);
      },
    };
  }

  /** Writes the card, which marks the data set as finished. */
  finish(card: string): void {
    this.replace(CARD, card);
    this.dropCandidates();
  }

  dropCandidates(): void {
    rmSync(join(this.path, CANDIDATES), { recursive: true, force: true });
  }

  /** Converts the data set to `format`, unless that is done. */
  async convert(format: Format): Promise<void> {
    const folder = join(this.path, format.name);
    if (existsSync(folder)) return;
    const part = `${folder}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    await format.convert(this, folderSink(part));
    renameSync(part, folder);
  }

  samples(): AsyncGenerator<SampleRecord> {
    return samplesIn(this.path);
  }

  async *scenes(): AsyncGenerator<{ name: string; split: string; record: SceneRecord }> {
    let index = 0;
    for (const split of splits(this.plan)) {
      const name = sceneName(index++);
      const record = JSON.parse(readFileSync(join(this.path, `scenes/${name}.json`), 'utf8')) as SceneRecord;
      yield { name, split, record };
    }
  }

  async file(path: string): Promise<Uint8Array> {
    return readFileSync(join(this.path, path));
  }

  /** Puts a file in place whole. */
  replace(path: string, content: string): void {
    this.#write(`${path}.part`, content);
    renameSync(join(this.path, `${path}.part`), join(this.path, path));
  }

  #write(path: string, content: string | Uint8Array): void {
    const whole = join(this.path, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content);
  }
}

/**
 * The plan of the finished data set in `path`.
 * @throws Error where there is none, or it is not finished.
 */
export function finishedPlan(path: string): DatasetPlan {
  // The card is written last; the others may have been taken away since.
  if (![CARD, PLAN, SAMPLES].every((name) => existsSync(join(path, name)))) {
    throw new Error(
      `${path} is no finished data set; name a folder that synthesize has written, or finish it with synthesize --resume`,
    );
  }
  return readPlan(path);
}

/** The samples of the data set in `path`, one at a time. Throws Error naming a line that is no JSON. */
export async function* samplesIn(path: string): AsyncGenerator<SampleRecord> {
  const file = join(path, SAMPLES);
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    yield parsedJson(line, `line ${++number} of ${file}`) as SampleRecord;
  }
}

/** `text` as JSON. Throws Error naming `place` when it is none, and the remedy. */
export function parsedJson(text: string, place: string, remedy = 'make the data set again'): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${place} is not JSON: it was cut off or changed; ${remedy}`, { cause: error });
  }
}

function candidatesPath(scene: string): string {
  return `${CANDIDATES}/${scene}.json.gz`;
}

function readPlan(path: string): DatasetPlan {
  const file = join(path, PLAN);
  return parsedJson(readFileSync(file, 'utf8'), file) as DatasetPlan;
}

/** Names the first field in which the plans differ. */
function refuseOtherPlan(path: string, there: DatasetPlan, wanted: DatasetPlan): void {
  for (const key of Object.keys({ ...wanted, ...there }) as (keyof DatasetPlan)[]) {
    const [a, b] = [there, wanted].map((plan) => JSON.stringify(plan[key]) ?? 'left out');
    if (a !== b) throw new Error(`${path} was begun with ${key} ${a}, not ${b}; resume with the same flags`);
  }
}

function folderSink(folder: string): FileSink {
  return {
    async create(path) {
      const whole = join(folder, path);
      mkdirSync(dirname(whole), { recursive: true });
      const file = openSync(whole, 'w');
      return {
        write: async (bytes) => writeWhole(file, bytes),
        close: async () => closeSync(file),
      };
    },
  };
}

/** A write may take fewer bytes than it is given. */
function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

/**
 * `synthesize`: a data set of rooms, views and questions, in the canonical layout and whatever other formats are asked
 * for. Frames are drawn by the software renderer, so that the same flags give the same bytes on any machine.
 */
import { availableParallelism } from 'node:os';
import { formats } from '../datasets/formats/registry';
import { DatasetCard } from '../datasets/card';
import { checkPlan, type DatasetPlan, videoTasks } from '../datasets/plan';
import { synthesizeScene } from '../datasets/scene-synthesis';
import { selectSamples } from '../datasets/select-samples';
import type { OwnObject } from '../scenes/own-object';
import { RANDOMIZATION_FIELDS } from '../scenes/scene-options';
import { families } from '../tasks/registry';
import { type Command, readFlags, required, UsageError, wholeNumber } from './command';
import { DatasetFolder } from './dataset-folder';
import { readOwnObject, readRandomization } from './dataset-options';
import { synthesizeInWorkers, tellParent } from './dataset-workers';

const CANONICAL = 'canonical';
/** A process takes about a second to start: fewer scenes than this are not worth another one. */
const SCENES_PER_WORKER = 8;
const PROGRESS_MS = 2000;

const usage = `Usage: npm run -s lab -- synthesize --seed N --scenes N --out DIR [--frames N] [--size WxH] [--tasks a,b]
         [--split train=0.9,test=0.1] [--format canonical,${formats.map(({ name }) => name).join(',')}] [--workers N] [--resume]
         [--randomization JSON] [--own FILE.glb:category:height=N]

Makes a data set of questions about synthetic rooms. Frames come from the software rasterizer: no GPU is needed, and the
same flags give the same bytes everywhere. The command verify checks the answers. Writes to DIR:
  samples.jsonl                  a question a line
  scenes/{scene}.json            room, objects, cameras, visibility
  frames/{scene}/{frame}.png     colour, 8 bit
  depth/{scene}/{frame}.png      distance to the image plane, 16 bit, millimetres
  instances/{scene}/{frame}.png  instance ids, 16 bit, 0 = shell
  README.md                      counts, answers, and what a guesser scores who sees no image
  dataset.json                   the flags that made it

Flags:
  --seed N           seed of the data set
  --scenes N         number of rooms
  --out DIR          a new or an empty folder
  --frames N         frames of a walk through each room, 1.25 s apart (default 16)
  --size WxH         of a frame, pixels (default 256x256)
  --tasks a,b        question families (default all):
${families.map(({ name, description }) => `                       ${name.padEnd(28)}${description}`).join('\n')}
  --split a=x,b=y    names and shares of the splits, by room (default train=0.9,test=0.1)
  --format a,b       further formats, each in a folder of its name; the canonical layout is always written:
${formats.map(({ name, summary }) => `                       ${name.padEnd(12)}${summary}`).join('\n')}
  --randomization J  a JSON file, or the JSON itself, like '{"light": [0.5, 1], "eyeHeight": [1, 1.6]}': ranges
                     [lowest, highest] that each scene draws from (default: as real rooms are):
${RANDOMIZATION_FIELDS.map(({ name, description, remedy }) => `                       ${name.padEnd(12)}${description}\n${''.padEnd(35)}${remedy}`).join('\n')}
  --own F:C:M        an object of one's own in every room that has a place for it: a GLB file, its category, and a true
                     measure in metres (or all three, with commas), like crate.glb:trash bin:height=0.6; repeatable
  --workers N        processes that make scenes (default: one a processor)
  --resume           goes on with a data set that was interrupted, with the same flags; the bytes are the same`;

export const synthesizeCommand: Command = {
  name: 'synthesize',
  summary: 'a data set of rooms, views and questions',
  usage,
  async run(args) {
    const { values } = readFlags(args, {
      seed: { type: 'string' },
      scenes: { type: 'string' },
      out: { type: 'string' },
      frames: { type: 'string', default: '16' },
      size: { type: 'string', default: '256x256' },
      tasks: { type: 'string' },
      split: { type: 'string', default: 'train=0.9,test=0.1' },
      format: { type: 'string', default: CANONICAL },
      workers: { type: 'string' },
      randomization: { type: 'string' },
      own: { type: 'string', multiple: true, default: [] },
      resume: { type: 'boolean', default: false },
      part: { type: 'string' },
    });
    const out = required(values.out, '--out');
    const randomization = values.randomization === undefined ? undefined : readRandomization(values.randomization);
    const brought = values.own.map(readOwnObject);
    const own = brought.map(({ object }) => object);
    const plan: DatasetPlan = {
      seed: wholeNumber(required(values.seed, '--seed'), '--seed', 0),
      scenes: wholeNumber(required(values.scenes, '--scenes'), '--scenes', 1),
      frames: wholeNumber(values.frames, '--frames', 1),
      ...parseSize(values.size),
      tasks: values.tasks === undefined ? families.map(({ name }) => name) : [...new Set(names(values.tasks))],
      split: parseSplit(values.split),
      ...(randomization && { randomization }),
      ...(brought.length > 0 && { own: brought.map(({ file }) => file) }),
    };
    try {
      checkPlan(plan);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
    }
    const wanted = parseFormats(values.format);
    const most = Math.ceil(plan.scenes / SCENES_PER_WORKER);
    const workers = Math.min(
      most,
      values.workers === undefined ? availableParallelism() : wholeNumber(values.workers, '--workers', 1),
    );

    if (values.part !== undefined) {
      await makePart(new DatasetFolder(out, plan, true), own, values.part);
      return;
    }
    try {
      const folder = new DatasetFolder(out, plan, values.resume);
      if (!folder.finished) {
        await makeScenes(folder, own, args, workers);
        console.log(`Selected ${await writeSamples(folder)} questions`);
      }
      folder.dropCandidates();
      for (const format of wanted) {
        console.log(`Writing ${format.name}`);
        await folder.convert(format);
      }
    } catch (error) {
      throw explained(error, out);
    }
    console.log(`Wrote ${out}`);
  },
};

/** Makes the scenes that are missing, and reports how it goes. */
async function makeScenes(
  folder: DatasetFolder,
  own: readonly OwnObject[],
  args: readonly string[],
  workers: number,
): Promise<void> {
  const { scenes, frames, width, height } = folder.plan;
  const missing = Array.from({ length: scenes }, (_, index) => index).filter((index) => !folder.hasScene(index));
  const view = `${frames} frame${frames === 1 ? '' : 's'} of ${width}x${height}`;
  console.log(`${missing.length} scenes of ${view}, by the software rasterizer, ${workers} at a time`);
  const left = frames === 1 ? videoTasks(folder.plan) : [];
  if (left.length > 0) console.log(`One frame is no video: ${left.join(', ')} will have no samples`);
  const start = performance.now();
  let done = 0;
  let told = start;
  const onScene = () => {
    done++;
    const now = performance.now();
    if (now - told < PROGRESS_MS && done < missing.length) return;
    told = now;
    const rate = (frames * done) / ((now - start) / 1000);
    console.log(`${scenes - missing.length + done}/${scenes} scenes  ${rate.toFixed(1)} frames/s`);
  };
  if (workers > 1 && missing.length >= SCENES_PER_WORKER) {
    const others = args.filter((arg) => arg !== '--resume');
    await synthesizeInWorkers(others, workers, onScene);
    return;
  }
  for (const index of missing) {
    folder.writeScene(index, synthesizeScene(folder.plan, index, own));
    onScene();
  }
}

/** What a process started by another one does: part k/n is every scene whose number leaves k when divided by n. */
async function makePart(folder: DatasetFolder, own: readonly OwnObject[], part: string): Promise<void> {
  const [rest, count] = part.split('/').map(Number);
  if (!(rest >= 0 && rest < count)) throw new UsageError(`--part ${part}: it is set by the program itself`);
  try {
    for (let index = rest; index < folder.plan.scenes; index += count) {
      if (folder.hasScene(index)) continue;
      folder.writeScene(index, synthesizeScene(folder.plan, index, own));
      tellParent({ kind: 'scene' });
      // Lets the message go out, and the end of the parent be noticed.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    tellParent({ kind: 'failed', message: explained(error, folder.path).message });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Selects the samples from what the scenes allow, and writes them and the card. Returns how many. */
async function writeSamples(folder: DatasetFolder): Promise<number> {
  const card = new DatasetCard(folder.plan);
  const file = folder.samplesFile();
  let written = 0;
  for await (const { sample, categories } of selectSamples(folder.plan, async (index) => folder.candidates(index))) {
    file.write(sample);
    card.add(sample, categories);
    written++;
  }
  file.close();
  folder.finish(card.markdown());
  return written;
}

/** The error with what to do about it, where the file system is at fault. */
function explained(error: unknown, path: string): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC') {
    return new Error(`the disk is full; free some space and run the same command with --resume: ${path} is kept`, {
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new Error(`${path} cannot be written; name another folder with --out, or change its permissions`, {
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error(String(error));
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim());
}

function parseSize(size: string): { width: number; height: number } {
  const parsed = /^(\d+)x(\d+)$/.exec(size);
  if (!parsed) throw new UsageError(`--size must be WIDTHxHEIGHT in pixels, like 256x256, not "${size}"`);
  return { width: Number(parsed[1]), height: Number(parsed[2]) };
}

function parseSplit(split: string): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const part of names(split)) {
    const parsed = /^([a-z][a-z0-9_]*)=(\d*\.?\d+)$/i.exec(part);
    if (!parsed || parsed[1] in shares) {
      throw new UsageError(`--split must be like train=0.9,test=0.1, each name once, not "${split}"`);
    }
    shares[parsed[1]] = Number(parsed[2]);
  }
  return shares;
}

function parseFormats(list: string) {
  return names(list).flatMap((name) => {
    if (name === CANONICAL) return [];
    const format = formats.find((candidate) => candidate.name === name);
    if (format) return format;
    const known = [CANONICAL, ...formats.map((other) => other.name)].join(', ');
    throw new UsageError(`--format "${name}" is none of ${known}`);
  });
}

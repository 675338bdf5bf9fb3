/**
 * What a data set shall be: its seed, its size and its split. The plan fixes every byte of it, whatever the number of
 * workers and however often the work was interrupted.
 */
import { hashSeed } from '../random';
import type { TrueSize } from '../scenes/own-object';
import { checkRandomization, type Randomization } from '../scenes/scene-options';
import { familyNamed, videoTaskNames } from '../tasks/registry';

export interface DatasetPlan {
  readonly seed: number;
  readonly scenes: number;
  /** Frames of each scene's walk-through. */
  readonly frames: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Names of question families. */
  readonly tasks: readonly string[];
  /** Names and shares of the splits, the shares adding up to 1. */
  readonly split: Readonly<Record<string, number>>;
  /** What varies from scene to scene beyond what real rooms do; left out: nothing. */
  readonly randomization?: Randomization;
  /** The files of objects that a user brings; left out: none. */
  readonly own?: readonly OwnObjectFile[];
}

/** An object that a user brings, as a plan names it: the bytes of its file are told by their hash. */
export interface OwnObjectFile {
  readonly file: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly category: string;
  /** As it is asked for, metres: one measure, or all three. */
  readonly size: TrueSize;
}

/** Pixels; more would not be a frame that any model reads. */
const LARGEST_SIDE = 4096;
/** Frames of a scene; all of them are in memory at once. */
const MOST_FRAMES = 1000;

/** @throws Error naming the field and what it should be. */
export function checkPlan(plan: DatasetPlan): void {
  const { scenes, frames, width, height, tasks, split, randomization } = plan;
  for (const [name, value] of Object.entries({ scenes, frames })) {
    if (!(Number.isInteger(value) && value >= 1)) throw new Error(`${name} is ${value}; give a whole number from 1 on`);
  }
  if (frames > MOST_FRAMES) throw new Error(`frames is ${frames}; give at most ${MOST_FRAMES}`);
  if (![width, height].every((side) => Number.isInteger(side) && side >= 16 && side <= LARGEST_SIDE)) {
    throw new Error(`the size is ${width}x${height}; give whole numbers of pixels from 16 to ${LARGEST_SIDE}`);
  }
  if (tasks.length === 0) throw new Error('no tasks are given; name at least one');
  for (const task of tasks) familyNamed(task);
  if (videoTasks(plan).length === tasks.length && frames === 1) {
    throw new Error(`${tasks.join(', ')} asks about videos, and frames is 1; give at least 2, better 16`);
  }
  const shares = Object.values(split);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (shares.length === 0 || shares.some((share) => !(share > 0)) || Math.abs(total - 1) > 1e-9) {
    throw new Error(`the split's shares add up to ${total}; give positive shares that add up to 1`);
  }
  if (randomization !== undefined) checkRandomization(randomization);
}

/** The tasks of `plan` that need a video: with one frame a scene there are no questions of theirs. */
export function videoTasks({ tasks }: Pick<DatasetPlan, 'tasks'>): string[] {
  return tasks.filter((task) => videoTaskNames.includes(task));
}

/** The scene's name in file names and records: '000042'. */
export function sceneName(index: number): string {
  return String(index).padStart(6, '0');
}

/** The seed of scene `index`; `attempt` counts the rooms that were thrown away before it. */
export function sceneSeed({ seed }: DatasetPlan, index: number, attempt = 0): number {
  return hashSeed(seed, 'scene', index, attempt);
}

/**
 * The split of every scene, in order. A scene goes to the split that lags most behind its share, so that any number of
 * first scenes is divided as evenly as whole scenes allow.
 */
export function* splits({ scenes, split }: Pick<DatasetPlan, 'scenes' | 'split'>): Generator<string> {
  const names = Object.keys(split);
  const taken = new Map(names.map((name) => [name, 0]));
  const lag = (name: string, index: number) => split[name] * (index + 1) - taken.get(name)!;
  for (let index = 0; index < scenes; index++) {
    const name = names.reduce((most, other) => (lag(other, index) > lag(most, index) + 1e-9 ? other : most));
    taken.set(name, taken.get(name)! + 1);
    yield name;
  }
}

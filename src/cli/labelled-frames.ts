/**
 * The frames of a data set that `synthesize` has written, with what each patch of them shows, from its depth and instance
 * files: what visual tokens are pretrained on. Frames are read as they are asked for, and stay in memory.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { SceneRecord } from '../datasets/canonical';
import { sceneName, splits } from '../datasets/plan';
import { framePath } from '../datasets/store';
import { framePicture, sampledAt } from '../evaluation/models/frame';
import type { Architecture } from '../policy/parameters';
import { patchCount } from '../policy/parameters';
import type { RandomStream } from '../random';
import { FURNITURE } from '../scenes/furniture/registry';
import { distanceClass, type LabelledFrame } from '../training/perception';
import { finishedPlan, parsedJson } from './dataset-folder';

/** Names of the classes of category: the first is the room itself and what is no furniture of the lab's. */
export const CATEGORY_NAMES: readonly string[] = ['room', ...FURNITURE.map(({ category }) => category)];
const classes = new Map(CATEGORY_NAMES.map((name, index) => [name, index]));

/** A frame as a mirror shows it. */
function mirrored({ picture, categories, distances }: LabelledFrame, a: Architecture): LabelledFrame {
  const flip = <A extends Uint32Array | Int32Array>(values: A, side: number) =>
    values.map((_, at) => values[at + side - 1 - 2 * (at % side)]) as A;
  const side = a.frame_size / a.patch_size;
  const pixels = flip(new Uint32Array(picture.rgba.buffer), picture.width);
  return {
    picture: { ...picture, rgba: new Uint8Array(pixels.buffer) },
    categories: flip(categories, side),
    distances: flip(distances, side),
  };
}

export class LabelledFrames {
  readonly path: string;
  /** Frames of each scene. */
  private readonly framesPerScene: number;
  private readonly a: Architecture;
  /** Names of scenes by split. */
  private readonly scenes: Readonly<Record<'train' | 'test', readonly string[]>>;
  private readonly read = new Map<string, readonly LabelledFrame[]>();

  /** @throws Error where the folder is no finished data set, or has no split train. */
  constructor(path: string, a: Architecture) {
    const plan = finishedPlan(path);
    const scenes = { train: [] as string[], test: [] as string[] };
    let index = 0;
    for (const split of splits(plan)) {
      const name = sceneName(index++);
      if (split === 'train' || split === 'test') scenes[split].push(name);
    }
    if (scenes.train.length === 0) throw new Error(`${path} has no split train; make it with --split train=…`);
    this.path = path;
    this.a = a;
    this.framesPerScene = plan.frames;
    this.scenes = scenes;
  }

  /** Whether there are held-out scenes. */
  get hasTest(): boolean {
    return this.scenes.test.length > 0;
  }

  /**
   * Frames of random scenes. Of training, about half of them are mirrored: rooms are as likely as their mirror images.
   */
  draw(split: 'train' | 'test', count: number, random: RandomStream): LabelledFrame[] {
    return Array.from({ length: count }, () => {
      const frame = random.pick(this.scene(random.pick(this.scenes[split])));
      return split === 'train' && random.next() < 0.5 ? mirrored(frame, this.a) : frame;
    });
  }

  private scene(name: string): readonly LabelledFrame[] {
    const there = this.read.get(name);
    if (there) return there;
    const file = join(this.path, `scenes/${name}.json`);
    const { objects } = parsedJson(readFileSync(file, 'utf8'), file) as SceneRecord;
    const classOf = new Map(objects.map(({ id, category }) => [id, classes.get(category) ?? 0]));
    const frames = Array.from({ length: this.framesPerScene }, (_, frame) => this.frame(name, frame, classOf));
    this.read.set(name, frames);
    return frames;
  }

  private frame(scene: string, frame: number, classOf: ReadonlyMap<number, number>): LabelledFrame {
    const { frame_size: size, patch_size: patch } = this.a;
    const color = readFileSync(join(this.path, framePath(scene, frame)));
    const instances = this.channel(`instances/${scene}/${frame}.png`);
    const depth = this.channel(`depth/${scene}/${frame}.png`);
    const categories = new Int32Array(patchCount(this.a));
    const distances = new Int32Array(categories.length);
    const side = size / patch;
    for (let place = 0; place < categories.length; place++) {
      const counts = new Map<number, number>();
      let total = 0;
      for (let pixel = 0; pixel < patch ** 2; pixel++) {
        const row = Math.floor(place / side) * patch + Math.floor(pixel / patch);
        const at = row * size + (place % side) * patch + (pixel % patch);
        const category = classOf.get(instances[at]) ?? 0;
        counts.set(category, (counts.get(category) ?? 0) + 1);
        total += depth[at];
      }
      categories[place] = [...counts].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
      distances[place] = distanceClass(total / patch ** 2 / 1000);
    }
    return { picture: framePicture(color, size), categories, distances };
  }

  /** A file of 16 bits at the policy's size, sampled as colours are. */
  private channel(path: string): Uint16Array {
    const image = decode(readFileSync(join(this.path, path)));
    return Uint16Array.from(sampledAt(image, this.a.frame_size), (pixel) => image.data[pixel]);
  }
}

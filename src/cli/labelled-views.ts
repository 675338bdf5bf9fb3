/**
 * The frames of a data set that `synthesize` has written, with what they show, from its depth, instance and scene files:
 * what policies are pretrained on. Frames are read as they are asked for, and stay in memory.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { ObjectRecord, SceneRecord } from '../datasets/canonical';
import { sceneName, splits } from '../datasets/plan';
import { framePath } from '../datasets/store';
import { framePicture, sampledAt } from '../evaluation/models/frame';
import { groupBy } from '../group-by';
import { type Architecture, patchCount, patchesAlong } from '../policy/parameters';
import type { RandomStream } from '../random';
import { FURNITURE } from '../scenes/furniture/registry';
import type { OrientedBox, Vec3 } from '../scenes/scene';
import { bearing, distanceToCamera, pixelMinimum } from '../tasks/facts';
import { framesShown } from '../training/frames';
import {
  bearingClass,
  COUNTS,
  DISTANCES,
  type LabelledView,
  lengthClass,
  mirroredBearing,
  mirroredShare,
  NAMED,
  type NamedCategory,
  shareClass,
  SIZES,
} from '../training/perception-labels';
import type { Picture } from '../training/report';
import { finishedPlan, parsedJson } from './dataset-folder';

/** Names of the classes of category: the first is the room itself and what is no furniture of the lab's. */
export const CATEGORY_NAMES: readonly string[] = ['room', ...FURNITURE.map(({ category }) => category)];
const classes = new Map(CATEGORY_NAMES.map((name, index) => [name, index]));

/** Share of a patch that objects fill for it to show one: what is asked about is often small. */
const OBJECT_SHARE = 1 / 8;

/** A frame with what its patches show. */
interface LabelledFrame {
  readonly picture: Picture;
  readonly categories: Int32Array;
  readonly distances: Int32Array;
}

interface LabelledScene {
  readonly record: SceneRecord;
  /** Those that were asked for. */
  readonly frames: Map<number, LabelledFrame>;
}

/** A frame as a mirror shows it. */
function mirroredFrame({ picture, categories, distances }: LabelledFrame, a: Architecture): LabelledFrame {
  const flip = <A extends Uint32Array | Int32Array>(values: A, side: number) =>
    values.map((_, at) => values[at + side - 1 - 2 * (at % side)]) as A;
  const side = patchesAlong(a);
  const pixels = flip(new Uint32Array(picture.rgba.buffer), picture.width);
  return {
    picture: { ...picture, rgba: new Uint8Array(pixels.buffer) },
    categories: flip(categories, side),
    distances: flip(distances, side),
  };
}

function mirroredName(name: NamedCategory): NamedCategory {
  const { bearing, across } = name;
  return {
    ...name,
    bearing: bearing === null ? null : mirroredBearing(bearing),
    across: across === null ? null : mirroredShare(across),
  };
}

function boxOf({ centroid, axes_lengths, axes }: ObjectRecord): OrientedBox {
  return { centroid: centroid as unknown as Vec3, axesLengths: axes_lengths as unknown as Vec3, axes };
}

/** What the names of all categories of furniture are to tell of frames of a scene. */
function namesOf({ objects, cameras, visibility }: SceneRecord, frames: readonly number[]): NamedCategory[] {
  const first = { cameraToWorld: cameras[frames[0]].camera_to_world };
  const minimum = pixelMinimum(cameras[frames[0]]);
  /** Pixels of each object in the frame that shows most of it. */
  const pixels = new Map<number, number>();
  for (const { frame, object, px_count_visib } of visibility) {
    if (frames.includes(frame)) pixels.set(object, Math.max(px_count_visib, pixels.get(object) ?? 0));
  }
  const seen = groupBy(
    objects.filter(({ id }) => (pixels.get(id) ?? 0) > 0),
    ({ category }) => category,
  );
  return CATEGORY_NAMES.flatMap((name, category): NamedCategory[] => {
    if (category === 0) return [];
    const instances = seen.get(name) ?? [];
    const clear = instances.every(({ id }) => pixels.get(id)! >= minimum);
    const none = { category, bearing: null, distance: null, size: null, across: null, down: null, visible: null };
    if (!clear) return [{ ...none, count: null }];
    const count = Math.min(instances.length, COUNTS - 1);
    if (instances.length !== 1) return [{ ...none, count }];
    const box = boxOf(instances[0]);
    const told = {
      ...none,
      count,
      bearing: bearingClass(bearing(first, { box })),
      distance: lengthClass(distanceToCamera(first, { box }), DISTANCES),
      size: lengthClass(Math.max(...box.axesLengths), SIZES),
    };
    if (frames.length > 1) return [told];
    const { width, height } = cameras[frames[0]];
    const shown = visibility.find(({ frame, object }) => frame === frames[0] && object === instances[0].id)!;
    const [x, y, wide, high] = shown.bbox_visib;
    const across = shareClass((x + wide / 2) / width);
    const down = shareClass((y + high / 2) / height);
    return [{ ...told, across, down, visible: shareClass(shown.visib_fract) }];
  });
}

export class LabelledViews {
  readonly path: string;
  /** Frames of each scene. */
  private readonly framesPerScene: number;
  private readonly a: Architecture;
  /** Names of scenes by split. */
  private readonly scenes: Readonly<Record<'train' | 'test', readonly string[]>>;
  private readonly read = new Map<string, LabelledScene>();

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

  /** The most frames that a view can have. */
  get mostFrames(): number {
    return this.framesPerScene;
  }

  /**
   * Views of random scenes: of one frame any, of several those that a video of the scene is seen by. Of training, about
   * half of them are mirrored: rooms are as likely as their mirror images.
   * @param options.frames of each view. Prompts name categories that are seen, as many as there is room for, and others.
   */
  draw(
    split: 'train' | 'test',
    { count, frames }: { readonly count: number; readonly frames: number },
    random: RandomStream,
  ): LabelledView[] {
    return Array.from({ length: count }, () => {
      const name = random.pick(this.scenes[split]);
      const { record } = this.scene(name);
      const shown =
        frames === 1 ? [random.integer(0, this.framesPerScene - 1)] : framesShown(this.framesPerScene, frames);
      const mirror = split === 'train' && random.next() < 0.5;
      const order = random.shuffle(namesOf(record, shown));
      const [seen, others] = [true, false].map((there) => order.filter(({ count }) => (count !== 0) === there));
      const named = random.shuffle([...seen, ...others].slice(0, NAMED));
      const seenFrames = shown.map((at) => {
        const frame = this.frame(name, at);
        return mirror ? mirroredFrame(frame, this.a) : frame;
      });
      return {
        pictures: seenFrames.map(({ picture }) => picture),
        categories: Int32Array.from(seenFrames.flatMap(({ categories }) => [...categories])),
        distances: Int32Array.from(seenFrames.flatMap(({ distances }) => [...distances])),
        named: mirror ? named.map(mirroredName) : named,
      };
    });
  }

  private scene(name: string): LabelledScene {
    const there = this.read.get(name);
    if (there) return there;
    const file = join(this.path, `scenes/${name}.json`);
    const scene = { record: parsedJson(readFileSync(file, 'utf8'), file) as SceneRecord, frames: new Map() };
    this.read.set(name, scene);
    return scene;
  }

  private frame(name: string, at: number): LabelledFrame {
    const { record, frames } = this.scene(name);
    const there = frames.get(at);
    if (there) return there;
    const classOf = new Map(record.objects.map(({ id, category }) => [id, classes.get(category) ?? 0]));
    const frame = this.readFrame(name, at, classOf);
    frames.set(at, frame);
    return frame;
  }

  private readFrame(scene: string, frame: number, classOf: ReadonlyMap<number, number>): LabelledFrame {
    const { frame_size: size, patch_size: patch } = this.a;
    const color = readFileSync(join(this.path, framePath(scene, frame)));
    const instances = this.channel(`instances/${scene}/${frame}.png`);
    const depth = this.channel(`depth/${scene}/${frame}.png`);
    const categories = new Int32Array(patchCount(this.a));
    const distances = new Int32Array(categories.length);
    const side = patchesAlong(this.a);
    for (let place = 0; place < categories.length; place++) {
      const pixels = Array.from({ length: patch ** 2 }, (_, pixel) => {
        const row = Math.floor(place / side) * patch + Math.floor(pixel / patch);
        return row * size + (place % side) * patch + (pixel % patch);
      });
      categories[place] = shownCategory(pixels.map((at) => classOf.get(instances[at]) ?? 0));
      distances[place] = lengthClass(
        pixels.reduce((total, at) => total + depth[at], 0) / pixels.length / 1000,
        DISTANCES,
      );
    }
    return { picture: framePicture(color, size), categories, distances };
  }

  /** A file of 16 bits at the policy's size, sampled as colours are. */
  private channel(path: string): Uint16Array {
    const image = decode(readFileSync(join(this.path, path)));
    return Uint16Array.from(sampledAt(image, this.a.frame_size), (pixel) => image.data[pixel]);
  }
}

/** The category of objects that fills most of a patch's pixels, or the room where objects fill little of it. */
function shownCategory(pixels: readonly number[]): number {
  const objects = pixels.filter((category) => category !== 0);
  if (objects.length < OBJECT_SHARE * pixels.length) return 0;
  const counts = [...groupBy(objects, (category) => category)].map(([category, { length }]) => ({ category, length }));
  return counts.reduce((most, next) => (next.length > most.length ? next : most)).category;
}

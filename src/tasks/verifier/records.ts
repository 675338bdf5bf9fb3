/**
 * What the verifier looks up in a scene file, and how it says that a sample is wrong. Whatever cannot be found makes a
 * disagreement with its reason.
 */
import type { CameraRecord, ObjectRecord, SampleRecord, SceneRecord, VisibilityRecord } from '../../datasets/canonical';

/** Why a sample is not what its scene says. */
export class Disagreement extends Error {}

/** Raises a `Disagreement` with `reason` unless `condition` holds. */
export function need(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Disagreement(reason);
}

/** Share of a frame that an object named in a question fills at least: 12 pixels of 64 x 64. */
const SMALLEST_SHARE = 12 / 4096;

/** A sample beside its scene. */
export class Records {
  readonly scene: SceneRecord;
  readonly sample: SampleRecord;
  /** The cameras of the sample's frames, in order. */
  readonly cameras: readonly CameraRecord[];

  constructor(scene: SceneRecord, sample: SampleRecord) {
    this.scene = scene;
    this.sample = sample;
    this.cameras = sample.frames.map((frame) => {
      const camera = scene.cameras.find((candidate) => candidate.frame === frame);
      need(camera !== undefined, `the scene has no frame ${frame}`);
      return camera;
    });
    need(this.cameras.length > 0, 'the sample has no frames');
  }

  /** The one frame of a question about an image. */
  get camera(): CameraRecord {
    need(this.cameras.length === 1, `the question is about one image, and the sample has ${this.cameras.length}`);
    return this.cameras[0];
  }

  object(id: number): ObjectRecord {
    const object = this.scene.objects.find((candidate) => candidate.id === id);
    need(object !== undefined, `the scene has no object ${id}`);
    return object;
  }

  /** The instances of a category, one or more. */
  instances(category: string): readonly ObjectRecord[] {
    const instances = this.scene.objects.filter((object) => object.category === category);
    need(instances.length > 0, `the scene has no ${category}`);
    return instances;
  }

  /** The only object of a category. */
  single(category: string): ObjectRecord {
    const instances = this.instances(category);
    need(instances.length === 1, `the scene has ${instances.length} objects called ${category}, not one`);
    return instances[0];
  }

  /** What a frame shows of an object; null when it shows none of it. */
  seen({ frame }: CameraRecord, { id }: ObjectRecord): VisibilityRecord | null {
    const entry = this.scene.visibility.find((candidate) => candidate.frame === frame && candidate.object === id);
    return entry !== undefined && entry.px_count_visib > 0 ? entry : null;
  }

  /** Whether a frame shows enough of an object for a question to name it. */
  clear(camera: CameraRecord, object: ObjectRecord): boolean {
    const entry = this.seen(camera, object);
    // A hair of slack: a share of a frame is a rounded number.
    return entry !== null && entry.px_count_visib >= SMALLEST_SHARE * camera.width * camera.height - 1e-9;
  }

  /** The parts of the question that the groups of `pattern` match. */
  parse(pattern: RegExp): string[] {
    const match = pattern.exec(this.sample.question);
    need(match !== null, `the question is not worded as ${this.sample.task} is: ${this.sample.question}`);
    return match.slice(1);
  }

  /** The texts of a choice's options, all different. */
  get options(): readonly string[] {
    const { options } = this.sample;
    need(options !== null && options.length >= 2, 'the choice has fewer than two options');
    need(new Set(options).size === options.length, 'two options are the same');
    return options;
  }
}

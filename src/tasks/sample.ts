/**
 * Samples: a room, a view of it and a question with its true answer, all from one seed.
 *
 * Answers are spread on purpose. A room's natural distances crowd around their mode, where a constant guess would
 * collect most of the reward; so a sample first draws a range of answers (the family's strata) and then looks through
 * rooms and views for a question whose answer falls into it. After a few views it takes the nearest range that it has
 * seen, since some are rare. Choices spread their letters themselves; for them the search is for four options.
 */
import { hashSeed, type RandomStream, stream } from '../random';
import { chooseCamera } from '../scenes/camera';
import { synthesizeRoom } from '../scenes/room';
import { type RoomMesh, roomMesh } from '../scenes/room-mesh';
import type { Camera, Room } from '../scenes/scene';
import { walkThrough, type WalkOptions, type WalkPose } from '../scenes/walk-through';
import type { Question, QuestionFamily } from './family';
import { observeVideo } from './observation';
import { familyNamed, imageTaskNames } from './registry';

/** A question about a view of a room. The room's own seed is `room.seed`. */
export interface Sample {
  /** Task and seed. */
  readonly id: string;
  readonly room: Room;
  /** The room as one mesh, ready to be drawn. */
  readonly mesh: RoomMesh;
  readonly camera: Camera;
  /** Of a question about a video all of its frames, of one about an image `camera` alone. */
  readonly cameras: readonly Camera[];
  readonly question: Question;
}

interface SampleOptions {
  /** Names of question families; each is drawn with the same probability. */
  readonly tasks: readonly string[];
  /** Frame of the camera, pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames of a video; left out: 1, which allows no questions about videos. */
  readonly frames?: number;
  /** Longer side of the frame in which visibility is counted, pixels; left out: 64. */
  readonly visibilitySize?: number;
}

/** The benchmarks' usual number of options. */
const USUAL_OPTIONS = 4;
const VIEWS_PER_ROOM = 2;
/** A data set's walk of 16 frames takes as long. */
const WALK_SECONDS = 20;
/** After so many views the nearest range of answers, or fewer options, will do. */
const PATIENCE = 12;
/** After so many views without any question of the family, the seed is given up. */
const MAX_VIEWS = 200;

/**
 * The sample that `seed` and `options` fix.
 * Throws RangeError on an empty list of tasks, and Error on an unknown task, on one that needs a video, or when no view
 * allows a question.
 */
export function synthesizeSample(seed: number, options: SampleOptions): Sample {
  const { tasks, width, height, frames = 1, visibilitySize } = options;
  if (tasks.length === 0) throw new RangeError('synthesizeSample: no tasks; name at least one');
  for (const task of tasks) {
    if (familyNamed(task).frames === 'video' && frames < 2) {
      throw new Error(
        `task '${task}' asks about a video, and a sample is one image here; the tasks on images are ` +
          imageTaskNames.join(', '),
      );
    }
  }
  const random = stream(seed, 'sample');
  const family = familyNamed(random.pick(tasks));
  const wanted = random.integer(0, family.strata.length);

  let nearest: { sample: Sample; miss: number } | null = null;
  let room!: Room;
  let mesh!: RoomMesh;
  for (let view = 0; view < MAX_VIEWS; view++) {
    if (view % VIEWS_PER_ROOM === 0) {
      ({ room } = synthesizeRoom(hashSeed(seed, 'room', view / VIEWS_PER_ROOM)));
      mesh = roomMesh(room);
    }
    const poses =
      family.frames === 'video'
        ? film(room, stream(seed, 'walk', view), { width, height, frames })
        : [{ camera: chooseCamera(room, stream(seed, 'camera', view), { width, height }), time: 0 }];
    if (poses.length === 0) continue;
    const cameras = poses.map(({ camera }) => camera);
    const [camera] = cameras;
    const observation = observeVideo(room, mesh, poses, visibilitySize);
    for (const question of family.ask(observation, stream(seed, 'question', view))) {
      const miss = missOf(question, family, wanted);
      if (nearest === null || miss < nearest.miss) {
        nearest = { sample: { id: `${family.name}-${seed}`, room, mesh, camera, cameras, question }, miss };
      }
      if (miss === 0) break;
    }
    if (nearest !== null && (nearest.miss === 0 || view + 1 >= PATIENCE)) return nearest.sample;
  }
  throw new Error(
    `no question of ${family.name} in ${MAX_VIEWS} views of rooms from seed ${seed}: its filters refuse them all; ` +
      'try another seed or task',
  );
}

/** A walk's frames, spread over its time; none where the room has no floor to walk on. */
function film(room: Room, random: RandomStream, options: Pick<WalkOptions, 'width' | 'height' | 'frames'>): WalkPose[] {
  try {
    return walkThrough(room, random, { ...options, framesPerSecond: options.frames / WALK_SECONDS });
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** How far the question is from what is looked for: in ranges of answers for a number, in options for a choice. */
function missOf({ answerValue, options }: Question, { strata }: QuestionFamily, wanted: number): number {
  if (answerValue === null) return Math.max(0, USUAL_OPTIONS - (options?.length ?? 0));
  return Math.abs(strata.filter((bound) => answerValue >= bound).length - wanted);
}

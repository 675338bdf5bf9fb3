/**
 * The room on show, put into words and figures for the page: objects with true sizes and distances, the validator's
 * verdict, a frame and a walk, and the questions that these allow.
 */
import { stream } from '../random';
import { renderSoftware } from '../rendering/software';
import { visibilityOf } from '../rendering/visibility';
import { cameraPosition, chooseCamera } from '../scenes/camera';
import { boxDistance, pointToBoxDistance } from '../scenes/geometry';
import { synthesizeInspectedRoom } from '../scenes/inspected-room';
import type { OwnObject } from '../scenes/own-object';
import { type RoomMesh, roomMesh } from '../scenes/room-mesh';
import type { Camera, Room } from '../scenes/scene';
import { walkThrough, type WalkPose } from '../scenes/walk-through';
import type { Observation, Question, QuestionFamily } from '../tasks/family';
import { observe, observeVideo } from '../tasks/observation';
import { families } from '../tasks/registry';
import type { FrameSummary, RoomSummary, ViewPose, WalkSummary } from './protocol';

/** Questions of one family that are shown; a room may allow dozens. */
const QUESTIONS_PER_FAMILY = 3;
/** Side of the frame on show, pixels, in which visibility is counted too. */
const FRAME_SIZE = 384;
/** Side of the frame that the default policy sees, pixels. */
const POLICY_SIZE = 64;
/** The walk: side of its frames in pixels, how many, and how many a second. */
const WALK = { width: 256, height: 256, frames: 24, framesPerSecond: 1 };

/** A room ready to be looked at. */
export interface ShownRoom {
  readonly room: Room;
  readonly mesh: RoomMesh;
  readonly summary: RoomSummary;
}

function poseOf(camera: Camera): ViewPose {
  const eye = cameraPosition(camera);
  const m = camera.cameraToWorld;
  const target = [eye[0] + m[2], eye[1] + m[6], eye[2] + m[10]] as const;
  return { eye, target, fieldOfView: 2 * Math.atan(camera.height / 2 / camera.K[4]) };
}

function questionsOf(frames: QuestionFamily['frames'], observation: Observation, seed: number): Question[] {
  return families
    .filter((family) => family.frames === frames)
    .flatMap((family) =>
      family.ask(observation, stream(seed, 'page questions', family.name)).slice(0, QUESTIONS_PER_FAMILY),
    );
}

/** Synthesizes the room of a seed, with `own` in it, and everything that the page says of it but for the walk. */
export function showRoom(seed: number, own: readonly OwnObject[] = []): ShownRoom {
  const { room, rejected, validation, discarded } = synthesizeInspectedRoom(seed, { own });
  const mesh = roomMesh(room);
  const camera = chooseCamera(room, stream(seed, 'page camera'), { width: FRAME_SIZE, height: FRAME_SIZE });
  const observation = observe(room, mesh, camera, FRAME_SIZE);
  const [{ visible }] = observation.frames;
  const seen = new Set(visible.map(({ object }) => object));
  const eye = cameraPosition(camera);
  const objects = room.objects.map((object) => ({
    id: object.id,
    category: object.category,
    box: object.box,
    distanceToCamera: pointToBoxDistance(eye, object.box),
    distances: Object.fromEntries(
      room.objects.filter(({ id }) => id !== object.id).map(({ id, box }) => [id, boxDistance(object.box, box)]),
    ),
    visible: seen.has(object.id),
  }));
  const { type, area, height, polygon } = room;
  const summary: RoomSummary = {
    seed,
    type,
    area,
    height,
    polygon,
    objects,
    problems: validation.problems,
    discarded,
    rejected,
    policyPicture: pictureOf(mesh, resized(camera, POLICY_SIZE)),
    frame: { picture: pictureOf(mesh, camera), camera, time: 0, visible },
    framePose: poseOf(camera),
    questions: questionsOf('image', observation, seed),
  };
  return { room, mesh, summary };
}

/**
 * Films a walk through the room. `pause` is awaited between two frames and says whether to go on; the result is null
 * where it said no.
 */
export async function showWalk(
  { room, mesh, summary: { seed } }: ShownRoom,
  pause: () => Promise<boolean>,
): Promise<WalkSummary | null> {
  let poses: WalkPose[];
  try {
    poses = walkThrough(room, stream(seed, 'page walk'), WALK);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { seed, frames: [], questions: [], problem: error.message };
  }
  const frames: FrameSummary[] = [];
  for (const { camera, time } of poses) {
    if (!(await pause())) return null;
    const { width, height, color, instances } = renderSoftware(mesh, camera);
    const visible = visibilityOf({ width, height, instances });
    frames.push({ picture: { width, height, rgba: color }, camera, time, visible });
  }
  if (!(await pause())) return null;
  const questions = questionsOf('video', observeVideo(room, mesh, poses), seed);
  return { seed, frames, questions, problem: null };
}

function pictureOf(mesh: RoomMesh, camera: Camera) {
  const { width, height, color } = renderSoftware(mesh, camera);
  return { width, height, rgba: color };
}

/** The same square view, `side` pixels wide and high. */
function resized({ width, K, cameraToWorld }: Camera, side: number): Camera {
  return { width: side, height: side, K: K.map((value, k) => (k < 6 ? (value * side) / width : value)), cameraToWorld };
}

/**
 * The room on show, put into words and figures for the page: objects with true sizes and distances, the validator's
 * verdict, a frame, and the questions that the frame allows.
 */
import { stream } from '../random';
import { renderSoftware } from '../rendering/software';
import { cameraPosition, chooseCamera } from '../scenes/camera';
import { boxDistance, pointToBoxDistance } from '../scenes/geometry';
import { synthesizeRoom } from '../scenes/room';
import { type RoomMesh, roomMesh } from '../scenes/room-mesh';
import type { Camera, Room } from '../scenes/scene';
import { validateRoom } from '../scenes/validation';
import type { Question } from '../tasks/family';
import { observe } from '../tasks/observation';
import { families } from '../tasks/registry';
import type { RoomSummary, ViewPose } from './protocol';

/** Questions of one family that are shown; a room may allow dozens. */
const QUESTIONS_PER_FAMILY = 3;
/** Side of the frame on show, pixels: what the default policy sees. */
const FRAME_SIZE = 64;

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

/** Synthesizes the room of a seed and everything that the page says of it. */
export function showRoom(seed: number): ShownRoom {
  const { room, rejected } = synthesizeRoom(seed);
  const mesh = roomMesh(room);
  const size = { width: FRAME_SIZE, height: FRAME_SIZE };
  const camera = chooseCamera(room, stream(seed, 'page camera'), size);
  const observation = observe(room, mesh, camera);
  const seen = new Set(observation.frames[0].visible.map(({ object }) => object));
  const eye = cameraPosition(camera);
  const questions = families.flatMap((family): Question[] =>
    family.ask(observation, stream(seed, 'page questions', family.name)).slice(0, QUESTIONS_PER_FAMILY),
  );
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
    problems: validateRoom(room).problems,
    rejected,
    frame: { ...size, rgba: renderSoftware(mesh, camera).color },
    framePose: poseOf(camera),
    questions,
  };
  return { room, mesh, summary };
}

/** Rooms and questions as the records of a data set's files, and videos to ask about. */
import { stream } from '../../src/random';
import type { SampleRecord, SceneRecord } from '../../src/datasets/canonical';
import { cameraLookingAt, chooseCamera } from '../../src/scenes/camera';
import { synthesizeRoom } from '../../src/scenes/room';
import { roomMesh } from '../../src/scenes/room-mesh';
import type { Room, Vec3 } from '../../src/scenes/scene';
import type { Observation, Question } from '../../src/tasks/family';
import { observe, observeVideo } from '../../src/tasks/observation';

/** The scene file of an observed room, as it reads after a round trip through JSON. */
export function sceneOf({ room, frames }: Observation): SceneRecord {
  const record: SceneRecord = {
    seed: room.seed,
    room: { type: room.type, polygon: room.polygon, height: room.height, area: room.area },
    objects: room.objects.map(({ id, category, box, support }) => ({
      id,
      category,
      centroid: box.centroid,
      axes_lengths: box.axesLengths,
      axes: box.axes,
      support,
    })),
    cameras: frames.map(({ camera, time }, frame) => ({
      frame,
      time,
      width: camera.width,
      height: camera.height,
      K: camera.K,
      camera_to_world: camera.cameraToWorld,
    })),
    visibility: frames.flatMap(({ visible }, frame) =>
      visible.map(({ object, pixels, bbox, silhouettePixels = pixels, silhouetteBox = bbox }) => ({
        frame,
        object,
        bbox_obj: silhouetteBox,
        bbox_visib: bbox,
        px_count_all: silhouettePixels,
        px_count_visib: pixels,
        visib_fract: pixels / silhouettePixels,
        distance_to_camera: 0,
      })),
    ),
    validation: { ok: true, problems: [] },
  };
  return JSON.parse(JSON.stringify(record)) as SceneRecord;
}

/** A question as a line of the samples' file, about all frames of its scene. */
export function sampleOf(question: Question, { frames }: Observation, id = question.task): SampleRecord {
  const { answerValue, ...rest } = question;
  return {
    ...rest,
    id,
    scene: 'room',
    split: 'test',
    domain: 'spatial',
    answer_value: answerValue,
    frames: frames.map((_, frame) => frame),
  };
}

/** A still of the room of `seed`. */
export function stillOfRoom(seed: number): Observation {
  const { room } = synthesizeRoom(seed);
  const camera = chooseCamera(room, stream(seed, 'camera'), { width: 64, height: 64 });
  return observe(room, roomMesh(room), camera);
}

/** A video of the room of `seed`: the camera goes around the middle at eye height, looking outwards, and back. */
export function videoOfRoom(seed: number, frames = 24): Observation {
  const { room } = synthesizeRoom(seed);
  const random = stream(seed, 'video');
  const [reachX, reachY] = reachOf(room);
  const [start, direction] = [random.uniform(0, 2 * Math.PI), random.pick([-1, 1])];
  const cameras = Array.from({ length: frames }, (_, k) => {
    const angle = start + (direction * 2 * Math.PI * k) / frames;
    const wander = 0.5 + 0.4 * Math.sin(3 * angle + start);
    const eye: Vec3 = [wander * reachX * Math.cos(2 * angle), wander * reachY * Math.sin(angle), 1.5];
    const target: Vec3 = [eye[0] + Math.cos(angle), eye[1] + Math.sin(angle), 1.2];
    return { camera: cameraLookingAt(eye, target, 1.1, 64, 64), time: k };
  });
  return observeVideo(room, roomMesh(room), cameras);
}

/** A third of how far the plan reaches from its middle along x and y. */
function reachOf({ polygon }: Room): [number, number] {
  return [0, 1].map((axis) => Math.max(...polygon.map((corner) => Math.abs(corner[axis]))) / 3) as [number, number];
}

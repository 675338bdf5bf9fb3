/**
 * One scene of a data set: a valid room, its views, their channels as files, and all the questions that may be asked.
 * Which of them are kept is decided over the whole data set, in selection.ts, so that scenes can be made in any order.
 */
import { stream } from '../random';
import { renderSoftware } from '../rendering/software';
import { amodalVisibilityOf } from '../rendering/visibility';
import { chooseCamera } from '../scenes/camera';
import { roomMesh } from '../scenes/room-mesh';
import { synthesizeRoom } from '../scenes/room';
import type { Room } from '../scenes/scene';
import { validateRoom, type Validation } from '../scenes/validation';
import { walkThrough, type WalkPose } from '../scenes/walk-through';
import type { Observation, Question } from '../tasks/family';
import { observe, observeVideo } from '../tasks/observation';
import { familyNamed } from '../tasks/registry';
import type { SampleRecord, SceneRecord } from './canonical';
import { encodeColor, encodeDepth, encodeInstances } from './images';
import { type DatasetPlan, sceneSeed } from './plan';
import { sceneRecord, type View } from './scene-record';

/** A question that a scene allows: a sample but for its place in the data set. */
export interface Candidate extends Omit<SampleRecord, 'id' | 'scene' | 'split'> {
  /** Categories of the objects in the evidence, sorted: what a guesser who sees no image knows. */
  readonly categories: readonly string[];
}

/** A scene with its files, by their paths in a data set but for the scene's name. */
export interface SynthesizedScene {
  readonly record: SceneRecord;
  readonly candidates: readonly Candidate[];
  /** One entry for each frame, in order: PNG files. */
  readonly frames: readonly {
    readonly color: Uint8Array;
    readonly depth: Uint8Array;
    readonly instances: Uint8Array;
  }[];
}

/** Rooms drawn before one with faults is taken as it is, its faults listed in its record. */
const ROOM_DRAWS = 8;
/** Choices are asked so often: each asking shuffles the options, so that the selection can balance the letters. */
const CHOICE_DRAWS = 4;
/** Questions of a family kept as candidates for each way of asking it. */
const CANDIDATES = 24;

/** Scene `index` of `plan`. The same plan gives the same bytes everywhere: pixels are those of the software renderer. */
export function synthesizeScene(plan: DatasetPlan, index: number): SynthesizedScene {
  const { room, poses, validation } = filmedRoom(plan, index);
  const mesh = roomMesh(room);
  const views: View[] = [];
  const frames = poses.map(({ camera, time }) => {
    const rendered = renderSoftware(mesh, camera);
    views.push({ camera, time, visible: amodalVisibilityOf(rendered, camera, room.objects) });
    return { color: encodeColor(rendered), depth: encodeDepth(rendered), instances: encodeInstances(rendered) };
  });
  const candidates =
    plan.views === 'walk'
      ? candidatesOf(plan, observeVideo(room, mesh, poses), [...poses.keys()])
      : poses.flatMap(({ camera }, frame) => candidatesOf(plan, observe(room, mesh, camera), [frame]));
  return { record: sceneRecord(room, views, validation), candidates, frames };
}

interface FilmedRoom {
  readonly room: Room;
  readonly poses: readonly WalkPose[];
  readonly validation: Validation;
}

/** The first drawn room without faults, or the last one with those that it has. */
function filmedRoom(plan: DatasetPlan, index: number): FilmedRoom {
  for (let attempt = 0; ; attempt++) {
    const { room } = synthesizeRoom(sceneSeed(plan, index, attempt));
    const { ok, problems } = validateRoom(room);
    const filmed = film(plan, room);
    if (attempt + 1 === ROOM_DRAWS || (ok && filmed.problem === null)) {
      const all = filmed.problem === null ? problems : [...problems, filmed.problem];
      return { room, poses: filmed.poses, validation: { ok: all.length === 0, problems: all } };
    }
  }
}

/** The cameras of a room. One without floor to walk on is filmed in still views, and the problem says so. */
function film(plan: DatasetPlan, room: Room): { poses: readonly WalkPose[]; problem: string | null } {
  const { width, height, frames } = plan;
  const stills = () =>
    Array.from({ length: frames }, (_, frame) => ({
      camera: chooseCamera(room, stream(room.seed, 'camera', frame), { width, height }),
      time: 0,
    }));
  if (plan.views === 'still') return { poses: stills(), problem: null };
  try {
    return { poses: walkThrough(room, stream(room.seed, 'walk'), { width, height, frames }), problem: null };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { poses: stills(), problem: `No walk: ${error.message}` };
  }
}

/** What the plan's families ask about `observation`, whose frames have the numbers `frames`. */
function candidatesOf(plan: DatasetPlan, observation: Observation, frames: readonly number[]): Candidate[] {
  return plan.tasks.flatMap((task) => {
    const family = familyNamed(task);
    const draws = family.kind === 'choice' ? CHOICE_DRAWS : 1;
    return Array.from({ length: draws }, (_, draw) => {
      const random = stream(observation.room.seed, 'questions', task, frames[0], draw);
      return family
        .ask(observation, random)
        .slice(0, CANDIDATES)
        .map((question) => candidateOf(question, observation.room, frames));
    }).flat();
  });
}

function candidateOf(question: Question, room: Room, frames: readonly number[]): Candidate {
  const { task, kind, options, answer, unit, reasoning, evidence, difficulty } = question;
  const named = room.objects.filter(({ id }) => evidence.objects.includes(id)).map(({ category }) => category);
  return {
    domain: 'spatial',
    task,
    kind,
    question: question.question,
    options,
    answer,
    answer_value: question.answerValue,
    unit,
    frames,
    reasoning,
    evidence,
    difficulty,
    categories: [...new Set(named)].sort(),
  };
}

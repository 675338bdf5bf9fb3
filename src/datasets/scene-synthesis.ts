/**
 * One scene of a data set: an inspected room, a walk through it, the frames' channels as files, and all the questions
 * that may be asked about them.
 */
import { stream } from '../random';
import { renderSoftware } from '../rendering/software';
import { amodalVisibilityOf } from '../rendering/visibility';
import { synthesizeInspectedRoom } from '../scenes/inspected-room';
import type { OwnObject } from '../scenes/own-object';
import { roomMesh } from '../scenes/room-mesh';
import type { Room } from '../scenes/scene';
import type { Validation } from '../scenes/validation';
import { walkThrough, type WalkPose } from '../scenes/walk-through';
import type { ObservedFrame } from '../tasks/family';
import { type Candidate, candidatesOf } from './candidates';
import type { SceneRecord } from './canonical';
import { encodeColor, encodeDepth, encodeInstances } from './images';
import { type DatasetPlan, sceneSeed } from './plan';
import { sceneRecord, type View } from './scene-record';

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

/** The parts of the work on a scene, as `npm run bench` tells them apart. */
export type SynthesisPhase = 'layout' | 'render' | 'visibility' | 'questions' | 'encode';
/** Does a part of the work; a benchmark takes the time as well. */
type Stopwatch = <R>(phase: SynthesisPhase, work: () => R) => R;

/** Frames a second of walk: 16 of them see a room, and two are more than a second apart, as first appearances must be. */
const FRAMES_PER_SECOND = 0.8;
/** Rooms tried before one is given up for having no floor to walk on. */
const WALKS = 8;

/**
 * Scene `index` of `plan`. The same plan gives the same bytes everywhere: pixels are those of the software renderer, and
 * questions are asked about what they show. `own` are the objects of `plan.own`.
 */
export function synthesizeScene(
  plan: DatasetPlan,
  index: number,
  own: readonly OwnObject[] = [],
  timed: Stopwatch = (_, work) => work(),
): SynthesizedScene {
  const { room, poses, validation } = timed('layout', () => filmedRoom(plan, index, own));
  const mesh = timed('layout', () => roomMesh(room));
  const views: View[] = [];
  const observed: ObservedFrame[] = [];
  const frames = poses.map(({ camera, time }) => {
    const rendered = timed('render', () => renderSoftware(mesh, camera));
    const visible = timed('visibility', () => amodalVisibilityOf(rendered, camera, room.objects));
    views.push({ camera, time, visible });
    const { depth, instances } = rendered;
    observed.push({ camera, time, visible: visible.filter(({ pixels }) => pixels > 0), instances, depth });
    return timed('encode', () => ({
      color: encodeColor(rendered),
      depth: encodeDepth(rendered),
      instances: encodeInstances(rendered),
    }));
  });
  const candidates = timed('questions', () => candidatesOf(plan.tasks, room, observed));
  return { record: sceneRecord(room, views, validation), candidates, frames };
}

interface FilmedRoom {
  readonly room: Room;
  readonly poses: readonly WalkPose[];
  readonly validation: Validation;
}

/** The first inspected room that can be walked through. What the inspection still found wrong is in its validation. */
function filmedRoom(plan: DatasetPlan, index: number, own: readonly OwnObject[]): FilmedRoom {
  const { width, height, frames } = plan;
  const { eyeHeight, fieldOfView, ...randomization } = plan.randomization ?? {};
  for (let attempt = 0; ; attempt++) {
    const { room, validation } = synthesizeInspectedRoom(sceneSeed(plan, index, attempt), { ...randomization, own });
    const options = { width, height, frames, framesPerSecond: FRAMES_PER_SECOND, eyeHeight, fieldOfView };
    try {
      return { room, poses: walkThrough(room, stream(room.seed, 'walk'), options), validation };
    } catch (error) {
      if (!(error instanceof RangeError) || attempt + 1 === WALKS) throw error;
    }
  }
}

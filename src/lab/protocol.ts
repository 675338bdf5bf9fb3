/**
 * What the page and the worker say to each other. The worker owns the device, the room and the run; it posts events and
 * never touches the page's state, and the page never touches a tensor.
 */
import type { BackendDescription } from '../backends/backend';
import type { Visibility } from '../rendering/frame';
import type { ViewChannel } from '../rendering/view';
import type { OwnObject } from '../scenes/own-object';
import type { Camera, OrientedBox, Room } from '../scenes/scene';
import type { Question } from '../tasks/family';
import type { RunConfig } from '../training/config';
import type { CompletionRow, CurriculumCell, Picture, RunPhase, StepMetrics } from '../training/report';
import type { PolicySource } from './policy-source';

export type { ViewChannel } from '../rendering/view';
export type { CompletionRow, CurriculumCell, Picture, RunPhase, StepMetrics } from '../training/report';

/** A pose of the room view: eye, point looked at (metres, z up) and vertical field of view (radians). */
export interface ViewPose {
  readonly eye: readonly [number, number, number];
  readonly target: readonly [number, number, number];
  readonly fieldOfView: number;
}

/** An object of the room, for the inspector. */
export interface ObjectSummary {
  readonly id: number;
  readonly category: string;
  readonly box: OrientedBox;
  /** Distance from the question camera to the closest point of the box, metres. */
  readonly distanceToCamera: number;
  /** Closest distance to each other object, metres, by id. */
  readonly distances: Readonly<Record<number, number>>;
  /** Whether the question camera sees it. */
  readonly visible: boolean;
}

/** A frame of the room on show. */
export interface FrameSummary {
  readonly picture: Picture;
  /** The camera that took the picture, in its pixels. */
  readonly camera: Camera;
  /** Seconds from the first frame. */
  readonly time: number;
  /** The objects with a pixel in the picture, in its pixels. */
  readonly visible: readonly Visibility[];
}

/** The room on show, with a frame of it and the questions that the frame allows. */
export interface RoomSummary {
  /** What the room was asked for with. */
  readonly seed: number;
  readonly type: Room['type'];
  readonly area: number;
  readonly height: number;
  readonly polygon: Room['polygon'];
  readonly objects: readonly ObjectSummary[];
  /** Problems that the validator found; empty when the room passes. */
  readonly problems: readonly string[];
  /** The problems of the draws of this seed that were thrown away before, in order. */
  readonly discarded: readonly (readonly string[])[];
  /** Pieces of furniture that found no place, and why. */
  readonly rejected: readonly { readonly category: string; readonly reason: string }[];
  /** What the policy gets to see of the frame. */
  readonly policyPicture: Picture;
  /** What the question camera sees. */
  readonly frame: FrameSummary;
  /** Where the question camera stands. */
  readonly framePose: ViewPose;
  /** The questions of image families about the frame. */
  readonly questions: readonly Question[];
}

/** A walk through the room on show, filmed, with the questions that the video allows. */
export interface WalkSummary {
  /** What the room was asked for with. */
  readonly seed: number;
  /** In order of time; empty in a room that cannot be walked through. */
  readonly frames: readonly FrameSummary[];
  /** The questions of video families about all frames. */
  readonly questions: readonly Question[];
  /** Why there are no frames; null when there are. */
  readonly problem: string | null;
}

export interface RunStatus {
  readonly state: 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed';
  readonly phase: RunPhase;
  /** Steps done in this phase, and how many there are. */
  readonly step: number;
  readonly steps: number;
  /** What is going on, for people: 'compiling the training graph'. */
  readonly detail: string;
}

/** A run that is kept in the browser's storage. */
export interface StoredRun {
  readonly id: string;
  readonly savedAt: string;
  readonly phase: RunPhase;
  readonly step: number;
  readonly config: RunConfig;
}

export type Request =
  | { readonly type: 'open'; readonly backend: 'auto' | 'webgpu' | 'wasm' }
  | { readonly type: 'attach-view'; readonly canvas: OffscreenCanvas; readonly width: number; readonly height: number }
  | { readonly type: 'resize-view'; readonly width: number; readonly height: number }
  | { readonly type: 'show-room'; readonly seed: number }
  /** What rooms are furnished with beside the usual, from the next one on. */
  | { readonly type: 'set-own-objects'; readonly objects: readonly OwnObject[] }
  | { readonly type: 'set-pose'; readonly pose: ViewPose }
  | { readonly type: 'set-channel'; readonly channel: ViewChannel }
  | { readonly type: 'highlight'; readonly object: number | null }
  /** Pixel of the view, from its top left. Answered by `picked`. */
  | { readonly type: 'pick'; readonly x: number; readonly y: number }
  /** Starts a run, or goes on with the stored one named `resume`. With `paused`, it waits for `step` or `continue`. */
  | {
      readonly type: 'start';
      readonly config: RunConfig;
      readonly resume: string | null;
      readonly paused: boolean;
      /** Where the policy is that config.model_name_or_path names; null where it names none, or with `resume`. */
      readonly policy: PolicySource | null;
    }
  | { readonly type: 'pause' }
  | { readonly type: 'continue' }
  | { readonly type: 'step' }
  | { readonly type: 'stop' }
  | { readonly type: 'list-runs' }
  /** Keeps the paused run in the browser's storage. Answered by `saved`. */
  | { readonly type: 'store' }
  /** Answered by `exported`: an inference model of the current weights, for any ONNX Runtime. */
  | { readonly type: 'export' }
  /** Answered by `checkpoint`: the files of the current state. */
  | { readonly type: 'save' };

export type LabEvent =
  | { readonly type: 'opened'; readonly description: BackendDescription }
  | { readonly type: 'room'; readonly room: RoomSummary }
  /** Follows `room`, unless another room was asked for meanwhile. */
  | { readonly type: 'walk'; readonly walk: WalkSummary }
  | { readonly type: 'picked'; readonly object: number | null }
  /** What the view's depth channels show, to a tenth of a metre; told where it has changed. */
  | { readonly type: 'depth-range'; readonly metres: readonly [nearest: number, farthest: number] }
  /** What the policy that a run starts from means for it, a sentence each. */
  | { readonly type: 'notes'; readonly run: string; readonly notes: readonly string[] }
  | { readonly type: 'status'; readonly run: string; readonly status: RunStatus }
  | {
      readonly type: 'metrics';
      readonly run: string;
      readonly phase: RunPhase;
      readonly step: number;
      readonly metrics: StepMetrics;
    }
  | {
      readonly type: 'completions';
      readonly run: string;
      readonly step: number;
      readonly pictures: readonly (readonly Picture[])[];
      readonly rows: readonly CompletionRow[];
    }
  /** The curriculum's table after a GRPO step, or of the checkpoint that a run goes on from. */
  | {
      readonly type: 'curriculum';
      readonly run: string;
      readonly step: number;
      readonly cells: readonly CurriculumCell[];
    }
  | { readonly type: 'runs'; readonly runs: readonly StoredRun[] }
  | { readonly type: 'saved'; readonly run: StoredRun }
  | { readonly type: 'checkpoint'; readonly files: Readonly<Record<string, Uint8Array>> }
  | { readonly type: 'exported'; readonly fileName: string; readonly data: Uint8Array }
  /** Something failed; `fatal` means that the worker must be replaced. What is stored is kept. */
  | { readonly type: 'failed'; readonly message: string; readonly remedy: string; readonly fatal: boolean };

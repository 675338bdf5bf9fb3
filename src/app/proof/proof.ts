/**
 * The proof of an answer as a drawing: what a question's evidence is made of, as shapes in the room, rectangles and
 * points in its frames, and figures. Where shapes are in room coordinates, a camera or a plan projects them. A family
 * draws its evidence in drawings.ts; one that is not there shows the boxes of its objects and its values.
 */
import { answerText } from '../../datasets/selection';
import type { FrameSummary, ObjectSummary, RoomSummary } from '../../lab/protocol';
import type { OrientedBox, Vec3 } from '../../scenes/scene';
import type { Question } from '../../tasks/family';
import { cameraDrawings } from './camera-drawings';
import { drawings } from './drawings';
import { type Figure, figuresOf } from './figures';

/** 'answer' is what decides, 'faint' what helps to see it, 'plain' all else. */
export type Tone = 'plain' | 'answer' | 'faint';

/** A shape in the room; coordinates in metres. */
export type RoomShape = {
  readonly tone: Tone;
  /** Words beside it; '' for none. */
  readonly label: string;
  /** Whether it is drawn on the plan alone: in the image, something else stands for it. */
  readonly planOnly?: boolean;
} & (
  | { readonly kind: 'box'; readonly box: OrientedBox }
  /** Straight from point to point. */
  | { readonly kind: 'line'; readonly points: readonly Vec3[]; readonly arrow: boolean }
  | { readonly kind: 'point'; readonly at: Vec3 }
);

/** A shape in a frame; coordinates are shares of its width and height, from the top left. */
export type FrameShape = {
  /** Index of the frame. */
  readonly frame: number;
  readonly tone: Tone;
  readonly label: string;
} & (
  | { readonly kind: 'rectangle'; readonly rectangle: readonly [number, number, number, number] }
  | { readonly kind: 'point'; readonly at: readonly [number, number] }
  | { readonly kind: 'line'; readonly from: readonly [number, number]; readonly to: readonly [number, number] }
);

/** Why a frame of a video matters. */
export interface FrameMark {
  readonly frame: number;
  readonly label: string;
}

export interface Proof {
  readonly inRoom: readonly RoomShape[];
  readonly inFrames: readonly FrameShape[];
  readonly marks: readonly FrameMark[];
  readonly figures: readonly Figure[];
}

/** The drawn part of a proof. */
export type Drawing = Omit<Proof, 'figures'>;

/** A question's objects in the order of the evidence, with the names that tell them apart. */
export interface NamedObject {
  readonly id: number;
  readonly category: string;
  readonly name: string;
  readonly box: OrientedBox;
  /** Whether the right option is this object's category. */
  readonly right: boolean;
}

/** What is proven. */
export type ProofQuestion = Pick<Question, 'task' | 'question' | 'options' | 'answer' | 'evidence'>;

/** The room that the evidence is in. */
export type ProofRoom = Pick<RoomSummary, 'polygon' | 'area'> & {
  readonly objects: readonly Pick<ObjectSummary, 'id' | 'category' | 'box'>[];
};

/** What a family draws from. */
export interface Drawn {
  readonly question: ProofQuestion;
  readonly room: Pick<RoomSummary, 'polygon' | 'area'>;
  /** One for a still; those of a video in order of time. */
  readonly frames: readonly FrameSummary[];
  readonly objects: readonly NamedObject[];
  readonly values: Readonly<Record<string, number>>;
}

/**
 * The proof of `question`, which was asked about `frames` of `room`. Pure.
 * Throws Error when the evidence names an object that the room does not hold.
 */
export function proofOf(question: ProofQuestion, room: ProofRoom, frames: readonly FrameSummary[]): Proof {
  const { objects: ids, values } = question.evidence;
  const categories = ids.map((id) => {
    const object = room.objects.find((candidate) => candidate.id === id);
    if (!object) throw new Error(`proofOf: the evidence names object ${id}, which the room does not hold`);
    return object;
  });
  const decided = question.options === null ? null : answerText(question);
  const objects = categories.map(({ id, category, box }): NamedObject => {
    const several = categories.some((other) => other.category === category && other.id !== id);
    return { id, category, name: several ? `${category} #${id}` : category, box, right: category === decided };
  });
  const drawn: Drawn = { question, room, frames, objects, values };
  const draw = drawings[question.task] ?? cameraDrawings[question.task] ?? drawings.object_boxes;
  return { ...draw(drawn), figures: figuresOf(values, (id) => objects.find((object) => object.id === id)?.name) };
}

/**
 * What a family of questions is. A family is one file that exports a `QuestionFamily` and one line in the registry;
 * the page, the command line and the tests are derived from the registry.
 */
import type { RandomStream } from '../random';
import type { Visibility } from '../rendering/frame';
import type { Camera, Room } from '../scenes/scene';
import { difficultyOf } from './difficulty';

/** One frame of what is seen. */
export interface ObservedFrame {
  readonly camera: Camera;
  /** Seconds from the first frame. */
  readonly time: number;
  /** One entry for each object with at least one pixel in view. */
  readonly visible: readonly Visibility[];
  /** The camera's image, row by row from the top left: instance ids, 0 for the shell. */
  readonly instances: Uint32Array;
  /** Distance to the image plane a pixel, metres. */
  readonly depth: Float32Array;
}

/** A room, as a still image (one frame) or a video shows it: all that a question may be asked about. */
export interface Observation {
  readonly room: Room;
  readonly frames: readonly ObservedFrame[];
}

/** A verified fact that an answer rests on: named values, metres and radians, and the ids of the objects involved. */
interface Evidence {
  readonly objects: readonly number[];
  readonly values: Readonly<Record<string, number>>;
}

/** How hard a question is, in [0, 1], and what makes it so: each reason in [0, 1] too. */
export interface Difficulty {
  readonly value: number;
  readonly reasons: Readonly<Record<string, number>>;
}

type Kind = 'number' | 'choice';
/** Of the answer; null for counts and choices. */
type Unit = 'm' | 'cm' | 'm²' | 'degrees' | '%' | null;

/** A question with its true answer. */
export interface Question {
  /** Name of the family, the benchmark's `question_type`. */
  readonly task: string;
  /** 'text' is one word; only general families ask for it. */
  readonly kind: Kind | 'text';
  /** The question, in the benchmark's wording, without options. */
  readonly question: string;
  /** Choice texts in letter order, or null for a number. */
  readonly options: readonly string[] | null;
  /** What stands between the answer tags: a decimal number, a capital letter, or a word. */
  readonly answer: string;
  /** The number that the reward compares with; null for a choice or a text. */
  readonly answerValue: number | null;
  readonly unit: Unit;
  /** Chain of thought without tags: every number in it comes from the ground truth. */
  readonly reasoning: string;
  readonly evidence: Evidence;
  readonly difficulty: Difficulty;
}

/** What is said of a family. */
export interface FamilyMetadata {
  /** The benchmark's `question_type`: object_counting, … */
  readonly name: string;
  /** A few words for people: 'Object count'. */
  readonly title: string;
  /** One sentence: what is asked and what the ground truth is. */
  readonly description: string;
  readonly kind: Kind;
  readonly unit: Unit;
  /**
   * What the questions are about: 'image' families ask about a still (about what the room holds, also over a video);
   * 'video' families need several frames, all of which belong to the question.
   */
  readonly frames: 'image' | 'video';
  /**
   * Ascending bounds between the ranges of answers that a data set fills evenly, in `unit`: [3, 4] makes the ranges
   * below 3, from 3 to below 4, and 4 and more. Without them a constant guess scores well. Empty for choices.
   */
  readonly strata: readonly number[];
}

/** A family of questions: its metadata and how it asks. */
export interface QuestionFamily extends FamilyMetadata {
  /**
   * The questions of this family that the observation allows after the family's filters, in random order (all, or a
   * random part where combinations are many); empty when it allows none.
   */
  ask(observation: Observation, random: RandomStream): Question[];
}

/** A question as its family's file writes it; what follows from the family's metadata is filled in. */
export interface Draft {
  readonly question: string;
  /** Left out for a number. */
  readonly options?: readonly string[];
  /** A decimal number, or a capital letter. */
  readonly answer: string;
  readonly reasoning: string;
  readonly evidence: Evidence;
  /** How clear the answer is: 0 where a filter is just passed, 1 where nobody doubts. Left out for a measurement. */
  readonly clarity?: number;
}

/** The family that writes its questions with `draft`. */
export function defineFamily(
  family: FamilyMetadata & { draft(observation: Observation, random: RandomStream): Draft[] },
): QuestionFamily {
  const { draft, ...metadata } = family;
  const { name: task, kind, unit, frames } = metadata;
  return {
    ...metadata,
    ask(observation, random) {
      if (frames === 'video' && observation.frames.length < 2) return [];
      return draft(observation, random).map((written): Question => {
        const { question, options = null, answer, reasoning, evidence, clarity } = written;
        const answerValue = kind === 'number' ? Number(answer) : null;
        const difficulty = difficultyOf(observation, evidence.objects, clarity);
        return { task, kind, question, options, answer, answerValue, unit, reasoning, evidence, difficulty };
      });
    },
  };
}

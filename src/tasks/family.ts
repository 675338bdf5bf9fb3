/**
 * What a family of questions is. A family is one file that exports a `QuestionFamily` and one line in the registry;
 * the page, the command line and the tests are derived from the registry.
 */
import type { RandomStream } from '../random';
import type { Visibility } from '../rendering/frame';
import type { Camera, Room } from '../scenes/scene';

/** A room seen from a camera, with what the view shows: all that a question may be asked about. */
export interface Observation {
  readonly room: Room;
  readonly camera: Camera;
  /** One entry for each object with at least one pixel in view. */
  readonly visible: readonly Visibility[];
}

/** A verified fact that an answer rests on: named values, metres and radians, and the ids of the objects involved. */
interface Evidence {
  readonly objects: readonly number[];
  readonly values: Readonly<Record<string, number>>;
}

/** A question with its true answer. */
export interface Question {
  /** Name of the family, the benchmark's `question_type`. */
  readonly task: string;
  readonly kind: 'number' | 'choice';
  /** The question, in the benchmark's wording, without options. */
  readonly question: string;
  /** Choice texts in letter order, or null for a number. */
  readonly options: readonly string[] | null;
  /** What stands between the answer tags: a decimal number, or a capital letter. */
  readonly answer: string;
  /** The number that the reward compares with; null for a choice. */
  readonly answerValue: number | null;
  /** 'm', 'cm', or null for counts and choices. */
  readonly unit: 'm' | 'cm' | null;
  /** Chain of thought without tags: every number in it comes from the ground truth. */
  readonly reasoning: string;
  readonly evidence: Evidence;
}

/** A family of questions: its metadata and how it asks. */
export interface QuestionFamily {
  /** The benchmark's `question_type`: object_counting, … */
  readonly name: string;
  /** A few words for people: 'Object count'. */
  readonly title: string;
  /** One sentence: what is asked and what the ground truth is. */
  readonly description: string;
  readonly kind: 'number' | 'choice';
  readonly unit: 'm' | 'cm' | null;
  /**
   * Ascending bounds between the ranges of answers that a data set fills evenly, in `unit`: [3, 4] makes the ranges
   * below 3, from 3 to below 4, and 4 and more. Without them a constant guess scores well. Empty for choices.
   */
  readonly strata: readonly number[];
  /**
   * All the questions of this family that the observation allows after the family's filters, in random order;
   * empty when it allows none.
   */
  ask(observation: Observation, random: RandomStream): Question[];
}

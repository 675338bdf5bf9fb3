/**
 * What a general family is: verifiable reasoning problems without a scene, the other half of the paper's dual-domain
 * data. A family is one file that exports a `GeneralFamily`, one line in the registry, and one reader in the checker,
 * which recomputes its questions and every step of its reasoning from their text.
 */
import * as exact from '../../exact-math';
import type { RandomStream } from '../../random';
import type { Question } from '../family';

/** A question as its family's file writes it. */
interface GeneralDraft {
  /** Ends in a question mark. */
  readonly question: string;
  /** Choice texts in letter order; left out unless the family's kind is 'choice'. */
  readonly options?: readonly string[];
  /** A whole number, a capital letter, or one word. */
  readonly answer: string;
  /** The chain of thought: one statement a step, without its full stop. */
  readonly steps: readonly string[];
  /** The numbers that the problem is made of, by name. */
  readonly values: Readonly<Record<string, number>>;
}

/** What is said of a general family. */
interface GeneralMetadata {
  readonly name: string;
  /** A few words for people: 'Arithmetic chain'. */
  readonly title: string;
  /** One sentence: what is asked, and what grows with the difficulty. */
  readonly description: string;
  readonly kind: Question['kind'];
}

/** A general family: its metadata and how it asks. */
export interface GeneralFamily extends GeneralMetadata {
  /** A question as hard as `difficulty`, in [0, 1], says: more steps and larger numbers towards 1. */
  ask(difficulty: number, random: RandomStream): Question;
}

/** As many steps, or numbers as large, count as the hardest there are. */
const MOST_STEPS = 12;
const LARGEST_NUMBER = 9999;

/** The family that writes its questions with `draft`. */
export function defineGeneralFamily(
  family: GeneralMetadata & { draft(difficulty: number, random: RandomStream): GeneralDraft },
): GeneralFamily {
  const { draft, ...metadata } = family;
  const { name: task, kind } = metadata;
  return {
    ...metadata,
    ask(difficulty, random) {
      if (!(difficulty >= 0 && difficulty <= 1)) {
        throw new RangeError(`${task}: the difficulty is ${difficulty}; give a number from 0 to 1`);
      }
      const { question, options = null, answer, steps, values } = draft(difficulty, random);
      const reasoning = steps.map((step) => `${step}.`).join('\n');
      const largest = Math.max(
        ...Array.from(`${question} ${reasoning}`.matchAll(/\d+/g), ([digits]) => Number(digits)),
        0,
      );
      return {
        task,
        kind,
        question,
        options,
        answer,
        answerValue: kind === 'number' ? Number(answer) : null,
        unit: null,
        reasoning,
        evidence: { objects: [], values },
        difficulty: {
          value: difficulty,
          reasons: {
            steps: Math.min(1, steps.length / MOST_STEPS),
            numbers: Math.min(1, exact.log(1 + largest) / exact.log(1 + LARGEST_NUMBER)),
          },
        },
      };
    },
  };
}

/** The whole number that stands at `difficulty` between `low` (at 0) and `high` (at 1). */
export function level(difficulty: number, low: number, high: number): number {
  return Math.round(low + difficulty * (high - low));
}

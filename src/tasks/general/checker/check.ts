/**
 * The checker: an independent second opinion on general problems. It reads the text of a question and of its chain of
 * thought, works the answer out for itself, and takes the steps up one by one. It shares no code with the families that
 * write them, and never sees what they had in mind; so it also judges the chain of thought that a policy wrote.
 */
import type { Question } from '../../family';
import { Disagreement, need } from '../../verifier/records';
import { arithmeticChain, expressionComparison, numberSequence } from './arithmetic';
import { syllogism, transitiveOrder } from './logic';
import type { Proof, Reader } from './proof';
import { itemCounting, unitConversion } from './quantities';
import { setOperations, vennCount } from './sets';
import { facingDirection, gridWalk } from './space';
import { clockTime, elapsedMinutes, weekdayArithmetic } from './time';

const readers: Readonly<Record<string, Reader>> = {
  arithmetic_chain: arithmeticChain,
  expression_comparison: expressionComparison,
  number_sequence: numberSequence,
  transitive_order: transitiveOrder,
  weekday_arithmetic: weekdayArithmetic,
  clock_time: clockTime,
  elapsed_minutes: elapsedMinutes,
  unit_conversion: unitConversion,
  set_operations: setOperations,
  venn_count: vennCount,
  syllogism,
  item_counting: itemCounting,
  grid_walk: gridWalk,
  facing_direction: facingDirection,
};

/** A question with the chain of thought and the answer that somebody gave. */
export type Solution = Pick<Question, 'task' | 'question' | 'options' | 'reasoning' | 'answer'>;

/** A step as it was written, and why it is invalid; null for a valid one. */
interface CheckedStep {
  readonly text: string;
  readonly problem: string | null;
}

/** What the checker says of a solution; null where it finds nothing wrong. */
export interface Report {
  /** One entry a line of the reasoning, in order. */
  readonly steps: readonly CheckedStep[];
  /** Why the answer is wrong. */
  readonly answerProblem: string | null;
  /** Why the valid steps do not lead to the answer. */
  readonly supportProblem: string | null;
}

/**
 * Checks every step and the answer of `solution` against the question's text. A solution of a question that it cannot
 * read is wrong throughout.
 */
export function checkSolution({ task, question, options, reasoning, answer }: Solution): Report {
  const lines = reasoning === '' ? [] : reasoning.split('\n');
  let proof: Proof;
  try {
    need(Object.hasOwn(readers, task), `there is no way to check the task ${task}`);
    proof = readers[task](question, options ?? []);
  } catch (error) {
    const problem = `the question cannot be read: ${reasonOf(error)}`;
    return { steps: lines.map((text) => ({ text, problem })), answerProblem: problem, supportProblem: problem };
  }
  const steps = lines.map((text) => ({ text, problem: problemOf(text, proof) }));
  const established = proof.established();
  return {
    steps,
    answerProblem: answer === proof.truth ? null : `the answer is ${proof.truth}, not ${answer}`,
    supportProblem:
      established === answer ? null : `the steps lead to ${established ?? 'no answer'}, and ${answer} was answered`,
  };
}

/** Why a line is no valid next step of `proof`, which takes it up otherwise. */
function problemOf(line: string, proof: Proof): string | null {
  try {
    need(line.endsWith('.'), 'a step ends in a full stop');
    proof.take(line.slice(0, -1));
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Disagreement) return error.message;
  throw error;
}

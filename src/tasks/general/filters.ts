/**
 * The quality filters that a chain of thought must pass before anything learns from it, after the paper's general
 * pipeline: a right answer, valid steps that lead to it, and a sensible length.
 */
import { checkSolution, type Solution } from './checker/check';

export interface LengthLimits {
  /** Fewest and most steps. */
  readonly minSteps: number;
  readonly maxSteps: number;
  /** Longest question with its options, and longest chain of thought, characters. */
  readonly maxPrompt: number;
  readonly maxReasoning: number;
}

/** Why a solution was filtered out. */
export interface Rejection {
  readonly filter: 'correctness' | 'step_validity' | 'length';
  readonly reason: string;
}

export const LENGTH_LIMITS: LengthLimits = { minSteps: 1, maxSteps: 24, maxPrompt: 400, maxReasoning: 480 };

/** The first filter that `solution` fails, or null when it passes all. */
export function rejectionOf(solution: Solution, limits: LengthLimits = LENGTH_LIMITS): Rejection | null {
  const { steps, answerProblem, supportProblem } = checkSolution(solution);
  if (answerProblem !== null) return { filter: 'correctness', reason: answerProblem };
  const invalid = steps.find(({ problem }) => problem !== null);
  if (invalid) return { filter: 'step_validity', reason: `'${invalid.text}': ${invalid.problem}` };
  if (supportProblem !== null) return { filter: 'step_validity', reason: supportProblem };

  const prompt = [solution.question, ...(solution.options ?? [])].join(' ').length;
  const { minSteps, maxSteps, maxPrompt, maxReasoning } = limits;
  const length = (reason: string): Rejection => ({ filter: 'length', reason });
  if (steps.length < minSteps) return length(`${steps.length} steps, and at least ${minSteps} are wanted`);
  if (steps.length > maxSteps) return length(`${steps.length} steps, and at most ${maxSteps} are wanted`);
  if (prompt > maxPrompt) return length(`a prompt of ${prompt} characters, and at most ${maxPrompt} are wanted`);
  if (solution.reasoning.length > maxReasoning) {
    return length(`reasoning of ${solution.reasoning.length} characters, and at most ${maxReasoning} are wanted`);
  }
  return null;
}

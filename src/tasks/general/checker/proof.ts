/**
 * What the checker makes of a question's text: the answer that follows from it, and a proof that is taken up step by
 * step. A step must follow from the question and from the steps before it.
 */
import { need } from '../../verifier/records';

/** A problem as its question states it, and how far a chain of thought has got with it. */
export interface Proof {
  /** The answer, worked out from the question alone: a whole number, a letter, or a word. */
  readonly truth: string;
  /**
   * Takes up the next step, a sentence without its full stop.
   * @throws Disagreement with the reason when it is malformed, untrue, or does not follow; nothing is taken up then.
   */
  take(step: string): void;
  /** The answer that the steps taken up so far lead to; null while they lead to none. */
  established(): string | null;
}

/**
 * Reads a question of one family.
 * @throws Disagreement when it is not worded as that family words it, or has no one answer.
 */
export type Reader = (question: string, options: readonly string[]) => Proof;

/** The groups of `pattern` in `text`. @throws Disagreement when it does not match. */
export function groups(text: string, pattern: RegExp): string[] {
  const match = pattern.exec(text);
  need(match !== null, `'${text}' is not of a form that is known`);
  return match.slice(1);
}

/** What `step` is by the patterns of `forms`: the first one's name that matches, and its groups. */
export function formOf<Name extends string>(step: string, forms: Readonly<Record<Name, RegExp>>): [Name, string[]] {
  for (const name in forms) {
    const match = forms[name].exec(step);
    if (match) return [name, match.slice(1)];
  }
  need(false, `'${step}' is not of a form that is known`);
}

/** A whole number in its one way of writing. @throws Disagreement on leading zeros. */
export function whole(digits: string): number {
  need(String(Number(digits)) === digits, `${digits} is not how a whole number is written`);
  return Number(digits);
}

export interface Equation {
  readonly left: number;
  readonly sign: string;
  readonly right: number;
  readonly result: number;
}

/** What `left sign right` makes, sign being one of + - * /. */
export function compute(left: number, sign: string, right: number): number {
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    default:
      return left / right;
  }
}

/** The true equation 'a + b = c' that `step` is. @throws Disagreement on another form, and on an untrue one. */
export function equation(step: string): Equation {
  const [a, sign, b, c] = groups(step, /^(\d+) ([-+*/]) (\d+) = (\d+)$/);
  const [left, right, result] = [whole(a), whole(b), whole(c)];
  const computed = compute(left, sign, right);
  need(computed === result, `${left} ${sign} ${right} is ${computed}, not ${result}`);
  return { left, sign, right, result };
}

/** Takes `item` out of `pending`. @throws Disagreement with `reason` when it is not there. */
export function takeOut<T>(pending: T[], found: (item: T) => boolean, reason: string): T {
  const at = pending.findIndex(found);
  need(at >= 0, reason);
  return pending.splice(at, 1)[0];
}

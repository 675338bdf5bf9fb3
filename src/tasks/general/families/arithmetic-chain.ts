/** Arithmetic chains: a number and what is done to it, one operation after the other. */
import type { RandomStream } from '../../../random';
import { defineGeneralFamily, level } from '../family';

/** Results stay within this, so that a number costs at most three digits. */
const LARGEST_RESULT = 999;

interface Operation {
  readonly words: string;
  readonly sign: string;
  readonly operand: number;
  readonly result: number;
}

/** The operations on `value` that keep it whole and within bounds, one of each sort. */
function operationsOn(value: number, difficulty: number, random: RandomStream): Operation[] {
  const term = random.integer(1, level(difficulty, 30, 99));
  const factor = random.integer(2, level(difficulty, 3, 9));
  const all = [
    { words: 'Add', sign: '+', operand: term, result: value + term },
    { words: 'Subtract', sign: '-', operand: term, result: value - term },
    { words: 'Multiply by', sign: '*', operand: factor, result: value * factor },
    { words: 'Divide by', sign: '/', operand: factor, result: value / factor },
  ];
  return all.filter(({ result }) => Number.isInteger(result) && result >= 1 && result <= LARGEST_RESULT);
}

/** Two operations on numbers up to 30 at the least, six on numbers up to 99 at the most; results from 1 to 999. */
export const arithmeticChain = defineGeneralFamily({
  name: 'arithmetic_chain',
  title: 'Arithmetic chain',
  description: 'What a number becomes after some operations; harder with more of them and with larger numbers.',
  kind: 'number',
  draft(difficulty, random) {
    const start = random.integer(1, level(difficulty, 30, 99));
    const sentences = [`Start with ${start}.`];
    const steps: string[] = [];
    let value = start;
    for (let left = level(difficulty, 2, 6); left > 0; left--) {
      const { words, sign, operand, result } = random.pick(operationsOn(value, difficulty, random));
      sentences.push(`${words} ${operand}.`);
      steps.push(`${value} ${sign} ${operand} = ${result}`);
      value = result;
    }
    return {
      question: `${sentences.join(' ')} What is the result?`,
      answer: String(value),
      steps,
      values: { start, result: value },
    };
  },
});

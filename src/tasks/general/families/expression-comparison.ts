/** Comparison: which of a few expressions is the largest, or the smallest. */
import { letterOf } from '../../contract';
import { defineGeneralFamily, level } from '../family';

/** Two sums of numbers up to 12 at the least, four sums, differences and products of larger ones at the most. */
export const expressionComparison = defineGeneralFamily({
  name: 'expression_comparison',
  title: 'Comparison',
  description: 'Which expression has the largest or smallest value; harder with more of them, closer together.',
  kind: 'choice',
  draft(difficulty, random) {
    const count = level(difficulty, 2, 4);
    const range = level(difficulty, 12, 99);
    const drawn: { text: string; value: number }[] = [];
    while (drawn.length < count) {
      const sign = random.pick(difficulty < 0.3 ? ['+', '-'] : ['+', '-', '*']);
      const a = random.integer(2, sign === '*' ? level(difficulty, 6, 20) : range);
      const b = random.integer(2, sign === '*' ? 9 : range);
      const value = sign === '+' ? a + b : sign === '-' ? a - b : a * b;
      if (value < 0 || drawn.some((other) => other.value === value)) continue;
      drawn.push({ text: `${a} ${sign} ${b}`, value });
    }
    const options = random.shuffle(drawn);
    const wanted = random.pick(['largest', 'smallest']);
    const values = options.map((option) => option.value);
    const extreme = wanted === 'largest' ? Math.max(...values) : Math.min(...values);
    const answer = letterOf(values.indexOf(extreme));
    return {
      question: `Which is the ${wanted}?`,
      options: options.map(({ text }) => text),
      answer,
      steps: [
        ...options.map(({ text, value }, index) => `${letterOf(index)}: ${text} = ${value}`),
        `${wanted === 'largest' ? 'Largest' : 'Smallest'}: ${extreme}, ${answer}`,
      ],
      values: { extreme },
    };
  },
});

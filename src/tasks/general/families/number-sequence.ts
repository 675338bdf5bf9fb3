/** Sequences: the number that comes next. */
import type { RandomStream } from '../../../random';
import { defineGeneralFamily, level } from '../family';

const SHOWN = 4;

interface Sequence {
  /** The shown terms and the one that is asked for. */
  readonly terms: readonly number[];
  readonly steps: readonly string[];
}

/** Each term is the one before plus the same number, which may be negative. */
function withDifference(difficulty: number, random: RandomStream): Sequence {
  const gap = random.integer(2, level(difficulty, 25, 60));
  const first = random.integer(1, 99);
  const rising = Array.from({ length: SHOWN + 1 }, (_, k) => first + k * gap);
  const falls = random.pick([true, false]);
  const terms = falls ? rising.toReversed() : rising;
  const [last, next] = terms.slice(-2);
  const [sign, back] = falls ? ['-', '+'] : ['+', '-'];
  const steps = terms.slice(1, SHOWN).map((term, k) => `${terms[k]} ${sign} ${gap} = ${term}`);
  // The first gap is found, the others are confirmed.
  const found = falls ? `${terms[0]} ${sign} ${terms[1]} = ${gap}` : `${terms[1]} ${back} ${terms[0]} = ${gap}`;
  return { terms, steps: [found, ...steps.slice(1), `${last} ${sign} ${gap} = ${next}`] };
}

/** Each term is the one before times the same number. */
function withRatio(difficulty: number, random: RandomStream): Sequence {
  const ratio = random.integer(2, level(difficulty, 4, 9));
  const first = random.integer(1, level(difficulty, 99, 250));
  const terms = Array.from({ length: SHOWN + 1 }, (_, k) => first * ratio ** k);
  const steps = terms.slice(1).map((term, k) => `${terms[k]} * ${ratio} = ${term}`);
  return { terms, steps: [`${terms[1]} / ${terms[0]} = ${ratio}`, ...steps.slice(1)] };
}

/** The differences grow by the same number. */
function withGrowth(difficulty: number, random: RandomStream): Sequence {
  const growth = random.integer(1, level(difficulty, 4, 12));
  const gap = random.integer(1, level(difficulty, 9, 30));
  const gaps = Array.from({ length: SHOWN }, (_, k) => gap + k * growth);
  const terms = [random.integer(1, 99)];
  for (const each of gaps) terms.push(terms[terms.length - 1] + each);
  const [last, next] = terms.slice(-2);
  const [lastGap, nextGap] = gaps.slice(-2);
  return {
    terms,
    steps: [
      ...terms.slice(1, SHOWN).map((term, k) => `${term} - ${terms[k]} = ${gaps[k]}`),
      ...gaps.slice(1, SHOWN - 1).map((each, k) => `${each} - ${gaps[k]} = ${growth}`),
      `${lastGap} + ${growth} = ${nextGap}`,
      `${last} + ${nextGap} = ${next}`,
    ],
  };
}

/** A constant difference at the least; a constant ratio, then growing differences, with larger numbers. */
export const numberSequence = defineGeneralFamily({
  name: 'number_sequence',
  title: 'Sequence',
  description: 'Which number comes next; harder with ratios and growing differences, and with larger numbers.',
  kind: 'number',
  draft(difficulty, random) {
    const rules =
      difficulty < 0.3
        ? [withDifference]
        : difficulty < 0.7
          ? [withDifference, withRatio, withGrowth]
          : [withRatio, withGrowth, withGrowth];
    const { terms, steps } = random.pick(rules)(difficulty, random);
    const next = terms[SHOWN];
    return {
      question: `Which number comes next: ${terms.slice(0, SHOWN).join(', ')}?`,
      answer: String(next),
      steps,
      values: Object.fromEntries(terms.map((term, k) => [`term_${k + 1}`, term])),
    };
  },
});

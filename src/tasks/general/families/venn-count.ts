/** Inclusion and exclusion: how many people like something, or nothing, of two or three things. */
import { defineGeneralFamily, level } from '../family';

const THINGS = ['tea', 'milk', 'rice', 'fish', 'soup', 'cake'];

/** Two things and small groups at the least, three things and groups of up to thirty at the most. */
export const vennCount = defineGeneralFamily({
  name: 'venn_count',
  title: 'Inclusion and exclusion',
  description: 'How many like at least one of some things, or none; harder with three things and more people.',
  kind: 'number',
  draft(difficulty, random) {
    const [a, b, c] = random.shuffle(THINGS);
    const three = difficulty >= 0.6;
    // People by what they like: bit 1 for a, 2 for b, 4 for c.
    const regions = Array.from({ length: three ? 8 : 4 }, () => random.integer(1, level(difficulty, 9, 30)));
    const liking = (bits: number) =>
      regions.reduce((sum, people, region) => sum + ((region & bits) === bits ? people : 0), 0);
    const total = liking(0);
    const facts = [
      `${total} people`,
      `${liking(1)} like ${a}`,
      `${liking(2)} like ${b}`,
      ...(three ? [`${liking(4)} like ${c}`] : []),
      `${liking(3)} like ${a} and ${b}`,
      ...(three
        ? [
            `${liking(5)} like ${a} and ${c}`,
            `${liking(6)} like ${b} and ${c}`,
            `${liking(7)} like ${a} and ${b} and ${c}`,
          ]
        : []),
    ];
    const none = random.pick([true, false]);
    // In an order in which no partial sum is negative.
    const terms: [string, number][] = [
      ['+', liking(1)],
      ['-', liking(3)],
      ['+', liking(2)],
      ...(three
        ? ([
            ['-', liking(5)],
            ['+', liking(7)],
            ['-', liking(6)],
            ['+', liking(4)],
          ] as [string, number][])
        : []),
    ];
    const steps: string[] = [];
    let sum = none ? total : liking(1);
    for (const [sign, people] of none ? terms : terms.slice(1)) {
      const adds = (sign === '+') !== none;
      const next = adds ? sum + people : sum - people;
      steps.push(`${sum} ${adds ? '+' : '-'} ${people} = ${next}`);
      sum = next;
    }
    const asked = none ? 'none of these' : three ? `${a} or ${b} or ${c}` : `${a} or ${b}`;
    return {
      question: `${facts.join('. ')}. How many like ${asked}?`,
      answer: String(sum),
      steps,
      values: { people: total, count: sum },
    };
  },
});

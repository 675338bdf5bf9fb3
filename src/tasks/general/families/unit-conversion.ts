/** Units: a sum of lengths, times or masses in the smallest of their units. */
import { defineGeneralFamily, level } from '../family';

/** Units from large to small, each with how many of the next it makes. */
const DIMENSIONS = [
  [
    ['km', 1000],
    ['m', 100],
    ['cm', 10],
    ['mm', 1],
  ],
  [
    ['days', 24],
    ['h', 60],
    ['min', 60],
    ['s', 1],
  ],
  [
    ['t', 1000],
    ['kg', 1000],
    ['g', 1],
  ],
] as const;

/** Two quantities a unit apart at the least, four up to two units apart at the most. */
export const unitConversion = defineGeneralFamily({
  name: 'unit_conversion',
  title: 'Units',
  description: 'A sum of quantities in one unit; harder with more of them, further from that unit.',
  kind: 'number',
  draft(difficulty, random) {
    const units = random.pick(DIMENSIONS);
    const reach = difficulty < 0.5 ? 1 : 2;
    const target = random.integer(reach, units.length - 1);
    const count = level(difficulty, 2, 4);
    const [goal] = units[target];
    // The first quantity is as far from the goal as it may be, so that there is something to convert.
    const places = [target - reach, ...Array.from({ length: count - 1 }, () => target - random.integer(0, reach))];
    const quantities = random.shuffle(places).map((place) => ({
      place,
      amount: random.integer(2, place === target ? level(difficulty, 60, 500) : level(difficulty, 20, 40)),
    }));
    const steps: string[] = [];
    let sum: number | null = null;
    for (const { place, amount } of quantities) {
      let value = amount;
      for (let at = place; at < target; at++) {
        const [unit, makes] = units[at];
        steps.push(`${value} ${unit} = ${value * makes} ${units[at + 1][0]}`);
        value *= makes;
      }
      if (sum !== null) steps.push(`${sum} + ${value} = ${sum + value}`);
      sum = (sum ?? 0) + value;
    }
    const listed = quantities.map(({ place, amount }) => `${amount} ${units[place][0]}`).join(' + ');
    return {
      question: `How many ${goal} are ${listed}?`,
      answer: String(sum),
      steps,
      values: { quantities: count, sum: sum ?? 0 },
    };
  },
});

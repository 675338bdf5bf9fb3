/** Set logic: how many numbers are in a combination of sets. */
import { defineGeneralFamily, level } from '../family';

const NAMES = ['P', 'Q', 'R', 'S'];
const OPERATIONS = {
  and: (a: ReadonlySet<number>, b: ReadonlySet<number>) => [...a].filter((x) => b.has(x)),
  or: (a: ReadonlySet<number>, b: ReadonlySet<number>) => [...a, ...b],
  'but not': (a: ReadonlySet<number>, b: ReadonlySet<number>) => [...a].filter((x) => !b.has(x)),
} as const;
const CONNECTIVES = ['and', 'or', 'but not'] as const;

const written = (set: ReadonlySet<number>) => `{${[...set].sort((a, b) => a - b).join(', ')}}`;

/** Two sets of three numbers and one operation at the least, four sets of six and three operations at the most. */
export const setOperations = defineGeneralFamily({
  name: 'set_operations',
  title: 'Set logic',
  description: 'How many numbers are in a combination of sets; harder with more sets of more numbers.',
  kind: 'number',
  draft(difficulty, random) {
    const universe = Array.from({ length: level(difficulty, 8, 14) }, (_, k) => k + 1);
    const size = level(difficulty, 3, 6);
    const names = NAMES.slice(0, level(difficulty, 2, 4));
    const sets = names.map(() => new Set(random.shuffle(universe).slice(0, random.integer(size - 1, size + 1))));
    const listed = names.map((name, k) => `${name} = ${written(sets[k])}.`).join(' ');
    let [set, expression]: [ReadonlySet<number>, string] = [sets[0], names[0]];
    const steps: string[] = [];
    for (let k = 1; k < names.length; k++) {
      const connective = random.pick(CONNECTIVES);
      const next = new Set(OPERATIONS[connective](set, sets[k]));
      steps.push(`${k === 1 ? names[0] : written(set)} ${connective} ${names[k]} = ${written(next)}`);
      expression = `${k === 1 ? expression : `(${expression})`} ${connective} ${names[k]}`;
      set = next;
    }
    return {
      question: `${listed} How many are in ${expression}?`,
      answer: String(set.size),
      steps: [...steps, `Count = ${set.size}`],
      values: { sets: names.length, count: set.size },
    };
  },
});

/** Counting: how many items of a list meet a condition. */
import { defineGeneralFamily, level } from '../family';

const COLORS = ['red', 'blue', 'green', 'white'];
const NOUNS = ['cup', 'pen', 'ball', 'book'];

interface Item {
  readonly color: string;
  readonly noun: string;
}

const written = ({ color, noun }: Item) => `${color} ${noun}`;

/** Four items and one property at the least, twelve items and a combination of two at the most. */
export const itemCounting = defineGeneralFamily({
  name: 'item_counting',
  title: 'Counting',
  description: 'How many items of a list meet a condition; harder with longer lists and two properties.',
  kind: 'number',
  draft(difficulty, random) {
    // Few sorts, so that one comes up more than once.
    const colors = random.shuffle(COLORS).slice(0, level(difficulty, 2, 3));
    const nouns = random.shuffle(NOUNS).slice(0, level(difficulty, 2, 3));
    const [color, noun] = [colors[0], nouns[0]];
    const conditions = [
      { text: color, holds: (item: Item) => item.color === color },
      { text: noun, holds: (item: Item) => item.noun === noun },
      { text: `${color} or ${noun}`, holds: (item: Item) => item.color === color || item.noun === noun },
      { text: `${color} but not ${noun}`, holds: (item: Item) => item.color === color && item.noun !== noun },
      { text: `not ${color} and not ${noun}`, holds: (item: Item) => item.color !== color && item.noun !== noun },
    ];
    const { text, holds } = random.pick(difficulty < 0.4 ? conditions.slice(0, 2) : conditions.slice(2));
    const items = Array.from({ length: level(difficulty, 4, 12) }, (): Item => ({
      color: random.pick(colors),
      noun: random.pick(nouns),
    }));
    const met = items.filter(holds);
    return {
      question: `Items: ${items.map(written).join(', ')}. How many are ${text}?`,
      answer: String(met.length),
      steps: [...met.map((item, k) => `${written(item)}: ${k + 1}`), `Count = ${met.length}`],
      values: { items: items.length, count: met.length },
    };
  },
});

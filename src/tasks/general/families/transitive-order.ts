/** Ordering by transitive relations: who is the tallest, second oldest, … when only neighbours were compared. */
import { defineGeneralFamily, level } from '../family';

const NAMES = ['Ann', 'Ben', 'Cara', 'Dan', 'Eve', 'Fay', 'Gus', 'Hal'];
const RELATIONS = [
  { more: 'taller', less: 'shorter', most: 'tallest', least: 'shortest' },
  { more: 'older', less: 'younger', most: 'oldest', least: 'youngest' },
  { more: 'faster', less: 'slower', most: 'fastest', least: 'slowest' },
];
const ORDINALS = ['', 'second ', 'third ', 'fourth '];

/**
 * Three people and an end of their order at the least, six and a place within it at the most. Every pair of neighbours
 * is compared once, either way round, in random order.
 */
export const transitiveOrder = defineGeneralFamily({
  name: 'transitive_order',
  title: 'Transitive order',
  description: 'Who has a place in an order of which neighbours are compared; harder with more people, further inside.',
  kind: 'text',
  draft(difficulty, random) {
    const count = level(difficulty, 3, 6);
    // From the end that is asked about.
    const order = random.shuffle(NAMES).slice(0, count);
    const { more, less, most, least } = random.pick(RELATIONS);
    const fromTop = random.pick([true, false]);
    const place = random.integer(0, Math.min(ORDINALS.length, level(difficulty, 1, count - 1)) - 1);
    const pairs = order.slice(1).map((after, index) => [order[index], after]);
    const premises = random.shuffle(pairs).map(([before, after]) => {
      const [higher, lower] = fromTop ? [before, after] : [after, before];
      return random.pick([true, false]) ? `${higher} is ${more} than ${lower}.` : `${lower} is ${less} than ${higher}.`;
    });
    const answer = order[place];
    return {
      question: `${premises.join(' ')} Who is the ${ORDINALS[place]}${fromTop ? most : least}?`,
      answer,
      steps: [
        ...pairs.map(([before, after]) => `${before} ${fromTop ? '>' : '<'} ${after}`),
        `Order: ${order.join(', ')}`,
        `Number ${place + 1} is ${answer}`,
      ],
      values: { people: count, place: place + 1 },
    };
  },
});

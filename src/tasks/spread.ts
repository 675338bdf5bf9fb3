/** Orders that favour no kind of question: one of each kind in turn, however many there are of it. */
import type { RandomStream } from '../random';

/** `items` in random order but for this: every kind comes once before any comes twice, and so on. */
export function spread<T>(items: readonly T[], kindOf: (item: T) => string | number, random: RandomStream): T[] {
  const kinds = new Map<string | number, T[]>();
  for (const item of random.shuffle(items)) kinds.set(kindOf(item), [...(kinds.get(kindOf(item)) ?? []), item]);
  const rounds = Math.max(0, ...[...kinds.values()].map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    random.shuffle([...kinds.values()].flatMap((group) => group.slice(round, round + 1))),
  ).flat();
}

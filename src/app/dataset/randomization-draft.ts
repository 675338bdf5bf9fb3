/** The randomization of a data set as it is typed, and what it means. */
import { checkRandomization, type Randomization, RANDOMIZATION_FIELDS } from '../../scenes/scene-options';

/** Text by field; empty or left out for what is usual. Ranges are typed as '0.5 to 1', or as the one value. */
export type RandomizationDraft = Readonly<Partial<Record<keyof Randomization, string>>>;

const NUMBER = String.raw`-?\d*\.?\d+`;
const RANGE = new RegExp(`^(${NUMBER})(?: *(?:to|,|–) *(${NUMBER}))?$`);

/**
 * What `draft` asks for; undefined where it asks for nothing.
 * Throws RangeError that names the field that makes no sense, and the remedy.
 */
export function randomizationOf(draft: RandomizationDraft): Randomization | undefined {
  const given: Record<string, unknown> = {};
  for (const { name, kind } of RANDOMIZATION_FIELDS) {
    const typed = draft[name]?.trim() ?? '';
    if (typed === '') continue;
    given[name] = kind === 'choice' ? typed : kind === 'number' ? numberOf(name, typed) : rangeOf(name, typed);
  }
  return Object.keys(given).length === 0 ? undefined : checkRandomization(given);
}

function numberOf(name: string, typed: string): number {
  if (!/^\d+$/.test(typed)) throw new RangeError(`${name}: "${typed}" is no whole number`);
  return Number(typed);
}

function rangeOf(name: string, typed: string): [number, number] {
  const parsed = RANGE.exec(typed);
  if (!parsed) throw new RangeError(`${name}: "${typed}" is no range; give two numbers, like 0.5 to 1`);
  return [Number(parsed[1]), Number(parsed[2] ?? parsed[1])];
}

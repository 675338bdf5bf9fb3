/**
 * The checker's readers of problems of logic. Nothing is derived by rule: all orders of people are tried, and
 * syllogisms in all worlds that could refute them.
 */
import { Disagreement, need } from '../../verifier/records';
import { formOf, groups, type Proof, type Reader, whole } from './proof';

/** Comparatives and superlatives: of what, and whether they mean more or less of it. */
const DEGREES: Readonly<Record<string, { readonly of: string; readonly more: boolean }>> = {
  taller: { of: 'height', more: true },
  tallest: { of: 'height', more: true },
  shorter: { of: 'height', more: false },
  shortest: { of: 'height', more: false },
  older: { of: 'age', more: true },
  oldest: { of: 'age', more: true },
  younger: { of: 'age', more: false },
  youngest: { of: 'age', more: false },
  faster: { of: 'speed', more: true },
  fastest: { of: 'speed', more: true },
  slower: { of: 'speed', more: false },
  slowest: { of: 'speed', more: false },
};
const PLACES: Readonly<Record<string, number>> = { '': 1, second: 2, third: 3, fourth: 4 };

/** Bounds on what is tried, since anyone may write the question. */
const MOST_PEOPLE = 8;
const MOST_PROPERTIES = 7;
const MOST_SOME = 2;

function degree(word: string) {
  need(Object.hasOwn(DEGREES, word), `'${word}' compares nothing that is known`);
  return DEGREES[word];
}

/** All orders of `items` in which no pair [before, after] is the other way round. */
function* orders(items: readonly string[], pairs: readonly (readonly string[])[]): Generator<string[]> {
  if (items.length === 0) yield [];
  for (const [k, item] of items.entries()) {
    const rest = items.toSpliced(k, 1);
    if (pairs.some(([before, after]) => after === item && rest.includes(before))) continue;
    for (const tail of orders(rest, pairs)) yield [item, ...tail];
  }
}

export const transitiveOrder: Reader = (question): Proof => {
  const [listed, ordinal = '', superlative] = groups(
    question,
    /^((?:[A-Z][a-z]+ is [a-z]+ than [A-Z][a-z]+\. )+)Who is the (?:([a-z]+) )?([a-z]+)\?$/,
  );
  const { of, more: fromTop } = degree(superlative);
  need(Object.hasOwn(PLACES, ordinal), `'${ordinal}' is no place`);
  const place = PLACES[ordinal];
  // Pairs [before, after] in the order that the question asks about.
  const premises = Array.from(listed.matchAll(/(\w+) is (\w+) than (\w+)\./g), ([, a, comparative, b]) => {
    const { of: compared, more } = degree(comparative);
    need(compared === of, `${comparative} says nothing of who is the ${superlative}`);
    return more === fromTop ? [a, b] : [b, a];
  });
  const people = [...new Set(premises.flat())];
  need(people.length <= MOST_PEOPLE, `${people.length} people are too many to try their orders`);
  const placed = new Set<string>();
  for (const order of orders(people, premises)) placed.add(order[place - 1]);
  need(placed.size === 1, `${placed.size} people could be the one that is asked for`);

  const known = new Set<string>();
  let order: string[] | null = null;
  let answer: string | null = null;
  return {
    truth: [...placed][0],
    take(step) {
      const [form, parts] = formOf(step, {
        pair: /^([A-Z][a-z]+) ([<>]) ([A-Z][a-z]+)$/,
        order: /^Order: ([A-Z][a-z]+(?:, [A-Z][a-z]+)+)$/,
        place: /^Number (\d+) is ([A-Z][a-z]+)$/,
      });
      if (form === 'pair') {
        const [a, sign, b] = parts;
        const [before, after] = (sign === '>') === fromTop ? [a, b] : [b, a];
        need(
          premises.some((pair) => pair[0] === before && pair[1] === after),
          `the question does not say that ${step}`,
        );
        known.add(`${before} ${after}`);
      } else if (form === 'order') {
        const names = parts[0].split(', ');
        need(new Set(names).size === people.length && names.length === people.length, 'the order is not of all people');
        names.slice(1).forEach((after, k) => {
          need(known.has(`${names[k]} ${after}`), `no step says how ${names[k]} and ${after} compare`);
        });
        order = names;
      } else {
        const [number, name] = parts;
        need(order !== null, 'the order is not known yet');
        need(whole(number) === place, `number ${place} is asked for, not ${number}`);
        need(order[place - 1] === name, `number ${place} is ${order[place - 1]}, not ${name}`);
        answer = name;
      }
    },
    established: () => answer,
  };
};

/** 'all red things are round', and the three other forms. */
interface Statement {
  readonly text: string;
  /** The two properties, subject and predicate. */
  readonly terms: readonly [string, string];
  readonly some: boolean;
  /** Of things by their properties: what no thing may be, or what some thing must be. */
  readonly picks: (properties: ReadonlySet<string>) => boolean;
}

function readStatement(sentence: string): Statement {
  const text = sentence[0].toLowerCase() + sentence.slice(1);
  const [quantifier, subject, not = '', predicate] = groups(
    text,
    /^(all|no|some) ([a-z]+) things are (not )?([a-z]+)$/,
  );
  need(not === '' || quantifier === 'some', `'${text}' is not one of the four forms`);
  // 'All A are B' excludes what is A and not B; 'no A are B' what is both; 'some' asks for such a thing.
  const positive = quantifier === 'no' || (quantifier === 'some' && not === '');
  return {
    text,
    terms: [subject, predicate],
    some: quantifier === 'some',
    picks: (properties) => properties.has(subject) && properties.has(predicate) === positive,
  };
}

type World = readonly ReadonlySet<string>[];

/** Whether `statement` is true of a world, given by the properties of each of its things. */
const isTrue = ({ some, picks }: Statement, world: World) => world.some(picks) === some;

/**
 * Whether `conclusion` is true of every world of which all premises are. A world that refutes it needs at most one
 * thing for each 'some' among the premises and one for the conclusion, so that only worlds of so many are tried.
 */
function follows(premises: readonly Statement[], conclusion: Statement): boolean {
  const terms = [...new Set([...premises, conclusion].flatMap((statement) => statement.terms))];
  const sorts = Array.from(
    { length: 2 ** terms.length },
    (_, bits) => new Set(terms.filter((_, k) => (bits >> k) & 1)),
  );
  const most = premises.filter(({ some }) => some).length + 1;
  const refuted = (world: World, from: number): boolean => {
    if (premises.every((premise) => isTrue(premise, world)) && !isTrue(conclusion, world)) return true;
    if (world.length === most) return false;
    return sorts.slice(from).some((sort, k) => refuted([...world, sort], from + k + 1));
  };
  return !refuted([], 0);
}

export const syllogism: Reader = (question): Proof => {
  const [listed, last] = groups(question, /^(.+)\. Must it be that ([a-z ]+)\?$/);
  const premises = listed.split('. ').map(readStatement);
  const asked = readStatement(last);
  const properties = new Set([...premises, asked].flatMap(({ terms }) => terms));
  need(properties.size <= MOST_PROPERTIES, `${properties.size} properties are too many to try all worlds`);
  need(premises.filter(({ some }) => some).length <= MOST_SOME, "too many 'some' to try all worlds");
  const truth = follows(premises, asked) ? 'yes' : 'no';
  const known = new Map(premises.map((premise) => [premise.text, premise]));
  let refuted = false;
  return {
    truth,
    take(step) {
      const [form, parts] = formOf(step, {
        inference: /^([A-Z].+ things are .+) and ([a-z].+ things are .+), so ([a-z].+)$/,
        counterexample: /^Case: (one [a-z ]+ thing(?: and one [a-z ]+ thing)*)$/,
      });
      if (form === 'counterexample') {
        const world = parts[0].split(' and ').map((thing) => {
          const stated = thing.split(' ').slice(1, -1);
          for (const property of stated) need(properties.has(property), `nothing was said of being ${property}`);
          need(new Set(stated).size === stated.length, `'${thing}' says something twice`);
          return new Set(stated);
        });
        for (const premise of premises) need(isTrue(premise, world), `then it is not true that ${premise.text}`);
        need(!isTrue(asked, world), `then it is true that ${asked.text}`);
        refuted = true;
        return;
      }
      const [a, b, conclusion] = parts.map(readStatement);
      const grounds = [a, b].map(({ text }) => {
        const ground = known.get(text);
        if (ground === undefined) throw new Disagreement(`it is not known that ${text}`);
        return ground;
      });
      need(follows(grounds, conclusion), `it does not follow that ${conclusion.text}`);
      known.set(conclusion.text, conclusion);
    },
    established: () => (refuted ? 'no' : known.has(asked.text) ? 'yes' : null),
  };
};

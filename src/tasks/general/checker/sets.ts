/**
 * The checker's readers of problems about sets. It goes by membership, element by element or region by region, and does
 * no set algebra.
 */
import { need } from '../../verifier/records';
import { equation, formOf, groups, type Proof, type Reader, takeOut, whole } from './proof';

/** A set in its one way of writing, '{1, 4, 9}': ascending, nothing twice. */
function elements(text: string): number[] {
  const numbers = text === '{}' ? [] : text.slice(1, -1).split(', ').map(whole);
  need(
    numbers.every((value, k) => k === 0 || value > numbers[k - 1]),
    `${text} is not in ascending order`,
  );
  return numbers;
}

interface Operation {
  readonly connective: string;
  readonly operand: string;
}

/** The first operand of '(P and Q) or R', and the operations on it from the inside out. */
function unfold(expression: string): { first: string; operations: Operation[] } {
  if (/^[A-Z]$/.test(expression)) return { first: expression, operations: [] };
  const [nested, name, connective, operand] = groups(expression, /^(?:\((.+)\)|([A-Z])) (and|or|but not) ([A-Z])$/);
  const { first, operations } = unfold(nested ?? name);
  return { first, operations: [...operations, { connective, operand }] };
}

export const setOperations: Reader = (question): Proof => {
  const [listed, expression] = groups(question, /^((?:[A-Z] = \{[\d, ]*\}\. )+)How many are in ([A-Za-z() ]+)\?$/);
  const sets = new Map(
    Array.from(listed.matchAll(/([A-Z]) = (\{[\d, ]*\})/g), ([, name, set]) => [name, elements(set)]),
  );
  const isIn = (x: number, name: string) => {
    const set = sets.get(name);
    need(set !== undefined, `there is no set ${name}`);
    return set.includes(x);
  };
  const { first, operations } = unfold(expression);
  /** Whether `x` is in what the first `count` operations make. */
  const holds = (x: number, count: number) =>
    operations.slice(0, count).reduce(
      (so, { connective, operand }) => {
        const here = isIn(x, operand);
        return connective === 'and' ? so && here : connective === 'or' ? so || here : so && !here;
      },
      isIn(x, first),
    );
  const universe = [...new Set([...sets.values()].flat())].sort((a, b) => a - b);
  const after = (count: number) => `{${universe.filter((x) => holds(x, count)).join(', ')}}`;
  const truth = String(universe.filter((x) => holds(x, operations.length)).length);
  let done = 0;
  let answer: string | null = null;
  return {
    truth,
    take(step) {
      const [form, parts] = formOf(step, {
        operation: /^([A-Z]|\{[\d, ]*\}) (and|or|but not) ([A-Z]) = (\{[\d, ]*\})$/,
        count: /^Count = (\d+)$/,
      });
      if (form === 'count') {
        need(done === operations.length, 'there are operations left to do');
        need(parts[0] === truth, `the set has ${truth} elements, not ${parts[0]}`);
        answer = parts[0];
        return;
      }
      need(done < operations.length, 'every operation was done before');
      const [left, connective, operand, result] = parts;
      const current = done === 0 ? first : after(done);
      const next = operations[done];
      need(left === current, `the set so far is ${current}, not ${left}`);
      need(
        connective === next.connective && operand === next.operand,
        `the next operation is ${next.connective} ${next.operand}`,
      );
      need(result === after(done + 1), `${left} ${connective} ${operand} is ${after(done + 1)}, not ${result}`);
      done++;
    },
    established: () => answer,
  };
};

/** A fact about people: how many like all of these things (bit k for thing k), and maybe more. */
interface Census {
  readonly bits: number;
  readonly people: number;
}

/** A bound on what is tried, since anyone may write the question. */
const MOST_PEOPLE = 1000;

/** Bits that are set in `bits`. */
const size = (bits: number) => [...bits.toString(2)].filter((bit) => bit === '1').length;

/**
 * All ways to spread people over the regions of a Venn diagram of `things` circles that agree with the facts, by search:
 * inner regions first, each fact held against them as soon as all its regions are filled.
 */
function worlds(things: number, facts: readonly Census[]): number[][] {
  const regions = Array.from({ length: 2 ** things }, (_, bits) => bits).sort((a, b) => size(b) - size(a));
  const total = facts.find(({ bits }) => bits === 0)!.people;
  const found: number[][] = [];
  const fill = (place: number, people: number[]) => {
    if (place === regions.length) {
      found.push([...people]);
      return;
    }
    const filled = regions.slice(0, place + 1);
    const due = facts.filter(({ bits }) => {
      const inside = regions.filter((region) => (region & bits) === bits);
      return inside.includes(regions[place]) && inside.every((region) => filled.includes(region));
    });
    for (let count = 0; count <= total; count++) {
      people[regions[place]] = count;
      const agrees = due.every(
        (fact) =>
          filled.reduce((sum, region) => sum + ((region & fact.bits) === fact.bits ? people[region] : 0), 0) ===
          fact.people,
      );
      if (agrees) fill(place + 1, people);
    }
  };
  fill(0, []);
  return found;
}

export const vennCount: Reader = (question): Proof => {
  const [total, listed, asked] = groups(
    question,
    /^(\d+) people\.((?: \d+ like [a-z]+(?: and [a-z]+)*\.)+) How many like ([a-z ]+)\?$/,
  );
  const likes = Array.from(listed.matchAll(/ (\d+) like ([a-z ]+)\./g), ([, people, liked]) => ({
    people: whole(people),
    liked: liked.split(' and '),
  }));
  const things = [...new Set(likes.flatMap(({ liked }) => liked))];
  const bitsOf = (liked: readonly string[]) => liked.reduce((bits, thing) => bits | (1 << things.indexOf(thing)), 0);
  const facts: Census[] = [
    { bits: 0, people: whole(total) },
    ...likes.map(({ people, liked }) => ({ bits: bitsOf(liked), people })),
  ];
  const none = asked === 'none of these';
  need(things.length <= 3 && whole(total) <= MOST_PEOPLE, 'there is too much to try all ways to spread the people');
  need(
    facts.length === 2 ** things.length && new Set(facts.map(({ bits }) => bits)).size === facts.length,
    'the question does not say once how many like each combination',
  );
  need(none || bitsOf(asked.split(' or ')) === bitsOf(things), 'the question is not about all the things');
  const answers = new Set(worlds(things.length, facts).map((people) => (none ? people[0] : whole(total) - people[0])));
  need(answers.size === 1, `the facts allow ${answers.size} answers, not one`);

  // Inclusion and exclusion: what is liked by one counts, by two counts back, by three counts again.
  const pending = facts
    .filter(({ bits }) => bits > 0 || none)
    .map(({ bits, people }) => ({ sign: (size(bits) % 2 === 0) === none ? '+' : '-', people }));
  let current: number | null = null;
  return {
    truth: String([...answers][0]),
    take(step) {
      const { left, sign, right, result } = equation(step);
      const rest = [...pending];
      if (current === null) {
        need(!none || left === whole(total), `there are ${total} people, not ${left}`);
        takeOut(rest, (term) => term.sign === '+' && term.people === left, `nothing says that ${left} like one thing`);
      } else {
        need(left === current, `the count so far is ${current}, not ${left}`);
      }
      takeOut(
        rest,
        (term) => term.sign === sign && term.people === right,
        `no ${right} is left to ${sign === '+' ? 'add' : 'take off'}`,
      );
      pending.splice(0, pending.length, ...rest);
      current = result;
    },
    established: () => (pending.length === 0 && current !== null ? String(current) : null),
  };
};

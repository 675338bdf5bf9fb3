/** The checker's readers of problems about amounts of things: units and counts. */
import { need } from '../../verifier/records';
import { equation, formOf, groups, type Proof, type Reader, takeOut, whole } from './proof';

/** What units measure, and how large they are: in millimetres, seconds and grams. */
const UNITS: Readonly<Record<string, { readonly measures: string; readonly size: number }>> = {
  mm: { measures: 'length', size: 1 },
  cm: { measures: 'length', size: 10 },
  m: { measures: 'length', size: 1000 },
  km: { measures: 'length', size: 1_000_000 },
  s: { measures: 'time', size: 1 },
  min: { measures: 'time', size: 60 },
  h: { measures: 'time', size: 3600 },
  days: { measures: 'time', size: 86_400 },
  g: { measures: 'mass', size: 1 },
  kg: { measures: 'mass', size: 1000 },
  t: { measures: 'mass', size: 1_000_000 },
};

interface Quantity {
  readonly amount: number;
  readonly unit: string;
}

function sizeOf({ amount, unit }: Quantity): number {
  need(Object.hasOwn(UNITS, unit), `'${unit}' is no unit`);
  return amount * UNITS[unit].size;
}

export const unitConversion: Reader = (question): Proof => {
  const [goal, listed] = groups(question, /^How many ([a-z]+) are (\d+ [a-z]+(?: \+ \d+ [a-z]+)+)\?$/);
  const pending = listed.split(' + ').map((text): Quantity => {
    const [amount, unit] = text.split(' ');
    return { amount: whole(amount), unit };
  });
  const sum = pending.reduce((so, quantity) => so + sizeOf(quantity), 0) / sizeOf({ amount: 1, unit: goal });
  need(Number.isInteger(sum), `the sum is no whole number of ${goal}`);
  need(
    pending.every(({ unit }) => UNITS[unit].measures === UNITS[goal].measures),
    'the units measure different things',
  );
  return {
    truth: String(sum),
    take(step) {
      const [form, parts] = formOf(step, { conversion: /^(\d+) ([a-z]+) = (\d+) ([a-z]+)$/, sum: /^\d+ \+ .+$/ });
      if (form === 'conversion') {
        const [from, to] = [0, 2].map((at) => ({ amount: whole(parts[at]), unit: parts[at + 1] }));
        need(sizeOf(from) === sizeOf(to), `${from.amount} ${from.unit} are not ${to.amount} ${to.unit}`);
        need(UNITS[from.unit].measures === UNITS[to.unit].measures, 'the units measure different things');
        const same = (one: Quantity) => one.amount === from.amount && one.unit === from.unit;
        takeOut(pending, same, `${from.amount} ${from.unit} are not among what is left`);
        pending.push(to);
        return;
      }
      const { left, right, result } = equation(step);
      const inGoal = (amount: number) => (one: Quantity) => one.amount === amount && one.unit === goal;
      const needed = left === right ? 2 : 1;
      for (const term of [left, right]) {
        need(pending.filter(inGoal(term)).length >= needed, `${term} ${goal} are not among what is left`);
      }
      for (const term of [left, right]) takeOut(pending, inGoal(term), `${term} ${goal} are not among what is left`);
      pending.push({ amount: result, unit: goal });
    },
    established: () => (pending.length === 1 && pending[0].unit === goal ? String(pending[0].amount) : null),
  };
};

/** Whether an item, 'red cup', meets a condition: properties joined by and, or, but; each may be negated. */
function meets(item: string, condition: string): boolean {
  const properties = item.split(' ');
  const literal = (text: string) =>
    text.startsWith('not ') ? !properties.includes(text.slice(4)) : properties.includes(text);
  return condition.split(' or ').some((part) => part.split(/ and | but /).every(literal));
}

export const itemCounting: Reader = (question): Proof => {
  const [listed, condition] = groups(
    question,
    /^Items: ([a-z]+ [a-z]+(?:, [a-z]+ [a-z]+)*)\. How many are ([a-z ]+)\?$/,
  );
  const items = listed.split(', ');
  const met = items.filter((item) => meets(item, condition));
  let counted = 0;
  let answer: string | null = null;
  return {
    truth: String(met.length),
    take(step) {
      need(answer === null, 'the count was stated before');
      const [form, parts] = formOf(step, { item: /^([a-z]+ [a-z]+): (\d+)$/, count: /^Count = (\d+)$/ });
      if (form === 'item') {
        const [item, number] = parts;
        need(items.includes(item), `there is no ${item}`);
        need(meets(item, condition), `${item} is not ${condition}`);
        need(item === met[counted], `${item} is not the next that is ${condition}`);
        need(whole(number) === counted + 1, `it is number ${counted + 1}, not ${number}`);
        counted++;
        return;
      }
      const [count] = parts.map(whole);
      need(count === counted, `${counted} were counted, not ${count}`);
      need(counted === met.length, `there are more that are ${condition}`);
      answer = String(count);
    },
    established: () => answer,
  };
};

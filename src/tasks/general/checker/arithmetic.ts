/** The checker's readers of problems about numbers: chains, comparisons, sequences. */
import { need } from '../../verifier/records';
import { compute, type Equation, equation, formOf, groups, type Proof, type Reader, whole } from './proof';

const SIGNS: Readonly<Record<string, string>> = { Add: '+', Subtract: '-', 'Multiply by': '*', 'Divide by': '/' };

export const arithmeticChain: Reader = (question): Proof => {
  const [start, listed] = groups(question, /^Start with (\d+)\.((?: [A-Z][a-z ]+ \d+\.)+) What is the result\?$/);
  const operations = Array.from(listed.matchAll(/ ([A-Z][a-z ]+) (\d+)\./g), ([, words, operand]) => {
    need(Object.hasOwn(SIGNS, words), `'${words}' is no operation`);
    return { sign: SIGNS[words], operand: whole(operand) };
  });
  let current = whole(start);
  let done = 0;
  return {
    truth: String(operations.reduce((value, { sign, operand }) => compute(value, sign, operand), current)),
    take(step) {
      const { left, sign, right, result } = equation(step);
      need(done < operations.length, 'every operation was done before');
      const next = operations[done];
      need(left === current, `the number so far is ${current}, not ${left}`);
      need(sign === next.sign && right === next.operand, `the next operation is ${next.sign} ${next.operand}`);
      current = result;
      done++;
    },
    established: () => (done === operations.length ? String(current) : null),
  };
};

export const expressionComparison: Reader = (question, options): Proof => {
  const [wanted] = groups(question, /^Which is the (largest|smallest)\?$/);
  const values = options.map((option) => {
    const [a, sign, b] = groups(option, /^(\d+) ([-+*/]) (\d+)$/);
    return compute(whole(a), sign, whole(b));
  });
  const extreme = (of: readonly number[]) => (wanted === 'largest' ? Math.max(...of) : Math.min(...of));
  const best = extreme(values);
  need(values.filter((value) => value === best).length === 1, `several options are ${best}`);
  const letter = (index: number) => String.fromCharCode(65 + index);
  const known = new Map<string, number>();
  let answer: string | null = null;
  return {
    truth: letter(values.indexOf(best)),
    take(step) {
      const [form, parts] = formOf(step, {
        value: /^([A-Z]): (.+)$/,
        extreme: /^(Largest|Smallest): (\d+), ([A-Z])$/,
      });
      if (form === 'value') {
        const [option, text] = parts;
        const expression = options[option.charCodeAt(0) - 65];
        need(expression !== undefined, `there is no option ${option}`);
        const { result } = equation(text);
        need(text === `${expression} = ${result}`, `option ${option} is ${expression}`);
        known.set(option, result);
        return;
      }
      const [word, value, option] = parts;
      need(word.toLowerCase() === wanted, `the ${wanted} is asked for`);
      need(known.size === options.length, 'not every option has been computed');
      need(extreme([...known.values()]) === whole(value), `${value} is not the ${wanted} of them`);
      need(known.get(option) === whole(value), `option ${option} is ${known.get(option)}, not ${value}`);
      answer = option;
    },
    established: () => answer,
  };
};

const gapsOf = (terms: readonly number[]) => terms.slice(1).map((term, k) => term - terms[k]);
const allSame = (values: readonly number[]) => values.every((value) => value === values[0]);

/** How a sequence goes on, and what has to be shown for it: each goal as the equations that show it. */
interface Rule {
  readonly next: number;
  readonly goals: readonly (readonly string[])[];
}

/** The rules that the terms keep to, of: the same difference, the same ratio, differences that grow by the same. */
function rulesOf(terms: readonly number[]): Rule[] {
  const gaps = gapsOf(terms);
  const [last, ratio] = [terms[terms.length - 1], terms[1] / terms[0]];
  const rules: Rule[] = [];
  if (allSame(gaps)) {
    const size = Math.abs(gaps[0]);
    const links = gaps.map((gap, k) => {
      const [a, b] = [terms[k], terms[k + 1]];
      return gap < 0
        ? [`${a} - ${b} = ${size}`, `${a} - ${size} = ${b}`]
        : [`${b} - ${a} = ${size}`, `${a} + ${size} = ${b}`];
    });
    const next = last + gaps[0];
    rules.push({ next, goals: [...links, [`${last} ${gaps[0] < 0 ? '-' : '+'} ${size} = ${next}`]] });
  }
  if (Number.isInteger(ratio) && ratio > 1 && terms.slice(1).every((term, k) => term === terms[k] * ratio)) {
    const links = terms
      .slice(1)
      .map((term, k) => [`${term} / ${terms[k]} = ${ratio}`, `${terms[k]} * ${ratio} = ${term}`]);
    rules.push({ next: last * ratio, goals: [...links, [`${last} * ${ratio} = ${last * ratio}`]] });
  }
  const growths = gapsOf(gaps);
  if (allSame(growths) && growths[0] > 0 && gaps[0] > 0) {
    const [growth] = growths;
    const [lastGap, nextGap] = [gaps[gaps.length - 1], gaps[gaps.length - 1] + growth];
    rules.push({
      next: last + nextGap,
      goals: [
        ...gaps.map((gap, k) => [`${terms[k + 1]} - ${terms[k]} = ${gap}`]),
        ...growths.map((_, k) => [`${gaps[k + 1]} - ${gaps[k]} = ${growth}`]),
        [`${lastGap} + ${growth} = ${nextGap}`],
        [`${last} + ${nextGap} = ${last + nextGap}`],
      ],
    });
  }
  return rules;
}

export const numberSequence: Reader = (question): Proof => {
  const [listed] = groups(question, /^Which number comes next: (\d+(?:, \d+){3,})\?$/);
  const rules = rulesOf(listed.split(', ').map(whole));
  need(rules.length === 1, `the sequence keeps to ${rules.length} rules, not to one`);
  const [{ next, goals }] = rules;
  let met = 0;
  return {
    truth: String(next),
    take(step) {
      const { left, sign, right }: Equation = equation(step);
      need(met < goals.length, 'the next number was found before');
      need(goals[met].includes(step), `${left} ${sign} ${right} is not the next thing to look at in the sequence`);
      met++;
    },
    established: () => (met === goals.length ? String(next) : null),
  };
};

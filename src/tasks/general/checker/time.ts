/** The checker's readers of problems about days and times. */
import { need } from '../../verifier/records';
import { equation, formOf, groups, type Proof, type Reader, takeOut, whole } from './proof';

/** A move forward (+) or back (-): its sign, and how much of it is still to be made. */
interface Move {
  readonly sign: string;
  left: number;
}

function movesOf(listed: string, unit: string): Move[] {
  return Array.from(listed.matchAll(new RegExp(` Go (\\d+) ${unit} (forward|back)\\.`, 'g')), ([, amount, way]) => ({
    sign: way === 'forward' ? '+' : '-',
    left: whole(amount),
  }));
}

const total = (moves: readonly Move[]) => moves.reduce((sum, { sign, left }) => sum + (sign === '+' ? left : -left), 0);

/** In the order of `Date.getUTCDay`. */
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The day of the week `days` after `day`, by the calendar: 4 January 1970 was a Sunday. */
function dayAfter(day: string, days: number): string {
  need(DAYS.includes(day), `'${day}' is no day of the week`);
  return DAYS[new Date(Date.UTC(1970, 0, 4 + DAYS.indexOf(day) + days)).getUTCDay()];
}

export const weekdayArithmetic: Reader = (question): Proof => {
  const [start, listed] = groups(
    question,
    /^Today is ([A-Z][a-z]+)\.((?: Go \d+ days (?:forward|back)\.)+) Which day is it\?$/,
  );
  const moves = movesOf(listed, 'days');
  const truth = dayAfter(start, total(moves));
  let today = start;
  return {
    truth,
    take(step) {
      const [form, parts] = formOf(step, {
        split: /^(\d+) days = (\d+) weeks \+ (\d+) days$/,
        move: /^([A-Z][a-z]+) ([-+]) (\d+) days = ([A-Z][a-z]+)$/,
      });
      need(moves.length > 0, 'every move was made before');
      const [move] = moves;
      if (form === 'split') {
        const [days, weeks, rest] = parts.map(whole);
        need(days === move.left, `the next move is of ${move.left} days, not ${days}`);
        need(7 * weeks + rest === days && rest < 7, `${days} days are not ${weeks} weeks and ${rest} days`);
        move.left = rest;
        return;
      }
      const [from, sign, amount, to] = parts;
      const days = whole(amount);
      need(from === today, `it is ${today} so far, not ${from}`);
      need(sign === move.sign && days === move.left, `the next move is ${move.sign} ${move.left} days`);
      const reached = dayAfter(from, sign === '+' ? days : -days);
      need(to === reached, `${from} ${sign} ${days} days is ${reached}, not ${to}`);
      today = to;
      moves.shift();
    },
    established: () => (moves.length === 0 ? today : null),
  };
};

const DAY = 24 * 60;
const TIME = '(\\d\\d:\\d\\d)';

/** Minutes from midnight. @throws Disagreement on 24:00 and the like. */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  need(hours < 24 && minutes < 60, `${time} is no time of a day`);
  return 60 * hours + minutes;
}

/** Whether two counts of minutes show the same time on a clock. */
const sameTime = (a: number, b: number) => (((a - b) % DAY) + DAY) % DAY === 0;

export const clockTime: Reader = (question, options): Proof => {
  const [start, listed] = groups(
    question,
    /^It is (\d\d:\d\d)\.((?: Go \d+ min (?:forward|back)\.)+) What time is it\?$/,
  );
  const moves = movesOf(listed, 'min');
  const end = minutesOf(start) + total(moves);
  const right = options.flatMap((option, index) => (sameTime(minutesOf(option), end) ? [index] : []));
  need(right.length === 1, `${right.length} options show the right time, not one`);
  const letter = String.fromCharCode(65 + right[0]);
  let now = start;
  let answer: string | null = null;
  return {
    truth: letter,
    take(step) {
      const [form, parts] = formOf(step, {
        split: /^(\d+) min = (\d+) h \+ (\d+) min$/,
        move: new RegExp(`^${TIME} ([-+]) (\\d+) (h|min) = ${TIME}$`),
        option: new RegExp(`^${TIME} is ([A-Z])$`),
      });
      if (form === 'option') {
        const [time, option] = parts;
        need(moves.length === 0, 'there are moves left to make');
        need(time === now, `it is ${now}, not ${time}`);
        need(options[option.charCodeAt(0) - 65] === time, `option ${option} is not ${time}`);
        answer = option;
        return;
      }
      need(moves.length > 0, 'every move was made before');
      const [move] = moves;
      if (form === 'split') {
        const [minutes, hours, rest] = parts.map(whole);
        need(minutes === move.left, `the next move is of ${move.left} min, not ${minutes}`);
        need(60 * hours + rest === minutes && rest < 60, `${minutes} min are not ${hours} h and ${rest} min`);
        return;
      }
      const [from, sign, count, unit, to] = parts;
      const amount = whole(count) * (unit === 'h' ? 60 : 1);
      need(from === now, `it is ${now} so far, not ${from}`);
      need(sign === move.sign, `the next move is ${move.sign} ${move.left} min`);
      need(amount > 0 && amount <= move.left, `of the next move ${move.left} min are left, not ${amount}`);
      const reached = minutesOf(from) + (sign === '+' ? amount : -amount);
      need(sameTime(minutesOf(to), reached), `${from} ${sign} ${count} ${unit} is not ${to}`);
      now = to;
      move.left -= amount;
      if (move.left === 0) moves.shift();
    },
    established: () => answer,
  };
};

export const elapsedMinutes: Reader = (question): Proof => {
  const [from, to, listed] = groups(
    question,
    /^Work from (\d\d:\d\d) to (\d\d:\d\d)\.((?: Rest \d+ min\.)*) How many min of work\?$/,
  );
  const [start, end] = [minutesOf(from), minutesOf(to)];
  need(start < end, 'the work ends before it begins');
  const breaks = Array.from(listed.matchAll(/(\d+)/g), ([minutes]) => whole(minutes));
  const truth = breaks.reduce((left, minutes) => left - minutes, end - start);
  const known = new Set<number>();
  let left: number | null = null;
  return {
    truth: String(truth),
    take(step) {
      if (step.includes('*')) {
        const [hours, minutes, sum] = groups(step, /^(\d+) \* 60 \+ (\d+) = (\d+)$/).map(whole);
        need(60 * hours + minutes === sum, `${hours} * 60 + ${minutes} is ${60 * hours + minutes}, not ${sum}`);
        need(minutes < 60 && (sum === start || sum === end), `${hours} h ${minutes} min is no time in the question`);
        known.add(sum);
        return;
      }
      const { left: a, sign, right: b, result } = equation(step);
      need(sign === '-', 'only differences lead on from here');
      if (left === null) {
        need(known.has(start) && known.has(end), 'the two times are not known in minutes yet');
        need(a === end && b === start, `the span is ${end} - ${start}`);
      } else {
        need(a === left, `${left} min are left so far, not ${a}`);
        takeOut(breaks, (minutes) => minutes === b, `no rest of ${b} min is left to take off`);
      }
      left = result;
    },
    established: () => (left !== null && breaks.length === 0 ? String(left) : null),
  };
};

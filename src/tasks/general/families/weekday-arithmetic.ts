/** Calendars: the day of the week some days on or back. */
import { defineGeneralFamily, level } from '../family';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Two moves of up to 20 days at the least, four of up to 99 at the most; whole weeks are taken off first. */
export const weekdayArithmetic = defineGeneralFamily({
  name: 'weekday_arithmetic',
  title: 'Days of the week',
  description: 'Which day it is after moves forward and back; harder with more and longer moves.',
  kind: 'text',
  draft(difficulty, random) {
    const start = random.integer(0, 6);
    const sentences = [`Today is ${DAYS[start]}.`];
    const steps: string[] = [];
    let day = start;
    for (let left = level(difficulty, 2, 4); left > 0; left--) {
      const days = random.integer(1, level(difficulty, 20, 99));
      const forward = random.pick([true, false]);
      const rest = days % 7;
      const next = (day + (forward ? rest : 7 - rest)) % 7;
      sentences.push(`Go ${days} days ${forward ? 'forward' : 'back'}.`);
      if (days >= 7) steps.push(`${days} days = ${(days - rest) / 7} weeks + ${rest} days`);
      steps.push(`${DAYS[day]} ${forward ? '+' : '-'} ${rest} days = ${DAYS[next]}`);
      day = next;
    }
    return {
      question: `${sentences.join(' ')} Which day is it?`,
      answer: DAYS[day],
      steps,
      values: { start, end: day },
    };
  },
});

/** Clocks: the time some minutes later or earlier. */
import { letterOf } from '../../contract';
import { defineGeneralFamily, level } from '../family';

const DAY = 24 * 60;

/** Minutes from midnight as '09:40', around the clock. */
function clock(minutes: number): string {
  const within = ((minutes % DAY) + DAY) % DAY;
  return `${String(Math.floor(within / 60)).padStart(2, '0')}:${String(within % 60).padStart(2, '0')}`;
}

/**
 * One move of less than an hour at the least, three of up to six hours at the most. The wrong options are an hour or
 * some minutes off, as slips are.
 */
export const clockTime = defineGeneralFamily({
  name: 'clock_time',
  title: 'Clock',
  description: 'What time it is after moves forward and back; harder with more and longer moves.',
  kind: 'choice',
  draft(difficulty, random) {
    const start = random.integer(0, DAY - 1);
    const sentences = [`It is ${clock(start)}.`];
    const steps: string[] = [];
    let now = start;
    for (let left = level(difficulty, 1, 3); left > 0; left--) {
      const minutes = random.integer(5, level(difficulty, 59, 360));
      const forward = random.pick([true, false]);
      const sign = forward ? '+' : '-';
      sentences.push(`Go ${minutes} min ${forward ? 'forward' : 'back'}.`);
      const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
      if (hours > 0) steps.push(`${minutes} min = ${hours} h + ${rest} min`);
      for (const [amount, unit, size] of [
        [hours, 'h', 60],
        [rest, 'min', 1],
      ] as const) {
        if (amount === 0) continue;
        const next = forward ? now + amount * size : now - amount * size;
        steps.push(`${clock(now)} ${sign} ${amount} ${unit} = ${clock(next)}`);
        now = next;
      }
    }
    const slips = random.shuffle([-60, 60, -10, 10, -50, 50]).slice(0, 3);
    const options = random.shuffle([0, ...slips]).map((slip) => clock(now + slip));
    const answer = letterOf(options.indexOf(clock(now)));
    return {
      question: `${sentences.join(' ')} What time is it?`,
      options,
      answer,
      steps: [...steps, `${clock(now)} is ${answer}`],
      values: { start, end: ((now % DAY) + DAY) % DAY },
    };
  },
});

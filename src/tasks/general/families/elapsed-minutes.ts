/** Spans of time: the minutes between two times of a day, less breaks. */
import { defineGeneralFamily, level } from '../family';

const MIDNIGHT = 24 * 60;

/** Hours and minutes, two digits each. */
function parts(minutes: number): [string, string] {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')) as [string, string];
}

/** Spans of up to an hour at the least; up to twelve hours, less three breaks, at the most. */
export const elapsedMinutes = defineGeneralFamily({
  name: 'elapsed_minutes',
  title: 'Span of time',
  description: 'Minutes of work between two times, less breaks; harder with longer spans and more breaks.',
  kind: 'number',
  draft(difficulty, random) {
    const shortest = level(difficulty, 10, 200);
    const span = random.integer(shortest, level(difficulty, 60, 720));
    const from = random.integer(0, MIDNIGHT - 1 - span);
    const to = from + span;
    const count = level(difficulty, 0, 3);
    // Some time is left for work, however short the span is.
    const longest = Math.min(60, Math.floor((span - 1) / Math.max(1, count)));
    const breaks = Array.from({ length: count }, () => random.integer(2, longest));
    const inMinutes = (minutes: number) => `${Math.floor(minutes / 60)} * 60 + ${minutes % 60} = ${minutes}`;
    const steps = [inMinutes(to), inMinutes(from), `${to} - ${from} = ${span}`];
    let left = span;
    for (const each of breaks) {
      steps.push(`${left} - ${each} = ${left - each}`);
      left -= each;
    }
    const rests = breaks.map((each) => ` Rest ${each} min.`).join('');
    return {
      question: `Work from ${parts(from).join(':')} to ${parts(to).join(':')}.${rests} How many min of work?`,
      answer: String(left),
      steps,
      values: { from, to, work: left },
    };
  },
});

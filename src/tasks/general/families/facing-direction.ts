/** Turns: which way one faces after some of them. */
import { defineGeneralFamily, level } from '../family';

/** Clockwise, an eighth of a turn apart. */
const COMPASS = ['north', 'northeast', 'east', 'southeast', 'south', 'southwest', 'west', 'northwest'];

/** Three turns by multiples of 45 degrees at the least, seven at the most. */
export const facingDirection = defineGeneralFamily({
  name: 'facing_direction',
  title: 'Turns',
  description: 'Which way one faces after some turns; harder with more of them.',
  kind: 'text',
  draft(difficulty, random) {
    const start = random.integer(0, 7);
    const sentences = [`Face ${COMPASS[start]}.`];
    const steps: string[] = [];
    let facing = start;
    for (let left = level(difficulty, 3, 7); left > 0; left--) {
      const eighths = random.integer(1, 7);
      const right = random.pick([true, false]);
      const side = right ? 'right' : 'left';
      const next = (facing + (right ? eighths : 8 - eighths)) % 8;
      sentences.push(`Turn ${45 * eighths} ${side}.`);
      steps.push(`${COMPASS[facing]} + ${45 * eighths} ${side} = ${COMPASS[next]}`);
      facing = next;
    }
    return {
      question: `${sentences.join(' ')} Which way do you face?`,
      answer: COMPASS[facing],
      steps,
      values: { start, end: facing },
    };
  },
});

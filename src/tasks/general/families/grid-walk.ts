/** Grid walks: how many blocks it is back to the start after walking through straight streets. */
import { defineGeneralFamily, level } from '../family';

/** Clockwise, with their steps along x (east) and y (north). */
const DIRECTIONS = [
  { name: 'north', x: 0, y: 1 },
  { name: 'east', x: 1, y: 0 },
  { name: 'south', x: 0, y: -1 },
  { name: 'west', x: -1, y: 0 },
] as const;

/** Two named directions at the least, six legs of up to sixty blocks with turns to follow at the most. */
export const gridWalk = defineGeneralFamily({
  name: 'grid_walk',
  title: 'Grid walk',
  description: 'How many blocks it is back after a walk; harder with more legs, and with turns for directions.',
  kind: 'number',
  draft(difficulty, random) {
    const turning = difficulty >= 0.5;
    let facing = random.integer(0, 3);
    const sentences = [turning ? `Start at (0, 0). Face ${DIRECTIONS[facing].name}.` : 'Start at (0, 0).'];
    const steps: string[] = [];
    let [x, y] = [0, 0];
    for (let leg = 0, legs = level(difficulty, 2, 6); leg < legs; leg++) {
      const blocks = random.integer(1, level(difficulty, 30, 60));
      // Never straight on or back: each leg is a new street.
      const right = random.pick([true, false]);
      const before = facing;
      if (leg > 0) facing = (facing + (right ? 1 : 3)) % 4;
      const { name, x: dx, y: dy } = DIRECTIONS[facing];
      if (turning && leg > 0) {
        const side = right ? 'right' : 'left';
        sentences.push(`Turn ${side}.`);
        steps.push(`${DIRECTIONS[before].name}, ${side}: ${name}`);
      }
      sentences.push(turning ? `Walk ${blocks}.` : `Walk ${blocks} ${name}.`);
      const [toX, toY] = [x + dx * blocks, y + dy * blocks];
      steps.push(`(${x}, ${y}) + ${blocks} ${name} = (${toX}, ${toY})`);
      [x, y] = [toX, toY];
    }
    const back = Math.abs(x) + Math.abs(y);
    return {
      question: `${sentences.join(' ')} How many blocks is it back?`,
      answer: String(back),
      steps: [...steps, `${Math.abs(x)} + ${Math.abs(y)} = ${back}`],
      values: { x, y, back },
    };
  },
});

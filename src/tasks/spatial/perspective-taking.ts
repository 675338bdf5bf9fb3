/** Perspective taking: what someone who stands elsewhere in the room sees left of what. */
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { inDegrees, turnBetween } from '../facts';
import { defineFamily } from '../family';
import { standpoints } from './object-rel-direction';

/** Both objects lie within this angle of where one looks, degrees: within sight. */
const WITHIN_SIGHT = 75;
/** Smallest angle between the two, degrees. */
const SMALLEST_ANGLE = 15;

/**
 * The ground truth compares the directions of two objects' centres on the floor plane, as seen from beside a third and
 * looking at a fourth. Each standpoint asks about one pair, drawn at random. The chain of thought states both
 * directions.
 */
export const perspectiveTaking = defineFamily({
  name: 'perspective_taking',
  title: 'Perspective taking',
  description: 'Standing by one object and facing another: does a third appear left or right of a fourth?',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    const inSight = new Map<string, { at: string; facing: string; seen: Seen[] }>();
    for (const { at, facing, to } of random.shuffle(standpoints(observation))) {
      const turn = turnBetween(at, facing, to);
      if (Math.abs(turn) > radians(WITHIN_SIGHT)) continue;
      const key = `${at.id} ${facing.id}`;
      const place = inSight.get(key) ?? { at: at.category, facing: facing.category, seen: [] };
      place.seen.push({ category: to.category, ids: [at.id, facing.id, to.id], turn });
      inSight.set(key, place);
    }
    return random.shuffle([...inSight.values()]).flatMap(({ at, facing, seen }) => {
      const [a, ...others] = seen;
      const b = others.find(({ turn }) => Math.abs(turn - a.turn) >= radians(SMALLEST_ANGLE));
      if (!b) return [];
      const options = random.shuffle(['left', 'right']);
      const side = a.turn > b.turn ? 'left' : 'right';
      const answer = letterOf(options.indexOf(side));
      const [atId, facingId] = a.ids;
      return [
        {
          question:
            `If I am standing by the ${at} and facing the ${facing}, do I see the ${a.category} ` +
            `to the left or the right of the ${b.category}?`,
          options,
          answer,
          reasoning:
            `From there the ${a.category} ${inDegrees(a.turn, ' degrees')}, the ${b.category} ` +
            `${inDegrees(b.turn, ' degrees')}. That is ${side}, ${answer}.`,
          evidence: {
            objects: [atId, facingId, a.ids[2], b.ids[2]],
            values: { [`turn_${a.ids.join('_')}`]: a.turn, [`turn_${b.ids.join('_')}`]: b.turn },
          },
          clarity: clarityOf(Math.abs(a.turn - b.turn), radians(SMALLEST_ANGLE), radians(60)),
        },
      ];
    });
  },
});

interface Seen {
  readonly category: string;
  /** Of the objects stood by, faced and seen. */
  readonly ids: readonly [number, number, number];
  /** Radians to the left of the faced object. */
  readonly turn: number;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

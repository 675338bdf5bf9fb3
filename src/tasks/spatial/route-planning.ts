/** VSI-Bench's route_planning: which turns lead from one object past others to a destination. */
import type { RandomStream } from '../../random';
import { footprintsCrossed } from '../route';
import type { SceneObject } from '../../scenes/scene';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { floorDistance, inDegrees, shownSingles, turnBetween } from '../facts';
import { defineFamily, type Draft, type Observation } from '../family';

/** A leg is no shorter than this, metres, between centres on the floor plane. */
const SHORTEST_LEG = 1;
/** A smaller turn is none, and one this close to 135 degrees might be a turn back, degrees. */
const [SMALLEST_TURN, AMBIGUOUS] = [30, 15];
const BACK = 135;
const OPTIONS = 4;
const MOST_QUESTIONS = 12;
const TURNS = ['turn left', 'turn right', 'turn back'] as const;

/**
 * The authors' generator is not public. Here a route goes straight from object to object, between centres on the floor
 * plane, past nothing else; the robot starts facing another object. A turn is the angle from where it looks to the next
 * object: back from 135 degrees on, else left or right. Turns below 30 degrees or within 15 degrees of 135 are dropped.
 * Distractors are other sequences of as many turns. The chain of thought states each turn's angle.
 */
export const routePlanning = defineFamily({
  name: 'route_planning',
  title: 'Route planning',
  description: 'Which turns lead a robot from one object past others to a destination.',
  kind: 'choice',
  unit: null,
  frames: 'video',
  strata: [],
  draft(observation, random) {
    const standing = shownSingles(observation).filter(({ support }) => support === 0);
    if (standing.length < 4) return [];
    const drafts = new Map<string, Draft>();
    for (let attempt = 0; attempt < 20 * MOST_QUESTIONS && drafts.size < MOST_QUESTIONS; attempt++) {
      const stops = random.shuffle(standing).slice(0, random.integer(4, Math.min(5, standing.length)));
      const draft = compose(stops, observation, random);
      if (draft) drafts.set(stops.map(({ id }) => id).join(), draft);
    }
    return [...drafts.values()];
  },
});

/** The question of a start, what is faced there, and then each place to go to, or null where a filter refuses it. */
function compose(
  [start, facing, ...places]: readonly SceneObject[],
  { room }: Observation,
  random: RandomStream,
): Draft | null {
  if (floorDistance(start, facing) < SHORTEST_LEG) return null;
  const turns: number[] = [];
  let [at, before] = [start, facing];
  for (const [index, place] of places.entries()) {
    if (floorDistance(at, place) < SHORTEST_LEG || footprintsCrossed(at, place, room.objects)) return null;
    const turn = turnBetween(at, before, place);
    // On arrival one looks away from where one came.
    turns.push(index === 0 ? turn : turn > 0 ? turn - Math.PI : turn + Math.PI);
    [before, at] = [at, place];
  }
  const margins = turns.map((turn) => {
    const degrees = Math.abs((turn * 180) / Math.PI);
    return Math.min(degrees - SMALLEST_TURN, Math.abs(degrees - BACK) - AMBIGUOUS);
  });
  if (Math.min(...margins) < 0) return null;
  const truth = turns.map(nameOf).join(', ');
  const sequences = new Set([truth]);
  while (sequences.size < OPTIONS) sequences.add(turns.map(() => random.pick(TURNS)).join(', '));
  const options = random.shuffle([...sequences]);
  const answer = letterOf(options.indexOf(truth));
  const destination = places[places.length - 1].category;
  const actions = places.map(
    ({ category }, index) => `${2 * index + 1}. [please fill in] ${2 * index + 2}. Go forward until the ${category}.`,
  );
  return {
    question:
      `You are a robot beginning at the ${start.category} facing the ${facing.category}. ` +
      `You want to navigate to the ${destination}. You will perform the following actions ` +
      "(Note: for each [please fill in], choose either 'turn back,' 'turn left,' or 'turn right.'): " +
      `${actions.join(' ')} You have reached the final destination.`,
    options,
    answer,
    reasoning:
      `${places.map(({ category }, index) => `The ${category} ${describe(turns[index])}.`).join(' ')} ` +
      `That is ${answer}.`,
    evidence: {
      objects: [start, facing, ...places].map(({ id }) => id),
      values: Object.fromEntries(turns.map((turn, index) => [`route_turn_${index + 1}`, turn])),
    },
    clarity: clarityOf(Math.min(...margins), 0, 30),
  };
}

function nameOf(turn: number): string {
  if (Math.abs(turn) >= (BACK * Math.PI) / 180) return 'turn back';
  return turn > 0 ? 'turn left' : 'turn right';
}

function describe(turn: number): string {
  return `${inDegrees(turn, ' degrees')}, ${nameOf(turn)}`;
}

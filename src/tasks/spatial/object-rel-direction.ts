/**
 * VSI-Bench's object_rel_direction in its three levels: standing by one object and facing another, where is a third?
 * The angle is taken on the floor plane, counter-clockwise from the faced object to the third, between centres.
 */
import type { RandomStream } from '../../random';
import { boxCorners, boxDistance } from '../../scenes/geometry';
import type { SceneObject } from '../../scenes/scene';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { floorDistance, fullDegrees, inDegrees, shownSingles, turnBetween } from '../facts';
import { defineFamily, type Draft, type Observation } from '../family';
import { spread } from '../spread';

/** Closest distances between any two of the three objects, metres. */
const [NEAREST, FARTHEST] = [0.3, 5];
/** Degrees from a boundary between two answers within which there is no question. */
const AMBIGUOUS = 10;
/** Corners of the third object's box that may lie in another quadrant. */
const STRAY_CORNERS = 2;

interface Standpoint {
  readonly at: SceneObject;
  readonly facing: SceneObject;
  readonly to: SceneObject;
}

type ChoiceDraft = Draft & { readonly options: readonly string[] };

interface Level {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The answer at an angle in degrees, [0, 360), or null where the level does not ask. */
  readonly directionOf: (degrees: number) => string | null;
  readonly boundaries: readonly number[];
  readonly options: readonly string[];
  readonly ask: (standpoint: Standpoint) => string;
  /** Whether the third object's box must lie mostly in the quadrant of its centre. */
  readonly checkCorners: boolean;
}

const sides = (degrees: number) => (degrees < 135 ? 'left' : degrees < 225 ? 'back' : 'right');
const quadrants = (degrees: number) =>
  ['front-left', 'back-left', 'back-right', 'front-right'][Math.floor(degrees / 90)];
const opening = ({ at, facing }: Standpoint) =>
  `If I am standing by the ${at.category} and facing the ${facing.category}`;

/** Left or right, by the medium level's ranges; what is behind is not asked about. */
export const objectRelDirectionEasy = directionFamily({
  name: 'object_rel_direction_easy',
  title: 'Relative direction, easy',
  description: 'Standing by one object and facing another: is a third to the left or to the right?',
  directionOf: (degrees) => (sides(degrees) === 'back' ? null : sides(degrees)),
  boundaries: [0, 135, 225],
  options: ['left', 'right'],
  ask: (standpoint) =>
    `${opening(standpoint)}, is the ${standpoint.to.category} to the left or the right of the ${standpoint.facing.category}?`,
  checkCorners: false,
});

/** Left [0, 135), back [135, 225) or right [225, 360). */
export const objectRelDirectionMedium = directionFamily({
  name: 'object_rel_direction_medium',
  title: 'Relative direction, medium',
  description: 'Standing by one object and facing another: is a third to the left, to the right or behind?',
  directionOf: sides,
  boundaries: [0, 135, 225],
  options: ['left', 'right', 'back'],
  ask: (standpoint) =>
    `${opening(standpoint)}, is the ${standpoint.to.category} to my left, right, or back? ` +
    'An object is to my back if I would have to turn at least 135 degrees in order to face it.',
  checkCorners: false,
});

/** One of four quadrants. */
export const objectRelDirectionHard = directionFamily({
  name: 'object_rel_direction_hard',
  title: 'Relative direction, hard',
  description: 'Standing by one object and facing another: in which of four quadrants is a third?',
  directionOf: quadrants,
  boundaries: [0, 90, 180, 270],
  options: ['front-left', 'front-right', 'back-left', 'back-right'],
  ask: (standpoint) =>
    `${opening(standpoint)}, is the ${standpoint.to.category} to my front-left, front-right, back-left, or back-right? ` +
    'The directions refer to the quadrants of a Cartesian plane (if I am standing at the origin and facing along the ' +
    'positive y-axis).',
  checkCorners: true,
});

function directionFamily(level: Level) {
  const { name, title, description } = level;
  return defineFamily({
    name,
    title,
    description,
    kind: 'choice',
    unit: null,
    frames: 'image',
    strata: [],
    draft(observation, random) {
      const drafts = standpoints(observation).flatMap((standpoint) => compose(standpoint, level, random) ?? []);
      return spread(drafts, ({ options, answer }) => options[answer.charCodeAt(0) - 65], random);
    },
  });
}

/** All ordered triples of single objects whose distances are neither too small nor too large. */
export function standpoints(observation: Observation): Standpoint[] {
  const singles = shownSingles(observation);
  const related = (a: SceneObject, b: SceneObject) => {
    const distance = boxDistance(a.box, b.box);
    // An object on another may be far above it; seen from there it has no direction.
    return distance >= NEAREST && distance <= FARTHEST && floorDistance(a, b) >= NEAREST;
  };
  const partners = new Map(singles.map((a) => [a, new Set(singles.filter((b) => b !== a && related(a, b)))]));
  return singles.flatMap((at) =>
    [...partners.get(at)!].flatMap((facing) =>
      [...partners.get(at)!].filter((to) => partners.get(facing)!.has(to)).map((to) => ({ at, facing, to })),
    ),
  );
}

function compose(standpoint: Standpoint, level: Level, random: RandomStream): ChoiceDraft | null {
  const { at, facing, to } = standpoint;
  const turn = turnBetween(at, facing, to);
  const degrees = fullDegrees(turn);
  const direction = level.directionOf(degrees);
  const margin = Math.min(...level.boundaries.map((boundary) => angleBetween(degrees, boundary)));
  if (direction === null || margin < AMBIGUOUS) return null;
  if (level.checkCorners) {
    const strays = boxCorners(to.box).filter((corner) => {
      const cornerTurn = turnBetween(at, facing, { ...to, box: { ...to.box, centroid: corner } });
      return quadrants(fullDegrees(cornerTurn)) !== direction;
    });
    if (strays.length > STRAY_CORNERS) return null;
  }
  const options = random.shuffle(level.options);
  const answer = letterOf(options.indexOf(direction));
  return {
    question: level.ask(standpoint),
    options,
    answer,
    reasoning:
      `By the ${at.category}, facing the ${facing.category}, the ${to.category} ${inDegrees(turn, ' degrees')}. ` +
      `That is ${direction}, ${answer}.`,
    evidence: { objects: [at.id, facing.id, to.id], values: { [`turn_${at.id}_${facing.id}_${to.id}`]: turn } },
    clarity: clarityOf(margin, AMBIGUOUS, 45),
  };
}

/** Degrees between two directions, in [0, 180]. */
function angleBetween(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360;
  return Math.min(apart, 360 - apart);
}

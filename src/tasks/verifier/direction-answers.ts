/** Directions on the floor plane, as someone in the room sees them: the verifier's answers. */
import type { ObjectRecord } from '../../datasets/canonical';
import type { Recompute } from './answers';
import { cornersOf, directionTo, distanceBetween, floorDistance, passage, wrapped } from './geometry';
import { need, type Records } from './records';

const SLACK = 1e-6;

/** Standing at `at` and facing `facing`: degrees to turn left to face `point`, in [0, 360). */
function leftTurn(at: ObjectRecord, facing: ObjectRecord, point: readonly number[]): number {
  const turn = wrapped(directionTo(at.centroid, point) - directionTo(at.centroid, facing.centroid));
  return ((turn * 180) / Math.PI + 360) % 360;
}

/** The three objects of a standpoint, checked to be neither too close to each other nor too far apart. */
function standpoint(records: Records, categories: readonly string[]): ObjectRecord[] {
  const objects = categories.map((category) => records.single(category));
  for (const [index, a] of objects.entries()) {
    for (const b of objects.slice(index + 1)) {
      const distance = distanceBetween(a, b);
      need(distance >= 0.3 - SLACK && distance <= 5 + SLACK, 'two objects are closer than 0.3 m or farther than 5 m');
      need(floorDistance(a.centroid, b.centroid) >= 0.3 - SLACK, 'an object is right above another');
    }
  }
  return objects;
}

/** The text whose range of degrees holds the turn, which must be at least 10 degrees within it. */
function directionOf(turn: number, ranges: readonly (readonly [number, string])[]): string {
  for (const [start] of ranges) {
    const away = Math.abs(wrapped(((turn - start) * Math.PI) / 180)) * (180 / Math.PI);
    need(away >= 10 - SLACK, 'the direction is within 10 degrees of another');
  }
  return ranges.findLast(([start]) => turn >= start)![1];
}

const SIDES = [
  [0, 'left'],
  [135, 'back'],
  [225, 'right'],
] as const;
const QUADRANTS = [
  [0, 'front-left'],
  [90, 'back-left'],
  [180, 'back-right'],
  [270, 'front-right'],
] as const;

const FROM = 'standing by the (.+) and facing the (.+)';

export const directionAnswers: Readonly<Record<string, Recompute>> = {
  object_rel_direction_easy(records) {
    const [p, o, q, again] = records.parse(new RegExp(`${FROM}, is the (.+) to the left or the right of the (.+)\\?$`));
    need(o === again, 'the question faces two objects');
    const [at, facing, to] = standpoint(records, [p, o, q]);
    const answer = directionOf(leftTurn(at, facing, to.centroid), SIDES);
    need(answer !== 'back', 'the object is behind');
    return { answer, objects: [at.id, facing.id, to.id] };
  },

  object_rel_direction_medium(records) {
    const named = records.parse(new RegExp(`${FROM}, is the (.+) to my left, right, or back\\?`));
    const [at, facing, to] = standpoint(records, named);
    return { answer: directionOf(leftTurn(at, facing, to.centroid), SIDES), objects: [at.id, facing.id, to.id] };
  },

  object_rel_direction_hard(records) {
    const named = records.parse(new RegExp(`${FROM}, is the (.+) to my front-left, front-right, back-left`));
    const [at, facing, to] = standpoint(records, named);
    const turn = leftTurn(at, facing, to.centroid);
    const answer = directionOf(turn, QUADRANTS);
    const strays = cornersOf(to).filter(
      (corner) => Math.floor(leftTurn(at, facing, corner) / 90) !== Math.floor(turn / 90),
    );
    need(strays.length <= 2, `${strays.length} corners of the box lie in other quadrants`);
    return { answer, objects: [at.id, facing.id, to.id] };
  },

  object_abs_direction(records) {
    const named = records.parse(
      new RegExp(`${FROM}, by how many degrees do I have to turn clockwise to face the (.+)\\?$`),
    );
    const [at, facing, to] = standpoint(records, named);
    return { answer: 360 - leftTurn(at, facing, to.centroid), objects: [at.id, facing.id, to.id] };
  },

  perspective_taking(records) {
    const [p, o, a, b] = records.parse(
      new RegExp(`${FROM}, do I see the (.+) to the left or the right of the (.+)\\?$`),
    );
    const [at, facing] = [records.single(p), records.single(o)];
    const [first, second] = [a, b].map((category) => {
      const [, , seen] = standpoint(records, [p, o, category]);
      const turn = leftTurn(at, facing, seen.centroid);
      return { id: seen.id, turn: turn > 180 ? turn - 360 : turn };
    });
    need(Math.max(Math.abs(first.turn), Math.abs(second.turn)) <= 75 + SLACK, 'an object is out of sight');
    need(Math.abs(first.turn - second.turn) >= 15 - SLACK, 'the two are within 15 degrees of each other');
    return { answer: first.turn > second.turn ? 'left' : 'right', objects: [at.id, facing.id, first.id, second.id] };
  },

  route_planning(records) {
    const [start, facing, destination, actions] = records.parse(
      /beginning at the (.+) facing the (.+)\. You want to navigate to the (.+)\. You will .*'turn right\.'\): (.+) You have/,
    );
    const places = [...actions.matchAll(/\d\. \[please fill in\] \d\. Go forward until the ([^.]+)\./g)].map((match) =>
      records.single(match[1]),
    );
    need(places.at(-1)?.category === destination, 'the actions do not end at the destination');
    const [at, faced] = [records.single(start), records.single(facing)];
    need(floorDistance(at.centroid, faced.centroid) >= 1 - SLACK, 'what is faced is closer than 1 m');
    for (const [index, to] of places.entries()) checkLeg(records, index === 0 ? at : places[index - 1], to);
    const turns = routeTurns([at, faced, ...places]).map((turn) => (turn * 180) / Math.PI);
    for (const turn of turns) {
      need(Math.abs(turn) >= 30 - SLACK, 'a turn is smaller than 30 degrees');
      need(Math.abs(Math.abs(turn) - 135) >= 15 - SLACK, 'a turn is within 15 degrees of 135');
    }
    const names = turns.map((turn) => (Math.abs(turn) > 135 ? 'turn back' : turn > 0 ? 'turn left' : 'turn right'));
    return { answer: names.join(', '), objects: [at, faced, ...places].map(({ id }) => id) };
  },
};

/** A leg of a route is at least 1 m long and passes through nothing that stands on the floor. */
function checkLeg({ scene }: Records, from: ObjectRecord, to: ObjectRecord): void {
  const length = floorDistance(from.centroid, to.centroid);
  need(length >= 1 - SLACK, 'a leg is shorter than 1 m');
  const [dx, dy] = [0, 1].map((k) => (to.centroid[k] - from.centroid[k]) / length);
  for (const object of scene.objects) {
    if (object.support !== 0 || object.id === from.id || object.id === to.id) continue;
    const range = passage(object, [from.centroid[0], from.centroid[1], object.centroid[2]], [dx, dy, 0]);
    const inside = range === null ? 0 : Math.min(length, range[1]) - range[0];
    need(inside <= SLACK, `the way from the ${from.category} to the ${to.category} leads through a ${object.category}`);
  }
}

/** The turns of a route that starts at the first object, facing the second, and visits the rest; radians to the left. */
export function routeTurns([start, facing, ...places]: readonly ObjectRecord[]): number[] {
  let at = start.centroid;
  let heading = directionTo(at, facing.centroid);
  return places.map(({ centroid }) => {
    const leg = directionTo(at, centroid);
    const turn = wrapped(leg - heading);
    [at, heading] = [centroid, leg];
    return turn;
  });
}

/** The checker's readers of problems about walks and turns on a map: headings are degrees clockwise from north. */
import * as exact from '../../../exact-math';
import { need } from '../../verifier/records';
import { equation, formOf, groups, type Proof, type Reader, whole } from './proof';

const HEADINGS: Readonly<Record<string, number>> = {
  north: 0,
  northeast: 45,
  east: 90,
  southeast: 135,
  south: 180,
  southwest: 225,
  west: 270,
  northwest: 315,
};

function heading(name: string): number {
  need(Object.hasOwn(HEADINGS, name), `'${name}' is no direction`);
  return HEADINGS[name];
}

/** The direction after a turn from `name` by `degrees`. */
function turned(name: string, degrees: number, side: string): string {
  const wanted = (((heading(name) + (side === 'right' ? degrees : -degrees)) % 360) + 360) % 360;
  const found = Object.keys(HEADINGS).find((candidate) => HEADINGS[candidate] === wanted);
  need(found !== undefined, `a turn by ${degrees} does not lead to a direction with a name`);
  return found;
}

export const facingDirection: Reader = (question): Proof => {
  const [start, listed] = groups(
    question,
    /^Face ([a-z]+)\.((?: Turn \d+ (?:left|right)\.)+) Which way do you face\?$/,
  );
  const turns = Array.from(listed.matchAll(/ Turn (\d+) (left|right)\./g), ([, degrees, side]) => ({
    degrees: whole(degrees),
    side,
  }));
  let facing = start;
  let done = 0;
  return {
    truth: turns.reduce((direction, { degrees, side }) => turned(direction, degrees, side), start),
    take(step) {
      const [from, degrees, side, to] = groups(step, /^([a-z]+) \+ (\d+) (left|right) = ([a-z]+)$/);
      need(done < turns.length, 'every turn was made before');
      const next = turns[done];
      need(from === facing, `the direction so far is ${facing}, not ${from}`);
      need(whole(degrees) === next.degrees && side === next.side, `the next turn is ${next.degrees} ${next.side}`);
      const reached = turned(from, next.degrees, side);
      need(to === reached, `${from} + ${degrees} ${side} is ${reached}, not ${to}`);
      facing = to;
      done++;
    },
    established: () => (done === turns.length ? facing : null),
  };
};

/** A move of a walk: a turn by a right angle, or some blocks on. */
type Move = { readonly side: string } | { readonly blocks: number; readonly direction: string };

export const gridWalk: Reader = (question): Proof => {
  const [face, listed] = groups(
    question,
    /^Start at \(0, 0\)\.(?: Face ([a-z]+)\.)?((?: Turn (?:left|right)\.| Walk \d+(?: [a-z]+)?\.)+) How many blocks is it back\?$/,
  );
  let ahead: string | undefined = face;
  const moves = Array.from(
    listed.matchAll(/ Turn (left|right)\.| Walk (\d+)(?: ([a-z]+))?\./g),
    ([, side, blocks, named]): Move => {
      if (side !== undefined) {
        need(ahead !== undefined, 'a turn before there is a direction');
        ahead = turned(ahead, 90, side);
        return { side };
      }
      const direction: string | undefined = named ?? ahead;
      need(direction !== undefined && heading(direction) % 90 === 0, 'a walk in no direction of the grid');
      return { blocks: whole(blocks), direction };
    },
  );
  const walked = (from: readonly number[], blocks: number, direction: string) => {
    const angle = (heading(direction) * Math.PI) / 180;
    return [from[0] + blocks * Math.round(exact.sin(angle)), from[1] + blocks * Math.round(exact.cos(angle))];
  };
  const end = moves.reduce((at, move) => ('side' in move ? at : walked(at, move.blocks, move.direction)), [0, 0]);
  const [across, up] = end.map(Math.abs);
  let here = [0, 0];
  let facing: string | undefined = face;
  let done = 0;
  let answer: string | null = null;
  const place = (at: readonly number[]) => `(${at.map((value) => value + 0).join(', ')})`;
  return {
    truth: String(across + up),
    take(step) {
      const [form, parts] = formOf(step, {
        turn: /^([a-z]+), (left|right): ([a-z]+)$/,
        walk: /^(\(-?\d+, -?\d+\)) \+ (\d+) ([a-z]+) = (\(-?\d+, -?\d+\))$/,
        sum: /^\d+ \+ \d+ = \d+$/,
      });
      if (form === 'sum') {
        const { left, right, result } = equation(step);
        need(done === moves.length, 'there are moves left to make');
        need(left === across && right === up, `it is ${across} across and ${up} up or down`);
        answer = String(result);
        return;
      }
      need(done < moves.length, 'every move was made before');
      const move = moves[done];
      if (form === 'turn') {
        const [from, side, to] = parts;
        need('side' in move, 'the next move is a walk');
        need(from === facing, `the direction so far is ${facing}, not ${from}`);
        need(side === move.side, `the next turn is ${move.side}`);
        need(to === turned(from, 90, side), `${from}, ${side} is ${turned(from, 90, side)}, not ${to}`);
        facing = to;
      } else {
        const [from, blocks, direction, to] = parts;
        need('blocks' in move, 'the next move is a turn');
        need(from === place(here), `the place so far is ${place(here)}, not ${from}`);
        need(
          whole(blocks) === move.blocks && direction === move.direction,
          `the next walk is ${move.blocks} ${move.direction}`,
        );
        const reached = walked(here, move.blocks, direction);
        need(to === place(reached), `${from} + ${blocks} ${direction} is ${place(reached)}, not ${to}`);
        here = reached;
      }
      done++;
    },
    established: () => answer,
  };
};

/**
 * The whole verdict on a room: validation.ts asks whether it is physically sound; this also asks whether a person
 * could use it. Someone who comes in by the door must be able to walk up to every piece, to its front where it has
 * one, and to see every object from where they can stand. It takes some milliseconds, where a training prompt has
 * none to spare.
 */
import * as exact from '../exact-math';
import { cellCenter, distanceToFootprint, freeFloor, largestRegion, stepsFrom, type FreeFloor } from './free-floor';
import { FURNITURE } from './furniture/registry';
import { boxAxis } from './geometry';
import type { Room, SceneObject, Vec2 } from './scene';
import { objectPointsInSight } from './sight';
import { validateRoom, type Validation } from './validation';

/** Half the breadth of the shoulders with clothes, metres (Neufert, Architects' Data: 0.5 m to pass between walls). */
const PERSON = 0.25;
/** From the shoulder to the grip, with a step's lean, metres (arm's reach: 0.6-0.7 in DIN 33402-2). */
const REACH = 0.7;
/** How far from the door a visitor's first step may be, metres. */
const FIRST_STEP = 0.7;
const EYE_HEIGHT = 1.6;
/** So many of an object's 9 points have to be seen from one place. */
const SEEN = 3;

/** Checks support, penetration, plan and ceiling (`validateRoom`), and then reachability, clearance and visibility. */
export function inspectRoom(room: Room): Validation {
  // Seats are moved aside by whoever wants to pass.
  const fixed = room.objects.filter(({ category }) => habitOf(category)?.kind !== 'around');
  const floor = freeFloor({ ...room, objects: fixed });
  const reached = reachedCells(room, floor);
  const problems = [...validateRoom(room).problems];
  if (reached.length === 0) {
    problems.push(`Nobody can enter: no ${2 * PERSON} m of free floor within ${FIRST_STEP} m of the door.`);
  } else {
    const places = reached.map((k) => cellCenter(floor, k));
    problems.push(...reachProblems(room, places), ...sightProblems(room, places));
  }
  return { ok: problems.length === 0, problems };
}

/** Cells where a person's middle can be, coming from any of the doors; from the largest region when none is known. */
function reachedCells({ doors }: Room, floor: FreeFloor): number[] {
  if (doors === undefined) return largestRegion(floor, PERSON);
  const reached = new Set<number>();
  for (const [x, y] of doors) {
    for (const [k, clearance] of floor.clearance.entries()) {
      const [cx, cy] = cellCenter(floor, k);
      if (reached.has(k) || clearance < PERSON || exact.hypot(cx - x, cy - y) > FIRST_STEP) continue;
      for (const [cell, steps] of stepsFrom(floor, PERSON, k).entries()) if (steps >= 0) reached.add(cell);
    }
  }
  return [...reached];
}

function reachProblems({ objects }: Room, places: readonly Vec2[]): string[] {
  return objects.flatMap((object) => {
    if (object.support !== 0) return [];
    const near = places.filter((place) => distanceToFootprint(place, object.box) <= REACH);
    if (near.length === 0) return [`${object.category} ${object.id} cannot be reached from the door.`];
    const habit = habitOf(object.category);
    const fronted = habit?.kind === 'wall' && habit.clearance > 0;
    if (!fronted || near.some((place) => isBefore(place, object))) return [];
    return [`${object.category} ${object.id} has no room to stand before it.`];
  });
}

/** Whether `place` is before the front (-y) of `object` or of its front part, give or take an arm to the side. */
function isBefore([x, y]: Vec2, { box }: SceneObject): boolean {
  const [dx, dy] = [x - box.centroid[0], y - box.centroid[1]];
  const along = (k: 0 | 1) => dx * boxAxis(box, k)[0] + dy * boxAxis(box, k)[1];
  // A bed is used from its sides; a cupboard is not.
  return Math.abs(along(0)) <= box.axesLengths[0] / 2 + 0.4 && along(1) < -Math.min(box.axesLengths[1] / 2, 0.35);
}

function sightProblems(room: Room, places: readonly Vec2[]): string[] {
  // A few steps apart, the view changes; a decimetre apart, it does not.
  const standpoints = places.filter((_, k) => k % 7 === 0);
  return room.objects.flatMap((object) => {
    const { centroid } = object.box;
    const distance = ([x, y]: Vec2) => exact.hypot(x - centroid[0], y - centroid[1]);
    const seen = standpoints
      .filter((place) => distance(place) < 6)
      .some(([x, y]) => objectPointsInSight(room, [x, y, EYE_HEIGHT], object).length >= SEEN);
    return seen ? [] : [`${object.category} ${object.id} is hidden from everywhere.`];
  });
}

function habitOf(category: string) {
  return FURNITURE.find((furniture) => furniture.category === category)?.placement;
}

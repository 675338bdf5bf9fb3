/**
 * Checks that a room is physically sound: everything stands on something, nothing interpenetrates, and all is inside
 * the room. It works from the boxes alone, independently of how the room was made.
 */
import { boxAxis, boxCorners, boxOverlap } from './geometry';
import { insidePolygon } from './plan';
import type { OrientedBox, Room, SceneObject } from './scene';
import { dot, subtract } from './vectors';

/** A millimetre: how far a piece may hover, sink in or poke through. */
const TOLERANCE = 1e-3;

export interface Validation {
  readonly ok: boolean;
  /** One sentence for each fault. */
  readonly problems: readonly string[];
}

/** Checks support, penetration, the plan and the ceiling of `room`. */
export function validateRoom(room: Room): Validation {
  const problems: string[] = [];
  const name = ({ category, id }: SceneObject) => `${category} ${id}`;
  for (const [i, object] of room.objects.entries()) {
    if (!boxCorners(object.box).every(([x, y]) => insidePolygon([x, y], room.polygon))) {
      problems.push(`${name(object)} reaches out of the room's plan.`);
    }
    if (top(object.box) > room.height + TOLERANCE) problems.push(`${name(object)} reaches through the ceiling.`);
    problems.push(...supportProblems(object, room.objects, name));
    for (const other of room.objects.slice(i + 1)) {
      const depth = boxOverlap(object.box, other.box);
      if (depth > TOLERANCE) {
        problems.push(`${name(object)} and ${name(other)} interpenetrate by ${(depth * 1000).toFixed(1)} mm.`);
      }
    }
  }
  return { ok: problems.length === 0, problems };
}

function supportProblems(
  object: SceneObject,
  objects: readonly SceneObject[],
  name: (object: SceneObject) => string,
): string[] {
  const bottom = object.box.centroid[2] - object.box.axesLengths[2] / 2;
  if (object.support === 0) {
    return Math.abs(bottom) > TOLERANCE ? [`${name(object)} is ${(bottom * 1000).toFixed(1)} mm above the floor.`] : [];
  }
  const support = objects.find(({ id }) => id === object.support);
  if (support === undefined) return [`${name(object)} stands on object ${object.support}, which is not in the room.`];
  const problems: string[] = [];
  const gap = bottom - top(support.box);
  if (Math.abs(gap) > TOLERANCE) {
    problems.push(`${name(object)} is ${(gap * 1000).toFixed(1)} mm above the top of ${name(support)}.`);
  }
  const offset = subtract(object.box.centroid, support.box.centroid);
  const beyond = [0, 1].some((k) => Math.abs(dot(offset, boxAxis(support.box, k))) > support.box.axesLengths[k] / 2);
  if (beyond) problems.push(`${name(object)} has its centre beyond the edge of ${name(support)}.`);
  return problems;
}

function top(box: OrientedBox): number {
  return box.centroid[2] + box.axesLengths[2] / 2;
}

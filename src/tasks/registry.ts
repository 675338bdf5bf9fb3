/** All question families. A new family is a file that exports a `QuestionFamily` and a line in this list. */
import type { QuestionFamily } from './family';
import { cameraObjectDistance } from './spatial/camera-object-distance';
import { objectAbsDistance } from './spatial/object-abs-distance';
import { objectCounting } from './spatial/object-counting';
import { objectRelDistance } from './spatial/object-rel-distance';
import { objectSizeEstimation } from './spatial/object-size-estimation';

export const families: readonly QuestionFamily[] = [
  objectCounting,
  objectAbsDistance,
  objectSizeEstimation,
  objectRelDistance,
  cameraObjectDistance,
];

/** The family called `name`. Throws Error naming an unknown one and listing those there are. */
export function familyNamed(name: string): QuestionFamily {
  const family = families.find((candidate) => candidate.name === name);
  if (!family) {
    throw new Error(`unknown task '${name}'; the tasks are ${families.map((known) => known.name).join(', ')}`);
  }
  return family;
}

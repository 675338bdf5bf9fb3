/** All question families. A new family is a file that exports a `QuestionFamily` and a line in this list. */
import type { QuestionFamily } from './family';
import { cameraDisplacement } from './spatial/camera-displacement';
import { cameraMovementDirection } from './spatial/camera-movement-direction';
import { cameraObjectDistance } from './spatial/camera-object-distance';
import { count2d } from './spatial/count-2d';
import { depth3d } from './spatial/depth-3d';
import { distance3d } from './spatial/distance-3d';
import { objAppearanceOrder } from './spatial/obj-appearance-order';
import { objectAbsDirection } from './spatial/object-abs-direction';
import { objectAbsDistance } from './spatial/object-abs-distance';
import { objectCounting } from './spatial/object-counting';
import {
  objectRelDirectionEasy,
  objectRelDirectionHard,
  objectRelDirectionMedium,
} from './spatial/object-rel-direction';
import { objectRelDistance } from './spatial/object-rel-distance';
import { objectSizeEstimation } from './spatial/object-size-estimation';
import { occlusion } from './spatial/occlusion';
import { perspectiveTaking } from './spatial/perspective-taking';
import { pointDepthOrder } from './spatial/point-depth-order';
import { relation2d } from './spatial/relation-2d';
import { roomSizeEstimation } from './spatial/room-size-estimation';
import { routePlanning } from './spatial/route-planning';
import { sizeComparison } from './spatial/size-comparison';
import { viewChange } from './spatial/view-change';

/** VSI-Bench's tasks, CV-Bench's, and those beyond them. */
export const families: readonly QuestionFamily[] = [
  objectCounting,
  objectAbsDistance,
  objectSizeEstimation,
  roomSizeEstimation,
  objectRelDistance,
  objectRelDirectionEasy,
  objectRelDirectionMedium,
  objectRelDirectionHard,
  objAppearanceOrder,
  routePlanning,
  count2d,
  relation2d,
  depth3d,
  distance3d,
  cameraObjectDistance,
  objectAbsDirection,
  perspectiveTaking,
  sizeComparison,
  pointDepthOrder,
  occlusion,
  cameraDisplacement,
  cameraMovementDirection,
  viewChange,
];

/** Names of the families that can be asked about one still image: what a policy that reads one frame trains on. */
export const imageTaskNames = namesAskedAbout('image');

/** Names of the families that are asked about several frames: of one frame a scene they have no questions. */
export const videoTaskNames = namesAskedAbout('video');

function namesAskedAbout(frames: QuestionFamily['frames']): readonly string[] {
  return families.filter((family) => family.frames === frames).map(({ name }) => name);
}

/** The family called `name`. Throws Error naming an unknown one and listing those there are. */
export function familyNamed(name: string): QuestionFamily {
  const family = families.find((candidate) => candidate.name === name);
  if (!family) {
    throw new Error(`unknown task '${name}'; the tasks are ${families.map((known) => known.name).join(', ')}`);
  }
  return family;
}

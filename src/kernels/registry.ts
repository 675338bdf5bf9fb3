/**
 * All kernels, one a line. A new one is a file here, its WGSL twin in shaders/, a line below, and a test of its own.
 */
import { accumulate } from './accumulate';
import { adamw } from './adamw';
import { globalNorm, squaredSums } from './global-norm';
import { groupAdvantages } from './group-advantages';
import type { Kernel } from './kernel';
import { nonFinite } from './non-finite';
import { normalizeThenSum } from './normalize-then-sum';
import { packFrames } from './pack-frames';
import { pixelsToPatches } from './pixels-to-patches';
import { placeColumn } from './place-column';
import { sampleTokens } from './sample-tokens';
import { scoreAnswers } from './score-answers';
import { tokenWeights } from './token-weights';
import { weighAdvantages } from './weigh-advantages';

export const KERNELS: readonly Kernel[] = [
  pixelsToPatches,
  packFrames,
  sampleTokens,
  placeColumn,
  scoreAnswers,
  groupAdvantages,
  normalizeThenSum,
  weighAdvantages,
  tokenWeights,
  squaredSums,
  globalNorm,
  accumulate,
  adamw,
  nonFinite,
];

/**
 * The vision tower: frames as visual tokens, each frame by itself, and how language blocks are told where in a frame a
 * token is and which frame of the prompt it is of.
 */
import type { GraphBuilder, Value } from '../graph/builder';
import { block } from './block';
import { linear, norm, reshape, slice } from './layers';
import {
  type Architecture,
  COLUMN_EMBEDDING,
  FRAME_EMBEDDING,
  frameCount,
  patchCount,
  patchesAlong,
  ROW_EMBEDDING,
  VISION_NORM,
  visionBlock,
  visionLayers,
} from './parameters';
import { stem } from './stem';

/**
 * Embedded patches through the vision blocks and their norm.
 * @param patches float32 [frames*P', patchLength], P' patches a frame.
 * @returns float32 [frames*P', dim], before they are told their place and which frame of the prompt they are of.
 */
export function visualStates(g: GraphBuilder, a: Architecture, frames: number, patches: Value): Value {
  const length = patchCount(a);
  const stemmed = stem(g, a, patches, (x, name) => linear(g, x, name));
  const embedded = reshape(g, linear(g, stemmed, 'visual.patch_embed'), [frames, length, a.dim]);
  let x = reshape(g, g.node('Add', [embedded, 'visual.position.weight']), [frames * length, a.dim]);
  for (let layer = 0; layer < visionLayers(a); layer++) {
    x = g.scoped(`vision${layer}`, () =>
      block(g, a, x, visionBlock(layer), { batch: frames, length }, ({ query, key, value }) => {
        const scores = g.node('MatMul', [query, g.node('Transpose', [key], { perm: [0, 2, 1] })]);
        return g.node('MatMul', [g.node('Softmax', [scores], { axis: -1 }), value]);
      }),
    );
  }
  return visionLayers(a) > 0 ? norm(g, x, VISION_NORM) : x;
}

/**
 * What the language blocks get: visual states with the embeddings of their place and frame.
 * @returns float32 [prompts, slots*P', dim].
 */
export function visualTokens(g: GraphBuilder, a: Architecture, prompts: number, slots: number, states: Value): Value {
  return tellFrames(g, a, prompts, slots, tellPlaces(g, a, states));
}

/** Adds, to what comes out of vision blocks, the embeddings of its row and column to each visual token. */
function tellPlaces(g: GraphBuilder, a: Architecture, states: Value): Value {
  if (visionLayers(a) === 0) return states;
  const side = patchesAlong(a);
  const byPlace = reshape(g, states, [-1, side, side, a.dim]);
  const rows = reshape(g, ROW_EMBEDDING, [side, 1, a.dim]);
  const told = g.node('Add', [g.node('Add', [byPlace, rows]), COLUMN_EMBEDDING]);
  return reshape(g, told, [-1, a.dim]);
}

/** Adds, where there are several, the embedding of its frame to each visual token. */
function tellFrames(g: GraphBuilder, a: Architecture, prompts: number, slots: number, states: Value): Value {
  const frames = frameCount(a);
  if (frames === 1) return reshape(g, states, [prompts, patchCount(a), a.dim]);
  const byFrame = reshape(g, states, [prompts, slots, patchCount(a), a.dim]);
  const inSlots = slots < frames ? slice(g, FRAME_EMBEDDING, 0, slots, 0) : FRAME_EMBEDDING;
  const ordered = g.node('Add', [byFrame, reshape(g, inSlots, [slots, 1, a.dim])]);
  return reshape(g, ordered, [prompts, slots * patchCount(a), a.dim]);
}

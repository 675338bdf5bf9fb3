/**
 * The policy as a stand-alone ONNX model: weights inside, batch and sequence lengths free, no cache. Any ONNX Runtime
 * loads it; it gives the logits that the lab's own graphs give.
 */
import { GraphBuilder, type Value } from '../graph/builder';
import type { OnnxModel } from '../graph/model';
import { MASKED } from './attention-bias';
import {
  type Architecture,
  COLUMN_EMBEDDING,
  embeddedLength,
  FRAME_EMBEDDING,
  frameCount,
  languageBlock,
  parameterSpecs,
  patchCount,
  patchesAlong,
  patchLength,
  ROW_EMBEDDING,
  VISION_NORM,
  visionBlock,
  visionLayers,
  visualTokenCount,
} from './parameters';
import type { StoredTensors } from './safetensors';
import { type Rotation, rotated, rotationAt } from './rotary';
import { stem } from './stem';

/** Declares frame_mask; [batch, 1, 1, visual tokens + sequence]: 0, but MASKED at the tokens of absent frames. */
function absenceBias(g: GraphBuilder, a: Architecture, ids: Value): Value {
  const frames = frameCount(a);
  const mask = g.input('frame_mask', 'float32', ['batch', frames]);
  const ofFrames = g.node('Mul', [g.node('Sub', [g.float(1), mask]), g.float(MASKED)]);
  const ofTokens = g.node('Mul', [
    g.node('Unsqueeze', [ofFrames, g.int64s([2])]),
    g.constant('float32', [1, 1, patchCount(a)], Array(patchCount(a)).fill(1)),
  ]);
  const visual = g.node('Reshape', [ofTokens, g.int64s([-1, visualTokenCount(a, frames)])]);
  const text = g.node('ConstantOfShape', [g.node('Shape', [ids])]);
  return g.node('Unsqueeze', [g.node('Concat', [visual, text], { axis: 1 }), g.int64s([1, 2])]);
}

/**
 * Builds the inference model.
 * Inputs: pixel_values float32 [batch, 3, frame_size, frame_size] in [-1, 1] (channel / 127.5 - 1), input_ids int64
 * [batch, sequence] (prompt and completion so far, without padding). Of a policy of several frames pixel_values is
 * [batch, frames, 3, frame_size, frame_size], and a third input, frame_mask float32 [batch, frames], is 1 for a frame and 0
 * for one that is not there, whose pixels then do not matter; at least the first is there. Output: logits float32 [batch, sequence, vocabulary]
 * of the token after each position.
 */
export function inferenceModel(a: Architecture, weights: StoredTensors): OnnxModel {
  const g = new GraphBuilder('policy');
  const frames = frameCount(a);
  const several = frames > 1 ? [frames] : [];
  const pixels = g.input('pixel_values', 'float32', ['batch', ...several, 3, a.frame_size, a.frame_size]);
  const ids = g.input('input_ids', 'int64', ['batch', 'sequence']);
  for (const { name, shape } of parameterSpecs(a)) {
    const { values } = weights[name];
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    g.initializer({ name, dataType: 'float32', dims: shape, data });
  }
  const visualTokens = visualTokenCount(a, frames);
  const reshape = (x: Value, shape: number[]) => g.node('Reshape', [x, g.int64s(shape)]);
  const linear = (x: Value, name: string) => g.node('Add', [g.node('MatMul', [x, `${name}.weight`]), `${name}.bias`]);
  const norm = (x: Value, name: string) =>
    g.node('LayerNormalization', [x, `${name}.weight`, `${name}.bias`], { axis: -1, epsilon: { float: 1e-5 } });
  const width = a.dim / a.heads;
  const block = (x: Value, name: string, bias: Value | null, rotation: Rotation | null) => {
    const qkv = linear(norm(x, `${name}.attention_norm`), `${name}.attention.qkv`);
    const split = g.node('Transpose', [reshape(qkv, [0, 0, 3, a.heads, width])], { perm: [2, 0, 3, 1, 4] });
    const [q, k, value] = g
      .multi('Split', [split], { axis: 0, num_outputs: 3 }, 3)
      .map((part) => g.node('Squeeze', [part, g.int64s([0])]));
    const [query, key] = [q, k].map((part) => rotated(g, a, part, rotation));
    const scores = g.node('MatMul', [
      g.node('Mul', [query, g.float(1 / Math.sqrt(width))]),
      g.node('Transpose', [key], { perm: [0, 1, 3, 2] }),
    ]);
    const allowed = bias === null ? scores : g.node('Add', [scores, bias]);
    const attention = g.node('Softmax', [allowed], { axis: -1 });
    const attended = g.node('Transpose', [g.node('MatMul', [attention, value])], { perm: [0, 2, 1, 3] });
    const after = g.node('Add', [x, linear(reshape(attended, [0, 0, a.dim]), `${name}.attention.out`)]);
    const up = linear(norm(after, `${name}.mlp_norm`), `${name}.mlp.up`);
    return g.node('Add', [after, linear(g.node('Gelu', [up]), `${name}.mlp.down`)]);
  };
  const int64 = (value: number) => g.constant('int64', [], [value]);
  const countTo = (length: Value) => g.node('Range', [int64(0), length, int64(1)]);

  const side = patchesAlong(a);
  const grid = reshape(pixels, [-1, 3, side, a.patch_size, side, a.patch_size]);
  const transposed = g.node('Transpose', [grid], { perm: [0, 2, 4, 3, 5, 1] });
  const stemmed = stem(g, a, reshape(transposed, [-1, patchLength(a)]), linear);
  const patches = reshape(stemmed, [-1, patchCount(a), embeddedLength(a)]);
  let seen = g.node('Add', [linear(patches, 'visual.patch_embed'), 'visual.position.weight']);
  for (let layer = 0; layer < visionLayers(a); layer++) seen = block(seen, visionBlock(layer), null, null);
  if (visionLayers(a) > 0) {
    const byPlace = reshape(norm(seen, VISION_NORM), [-1, side, side, a.dim]);
    seen = g.node('Add', [g.node('Add', [byPlace, reshape(ROW_EMBEDDING, [side, 1, a.dim])]), COLUMN_EMBEDDING]);
  }
  const byFrame = reshape(seen, [-1, frames, patchCount(a), a.dim]);
  const ordered = frames > 1 ? g.node('Add', [byFrame, reshape(FRAME_EMBEDDING, [frames, 1, a.dim])]) : byFrame;
  const visual = reshape(ordered, [-1, visualTokens, a.dim]);
  const sequence = g.node('Squeeze', [g.node('Shape', [ids], { start: 1, end: 2 })]);
  const positions = countTo(sequence);
  const text = g.node('Add', [
    g.node('Gather', ['language.token_embed.weight', ids], { axis: 0 }),
    g.node('Gather', ['language.position.weight', positions], { axis: 0 }),
  ]);
  // Visual tokens do not turn.
  const still = (value: number) => g.node('Expand', [g.float(value), g.int64s([visualTokens, width])]);
  const ofText = rotationAt(g, a, positions);
  const rotation = ofText && {
    cos: g.node('Concat', [still(1), ofText.cos], { axis: 0 }),
    sin: g.node('Concat', [still(0), ofText.sin], { axis: 0 }),
  };
  let x = g.node('Concat', [visual, text], { axis: 1 });

  // A position sees columns up to its own; visual positions see all visual columns.
  const columns = countTo(g.node('Add', [sequence, int64(visualTokens)]));
  const rows = g.node('Unsqueeze', [columns, g.int64s([1])]);
  const limit = g.node('Max', [g.node('Add', [rows, int64(1)]), int64(visualTokens)]);
  const order = g.node('Where', [g.node('Less', [columns, limit]), g.float(0), g.float(MASKED)]);
  const bias = frames > 1 ? g.node('Add', [order, absenceBias(g, a, ids)]) : order;

  for (let layer = 0; layer < a.layers; layer++) x = block(x, languageBlock(layer), bias, rotation);
  const textStates = g.node('Slice', [x, g.int64s([visualTokens]), g.int64s([2 ** 31 - 1]), g.int64s([1])]);
  const logits = g.node('MatMul', [norm(textStates, 'language.final_norm'), 'language.head.weight'], {}, 'logits');
  g.output(logits, 'float32', ['batch', 'sequence', a.vocabulary]);
  return g.build();
}

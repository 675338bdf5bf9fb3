/**
 * The policy's inference graphs: the prefix of a batch of prompts, one step of generation, and the model that is
 * exported for others. Weights are graph inputs in the first two, so that generation reads the very buffers that the
 * optimizer writes; the exported model carries them as initializers.
 */
import { GraphBuilder } from '../graph/builder';
import type { OnnxModel } from '../graph/model';
import { type LayerCache, Transformer } from './architecture';
import { type BatchShape, declareMasks, declarePrompts, declareWeights, slotCount } from './inputs';
import { adapted } from './lora';
import type { Architecture } from './parameters';
import { visualTokenCount } from './parameters';

/** Shapes of the caches of one layer, and of what a step of generation adds to them. */
export function cacheShapes(a: Architecture, shape: BatchShape) {
  const { prompts, generations } = shape;
  const width = a.dim / a.heads;
  const groups = prompts * a.heads;
  const prefix = visualTokenCount(a, slotCount(a, shape)) + a.max_prompt_length;
  const fed = a.max_completion_length - 1;
  return {
    prefix: { key: [groups, width, prefix], value: [groups, prefix, width] },
    completion: { key: [groups * generations, width, fed], value: [groups * generations, fed, width] },
    now: { key: [groups * generations, width], value: [groups * generations, width] },
  };
}

/** Names of a layer's caches in the graphs. */
export function cacheNames(part: 'prefix' | 'completion' | 'now', layer: number): LayerCache {
  return { key: `${part}.${layer}.key`, value: `${part}.${layer}.value` };
}

function layersOf(a: Architecture): number[] {
  return Array.from({ length: a.layers }, (_, layer) => layer);
}

/** Names a value after the fact: graph outputs go by fixed names. */
function outputAs(g: GraphBuilder, value: string, name: string, shape: readonly number[]): void {
  g.output(g.node('Identity', [value], {}, name), 'float32', shape);
}

/**
 * Frames and prompts to the logits of each completion's first token and the prefix caches.
 * Outputs: logits [N*G, vocabulary], prefix.{layer}.key [N*H, D, T], prefix.{layer}.value [N*H, T, D].
 */
export function prefixModel(a: Architecture, shape: BatchShape): OnnxModel {
  const g = new GraphBuilder('prefix');
  declareWeights(g, a);
  const prompts = declarePrompts(g, a, shape);
  const transformer = new Transformer(g, a, shape);
  const { last, caches } = transformer.prefix(prompts);
  outputAs(g, transformer.firstLogits(last), 'logits', [shape.prompts * shape.generations, a.vocabulary]);
  const shapes = cacheShapes(a, shape).prefix;
  caches.forEach((cache, layer) => {
    const names = cacheNames('prefix', layer);
    outputAs(g, cache.key, names.key, shapes.key);
    outputAs(g, cache.value, names.value, shapes.value);
  });
  return adapted(g.build(), a);
}

/**
 * One step of generation. Inputs beside the weights: token int32 [N*G], step int32 [1], prompt_lengths int32 [N, 1],
 * prompt_mask [N, Tq], for several frame slots frame_mask [N, F], and both kinds of caches, that of
 * completions filled up to the step before. Outputs: logits [N*G, vocabulary] and now.{layer}.{key|value} [N*H*G, D], this step's.
 */
export function decodeModel(a: Architecture, shape: BatchShape): OnnxModel {
  const rows = shape.prompts * shape.generations;
  const shapes = cacheShapes(a, shape);
  const g = new GraphBuilder('decode');
  declareWeights(g, a);
  const token = g.input('token', 'int32', [rows]);
  const step = g.input('step', 'int32', [1]);
  const lengths = g.input('prompt_lengths', 'int32', [shape.prompts, 1]);
  const masks = declareMasks(g, a, shape);
  const declare = (part: 'prefix' | 'completion') =>
    layersOf(a).map((layer) => {
      const names = cacheNames(part, layer);
      return {
        key: g.input(names.key, 'float32', shapes[part].key),
        value: g.input(names.value, 'float32', shapes[part].value),
      };
    });
  const prefixCaches = declare('prefix');
  const completionCaches = declare('completion');
  const transformer = new Transformer(g, a, shape);
  const { logits, now } = transformer.decode(token, step, lengths, masks, prefixCaches, completionCaches);
  outputAs(g, logits, 'logits', [rows, a.vocabulary]);
  now.forEach((added, layer) => {
    const names = cacheNames('now', layer);
    outputAs(g, added.key, names.key, shapes.now.key);
    outputAs(g, added.value, names.value, shapes.now.value);
  });
  return adapted(g.build(), a);
}

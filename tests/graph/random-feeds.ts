/** Random values for the inputs of a model whose sizes are all known. */
import type { OnnxModel } from '../../src/graph/model';
import { stream } from '../../src/random';

export interface Feed {
  readonly type: 'float32' | 'int32';
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** Floats from a normal distribution of deviation 0.6; int32 tokens from 0 to `vocabulary` - 1. */
export function randomFeeds(model: OnnxModel, vocabulary: number): Record<string, Feed> {
  const random = stream(3, model.graph.name);
  const feeds: Record<string, Feed> = {};
  for (const { name, dataType, shape } of model.graph.inputs) {
    const dims = (shape ?? []).filter((size) => typeof size === 'number');
    const count = dims.reduce((product, size) => product * size, 1);
    const type = dataType === 'int32' ? 'int32' : 'float32';
    const draw = () => (type === 'int32' ? random.integer(0, vocabulary - 1) : 0.6 * random.normal());
    feeds[name] = { type, dims, data: Array.from({ length: count }, draw) };
  }
  return feeds;
}

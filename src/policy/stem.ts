/**
 * The stem: small features before large ones, as convolutions make them (arXiv 2106.14881), in the way of Swin's patch
 * merging (arXiv 2103.14030), of linear layers alone. Both the lab's graphs and the exported model have it from here.
 */
import type { GraphBuilder, Value } from '../graph/builder';
import { type Architecture, embeddedLength, stemStages } from './parameters';

/**
 * Passes patches through the stages; without any they stay as they are.
 * @param patches float32 [rows, patchLength], each (row, column, channel).
 * @param linear applies the linear layer of a name to [rows, from].
 * @returns float32 [rows, embeddedLength].
 */
export function stem(
  g: GraphBuilder,
  a: Architecture,
  patches: Value,
  linear: (x: Value, name: string) => Value,
): Value {
  const reshape = (x: Value, shape: readonly number[]) => g.node('Reshape', [x, g.int64s(shape)]);
  const merged = stemStages(a).reduce((x, { name, side, from }) => {
    const apart = reshape(x, [-1, side, 2, side, 2, from / 4]);
    const together = g.node('Transpose', [apart], { perm: [0, 1, 3, 2, 4, 5] });
    return g.node('Gelu', [linear(reshape(together, [-1, from]), name)]);
  }, patches);
  return reshape(merged, [-1, embeddedLength(a)]);
}

/** A small image classifier, with the operators of the usual convolutional nets. */
import { GraphBuilder } from '../../src/graph/builder';
import type { OnnxModel } from '../../src/graph/model';

const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  stem: [4, 3, 3, 3],
  stem_bias: [4],
  scale: [4],
  shift: [4],
  depthwise: [4, 1, 3, 3],
  head: [2, 4],
};
export const NET_WEIGHTS = Object.keys(WEIGHTS);

/** Inputs: the weights and `image` [2, 3, 8, 8]. Output: `loss`. */
export function convolutionalNet(): OnnxModel {
  const g = new GraphBuilder('net');
  for (const [name, dims] of Object.entries(WEIGHTS)) g.input(name, 'float32', dims);
  g.input('image', 'float32', [2, 3, 8, 8]);
  const stem = g.node('Conv', ['image', 'stem', 'stem_bias'], { strides: [2, 2], pads: [1, 1, 1, 1] });
  const mean = g.constant('float32', [4], [0.1, 0, -0.1, 0.2]);
  const variance = g.constant('float32', [4], [1, 0.5, 2, 1]);
  const normed = g.node('BatchNormalization', [stem, 'scale', 'shift', mean, variance]);
  const pooled = g.node('MaxPool', [g.node('Relu', [normed])], {
    kernel_shape: [3, 3],
    strides: [1, 1],
    pads: [1, 1, 1, 1],
  });
  const deep = g.node('Conv', [pooled, 'depthwise'], { group: 4, pads: [1, 1, 1, 1] });
  const averaged = g.node('AveragePool', [deep], { kernel_shape: [2, 2], strides: [2, 2] });
  const features = g.node('Flatten', [g.node('GlobalAveragePool', [averaged])]);
  const logits = g.node('Gemm', [features, 'head'], { transB: 1 });
  g.output(g.node('ReduceMean', [g.node('Mul', [logits, logits])], { keepdims: 0 }, 'loss'), 'float32', []);
  return g.build();
}

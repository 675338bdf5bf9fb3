/** A small causal transformer with a next-token loss: what the training graph is made of, in one page. */
import { GraphBuilder, type Value } from '../../src/graph/builder';
import type { OnnxModel } from '../../src/graph/model';

const [BATCH, TIME, WIDTH, HEADS] = [2, 5, 8, 2];
export const VOCABULARY = 7;

const WEIGHTS: Readonly<Record<string, readonly number[]>> = {
  embedding: [VOCABULARY, WIDTH],
  norm_scale: [WIDTH],
  norm_bias: [WIDTH],
  qkv: [WIDTH, 3 * WIDTH],
  qkv_bias: [3 * WIDTH],
  projection: [WIDTH, WIDTH],
  up: [WIDTH, 2 * WIDTH],
  down: [2 * WIDTH, WIDTH],
  head: [WIDTH, VOCABULARY],
};

export const BLOCK_WEIGHTS = Object.keys(WEIGHTS);

/** Inputs: the weights and int32 `tokens` [2, 5] and `labels` [10, 1]. Output: `loss`. */
export function transformerBlock(precision: 'float32' | 'float64' = 'float32'): OnnxModel {
  const g = new GraphBuilder('block');
  for (const [name, dims] of Object.entries(WEIGHTS)) g.input(name, precision, dims);
  const tokens = g.input('tokens', 'int32', [BATCH, TIME]);
  const labels = g.input('labels', 'int32', [BATCH * TIME, 1]);
  const size = WIDTH / HEADS;
  const scalar = (value: number) => g.constant(precision, [], [value]);

  const x = g.node('Gather', ['embedding', tokens], { axis: 0 });
  const normed = g.multi('LayerNormalization', [x, 'norm_scale', 'norm_bias'], { axis: -1 }, 1)[0];
  const qkv = g.node('Add', [g.node('MatMul', [normed, 'qkv']), 'qkv_bias']);
  const heads = g
    .multi('Split', [qkv, g.int64s([WIDTH, WIDTH, WIDTH])], { axis: -1 }, 3)
    .map((part) => g.node('Reshape', [part, g.int64s([BATCH, TIME, HEADS, size])]));
  const [q, v] = [heads[0], heads[2]].map((part) => g.node('Transpose', [part], { perm: [0, 2, 1, 3] }));
  const k = g.node('Transpose', [heads[1]], { perm: [0, 2, 3, 1] });
  const scores = g.node('Mul', [g.node('MatMul', [q, k]), scalar(1 / Math.sqrt(size))]);
  const causal = Array.from({ length: TIME * TIME }, (_, i) => (i % TIME <= Math.floor(i / TIME) ? 1 : 0));
  const masked = g.node('Where', [g.constant('bool', [1, 1, TIME, TIME], causal), scores, scalar(-1e9)]);
  const mixed = g.node('MatMul', [g.node('Softmax', [masked], { axis: -1 }), v]);
  const merged = g.node('Reshape', [
    g.node('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
    g.int64s([BATCH, TIME, WIDTH]),
  ]);
  const attended = g.node('Add', [x, g.node('MatMul', [merged, 'projection'])]);
  // onnxruntime-node has no Gelu in double precision.
  const wide = g.node('MatMul', [attended, 'up']);
  const hidden = precision === 'float64' ? g.node('Tanh', [wide]) : g.node('Gelu', [wide], { approximate: 'tanh' });
  const output: Value = g.node('Add', [attended, g.node('MatMul', [hidden, 'down'])]);

  const logits = g.node('MatMul', [g.node('Reshape', [output, g.int64s([-1, WIDTH])]), 'head']);
  const shifted = g.node('Sub', [logits, g.node('ReduceMax', [logits, g.int64s([-1])], { keepdims: 1 })]);
  const total = g.node('Log', [g.node('ReduceSum', [g.node('Exp', [shifted]), g.int64s([-1])], { keepdims: 1 })]);
  const chosen = g.node('GatherElements', [shifted, labels], { axis: 1 });
  g.output(g.node('ReduceMean', [g.node('Sub', [total, chosen])], { keepdims: 0 }, 'loss'), precision, []);
  return g.build();
}

/**
 * The transformer as this lab trains it: an ONNX graph built in TypeScript, differentiated by src/graph, run by ONNX Runtime,
 * and updated by the WGSL AdamW. The blocks are the policy's, operator for operator; what the policy has beyond them
 * (frames, the prefix that a group shares, the GRPO terms, clipping) is left out, as the other libraries lack it.
 */
import { createWebGpuBackend } from '../../../src/backends/webgpu';
import { GraphBuilder, type Value } from '../../../src/graph/builder';
import { differentiate, gradientName } from '../../../src/graph/differentiate';
import type { OnnxModel } from '../../../src/graph/model';
import { writeOnnx } from '../../../src/graph/onnx-file';
import { adamw, adamwParameters } from '../../../src/kernels/adamw';
import { elementCount } from '../../../src/policy/parameters';
import { ADAMW, NORM_EPSILON, type Peer, type Problem } from './problem';

function transformerLoss({ size, specs }: Problem): OnnxModel {
  const { batch, length, dim, layers, heads } = size;
  const rows = batch * length;
  const width = dim / heads;
  const g = new GraphBuilder('plain transformer');
  for (const { name, shape } of specs) g.input(name, 'float32', shape);
  const tokens = g.input('tokens', 'int32', [rows]);
  const labels = g.input('labels', 'int32', [rows, 1]);

  const reshape = (x: Value, shape: readonly number[]) => g.node('Reshape', [x, g.int64s(shape)]);
  const linear = (x: Value, name: string) => g.node('Gemm', [x, `${name}.weight`, `${name}.bias`]);
  const norm = (x: Value, name: string) =>
    g.node('LayerNormalization', [x, `${name}.weight`, `${name}.bias`], {
      axis: -1,
      epsilon: { float: NORM_EPSILON },
    });
  const causal = g.constant(
    'float32',
    [1, length, length],
    Array.from({ length: length ** 2 }, (_, i) => (i % length <= Math.floor(i / length) ? 0 : -1e9)),
  );

  const embedded = g.node('Gather', ['language.token_embed.weight', tokens], { axis: 0 });
  const placed = g.node('Add', [reshape(embedded, [batch, length, dim]), 'language.position.weight']);
  let x = reshape(placed, [rows, dim]);
  for (let layer = 0; layer < layers; layer++) {
    const name = `language.layers.${layer}`;
    const qkv = linear(norm(x, `${name}.attention_norm`), `${name}.attention.qkv`);
    const split = g.node('Transpose', [reshape(qkv, [batch, length, 3, heads, width])], { perm: [2, 0, 3, 1, 4] });
    const [q, k, v] = g
      .multi('Split', [split], { axis: 0, num_outputs: 3 }, 3)
      .map((part) => reshape(part, [batch * heads, length, width]));
    const query = g.node('Mul', [q, g.float(1 / Math.sqrt(width))]);
    const scores = g.node('MatMul', [query, g.node('Transpose', [k], { perm: [0, 2, 1] })]);
    const attended = g.node('MatMul', [g.node('Softmax', [g.node('Add', [scores, causal])], { axis: -1 }), v]);
    const merged = g.node('Transpose', [reshape(attended, [batch, heads, length, width])], { perm: [0, 2, 1, 3] });
    x = g.node('Add', [x, linear(reshape(merged, [rows, dim]), `${name}.attention.out`)]);
    const up = g.node('Gelu', [linear(norm(x, `${name}.mlp_norm`), `${name}.mlp.up`)]);
    x = g.node('Add', [x, linear(up, `${name}.mlp.down`)]);
  }
  const logits = g.node('MatMul', [norm(x, 'language.final_norm'), 'language.head.weight']);

  const axis = g.int64s([-1]);
  const largest = g.node('ReduceMax', [logits, axis], { keepdims: 1 }, 'largest');
  const shifted = g.node('Sub', [logits, largest]);
  const total = g.node('ReduceSum', [g.node('Exp', [shifted]), axis], { keepdims: 1 });
  const chosen = g.node('GatherElements', [shifted, labels], { axis: 1 });
  const negative = g.node('Sub', [g.node('Log', [total]), chosen]);
  g.output(g.node('ReduceMean', [negative], { keepdims: 0 }, 'loss'), 'float32', []);
  return g.build();
}

export async function ours(problem: Problem): Promise<Peer> {
  const { specs, weights, tokens, labels } = problem;
  const backend = await createWebGpuBackend();
  const names = specs.map(({ name }) => name);
  const model = differentiate(transformerLoss(problem), { loss: 'loss', wrt: names, constants: ['largest'] });
  const session = await backend.compile('training step', writeOnnx(model));

  const slots = specs.map(({ name, shape }) => ({
    name,
    count: elementCount(shape),
    weights: backend.allocate(name, 'float32', shape, weights[name]),
    gradient: backend.allocate(gradientName(name), 'float32', shape),
    first: backend.allocate(`first moment of ${name}`, 'float32', shape),
    second: backend.allocate(`second moment of ${name}`, 'float32', shape),
  }));
  const inputs = {
    ...Object.fromEntries(slots.map((slot) => [slot.name, slot.weights])),
    tokens: backend.allocate('tokens', 'int32', [tokens.length], tokens),
    labels: backend.allocate('labels', 'int32', [labels.length, 1], labels),
  };
  const loss = backend.allocate('loss', 'float32', []);
  const outputs = { loss, ...Object.fromEntries(slots.map((slot) => [gradientName(slot.name), slot.gradient])) };
  // A norm of 0 clips nothing.
  const norm = backend.allocate('no norm', 'float32', [2]);
  const settings = {
    learning_rate: ADAMW.learningRate,
    beta1: ADAMW.beta1,
    beta2: ADAMW.beta2,
    epsilon: ADAMW.epsilon,
    weight_decay: ADAMW.weightDecay,
    max_norm: 1,
  };
  let steps = 0;
  return {
    name: `this lab (${backend.description.runtime})`,
    step: async () => {
      steps++;
      await backend.run(session, inputs, outputs);
      for (const { count, name: _, ...buffers } of slots) {
        backend.dispatch(adamw, { ...buffers, norm }, adamwParameters(count, steps, settings));
      }
      return (await backend.read(loss))[0];
    },
  };
}

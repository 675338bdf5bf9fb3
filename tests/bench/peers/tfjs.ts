/**
 * The transformer in TensorFlow.js on its WebGPU backend: eager operators, gradients by variableGrads. It has no AdamW,
 * so that is written out, in its operators.
 */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-webgpu';
import { ADAMW, corrections, NORM_EPSILON, type Peer, type Problem } from './problem';

type Variables = Record<string, tf.Variable>;

function transformerLoss({ size }: Problem, p: Variables, tokens: tf.Tensor1D, labels: tf.Tensor1D, bias: tf.Tensor) {
  const { batch, length, dim, layers, heads, vocabulary } = size;
  const width = dim / heads;
  const linear = (x: tf.Tensor, name: string) =>
    tf.matMul(x as tf.Tensor2D, p[`${name}.weight`] as tf.Tensor<tf.Rank.R2>).add(p[`${name}.bias`]);
  const norm = (x: tf.Tensor, name: string) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const standardized = x.sub(mean).mul(variance.add(NORM_EPSILON).rsqrt());
    return standardized.mul(p[`${name}.weight`]).add(p[`${name}.bias`]);
  };
  const gelu = (x: tf.Tensor) => x.mul(0.5).mul(tf.erf(x.mul(Math.SQRT1_2)).add(1));

  const embedded = tf.gather(p['language.token_embed.weight'] as tf.Tensor, tokens);
  let x: tf.Tensor = embedded
    .reshape([batch, length, dim])
    .add(p['language.position.weight'])
    .reshape([batch * length, dim]);
  for (let layer = 0; layer < layers; layer++) {
    const name = `language.layers.${layer}`;
    const qkv = linear(norm(x, `${name}.attention_norm`), `${name}.attention.qkv`);
    const [query, key, value] = tf
      .split(qkv, 3, -1)
      .map((part) => part.reshape([batch, length, heads, width]).transpose([0, 2, 1, 3]));
    const scores = tf.matMul(query, key, false, true).mul(1 / Math.sqrt(width));
    const attended = tf.matMul(tf.softmax(scores.add(bias)), value);
    const merged = attended.transpose([0, 2, 1, 3]).reshape([batch * length, dim]);
    x = x.add(linear(merged, `${name}.attention.out`));
    x = x.add(linear(gelu(linear(norm(x, `${name}.mlp_norm`), `${name}.mlp.up`)), `${name}.mlp.down`));
  }
  const head = p['language.head.weight'] as tf.Tensor<tf.Rank.R2>;
  const logits = tf.matMul(norm(x, 'language.final_norm') as tf.Tensor2D, head);
  const chosen = tf.logSoftmax(logits).mul(tf.oneHot(labels, vocabulary));
  return chosen.sum().mul(-1 / (batch * length)) as tf.Scalar;
}

export async function tfjs(problem: Problem): Promise<Peer> {
  const { size, specs, weights, tokens, labels } = problem;
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js finds no WebGPU');
  await tf.ready();
  const { beta1, beta2, epsilon, learningRate, weightDecay } = ADAMW;
  const variables = (make: (name: string, shape: number[]) => tf.Tensor, trainable: boolean): Variables =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, tf.variable(make(name, [...shape]), trainable)]));
  const p = variables((name, shape) => tf.tensor(weights[name], shape), true);
  const first = variables((_, shape) => tf.zeros(shape), false);
  const second = variables((_, shape) => tf.zeros(shape), false);
  const x = tf.tensor1d(tokens, 'int32');
  const y = tf.tensor1d(labels, 'int32');
  const { length } = size;
  const causal = Array.from({ length: length ** 2 }, (_, i) => (i % length <= Math.floor(i / length) ? 0 : -1e9));
  const bias = tf.tensor(causal, [1, 1, length, length]);
  const byVariable = new Map(Object.entries(p).map(([name, variable]) => [variable.name, name]));
  let steps = 0;
  return {
    name: `TensorFlow.js ${tf.version.tfjs} (WebGPU)`,
    step: async () => {
      const { stepSize, secondCorrection } = corrections(++steps);
      const loss = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => transformerLoss(problem, p, x, y, bias), Object.values(p));
        for (const [variable, gradient] of Object.entries(grads)) {
          const name = byVariable.get(variable)!;
          const m = first[name].mul(beta1).add(gradient.mul(1 - beta1));
          const v = second[name].mul(beta2).add(gradient.square().mul(1 - beta2));
          const change = m.mul(stepSize).div(v.sqrt().div(secondCorrection).add(epsilon));
          p[name].assign(p[name].mul(1 - learningRate * weightDecay).sub(change));
          first[name].assign(m);
          second[name].assign(v);
        }
        return value;
      });
      const [number] = await loss.data();
      loss.dispose();
      return number;
    },
  };
}

/**
 * The transformer in jax-js, as its documentation would have it written: one jitted function for the whole step.
 * Arrays are counted by hand there: `.ref` keeps one for another use, passing it on gives it away.
 */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { ADAMW, corrections, NORM_EPSILON, type Peer, type Problem } from './problem';

type Arrays = Record<string, np.Array>;

function transformerLoss({ size }: Problem) {
  const { batch, length, dim, layers, heads, vocabulary } = size;
  const width = dim / heads;
  return (p: Arrays, tokens: np.Array, labels: np.Array): np.Array => {
    const linear = (x: np.Array, name: string) => np.matmul(x, p[`${name}.weight`]).add(p[`${name}.bias`]);
    const norm = (x: np.Array, name: string) =>
      nn.standardize(x, -1, { epsilon: NORM_EPSILON }).mul(p[`${name}.weight`]).add(p[`${name}.bias`]);

    let x = np.take(p['language.token_embed.weight'], tokens, 0).add(p['language.position.weight']);
    for (let layer = 0; layer < layers; layer++) {
      const name = `language.layers.${layer}`;
      const qkv = linear(norm(x.ref, `${name}.attention_norm`), `${name}.attention.qkv`);
      const [query, key, value] = np.split(qkv, 3, -1).map((part) => part.reshape([batch, length, heads, width]));
      const attended = nn.dotProductAttention(query, key, value, { isCausal: true }).reshape([batch, length, dim]);
      x = x.add(linear(attended, `${name}.attention.out`));
      const up = nn.gelu(linear(norm(x.ref, `${name}.mlp_norm`), `${name}.mlp.up`), { approximate: false });
      x = x.add(linear(up, `${name}.mlp.down`));
    }
    const logits = np.matmul(norm(x, 'language.final_norm'), p['language.head.weight']);
    const chosen = nn.logSoftmax(logits, -1).mul(nn.oneHot(labels, vocabulary));
    return chosen.sum().mul(-1 / (batch * length));
  };
}

export async function jax(problem: Problem): Promise<Peer> {
  const { size, specs, weights, tokens, labels } = problem;
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js finds no WebGPU');
  defaultDevice('webgpu');
  const loss = transformerLoss(problem);
  const { beta1, beta2, epsilon, learningRate, weightDecay } = ADAMW;

  const update = jit(
    (p: Arrays, first: Arrays, second: Arrays, x: np.Array, y: np.Array, stepSize: np.Array, correction: np.Array) => {
      const [value, gradients] = valueAndGrad(loss)(tree.ref(p), x, y) as [np.Array, Arrays];
      const next = { value, p: {} as Arrays, first: {} as Arrays, second: {} as Arrays };
      for (const { name } of specs) {
        const m = first[name].mul(beta1).add(gradients[name].ref.mul(1 - beta1));
        const v = second[name].mul(beta2).add(np.square(gradients[name]).mul(1 - beta2));
        const denominator = np.sqrt(v.ref).div(correction.ref).add(epsilon);
        const change = m.ref.mul(stepSize.ref).div(denominator);
        next.p[name] = p[name].mul(1 - learningRate * weightDecay).sub(change);
        next.first[name] = m;
        next.second[name] = v;
      }
      stepSize.dispose();
      correction.dispose();
      return next;
    },
  );

  const each = (make: (name: string, shape: number[]) => np.Array): Arrays =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, make(name, [...shape])]));
  const shape = [size.batch, size.length];
  const x = np.array(tokens as Int32Array<ArrayBuffer>, { shape, dtype: np.int32 });
  const y = np.array(labels as Int32Array<ArrayBuffer>, { shape, dtype: np.int32 });
  let p = each((name, of) => np.array(weights[name] as Float32Array<ArrayBuffer>, { shape: of }));
  let first = each((_, of) => np.zeros(of));
  let second = each((_, of) => np.zeros(of));
  let steps = 0;
  return {
    name: 'jax-js (WebGPU, jit)',
    step: async () => {
      const { stepSize, secondCorrection } = corrections(++steps);
      const next = update(p, first, second, x.ref, y.ref, np.array(stepSize), np.array(secondCorrection));
      ({ p, first, second } = next);
      return (await next.value.data())[0];
    },
  };
}

/**
 * The policy once more, in plain double-precision loops over one unpadded sequence: the independent oracle that the
 * graphs are held against.
 */
import type { Architecture } from '../../src/policy/parameters';
import type { StoredTensors } from '../../src/policy/safetensors';

type Matrix = number[][];

function erf(x: number): number {
  // Series for small, continued fraction for large arguments; both to double precision.
  if (Math.abs(x) < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / 2 / (Math.abs(x) + fraction);
  const tail = Math.exp(-x * x) / (Math.sqrt(Math.PI) * (Math.abs(x) + fraction));
  return Math.sign(x) * (1 - tail);
}

/**
 * Logits after every text token.
 * @param patches one row a patch. @param text prompt and completion tokens.
 */
export function oracleLogits(a: Architecture, weights: StoredTensors, patches: Matrix, text: number[]): Matrix {
  const matrix = (name: string): Matrix => {
    const { shape, values } = weights[name];
    return Array.from({ length: shape[0] }, (_, row) => Array.from(values.slice(row * shape[1], (row + 1) * shape[1])));
  };
  const vector = (name: string): number[] => Array.from(weights[name].values);
  const multiply = (x: Matrix, w: Matrix): Matrix =>
    x.map((row) => w[0].map((_, column) => row.reduce((sum, value, k) => sum + value * w[k][column], 0)));
  const plus = (x: Matrix, y: Matrix): Matrix => x.map((row, i) => row.map((value, j) => value + y[i][j]));
  const linear = (x: Matrix, name: string): Matrix => {
    const bias = vector(`${name}.bias`);
    return multiply(x, matrix(`${name}.weight`)).map((row) => row.map((value, j) => value + bias[j]));
  };
  const norm = (x: Matrix, name: string): Matrix => {
    const scale = vector(`${name}.weight`);
    const shift = vector(`${name}.bias`);
    return x.map((row) => {
      const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
      return row.map((value, j) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[j] + shift[j]);
    });
  };
  const tokens = matrix('language.token_embed.weight');
  const places = matrix('language.position.weight');
  const gelu = (value: number) => (value / 2) * (1 + erf(value / Math.SQRT2));
  // Each stage of the stem makes one place of 2 x 2, row by row.
  let stemmed = patches;
  for (let stage = 0, side = a.patch_size; stage < (a.stem_stages ?? 0); stage++, side /= 2) {
    stemmed = stemmed.map((patch) => {
      const values = patch.length / side ** 2;
      const place = (y: number, x: number) => patch.slice((y * side + x) * values, (y * side + x + 1) * values);
      const half = Array.from({ length: side / 2 }, (_, index) => 2 * index);
      const squares = half.flatMap((y) =>
        half.map((x) => [...place(y, x), ...place(y, x + 1), ...place(y + 1, x), ...place(y + 1, x + 1)]),
      );
      return linear(squares, `visual.stem.${stage}.merge`).flat().map(gelu);
    });
  }
  let visual = plus(linear(stemmed, 'visual.patch_embed'), matrix('visual.position.weight'));
  const width = a.dim / a.heads;
  /** Turns the pairs of queries and keys of each head, as complex numbers, by angles from 1 a position down. */
  const turn = (row: number[], position: number) => {
    const pairs = ((a.partial_rotary_factor ?? 0) * width) / 2;
    for (let head = 0; head < 2 * a.heads; head++) {
      for (let pair = 0; pair < pairs; pair++) {
        const angle = position / 10_000 ** (pair / pairs);
        const [re, im] = [head * width + pair, head * width + pair + pairs];
        const [x, y] = [row[re], row[im]];
        row[re] = x * Math.cos(angle) - y * Math.sin(angle);
        row[im] = x * Math.sin(angle) + y * Math.cos(angle);
      }
    }
  };
  /** A block in which all of the first `together` positions see each other, and what follows sees what came before. */
  const block = (before: Matrix, name: string, together: number, turns = false): Matrix => {
    let x = before;
    const qkv = linear(norm(x, `${name}.attention_norm`), `${name}.attention.qkv`);
    if (turns) qkv.forEach((row, i) => turn(row, Math.max(0, i - together)));
    const merged = x.map((_, i) => {
      const allowed = x.map((_, j) => j <= i || (i < together && j < together));
      return Array.from({ length: a.heads }, (_, head) => {
        const part = (j: number, which: number) =>
          qkv[j].slice(which * a.dim + head * width, which * a.dim + (head + 1) * width);
        const query = part(i, 0);
        const scores = x.map((_, j) =>
          allowed[j] ? part(j, 1).reduce((sum, value, k) => sum + value * query[k], 0) / Math.sqrt(width) : -Infinity,
        );
        const largest = Math.max(...scores);
        const exponentials = scores.map((score) => Math.exp(score - largest));
        const total = exponentials.reduce((sum, value) => sum + value, 0);
        return Array.from({ length: width }, (_, k) =>
          x.reduce((sum, _, j) => sum + (exponentials[j] / total) * part(j, 2)[k], 0),
        );
      }).flat();
    });
    x = plus(x, linear(merged, `${name}.attention.out`));
    const hidden = linear(norm(x, `${name}.mlp_norm`), `${name}.mlp.up`).map((row) => row.map(gelu));
    return plus(x, linear(hidden, `${name}.mlp.down`));
  };
  for (let layer = 0; layer < (a.vision_layers ?? 0); layer++) {
    visual = block(visual, `visual.layers.${layer}`, visual.length);
  }
  if (a.vision_layers) {
    const side = a.frame_size / a.patch_size;
    const [rows, columns] = [matrix('visual.row.weight'), matrix('visual.column.weight')];
    visual = norm(visual, 'visual.final_norm').map((token, place) =>
      token.map((value, j) => value + rows[Math.floor(place / side)][j] + columns[place % side][j]),
    );
  }
  let x = [...visual, ...text.map((token, t) => tokens[token].map((value, j) => value + places[t][j]))];
  for (let layer = 0; layer < a.layers; layer++) x = block(x, `language.layers.${layer}`, visual.length, true);
  const logits = multiply(norm(x, 'language.final_norm'), matrix('language.head.weight'));
  return logits.slice(visual.length);
}

/**
 * One step of generation: a token for every row from its logits, the bookkeeping of finished rows, and the
 * log-probabilities that the policy gradient needs.
 */
import philoxWgsl from '../../shaders/philox.wgsl?raw';
import sampleWgsl from '../../shaders/sample-tokens.wgsl?raw';
import { defineKernel, type TypedArray } from './kernel';
import { philox, uniformFromWord } from './philox';
import { requireLength, requireThat, workgroupGrid } from './sizes';

/** Below this the scaled logits would leave float32; 0 itself means greedy. */
const MIN_TEMPERATURE = 1e-3;

/** Index of the largest of `logits[start .. start + count]`, from `start` on; the lowest wins ties. */
function argmax(logits: TypedArray, start: number, count: number): number {
  let best = 0;
  for (let token = 1; token < count; token++) if (logits[start + token] > logits[start + best]) best = token;
  return best;
}

/**
 * `logits`: [rows, vocabulary], finite. `tokens`, `log_probabilities`, `mask`: [rows, max_completion], of which column
 * `step` is written. `next`: [rows], the token to feed next. `finished`: [rows], the length of a row (`eos` included) once it has sampled `eos`, 0 before; zero it
 * before step 0. `active`: [1], the rows not finished after this step.
 *
 * A token is drawn by the inverse CDF in the order of the vocabulary from softmax(logits / temperature): the first one whose cumulative
 * probability exceeds u, where u comes from Philox with key (seed_low, seed_high) and counter (row, step, 0, 0). At
 * temperature 0 the largest logit wins, the lowest index among equals.
 *
 * The log-probability is of the distribution at that temperature (at temperature 0: 1). `mask` is 1 up to and
 * including `eos`. A finished row gets `pad`, log-probability 0 and mask 0.
 */
export const sampleTokens = defineKernel({
  name: 'sample-tokens',
  wgsl: philoxWgsl + sampleWgsl,
  bindings: [
    { name: 'logits', dtype: 'float32', access: 'read' },
    { name: 'tokens', dtype: 'int32', access: 'read_write' },
    { name: 'next', dtype: 'int32', access: 'read_write' },
    { name: 'log_probabilities', dtype: 'float32', access: 'read_write' },
    { name: 'finished', dtype: 'uint32', access: 'read_write' },
    { name: 'mask', dtype: 'float32', access: 'read_write' },
    { name: 'active', dtype: 'uint32', access: 'read_write' },
  ],
  parameters: [
    { name: 'rows', dtype: 'uint32' },
    { name: 'vocabulary', dtype: 'uint32' },
    { name: 'max_completion', dtype: 'uint32' },
    { name: 'step', dtype: 'uint32' },
    { name: 'temperature', dtype: 'float32' },
    { name: 'seed_low', dtype: 'uint32' },
    { name: 'seed_high', dtype: 'uint32' },
    { name: 'eos', dtype: 'int32' },
    { name: 'pad', dtype: 'int32' },
  ],
  check(lengths, { rows, vocabulary, max_completion, step, temperature }) {
    requireThat(this.name, vocabulary > 0, 'vocabulary must be above 0');
    requireThat(this.name, step < max_completion, `step (${step}) must be below max_completion (${max_completion})`);
    requireThat(
      this.name,
      temperature === 0 || temperature >= MIN_TEMPERATURE,
      `temperature must be 0 (greedy) or at least ${MIN_TEMPERATURE}, not ${temperature}`,
    );
    requireLength(this.name, 'logits', lengths.logits, rows * vocabulary);
    for (const name of ['tokens', 'log_probabilities', 'mask'] as const) {
      requireLength(this.name, name, lengths[name], rows * max_completion);
    }
    for (const name of ['next', 'finished'] as const) requireLength(this.name, name, lengths[name], rows);
    requireLength(this.name, 'active', lengths.active, 1);
  },
  dispatches: ({ rows }) => [{ entryPoint: 'reset', workgroups: [1, 1, 1] }, workgroupGrid('sample', rows)],
  reference(buffers, parameters) {
    const { logits, tokens, next, log_probabilities, finished, mask, active } = buffers;
    const { rows, vocabulary, max_completion, step, temperature, eos, pad } = parameters;
    const { seed_low, seed_high } = parameters;
    const scale = temperature === 0 ? 1 : temperature;
    const weights = new Float64Array(vocabulary); // unnormalized probabilities of a row
    active[0] = 0;
    for (let row = 0; row < rows; row++) {
      const out = row * max_completion + step;
      if (finished[row] !== 0) {
        tokens[out] = next[row] = pad;
        log_probabilities[out] = mask[out] = 0;
        continue;
      }
      const start = row * vocabulary;
      const best = argmax(logits, start, vocabulary);
      let total = 0;
      for (let token = 0; token < vocabulary; token++) {
        weights[token] = Math.exp((logits[start + token] - logits[start + best]) / scale);
        total += weights[token];
      }

      let choice = best;
      if (temperature > 0) {
        const threshold = uniformFromWord(philox([row, step, 0, 0], [seed_low, seed_high])[0]) * total;
        let cumulative = 0;
        for (choice = 0; choice < vocabulary - 1; choice++) {
          cumulative += weights[choice];
          if (cumulative > threshold) break;
        }
      }
      tokens[out] = next[row] = choice;
      log_probabilities[out] = (logits[start + choice] - logits[start + best]) / scale - Math.log(total);
      mask[out] = 1;
      if (choice === eos) finished[row] = step + 1;
      else active[0]++;
    }
  },
});

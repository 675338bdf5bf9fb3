import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import philoxWgsl from '../../shaders/philox.wgsl?raw';
import { defineKernel } from '../../src/kernels/kernel';
import { philox, uniformFromWord, type Words4 } from '../../src/kernels/philox';
import { sampleTokens } from '../../src/kernels/sample-tokens';
import { stream } from '../../src/random';
import { DEVICES, type KernelDevice, worstError } from './support';

/** Known answers of the Random123 distribution: counter, key, words. */
const KNOWN_ANSWERS: [Words4, [number, number], Words4][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

/** The generator alone, as a kernel: counter and key to words. */
const generator = defineKernel({
  name: 'philox',
  bindings: [
    { name: 'input', dtype: 'uint32', access: 'read' },
    { name: 'words', dtype: 'uint32', access: 'read_write' },
  ],
  parameters: [{ name: 'unused', dtype: 'uint32' }],
  wgsl: `${philoxWgsl}
    struct Parameters { unused: u32, }
    @group(0) @binding(0) var<uniform> parameters: Parameters;
    @group(0) @binding(1) var<storage, read> input: array<u32>;
    @group(0) @binding(2) var<storage, read_write> words: array<u32>;
    @compute @workgroup_size(1) fn main() {
      let result = philox(vec4u(input[0], input[1], input[2], input[3]), vec2u(input[4], input[5]));
      for (var i = 0u; i < 4; i++) { words[i] = result[i]; }
    }`,
  check: () => undefined,
  dispatches: () => [{ entryPoint: 'main', workgroups: [1, 1, 1] }],
  reference({ input, words }) {
    words.set(philox([input[0], input[1], input[2], input[3]], [input[4], input[5]]));
  },
});

interface Step {
  logits: Float32Array;
  rows: number;
  step?: number;
  max_completion?: number;
  temperature?: number;
  seed?: number;
  eos?: number;
  finished?: Uint32Array;
}

function sample(run: KernelDevice['run'], options: Step) {
  const { logits, rows, step = 0, max_completion = 1, temperature = 1, seed = 0, eos = -1, finished } = options;
  const size = rows * max_completion;
  return run(
    sampleTokens,
    {
      logits,
      tokens: new Int32Array(size).fill(-7),
      next: new Int32Array(rows),
      log_probabilities: new Float32Array(size).fill(-7),
      finished: finished ?? new Uint32Array(rows),
      mask: new Float32Array(size).fill(-7),
      active: Uint32Array.of(99),
    },
    {
      rows,
      vocabulary: logits.length / rows,
      max_completion,
      step,
      temperature,
      seed_low: seed,
      seed_high: 5,
      eos,
      pad: 0,
    },
  );
}

/** Cumulative probabilities of one row, in double precision. */
function distribution(logits: ArrayLike<number>, temperature: number): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const top = scaled.reduce((a, b) => Math.max(a, b));
  const weights = scaled.map((value) => Math.exp(value - top));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

/** Asserts that `token` is the inverse CDF at the row's uniform, unless that lies within 1e-4 of a boundary. */
function expectInverse(probabilities: number[], token: number, row: number, step: number, seed: number): void {
  const u = uniformFromWord(philox([row, step, 0, 0], [seed, 5])[0]);
  let low = 0;
  for (let i = 0; i < token; i++) low += probabilities[i];
  expect(u).toBeGreaterThan(low - 1e-4);
  expect(u).toBeLessThan(low + probabilities[token] + 1e-4);
}

describe.each(DEVICES)('sample-tokens on $name', ({ run }) => {
  test.each(KNOWN_ANSWERS)("philox gives Random123's known answers %#", async (counter, key, expected) => {
    const { words } = await run(
      generator,
      { input: Uint32Array.of(...counter, ...key), words: new Uint32Array(4) },
      { unused: 0 },
    );
    expect([...words]).toEqual([...expected]);
  });

  test.each([2, 7, 255, 256, 257, 1000])('draws by the inverse CDF from %i tokens', async (vocabulary) => {
    const rows = 33;
    const random = stream(4, 'logits', vocabulary);
    const logits = Float32Array.from({ length: rows * vocabulary }, () => 2 * random.normal());
    for (const temperature of [0.5, 1, 3]) {
      const result = await sample(run, { logits, rows, temperature, seed: 11, step: 2, max_completion: 4 });
      for (let row = 0; row < rows; row++) {
        const probabilities = distribution(logits.subarray(row * vocabulary, (row + 1) * vocabulary), temperature);
        const token = result.tokens[4 * row + 2];
        expectInverse(probabilities, token, row, 2, 11);
        expect(result.next[row]).toBe(token);
        expect(result.log_probabilities[4 * row + 2]).toBeCloseTo(Math.log(probabilities[token]), 4);
        // Other columns are left alone.
        expect(result.tokens[4 * row + 1]).toBe(-7);
      }
    }
  });

  test('greedy at temperature 0: the lowest index among the largest; log-probability at temperature 1', async () => {
    const vocabulary = 600;
    const logits = new Float32Array(3 * vocabulary);
    logits.set([1, 1], 290);
    logits[vocabulary + 599] = 3;
    const result = await sample(run, { logits, rows: 3, temperature: 0 });
    expect([...result.tokens]).toEqual([290, 599, 0]);
    const expected = [Math.log(Math.E / (2 * Math.E + 598)), 3 - Math.log(Math.E ** 3 + 599), -Math.log(600)];
    expect(worstError(result.log_probabilities, expected)).toBeLessThan(1e-5);
  });

  test('extreme logits, one token, a vocabulary of 50,000', async () => {
    const extreme = await sample(run, { logits: Float32Array.of(-1e4, 1e4, -1e4, 1e4), rows: 2, temperature: 0.01 });
    expect([...extreme.tokens]).toEqual([1, 1]);
    expect([...extreme.log_probabilities]).toEqual([0, 0]);
    const single = await sample(run, { logits: Float32Array.of(-3), rows: 1 });
    expect([single.tokens[0], single.log_probabilities[0]]).toEqual([0, 0]);
    const random = stream(5, 'huge');
    const logits = Float32Array.from({ length: 100_000 }, () => random.normal());
    const huge = await sample(run, { logits, rows: 2, seed: 3 });
    for (const row of [0, 1]) {
      const probabilities = distribution(logits.subarray(row * 50_000, (row + 1) * 50_000), 1);
      expectInverse(probabilities, huge.tokens[row], row, 0, 3);
      expect(huge.log_probabilities[row]).toBeCloseTo(Math.log(probabilities[huge.tokens[row]]), 3);
    }
  });

  test('a row ends with its EOS, and is padded from then on', async () => {
    // The second token is all but certain in row 0, the first in row 1; row 2 has ended before.
    const logits = Float32Array.of(-100, 100, 100, -100, 100, -100);
    const first = await sample(run, { logits, rows: 3, eos: 1, max_completion: 2, finished: Uint32Array.of(0, 0, 1) });
    expect([...first.finished]).toEqual([1, 0, 1]);
    expect(first.active[0]).toBe(1);
    expect([0, 2, 4].map((i) => first.mask[i])).toEqual([1, 1, 0]);
    expect([0, 2, 4].map((i) => first.tokens[i])).toEqual([1, 0, 0]);
    expect([...first.next]).toEqual([1, 0, 0]);
    expect(first.log_probabilities[4]).toBe(0);
    const finished = Uint32Array.from(first.finished);
    const second = await sample(run, { logits, rows: 3, eos: 1, max_completion: 2, step: 1, finished });
    expect([1, 3, 5].map((i) => second.mask[i])).toEqual([0, 1, 0]);
    expect(second.active[0]).toBe(1);
  });

  test('draws follow the distribution (chi-square), and differ from row to row, step to step, seed to seed', async () => {
    const [rows, vocabulary] = [1000, 6];
    const row = [0, 0.5, 1, -1, 2, -3];
    const logits = Float32Array.from({ length: rows * vocabulary }, (_, i) => row[i % vocabulary]);
    const result = await sample(run, { logits, rows, seed: 42 });
    const counts = Array(vocabulary).fill(0);
    for (const token of result.tokens) counts[token]++;
    const chiSquare = distribution(row, 1)
      .map((p, token) => (counts[token] - rows * p) ** 2 / (rows * p))
      .reduce((a, b) => a + b);
    // 5 degrees of freedom: 20.5 is exceeded once in a thousand seeds, and this seed is fixed.
    expect(chiSquare).toBeLessThan(20.5);
    const otherSeed = await sample(run, { logits, rows, seed: 43 });
    const otherStep = await sample(run, { logits, rows, seed: 42, max_completion: 2, step: 1 });
    const again = await sample(run, { logits, rows, seed: 42 });
    expect([...again.tokens]).toEqual([...result.tokens]);
    expect([...otherSeed.tokens]).not.toEqual([...result.tokens]);
    expect([...otherStep.tokens].filter((_, i) => i % 2 === 1)).not.toEqual([...result.tokens]);
  });

  test('any logits and temperature', async () => {
    const logit = fc.float({ min: -50, max: 50, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(logit, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        fc.nat(0xffffffff),
        async (values, temperature, seed) => {
          const logits = Float32Array.from(values);
          const result = await sample(run, { logits, rows: 1, temperature, seed });
          expectInverse(distribution(logits, temperature), result.tokens[0], 0, 0, seed);
        },
      ),
      { numRuns: 40, seed: 6 },
    );
  });

  test('refuses a temperature too low to compute with, and a step beyond the completion', async () => {
    const logits = Float32Array.of(1, 2);
    await expect(sample(run, { logits, rows: 1, temperature: 1e-5 })).rejects.toThrow(/temperature must be 0/);
    await expect(sample(run, { logits, rows: 1, step: 1 })).rejects.toThrow(/step \(1\) must be below/);
  });
});

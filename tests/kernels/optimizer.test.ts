import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TypedArray } from '../../src/kernels/kernel';
import { adamw, adamwParameters } from '../../src/kernels/adamw';
import { globalNorm, partialCount, squaredSums } from '../../src/kernels/global-norm';
import { NO_INDEX, nonFinite } from '../../src/kernels/non-finite';
import { stream } from '../../src/random';
import { cpu, DEVICES, type KernelDevice, worstError } from './support';

const SETTINGS = { learning_rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.1, max_norm: 1 };

/** The global norm of several tensors, as an optimizer computes it: partial sums side by side, then the norm. */
async function norm(run: KernelDevice['run'], tensors: Float32Array[]): Promise<Float32Array> {
  let partials: TypedArray = new Float32Array(tensors.reduce((sum, { length }) => sum + partialCount(length), 0));
  let offset = 0;
  for (const values of tensors) {
    ({ partials } = await run(squaredSums, { values, partials }, { count: values.length, offset }));
    offset += partialCount(values.length);
  }
  const result = await run(globalNorm, { partials, norm: new Float32Array(2).fill(77) }, { count: partials.length });
  return Float32Array.from(result.norm);
}

describe.each(DEVICES)('global norm on $name', ({ run }) => {
  test('of tensors small and large, one empty', async () => {
    const random = stream(8, 'gradients');
    const tensors = [1, 0, 255, 4097, 300_001].map((size) =>
      Float32Array.from({ length: size }, () => random.normal()),
    );
    const expected = Math.sqrt(tensors.flatMap((values) => [...values]).reduce((sum, value) => sum + value * value, 0));
    expect(worstError(await norm(run, tensors), [expected, 0])).toBeLessThan(1e-5);
  });

  test('tiny gradients and large ones', async () => {
    expect(worstError(await norm(run, [Float32Array.of(3e15 / 8, 4e15 / 8)]), [5e15 / 8, 0])).toBeLessThan(1e-6);
    expect(worstError(await norm(run, [Float32Array.of(3e-15, 4e-15)]), [5e-15, 0], 1e-20)).toBeLessThan(1e-5);
    expect([...(await norm(run, [new Float32Array(10)]))]).toEqual([0, 0]);
  });

  test.each([Number.NaN, Infinity, -Infinity, 1e20, -3e38])('%d anywhere sets the flag', async (bad) => {
    const values = new Float32Array(9000).fill(1);
    values[8765] = bad;
    expect([...(await norm(run, [new Float32Array(3), values]))]).toEqual([0, 1]);
  });
});

describe.each(DEVICES)('adamw on $name', ({ run }) => {
  /** AdamW by the paper's algorithm 2, in double precision, as torch orders its steps. */
  function oracle(weights: number[], gradients: number[][], settings: typeof SETTINGS): number[] {
    const [m, v] = [weights.map(() => 0), weights.map(() => 0)];
    gradients.forEach((gradient, index) => {
      const total = Math.hypot(...gradient);
      const clipped =
        total + 1e-6 > settings.max_norm ? gradient.map((g) => (g * settings.max_norm) / (total + 1e-6)) : gradient;
      clipped.forEach((g, i) => {
        weights[i] -= settings.learning_rate * settings.weight_decay * weights[i];
        m[i] += (1 - settings.beta1) * (g - m[i]);
        v[i] += (1 - settings.beta2) * (g * g - v[i]);
        const first = m[i] / (1 - settings.beta1 ** (index + 1));
        const second = v[i] / (1 - settings.beta2 ** (index + 1));
        weights[i] -= (settings.learning_rate * first) / (Math.sqrt(second) + settings.epsilon);
      });
    });
    return weights;
  }

  test.each([0.5, 1e6])('ten updates follow a float64 implementation (max_norm %d)', async (max_norm) => {
    const random = stream(9, 'adamw');
    const count = 130;
    const settings = { ...SETTINGS, max_norm };
    const initial = Float32Array.from({ length: count }, () => random.normal());
    const gradients = Array.from({ length: 10 }, (_, step) =>
      Float32Array.from({ length: count }, () => random.normal() * 10 ** -(step % 3)),
    );
    let state: { weights: TypedArray; first: TypedArray; second: TypedArray } = {
      weights: initial,
      first: new Float32Array(count),
      second: new Float32Array(count),
    };
    for (const [index, gradient] of gradients.entries()) {
      const buffers = { ...state, gradient, norm: await norm(run, [gradient]) };
      state = await run(adamw, buffers, adamwParameters(count, index + 1, settings));
    }
    const expected = oracle(
      [...initial],
      gradients.map((gradient) => [...gradient]),
      settings,
    );
    expect(worstError(state.weights, expected)).toBeLessThan(2e-6);
  });

  test('nothing changes when a gradient was not finite', async () => {
    const buffers = {
      weights: Float32Array.of(1, 2),
      gradient: Float32Array.of(Number.NaN, 1),
      first: Float32Array.of(3, 4),
      second: Float32Array.of(5, 6),
      norm: Float32Array.of(0, 1),
    };
    const result = await run(adamw, buffers, adamwParameters(2, 1, SETTINGS));
    expect([...result.weights, ...result.first, ...result.second]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a gradient of 0 only decays the weights', async () => {
    const zero = new Float32Array(1);
    const buffers = {
      weights: Float32Array.of(2),
      gradient: zero,
      first: zero,
      second: zero,
      norm: new Float32Array(2),
    };
    const { weights } = await run(adamw, buffers, adamwParameters(1, 1, SETTINGS));
    expect(weights[0]).toBeCloseTo(2 * (1 - 0.001), 6);
  });
});

test('an update before the first, and clipping to nothing, are refused', async () => {
  expect(() => adamwParameters(1, 0, SETTINGS)).toThrow(/first step is 1/);
  const one = new Float32Array(1);
  const buffers = { weights: one, gradient: one, first: one, second: one, norm: new Float32Array(2) };
  const parameters = adamwParameters(1, 1, { ...SETTINGS, max_norm: 0 });
  await expect(cpu.run(adamw, buffers, parameters)).rejects.toThrow(/max_norm must be above 0/);
});

describe.each(DEVICES)('non-finite on $name', ({ run }) => {
  const find = async (values: Float32Array, slot = 0) => [
    ...(await run(nonFinite, { values, flags: new Uint32Array(6).fill(9) }, { count: values.length, slot })).flags,
  ];

  test('counts NaN and infinities, whatever their bits, and gives the first', async () => {
    const bits = Uint32Array.of(0x7fc00000, 0xffc00001, 0x7f800001, 0x7f800000, 0xff800000);
    for (const bad of bits) {
      const words = new Uint32Array(200);
      words[70] = words[199] = bad;
      expect(await find(new Float32Array(words.buffer), 1)).toEqual([9, 9, 2, 70, 9, 9]);
    }
  });

  test('the largest, the smallest and zeros of either sign are finite', async () => {
    const values = Float32Array.of(3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0, 0);
    expect(await find(values, 2)).toEqual([9, 9, 9, 9, 0, NO_INDEX]);
  });

  test('more values than one dimension of a dispatch reaches', async () => {
    const values = new Float32Array(65_536 * 64 + 3);
    values[values.length - 1] = Infinity;
    expect((await find(values)).slice(0, 2)).toEqual([1, values.length - 1]);
  });

  test('any bits', async () => {
    const word = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0x7f800000, 0x7fffffff, 0x7f7fffff));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 300 }), async (words) => {
        const bad = words.flatMap((bits, index) => (((bits >>> 23) & 0xff) === 0xff ? [index] : []));
        const [count, first] = await find(new Float32Array(Uint32Array.from(words).buffer));
        expect([count, first]).toEqual([bad.length, bad[0] ?? NO_INDEX]);
      }),
      { numRuns: 30, seed: 10 },
    );
  });
});

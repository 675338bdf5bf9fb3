/** What makes advantages beyond one group, against TRL's formulas in doubles. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUP_SCALING, groupAdvantages } from '../../src/kernels/group-advantages';
import { normalizeThenSum } from '../../src/kernels/normalize-then-sum';
import { weighAdvantages } from '../../src/kernels/weigh-advantages';
import { stream } from '../../src/random';
import { DEVICES, type KernelDevice, worstError } from './support';

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const deviation = (values: readonly number[]) => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((a, b) => a + (b - centre) ** 2, 0) / (values.length - 1));
};
/** What TRL makes of rewards: less their mean, over their spread. */
const normalized = (values: readonly number[]) => {
  const [centre, spread] = [mean(values), deviation(values) + 1e-4];
  return values.map((value) => (value - centre) / spread);
};
const inGroups = (values: readonly number[], size: number) =>
  Array.from({ length: values.length / size }, (_, group) => values.slice(group * size, (group + 1) * size));

const WEIGHTS = { accuracy_weight: 1, exact_weight: 0.5, format_weight: 0.2 };

async function aggregate(run: KernelDevice['run'], objectives: readonly number[][], group_size: number) {
  const [accuracy, exact, format] = objectives.map((values) => Float32Array.from(values));
  const advantages = new Float32Array(accuracy.length).fill(77);
  const parameters = { ...WEIGHTS, groups: accuracy.length / group_size, group_size };
  return (await run(normalizeThenSum, { accuracy, exact, format, advantages }, parameters)).advantages;
}

describe.each(DEVICES)('advantages of a batch on $name', ({ run }) => {
  test('normalize_then_sum is each reward normalized in its group, summed, and whitened', async () => {
    for (const [groups, size] of [
      [1, 2],
      [3, 8],
      [300, 5],
    ]) {
      const random = stream(4, 'objectives', groups);
      const objectives = [
        Array.from({ length: groups * size }, () => Math.fround(random.next())),
        Array.from({ length: groups * size }, () => random.integer(0, 1)),
        Array.from({ length: groups * size }, () => Number(random.next() < 0.8)),
      ];
      const each = objectives.map((values) => inGroups(values, size).flatMap(normalized));
      const sums = each[0].map((value, i) => value + 0.5 * each[1][i] + 0.2 * each[2][i]);
      expect(worstError(await aggregate(run, objectives, size), normalized(sums))).toBeLessThan(2e-5);
    }
  });

  test('rewards without spread, and groups of one, add exactly nothing', async () => {
    const flat = Array(6).fill(0.1);
    expect([...(await aggregate(run, [flat, flat, flat], 3))]).toEqual(Array(6).fill(0));
    expect([...(await aggregate(run, [[0.3, 0.9], flat.slice(4), flat.slice(4)], 1))]).toEqual([0, 0]);
    const alone = await aggregate(run, [[1, 2, 3, 1, 2, 3], flat, flat], 3);
    expect(
      worstError(
        alone,
        [-1, 0, 1, -1, 0, 1].map((z) => z / deviation([-1, 0, 1, -1, 0, 1])),
      ),
    ).toBeLessThan(1e-3);
  });

  test('batch scaling divides by the spread of all rewards, and weights multiply', async () => {
    const pair = fc.tuple(fc.float({ min: -9, max: 9, noNaN: true }), fc.float({ min: -9, max: 9, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 2, maxLength: 300 }), fc.boolean(), async (pairs, batch) => {
        const rewards = Float32Array.from(pairs.flat());
        const sample_weights = Float32Array.from(pairs, (_, group) => 0.1 + (group % 7) / 7);
        const centred = pairs.flatMap(([a, b]) => [(a - b) / 2, (b - a) / 2]);
        const { advantages } = await run(
          weighAdvantages,
          { rewards, sample_weights, advantages: Float32Array.from(centred) },
          { groups: pairs.length, group_size: 2, batch: Number(batch) },
        );
        const by = batch ? deviation([...rewards]) + 1e-4 : 1;
        const expected = centred.map((value, i) => (value * sample_weights[Math.floor(i / 2)]) / by);
        expect(worstError(advantages, expected)).toBeLessThan(1e-4);
      }),
      { numRuns: 15, seed: 5 },
    );
  });

  test("RLOO's baseline is the mean of the others", async () => {
    for (const size of [2, 5, 100]) {
      const random = stream(5, 'rewards', size);
      const rewards = Float32Array.from({ length: 2 * size }, () => random.next());
      const { advantages } = await run(
        groupAdvantages,
        { rewards, advantages: new Float32Array(2 * size), statistics: new Float32Array(4) },
        { groups: 2, group_size: size, scale: GROUP_SCALING.leave_one_out },
      );
      const expected = inGroups([...rewards], size).flatMap((group) =>
        group.map((reward, i) => reward - mean(group.filter((_, other) => other !== i))),
      );
      expect(worstError(advantages, expected)).toBeLessThan(1e-6);
    }
  });

  test('refuses buffers that do not fit', async () => {
    const four = () => new Float32Array(4);
    const buffers = { rewards: four(), sample_weights: four(), advantages: four() };
    await expect(run(weighAdvantages, buffers, { groups: 2, group_size: 2, batch: 0 })).rejects.toThrow(
      /"sample_weights" has 4 elements, but the parameters need 2/,
    );
    const objectives = { accuracy: four(), exact: four(), format: new Float32Array(3), advantages: four() };
    await expect(run(normalizeThenSum, objectives, { ...WEIGHTS, groups: 2, group_size: 2 })).rejects.toThrow(
      /"format" has 3 elements, but the parameters need 4/,
    );
  });
});

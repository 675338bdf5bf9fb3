import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUP_SCALING, groupAdvantages } from '../../src/kernels/group-advantages';
import { stream } from '../../src/random';
import { DEVICES, type KernelDevice, worstError } from './support';

function advantages(run: KernelDevice['run'], rewards: ArrayLike<number>, group_size: number, scale = 1) {
  const groups = rewards.length / group_size;
  return run(
    groupAdvantages,
    {
      rewards: Float32Array.from(rewards),
      // Filled with what must not survive.
      advantages: new Float32Array(rewards.length).fill(77),
      statistics: new Float32Array(2 * groups).fill(77),
    },
    { groups, group_size, scale },
  );
}

describe.each(DEVICES)('group-advantages on $name', ({ run }) => {
  test('a group worked by hand', async () => {
    const result = await advantages(run, [1, 2, 3, 4], 4);
    const deviation = Math.sqrt(5 / 3);
    expect(worstError(result.statistics, [2.5, deviation])).toBeLessThan(1e-6);
    const expected = [-1.5, -0.5, 0.5, 1.5].map((difference) => difference / (deviation + 1e-4));
    expect(worstError(result.advantages, expected)).toBeLessThan(1e-6);
  });

  test('unscaled, the mean is taken off and no more', async () => {
    const result = await advantages(run, [1, 2, 3, 6], 2, GROUP_SCALING.none);
    expect([...result.advantages]).toEqual([-0.5, 0.5, -1.5, 1.5]);
  });

  test.each(Object.values(GROUP_SCALING))(
    'a group of one, and groups without spread, give exactly 0 (scale %i)',
    async (scale) => {
      expect([...(await advantages(run, [0.3], 1, scale)).advantages]).toEqual([0]);
      const flat = await advantages(run, [0.1, 0.1, 0.1, 1e-30, 1e-30, 1e-30, -7, -7, -7], 3, scale);
      expect([...flat.advantages]).toEqual(Array(9).fill(0));
      expect(worstError(flat.statistics, [0.1, 0, 1e-30, 0, -7, 0])).toBeLessThan(1e-7);
      const large = await advantages(run, Array(1000).fill(0.7), 500, scale);
      expect([...large.advantages]).toEqual(Array(1000).fill(0));
    },
  );

  test('groups of any size, on either side of the change from invocations to workgroups', async () => {
    for (const size of [2, 63, 64, 65, 256, 257, 5000]) {
      const random = stream(2, 'rewards', size);
      const rewards = Float32Array.from({ length: 3 * size }, () => random.normal());
      const result = await advantages(run, rewards, size);
      const expected = Array.from({ length: 3 }, (_, g) => {
        const group = Array.from(rewards.subarray(g * size, (g + 1) * size));
        const mean = group.reduce((a, b) => a + b, 0) / size;
        const deviation = Math.sqrt(
          group.reduce((a, b) => a + b * b, 0) / (size - 1) - (mean * mean * size) / (size - 1),
        );
        return group.map((reward) => (reward - mean) / (deviation + 1e-4));
      }).flat();
      expect(worstError(result.advantages, expected)).toBeLessThan(1e-4);
    }
  });

  test('whatever the rewards, advantages of a scaled group have mean 0 and no spread above 1', async () => {
    const reward = fc.float({ min: -100, max: 100, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(reward, { minLength: 2, maxLength: 80 }), async (rewards) => {
        const result = [...(await advantages(run, rewards, rewards.length)).advantages];
        const mean = result.reduce((a, b) => a + b, 0) / result.length;
        const deviation = Math.sqrt(result.reduce((a, b) => a + (b - mean) ** 2, 0) / (result.length - 1));
        expect(Math.abs(mean)).toBeLessThan(1e-3);
        expect(deviation).toBeLessThan(1.0001);
        // Greater rewards have greater advantages.
        const order = rewards.map((_, i) => i).sort((a, b) => Math.fround(rewards[a]) - Math.fround(rewards[b]));
        for (let i = 1; i < order.length; i++) {
          expect(result[order[i]]).toBeGreaterThanOrEqual(result[order[i - 1]]);
        }
      }),
      { numRuns: 30, seed: 3 },
    );
  });

  test('a million completions', async () => {
    const rewards = new Float32Array(1_000_000);
    for (let i = 0; i < rewards.length; i++) rewards[i] = ((i * 7919) % 1000) / 1000;
    const result = await advantages(run, rewards, 8);
    for (const group of [0, 1, 62_499, 124_999]) {
      const values = Array.from(rewards.subarray(8 * group, 8 * group + 8));
      const mean = values.reduce((a, b) => a + b) / 8;
      const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 7);
      const expected = values.map((value) => (value - mean) / (deviation + 1e-4));
      expect(worstError(result.advantages.slice(8 * group, 8 * group + 8), expected)).toBeLessThan(1e-5);
    }
  });

  test('refuses buffers that do not fit', async () => {
    const buffers = { rewards: new Float32Array(5), advantages: new Float32Array(6), statistics: new Float32Array(4) };
    await expect(run(groupAdvantages, buffers, { groups: 2, group_size: 3, scale: 1 })).rejects.toThrow(
      /"rewards" has 5 elements, but the parameters need 6/,
    );
  });
});

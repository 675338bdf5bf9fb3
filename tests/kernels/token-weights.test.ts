import { describe, expect, test } from 'vitest';
import { TOKEN_AVERAGES, tokenWeights } from '../../src/kernels/token-weights';
import { stream } from '../../src/random';
import { DEVICES, type KernelDevice, worstError } from './support';

type LossType = keyof typeof TOKEN_AVERAGES;

async function weigh(run: KernelDevice['run'], mask: number[][], loss: LossType, finished?: number[]) {
  const [rows, max_completion] = [mask.length, mask[0].length];
  const { weights } = await run(
    tokenWeights,
    {
      mask: Float32Array.from(mask.flat()),
      finished: Uint32Array.from(finished ?? Array<number>(rows).fill(1)),
      weights: new Float32Array(rows * max_completion).fill(77),
    },
    { rows, max_completion, loss_type: TOKEN_AVERAGES[loss], mask_truncated: finished === undefined ? 0 : 1 },
  );
  return [...weights];
}

describe.each(DEVICES)('token-weights on $name', ({ run }) => {
  const mask = [
    [1, 1, 0, 0],
    [1, 1, 1, 1],
  ];

  test('each loss type averages as its name says', async () => {
    expect(await weigh(run, mask, 'grpo')).toEqual([0.25, 0.25, 0, 0, 0.125, 0.125, 0.125, 0.125]);
    expect(
      worstError(
        await weigh(run, mask, 'dapo'),
        [1, 1, 0, 0, 1, 1, 1, 1].map((m) => m / 6),
      ),
    ).toBeLessThan(1e-7);
    expect(await weigh(run, mask, 'dr_grpo')).toEqual([1, 1, 0, 0, 1, 1, 1, 1].map((m) => m / 8));
  });

  test('truncated completions are left out, but remain among the rows', async () => {
    expect(await weigh(run, mask, 'grpo', [1, 0])).toEqual([0.25, 0.25, 0, 0, 0, 0, 0, 0]);
    expect(await weigh(run, mask, 'dapo', [1, 0])).toEqual([0.5, 0.5, 0, 0, 0, 0, 0, 0]);
    expect(await weigh(run, mask, 'dr_grpo', [0, 1])).toEqual([0, 0, 0, 0, 0.125, 0.125, 0.125, 0.125]);
    expect(await weigh(run, mask, 'dapo', [0, 0])).toEqual(Array(8).fill(0));
  });

  test.each(Object.keys(TOKEN_AVERAGES) as LossType[])('%s: empty completions weigh nothing', async (loss) => {
    expect(await weigh(run, [[0, 0]], loss)).toEqual([0, 0]);
  });

  test('more rows than a workgroup has invocations', async () => {
    const random = stream(12, 'mask');
    const many = Array.from({ length: 600 }, () => {
      const length = random.integer(0, 7);
      return Array.from({ length: 7 }, (_, i) => (i < length ? 1 : 0));
    });
    const sum = (weights: number[]) => weights.reduce((a, b) => a + b, 0);
    expect(sum(await weigh(run, many, 'dapo'))).toBeCloseTo(1, 5);
    const filled = many.filter((row) => row[0] === 1).length;
    expect(sum(await weigh(run, many, 'grpo'))).toBeCloseTo(filled / 600, 5);
    expect(sum(await weigh(run, many, 'dr_grpo'))).toBeCloseTo(sum(many.flat()) / 4200, 5);
  });
});

/**
 * Every reward of the registry: against its formula in doubles, written out once more and without its code; its WGSL through
 * the scoring kernel against its reference; and what a reward must be.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeTargets, encodeTokenText } from '../../src/kernels/answer-text';
import { NUMERIC_REWARDS, rewardParameters } from '../../src/kernels/rewards/registry';
import { scoreAnswers } from '../../src/kernels/score-answers';
import { DEVICES } from './support';

const SETTINGS = { gamma: 0.9, lambda: 1.5, epsilon: 1e-3, tolerance: 0.1, sigma: 0.2, sharpness: 7 };
const SHARED = { accuracy_weight: 1, format_weight: 0, exact_weight: 0, eos: 256 };

/** The formulas with SETTINGS' values in them; a reward without one here fails. */
const FORMULAS: Readonly<Record<string, (answer: number, truth: number) => number>> = {
  ednm: (p, t) => 0.9 * Math.exp((-1.5 * Math.abs(p - t)) / (Math.abs(t) + 1e-3)),
  binary: (p, t) => Number(Math.abs(p - t) <= Math.abs(t) / 10),
  mra: (p, t) => {
    let hits = 0;
    for (let theta = 10; theta < 20; theta++) hits += Number(Math.abs(p - t) / Math.abs(t) <= 1 - theta / 20);
    return hits / 10;
  },
  linear: (p, t) => 1 - Math.min(1, Math.abs(p - t) / (Math.abs(t) + 1e-3)),
  gaussian: (p, t) => Math.exp(-((p - t) ** 2) / (2 * 0.04 * (Math.abs(t) + 1e-3) ** 2)),
  sigmoid: (p, t) => 2 / (1 + Math.exp(7 * ((p - t) / (Math.abs(t) + 1e-3)) ** 2)),
};
/** Relative errors at which a reward jumps. */
const JUMPS = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5];
/** Whether rounding may decide between two sides of a jump. */
const atJump = (answer: number, truth: number) =>
  truth === 0 ||
  JUMPS.some((jump) => Math.abs(Math.abs(answer - truth) - jump * Math.abs(truth)) < 1e-5 * (1 + Math.abs(truth)));
const TEXTS = [...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), new Uint8Array(0)];

/** Answers as a policy writes them, with the truths that they are held against; truths are float32. */
const pairs = fc.array(
  fc.record({
    answer: fc.oneof(
      fc.integer({ min: -500, max: 500 }).map(String),
      fc.double({ min: 0, max: 99, noNaN: true }).map((x) => x.toFixed(1)),
    ),
    truth: fc.oneof(fc.constant(0), fc.integer({ min: -500, max: 500 }), fc.float({ min: 0, max: 99, noNaN: true })),
  }),
  { minLength: 1, maxLength: 40 },
);

describe.each(NUMERIC_REWARDS)('$name', (reward) => {
  const perfect = reward.reference(3, 3, SETTINGS);

  test('a perfect answer earns most, and no answer less than nothing', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (answer, truth) => {
          const earned = reward.reference(answer, truth, SETTINGS);
          expect(earned).toBeGreaterThanOrEqual(0);
          expect(earned).toBeLessThanOrEqual(perfect);
          expect(reward.reference(truth, truth, SETTINGS)).toBe(perfect);
        },
      ),
    );
  });

  test('it is its formula', () => {
    const value = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(value, fc.oneof(value, fc.double({ min: 0.4, max: 1.6, noNaN: true })), (truth, factor) => {
        const answer = factor * truth;
        fc.pre(!atJump(answer, truth));
        expect(reward.reference(answer, truth, SETTINGS)).toBeCloseTo(FORMULAS[reward.name](answer, truth), 9);
      }),
    );
  });

  test('the nearer, the more', () => {
    const errors = Array.from({ length: 200 }, (_, i) => i / 100);
    for (const side of [-1, 1]) {
      const earned = errors.map((error) => reward.reference(3 + side * 3 * error, 3, SETTINGS));
      earned.forEach((value, i) => expect(value).toBeLessThanOrEqual(earned[Math.max(0, i - 1)]));
      expect(earned[50]).toBeLessThan(earned[0]);
    }
  });

  test('it names no setting twice, and at most four', () => {
    expect(new Set(reward.settings).size).toBe(reward.settings.length);
    expect(reward.settings.length).toBeLessThanOrEqual(4);
  });

  describe.each(DEVICES)('on $name', ({ run }) => {
    test('the scoring kernel gives what the reference defines', async () => {
      await fc.assert(
        fc.asyncProperty(pairs, async (samples) => {
          const rows = samples.length;
          const max_completion = 40;
          const tokens = new Int32Array(rows * max_completion).fill(SHARED.eos);
          samples.forEach(({ answer }, row) => {
            tokens.set(new TextEncoder().encode(`<answer>${answer}</answer>`), row * max_completion);
          });
          const zeros = () => new Float32Array(rows);
          const { accuracy } = await run(
            scoreAnswers,
            {
              tokens,
              token_text: encodeTokenText(TEXTS),
              targets: encodeTargets(samples.map(({ truth }) => ({ kind: 'number', value: truth }))),
              total: zeros(),
              accuracy: zeros(),
              exact: zeros(),
              format: zeros(),
              parsed: new Float32Array(2 * rows),
            },
            {
              ...SHARED,
              rows,
              max_completion,
              group_size: 1,
              vocabulary: TEXTS.length,
              ...rewardParameters(reward, SETTINGS),
            },
          );
          samples.forEach(({ answer, truth }, row) => {
            if (truth !== 0 && atJump(Number(answer), truth)) return;
            expect(accuracy[row]).toBeCloseTo(reward.reference(Number(answer), Math.fround(truth), SETTINGS), 4);
          });
        }),
        { numRuns: 12 },
      );
    });
  });
});

test('MRA: its bounds are inclusive, and it is 1 only within 5 %', () => {
  const mra = NUMERIC_REWARDS.find(({ name }) => name === 'mra')!;
  const cases: [number, number, number][] = [
    [1.05, 1, 1],
    [0.95, 1, 1],
    [1.1, 1, 0.9],
    [1.1, 2, 0.2],
    [2.9, 2, 0.2],
    [1, 2, 0.1],
    [0.99, 2, 0],
    [30, 20, 0.1],
    [0, 0, 1],
    [1, 0, 0],
  ];
  for (const [answer, truth, expected] of cases) {
    expect(mra.reference(Math.fround(answer), Math.fround(truth), SETTINGS), `${answer} for ${truth}`).toBe(expected);
  }
});

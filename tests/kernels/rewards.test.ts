/** Every reward of the registry: its WGSL against its reference, through the scoring kernel, and what a reward must be. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeTargets, encodeTokenText } from '../../src/kernels/answer-text';
import { NUMERIC_REWARDS, rewardParameters } from '../../src/kernels/rewards/registry';
import { scoreAnswers } from '../../src/kernels/score-answers';
import { DEVICES } from './support';

const SETTINGS = { gamma: 0.9, lambda: 1.5, epsilon: 1e-3, tolerance: 0.1 };
const SHARED = { accuracy_weight: 1, format_weight: 0, eos: 256 };
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
            const distance = Math.abs(Number(answer) - truth);
            // At the edge of the tolerance rounding decides.
            if (Math.abs(distance - SETTINGS.tolerance * Math.abs(truth)) < 1e-5 * (1 + Math.abs(truth))) return;
            expect(accuracy[row]).toBeCloseTo(reward.reference(Number(answer), Math.fround(truth), SETTINGS), 4);
          });
        }),
        { numRuns: 12 },
      );
    });
  });
});

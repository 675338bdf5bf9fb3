/** Evaluation during GRPO: what it counts, when, and that the run goes on as if it had not been. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { scoreNumber } from '../../src/evaluation/metrics/vsi-bench';
import { parseRunConfig } from '../../src/training/config';
import { drawForPlace } from '../../src/training/drawing';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import type { StepReport } from '../../src/training/report';
import { TrainingRun } from '../../src/training/run';
import { chainConfig, chainRun } from './chain-policy';

let backend: Backend;
beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

test('figures are those of the greedy answers to all held-out questions, numbers and choices apart', async () => {
  // More than a batch of 32, and no multiple of it.
  const config = chainConfig({ grpo: { steps: 2, eval_steps: 2, eval_samples: 40 } });
  const run = chainRun(backend, config);
  const { tokenizer } = run.context;
  const truths = Array.from({ length: 40 }, (_, index) => {
    const place = { phase: 'evaluation', step: 0, index, round: 0, fitCompletion: false } as const;
    return drawForPlace(run.context, place).drawn.sample.question;
  });
  const numbers = truths.filter(({ answerValue }) => answerValue !== null);
  expect(numbers.length).toBeGreaterThan(5);
  expect(numbers.length).toBeLessThan(35);
  // The policy finds all digits alike; the first token is the greedy one.
  const digits = Array.from({ length: 10 }, (_, digit) => String(digit));
  const [said] = digits.toSorted((a, b) => tokenizer.encode(a)[0] - tokenizer.encode(b)[0]);
  const mra = numbers.reduce((sum, { answer }) => sum + scoreNumber(said, answer, 'vsi'), 0) / numbers.length;

  const { metrics } = await run.next();
  await run.dispose();
  expect(metrics.eval_mra).toBeCloseTo(mra, 6);
  // A digit answers no choice.
  expect(metrics['eval_rewards/exact_match/mean']).toBe(0);
  expect(metrics['eval_rewards/format/mean']).toBe(1);
  const numeric = (metrics['eval_rewards/ednm/mean'] * numbers.length) / 40;
  expect(metrics.eval_reward).toBeCloseTo(numeric + config.reward.format_weight, 5);
  expect(metrics.eval_runtime).toBeGreaterThan(0);
});

test('it is done before the first update, after every eval_steps-th and the last, and changes nothing else', async () => {
  const { tiny } = presets;
  const reports = async (eval_steps: number): Promise<StepReport[]> => {
    const config = parseRunConfig(
      {
        ...tiny,
        // A still and a video: graphs for one frame slot and for two.
        data: { tasks: ['camera_object_distance', 'camera_displacement'] },
        policy: { ...tiny.policy, frames: 2, max_prompt_length: 64 },
        cold_start: { ...tiny.cold_start, steps: 0 },
        grpo: { ...tiny.grpo, steps: 5, num_iterations: 1, eval_steps, eval_samples: 6 },
      },
      'the test config',
    );
    const run = new TrainingRun(backend, config, softwareFrames(backend, config.policy.frame_size));
    const told: StepReport[] = [];
    while (!run.finished) told.push(await run.next());
    await run.dispose();
    return told;
  };
  const [evaluated, plain] = [await reports(2), await reports(0)];
  const has = ({ metrics }: StepReport) => 'eval_mra' in metrics;
  expect(evaluated.filter(has).map(({ step }) => step)).toEqual([1, 2, 4, 5]);
  expect(plain.filter(has)).toEqual([]);
  const trained = ({ metrics }: StepReport) =>
    Object.entries(metrics).filter(([name]) => !name.includes('time') && !name.startsWith('eval_'));
  expect(evaluated.map(trained)).toEqual(plain.map(trained));
});

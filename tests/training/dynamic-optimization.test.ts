/**
 * Step-wise dynamic optimization and dynamic sampling in whole runs on the node backend: each by itself does what it says
 * and nothing else, and with all of them a resumed run equals an uninterrupted one.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { checkpointFiles } from '../../src/training/checkpoint';
import type { CompletionRow, StepReport } from '../../src/training/report';
import { chainConfig, chainReports, chainRun } from './chain-policy';

let backend: Backend;

beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

const run = (settings: Parameters<typeof chainConfig>[0], steps?: number) =>
  chainReports(chainRun(backend, chainConfig(settings)), steps);

/** A report without the times in it. */
function timeless({ metrics, ...report }: StepReport) {
  return { ...report, metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => !name.includes('time'))) };
}

const groupsOf = ({ completions }: StepReport): CompletionRow[][] =>
  [0, 1, 2, 3].map((group) => completions.filter((row) => row.group === group));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const EVERYTHING = {
  grpo: {
    steps: 4,
    dynamic_sampling: true,
    max_num_gen_batches: 2,
    loss_type: 'grpo',
    importance_sampling_level: 'sequence',
    delta: 3,
  },
  reward: { function: 'sigmoid', exact_match_weight: 0.5, multi_objective_aggregation: 'normalize_then_sum' },
  dynamic_optimization: {
    curriculum: true,
    one_task_per_batch: true,
    sample_weights: true,
    anneal_beta: true,
    unlock_accuracy: 0.05,
  },
} as const;

test('a run with everything on, stopped and resumed from its files, equals the whole one to the last bit', async () => {
  const config = chainConfig(EVERYTHING);
  const whole = chainRun(backend, config);
  const reports: StepReport[] = [];
  while (!whole.finished) reports.push(await whole.next());
  const weights = await whole.storedWeights();
  await whole.dispose();
  // Rewards, curriculum and weights are at work, or this would show nothing.
  expect(reports.some(({ metrics }) => metrics.reward_std > 0.05)).toBe(true);
  expect(reports[3].curriculum.filter(({ groups }) => groups > 0).length).toBeGreaterThan(1);
  const first = chainRun(backend, config);
  for (let step = 0; step < 2; step++) await first.next();
  const files = checkpointFiles(await first.checkpoint());
  await first.dispose();
  const second = chainRun(backend, config, files);
  const rest: StepReport[] = [];
  while (!second.finished) rest.push(await second.next());
  expect(rest.map(timeless)).toEqual(reports.slice(2).map(timeless));
  expect(await second.storedWeights()).toEqual(weights);
  await second.dispose();
});

test('with everything off the table is kept, and shares are left to chance', async () => {
  const [first, second] = await run({}, 2);
  expect(first.curriculum).toHaveLength(3 * 4);
  const groups = (report: StepReport) => report.curriculum.reduce((sum, cell) => sum + cell.groups, 0);
  expect([groups(first), groups(second)]).toEqual([4, 8]);
  for (const cell of second.curriculum) {
    expect(cell.share).toBeNull();
    expect(cell.weight).toBe(1);
    expect(cell.accuracy === null).toBe(cell.groups === 0);
  }
  // A digit never answers a choice, and earns something for a count.
  const accuracies = (task: string) =>
    second.curriculum.flatMap((cell) => (cell.task === task && cell.accuracy !== null ? [cell.accuracy] : []));
  expect(Math.max(...accuracies('syllogism'))).toBe(0);
  expect(Math.min(...accuracies('item_counting'))).toBeGreaterThan(0);
});

test('one task a batch: every step asks one task, and not always the same', async () => {
  const reports = await run({ dynamic_optimization: { one_task_per_batch: true } });
  const tasks = reports.map(({ completions }) => new Set(completions.map(({ task }) => task)));
  for (const each of tasks) expect(each.size).toBe(1);
  expect(new Set(tasks.flatMap((each) => [...each])).size).toBeGreaterThan(1);
  const mixed = await run({});
  expect(mixed.some(({ completions }) => new Set(completions.map(({ task }) => task)).size > 1)).toBe(true);
});

test('sample weights multiply the advantages of a group by w(p), and change nothing before', async () => {
  const settings = { data: { tasks: ['item_counting'] } };
  const [plain] = await run(settings, 1);
  const [weighted] = await run({ ...settings, dynamic_optimization: { sample_weights: true } }, 1);
  const seen = new Set<string>();
  groupsOf(weighted).forEach((rows, group) => {
    const before = groupsOf(plain)[group];
    expect(rows.map(({ completion }) => completion)).toEqual(before.map(({ completion }) => completion));
    const p = mean(rows.map(({ rewards }) => rewards.ednm ?? rewards.exact_match));
    const weight = 0.1 + 0.9 * 4 * p * (1 - p);
    rows.forEach(({ advantage }, row) => expect(advantage).toBeCloseTo(weight * before[row].advantage, 4));
    if (before.some(({ advantage }) => advantage !== 0)) seen.add(weight.toFixed(3));
  });
  expect(seen.size).toBeGreaterThan(1);
});

test('the curriculum begins with the easiest questions, and goes on where it may', async () => {
  const curriculum = { curriculum: true, exploration: 0, accuracy_momentum: 0 };
  const levels = (reports: StepReport[]) =>
    reports[reports.length - 1].curriculum.filter(({ groups }) => groups > 0).map(({ level }) => level);
  const data = { tasks: ['item_counting'] };
  const held = await run({ data, dynamic_optimization: { ...curriculum, unlock_accuracy: 1 } });
  expect(levels(held)).toEqual([0]);
  const free = await run({ data, dynamic_optimization: { ...curriculum, unlock_accuracy: 0 } });
  expect(Math.max(...levels(free))).toBeGreaterThan(0);
  for (const { curriculum: cells } of free) {
    expect(cells.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeCloseTo(1, 9);
  }
});

test('the KL coefficient follows a cosine from beta to beta_end', async () => {
  const dynamic_optimization = { anneal_beta: true, beta_end: 0.01 };
  const reports = await run({ grpo: { beta: 0.05 }, dynamic_optimization });
  const expected = [0, 1, 2, 3, 4].map((t) => 0.01 + (0.04 * (1 + Math.cos((Math.PI * t) / 4))) / 2);
  reports.forEach(({ metrics }, step) => expect(metrics.beta).toBeCloseTo(expected[step], 9));
  const constant = await run({ grpo: { beta: 0.05 } }, 2);
  expect(constant.map(({ metrics }) => metrics.beta)).toEqual([0.05, 0.05]);
});

test('dynamic sampling replaces groups without spread and leaves the others as they were', async () => {
  const data = { tasks: ['item_counting', 'syllogism'] };
  const plain = await run({ data }, 3);
  let replaced = 0;
  for (const { metrics, completions } of plain) {
    expect([metrics['data/num_gen_batches'], metrics['data/resampled_groups']]).toEqual([1, 0]);
    expect(completions).toHaveLength(16);
  }
  const [first] = await run({ data, grpo: { dynamic_sampling: true, max_num_gen_batches: 8 } }, 1);
  groupsOf(plain[0]).forEach((before, group) => {
    const after = groupsOf(first)[group];
    if (new Set(before.map(({ reward }) => reward)).size > 1) expect(after).toEqual(before);
    else {
      replaced++;
      expect(after[0].prompt).not.toBe(before[0].prompt);
    }
    expect(new Set(after.map(({ reward }) => reward)).size).toBeGreaterThan(1);
  });
  expect(replaced).toBeGreaterThan(0);
  expect(first.metrics['data/resampled_groups']).toBeGreaterThanOrEqual(replaced);
  expect(first.metrics.frac_reward_zero_std).toBe(0);
  expect(first.metrics['device/bytes_read_back']).toBeLessThanOrEqual(64 * 1024);
});

test('dynamic sampling gives up after max_num_gen_batches, and counts what it threw away', async () => {
  const settings = { data: { tasks: ['syllogism'] }, grpo: { dynamic_sampling: true, max_num_gen_batches: 3 } };
  const [{ metrics, curriculum }] = await run(settings, 1);
  expect(metrics['data/num_gen_batches']).toBe(3);
  expect(metrics['data/resampled_groups']).toBe(8);
  expect(metrics.frac_reward_zero_std).toBe(1);
  expect(curriculum.reduce((sum, { groups }) => sum + groups, 0)).toBe(12);
});

test('tokens are counted from the beginning of the run', async () => {
  const config = chainConfig();
  const reports = await chainReports(chainRun(backend, config), 2);
  const [one, two] = reports.map(({ metrics }) => metrics.num_tokens);
  // Every completion is five tokens and the end: <think></think><answer>4</answer>.
  expect(reports[0].metrics['completions/mean_terminated_length']).toBe(6);
  expect(two - one).toBeGreaterThan(16 * 6);
  expect(one).toBeGreaterThan(16 * 6);
  expect(two).toBeGreaterThan(1.5 * one);
});

test('metrics go by the names that TRL gives them for the loss type', async () => {
  const [clipped] = await run({ grpo: { num_iterations: 2, loss_type: 'bnpo' } }, 1);
  for (const name of ['low_mean', 'low_min', 'high_mean', 'high_max', 'region_mean']) {
    expect(clipped.metrics).toHaveProperty([`clip_ratio/${name}`]);
  }
  const [cispo] = await run({ grpo: { loss_type: 'cispo', epsilon_high: 5 } }, 1);
  expect(cispo.metrics).toHaveProperty('cispo_clip_ratio', 0);
  expect(cispo.metrics).not.toHaveProperty(['clip_ratio/low_mean']);
});

test('RLOO, batch scaling and weights of rewards are those of their formulas', async () => {
  const data = { tasks: ['item_counting'] };
  const reward = { function: 'linear', accuracy_weight: 2, exact_match_weight: 0.5, format_weight: 0.25 };
  const [rloo] = await run({ data, reward, grpo: { adv_estimator: 'rloo', scale_rewards: 'none' } }, 1);
  for (const rows of groupsOf(rloo)) {
    rows.forEach(({ reward: earned, rewards, advantage }, i) => {
      expect(earned).toBeCloseTo(2 * rewards.linear + 0.5 * rewards.exact_match + 0.25 * rewards.format, 5);
      expect(advantage).toBeCloseTo(earned - mean(rows.filter((_, j) => j !== i).map((row) => row.reward)), 5);
    });
  }
  const [batch] = await run({ data, reward, grpo: { scale_rewards: 'batch' } }, 1);
  const all = batch.completions.map((row) => row.reward);
  const spread = Math.sqrt(all.reduce((sum, r) => sum + (r - mean(all)) ** 2, 0) / (all.length - 1));
  expect(batch.metrics.reward_std).toBeCloseTo(spread, 5);
  for (const rows of groupsOf(batch)) {
    const centre = mean(rows.map((row) => row.reward));
    for (const row of rows) expect(row.advantage).toBeCloseTo((row.reward - centre) / (spread + 1e-4), 4);
  }
});

/** Run configs from outside: what is wrong is named by its path. */
import { expect, test } from 'vitest';
import { parseRunConfig, type RunConfig } from '../../src/training/config';
import { presets } from '../../src/training/presets';
import { families } from '../../src/tasks/registry';

test.each(Object.entries(presets))('the preset %s is valid and asks tasks that there are', (name, config) => {
  expect(parseRunConfig(structuredClone(config), name)).toEqual(config);
  const known = families.map((family) => family.name);
  for (const task of config.data.tasks) expect(known).toContain(task);
});

/** The tiny preset with other settings of its GRPO phase. */
function grpo(settings: Partial<RunConfig['grpo']>) {
  return (config: Record<string, never>) => ({ ...config, grpo: { ...presets.tiny.grpo, ...settings } });
}

const broken: [string, (config: Record<string, never>) => unknown, RegExp][] = [
  ['an unknown field', (config) => ({ ...config, colour: 1 }), /file\.json[^]*colour/],
  ['an unknown nested field', (config) => ({ ...config, grpo: { ...presets.tiny.grpo, lr: 1 } }), /grpo[^]*lr/],
  [
    'a missing section',
    (config) => Object.fromEntries(Object.entries(config).filter(([name]) => name !== 'reward')),
    /reward/,
  ],
  ['a wrong type', (config) => ({ ...config, seed: 'one' }), /seed/],
  [
    'a number out of range',
    (config) => ({ ...config, grpo: { ...presets.tiny.grpo, temperature: 0 } }),
    /grpo\.temperature/,
  ],
  [
    'heads that do not divide dim',
    (config) => ({ ...config, policy: { ...presets.tiny.policy, heads: 3 } }),
    /policy\.heads/,
  ],
  [
    'a share of heads that turns which leaves a pair apart',
    (config) => ({ ...config, policy: { ...presets.tiny.policy, dim: 32, heads: 4, partial_rotary_factor: 0.375 } }),
    /policy\.partial_rotary_factor/,
  ],
  [
    'a patch that does not divide the frame',
    (config) => ({ ...config, policy: { ...presets.tiny.policy, patch_size: 5 } }),
    /policy\.patch_size/,
  ],
  ['an unknown task', (config) => ({ ...config, data: { tasks: ['tea'] } }), /data\.tasks[^]*tea/],
  ['no object', () => null, /file\.json/],
  ['delta with a loss that is not clipped', grpo({ loss_type: 'sapo', delta: 4 }), /grpo\.delta: .*loss_type/],
  ['delta within the clipping range', grpo({ delta: 1.28 }), /grpo\.delta: .*1 \+ epsilon_high/],
  ["CISPO's bound below 1", grpo({ loss_type: 'cispo' }), /grpo\.epsilon_high: .*cispo/],
  ['RLOO with scaled rewards', grpo({ adv_estimator: 'rloo' }), /grpo\.adv_estimator: .*scale_rewards/],
  [
    'RLOO without others',
    grpo({ adv_estimator: 'rloo', scale_rewards: 'none', num_generations: 1 }),
    /grpo\.adv_estimator: .*num_generations/,
  ],
  [
    'dynamic sampling of single completions',
    grpo({ dynamic_sampling: true, num_generations: 1 }),
    /grpo\.dynamic_sampling: .*num_generations/,
  ],
  ['an entropy quantile of 0', grpo({ top_entropy_quantile: 0 }), /grpo\.top_entropy_quantile/],
  [
    'rewards that are scaled twice',
    (config) => ({
      ...config,
      grpo: { ...presets.tiny.grpo, scale_rewards: 'batch' },
      reward: { ...presets.tiny.reward, multi_objective_aggregation: 'normalize_then_sum' },
    }),
    /reward\.multi_objective_aggregation: .*scale_rewards/,
  ],
];

test.each(broken)('%s is refused by name', (_, change, message) => {
  const config = structuredClone(presets.tiny) as unknown as Record<string, never>;
  expect(() => parseRunConfig(change(config), 'file.json')).toThrow(message);
});

test('a config from before the later fields means what it meant', () => {
  const { dynamic_optimization, ...older } = structuredClone(presets.tiny);
  const { importance_sampling_level, adv_estimator, delta, top_entropy_quantile, dynamic_sampling, ...grpo } =
    older.grpo;
  const config = parseRunConfig({ ...older, grpo }, 'file.json');
  expect(config).toEqual(presets.tiny);
  expect({ importance_sampling_level, adv_estimator, delta, top_entropy_quantile, dynamic_sampling }).toEqual({
    importance_sampling_level: 'token',
    adv_estimator: 'grpo',
    delta: 0,
    top_entropy_quantile: 1,
    dynamic_sampling: false,
  });
  const { curriculum, one_task_per_batch, sample_weights, anneal_beta } = dynamic_optimization;
  expect([curriculum, one_task_per_batch, sample_weights, anneal_beta]).toEqual([false, false, false, false]);
});

test('two-sided clipping, CISPO, RLOO and every loss type at both levels are taken', () => {
  const taken: Partial<RunConfig['grpo']>[] = [
    { delta: 4 },
    { loss_type: 'cispo', epsilon_high: 5 },
    { adv_estimator: 'rloo', scale_rewards: 'none' },
    ...(['grpo', 'dr_grpo', 'dapo', 'bnpo', 'sapo'] as const).map((loss_type) => ({
      loss_type,
      importance_sampling_level: 'sequence' as const,
    })),
  ];
  for (const settings of taken) {
    const config = { ...presets.tiny, grpo: { ...presets.tiny.grpo, ...settings } };
    expect(parseRunConfig(config, 'file.json')).toEqual(config);
  }
});

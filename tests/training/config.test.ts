/** Run configs from outside: what is wrong is named by its path. */
import { expect, test } from 'vitest';
import { parseRunConfig } from '../../src/training/config';
import { presets } from '../../src/training/presets';
import { families } from '../../src/tasks/registry';

test.each(Object.entries(presets))('the preset %s is valid and asks tasks that there are', (name, config) => {
  expect(parseRunConfig(structuredClone(config), name)).toEqual(config);
  const known = families.map((family) => family.name);
  for (const task of config.data.tasks) expect(known).toContain(task);
});

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
    'a patch that does not divide the frame',
    (config) => ({ ...config, policy: { ...presets.tiny.policy, patch_size: 5 } }),
    /policy\.patch_size/,
  ],
  ['an unknown task', (config) => ({ ...config, data: { tasks: ['tea'] } }), /data\.tasks[^]*tea/],
  ['no object', () => null, /file\.json/],
];

test.each(broken)('%s is refused by name', (_, change, message) => {
  const config = structuredClone(presets.tiny) as unknown as Record<string, never>;
  expect(() => parseRunConfig(change(config), 'file.json')).toThrow(message);
});

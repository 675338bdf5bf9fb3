/** Training and evaluating from a policy by name: a folder of a run, a folder that holds a policy, a shipped one. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { coldstartCommand } from '../../src/cli/coldstart';
import { openModel } from '../../src/cli/model-source';
import { readCheckpointFolder } from '../../src/cli/run-directory';
import { trainCommand } from '../../src/cli/train';
import { readPolicy } from '../../src/training/checkpoint';
import type { RunConfig } from '../../src/training/config';
import { presets } from '../../src/training/presets';
import { temporaryFolder } from './lab';

const folder = temporaryFolder();
const [run, policy] = ['run', 'policy'].map((name) => join(folder, name));
const { tiny } = presets;

function configFile(name: string, config: RunConfig): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(config));
  return file;
}

const straight = (): RunConfig => ({
  ...tiny,
  model_name_or_path: policy,
  cold_start: { ...tiny.cold_start, steps: 0 },
  grpo: { ...tiny.grpo, steps: 0 },
});

const weightsIn = (path: string) => readPolicy(readCheckpointFolder(path), path).weights;

beforeAll(async () => {
  await coldstartCommand.run(['--config', 'tiny', '--out', run, '--steps', '1', '--seed', '3']);
  mkdirSync(policy);
  for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
    cpSync(join(run, name), join(policy, name));
  }
});

test('train takes the policy from the config, and goes on without it', async () => {
  const copy = join(folder, 'copy');
  cpSync(policy, copy, { recursive: true });
  const out = join(folder, 'train');
  const config = { ...straight(), model_name_or_path: copy };
  await trainCommand.run(['--config', configFile('train', config), '--out', out]);
  expect(weightsIn(out)).toEqual(weightsIn(run));
  expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toEqual(config);
  rmSync(copy, { recursive: true });
  await trainCommand.run(['--resume', '--out', out]);
  expect(weightsIn(out)).toEqual(weightsIn(run));
  // Without a checkpoint there is nothing but the policy to begin with.
  rmSync(join(out, 'trainer_state.json'));
  await expect(trainCommand.run(['--resume', '--out', out])).rejects.toThrow(`there is no folder ${copy}`);
});

test('--model goes before the config, and the cold start changes what it names', async () => {
  const file = configFile('coldstart', { ...straight(), model_name_or_path: 'nowhere' });
  const [from, fresh] = [join(folder, 'from'), join(folder, 'fresh')];
  const flags = ['--config', file, '--seed', '3', '--steps', '1'];
  await coldstartCommand.run([...flags, '--model', run, '--out', from]);
  await coldstartCommand.run([...flags, '--model', '', '--out', fresh]);
  expect(weightsIn(fresh)).toEqual(weightsIn(run));
  expect(weightsIn(from)).not.toEqual(weightsIn(run));
  const losses = [run, from].map(
    (path) => (JSON.parse(readFileSync(join(path, 'cold_start.jsonl'), 'utf8')) as { loss: number }).loss,
  );
  // The same samples for the second time.
  expect(losses[1]).toBeLessThan(losses[0]);
});

test('a policy that is not there or does not fit is refused, and nothing is left behind', async () => {
  const out = join(folder, 'refused');
  const shipped = existsSync('public/policies/nano/model.safetensors');
  for (const command of [trainCommand, coldstartCommand]) {
    const begin = (...flags: string[]) => command.run(['--config', 'tiny', '--out', out, ...flags]);
    await expect(begin('--model', join(folder, 'none'))).rejects.toThrow(/there is no folder .*none; name one/);
    await expect(begin('--model', folder)).rejects.toThrow(`${folder} holds no config.json`);
    await expect(command.run(['--config', 'learn', '--model', run, '--out', out])).rejects.toThrow(
      /policy\.patch_size is 8, and the policy's 16; set it to 16/,
    );
    await expect(begin('--model', 'nano')).rejects.toThrow(
      shipped
        ? 'cannot start from the policy nano'
        : /shipped policy nano is not in this copy of the lab: .*public\/policies\/nano holds no model\.safetensors/,
    );
    await expect(command.run(['--resume', '--out', run, '--model', policy])).rejects.toThrow('--model does not go');
  }
  expect(existsSync(out)).toBe(false);
});

test('a folder that holds nothing but a policy answers; a shipped one is known by its name', async () => {
  const { model, close } = await openModel(policy, null);
  expect(model.name).toBe('policy');
  await close();
  if (existsSync('public/policies/nano/model.safetensors')) {
    const nano = await openModel('nano', null);
    expect(nano.model.name).toBe('nano');
    await nano.close();
  } else await expect(openModel('nano', null)).rejects.toThrow('public/policies/nano holds no model.safetensors');
});

/** The shipped policies: small enough to ship, whole, described, and what the presets that start from them ask for. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policyFolder } from '../../src/cli/policy-folder';
import { readCheckpointFolder } from '../../src/cli/run-directory';
import { SHIPPED_POLICIES } from '../../src/policy/shipped';
import { readPolicy } from '../../src/training/checkpoint';
import { presets } from '../../src/training/presets';
import { policyWeights, startFrom } from '../../src/training/run';

test.each(SHIPPED_POLICIES)('$name goes with the presets that start from it', ({ name }) => {
  const folder = policyFolder(name);
  expect(statSync(join(folder, 'model.safetensors')).size).toBeLessThanOrEqual(16e6);
  expect(existsSync(join(folder, 'README.md'))).toBe(true);
  const policy = readPolicy(readCheckpointFolder(folder), name);
  const from = Object.values(presets).filter(({ model_name_or_path }) => model_name_or_path === name);
  expect(from).not.toEqual([]);
  // The same shape throughout: nothing is cut off, nothing new, no word spelled.
  for (const config of from) expect(startFrom(policy, config)).toEqual({ weights: policyWeights(policy), notes: [] });
});

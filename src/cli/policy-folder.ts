/** The policies that the command line is told of by name: shipped ones, and folders of runs or policies. */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isShipped, SHIPPED_POLICIES, shippedFolder } from '../policy/shipped';
import { type CheckpointFiles, readPolicy, type StoredPolicy } from '../training/checkpoint';
import type { RunConfig } from '../training/config';
import { startFrom } from '../training/run';
import { readCheckpointFolder } from './run-directory';

const PUBLIC = fileURLToPath(new URL('../../public', import.meta.url));

/**
 * The folder of the policy that `nameOrPath` names. A shipped policy's name is its own, whatever folders there are: a
 * folder of that name is written ./NAME.
 * @throws Error naming the folder that is not there.
 */
export function policyFolder(nameOrPath: string): string {
  if (!isShipped(nameOrPath)) {
    if (existsSync(nameOrPath) && statSync(nameOrPath).isDirectory()) return nameOrPath;
    const shipped = SHIPPED_POLICIES.map(({ name }) => name).join(', ');
    throw new Error(
      `there is no folder ${nameOrPath}; name one that holds a run or a policy, or a shipped policy: ${shipped}`,
    );
  }
  const folder = join(PUBLIC, shippedFolder(nameOrPath));
  if (existsSync(join(folder, 'model.safetensors'))) return folder;
  throw new Error(
    `the shipped policy ${nameOrPath} is not in this copy of the lab: ${folder} holds no model.safetensors; ` +
      'name the folder of a run, or start with fresh weights',
  );
}

/** Tells the weights in a safetensors file from others: the first digits of its SHA-256. */
export function weightsHash(file: Uint8Array): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 16);
}

/** The policy that a run starts from, with the files that it was read from. */
export interface StartingPolicy {
  readonly policy: StoredPolicy;
  readonly files: CheckpointFiles;
}

/**
 * Reads the policy that the config's model_name_or_path names; null where it names none.
 * @throws Error where there is none, it is damaged, or the config does not go with it.
 */
export function openStartingPolicy(config: RunConfig): StartingPolicy | null {
  const name = config.model_name_or_path;
  if (name === '') return null;
  const files = readCheckpointFolder(policyFolder(name));
  const policy = readPolicy(files, name);
  // Told before a run's folder is begun, so that a policy that does not fit leaves nothing behind.
  startFrom(policy, config);
  return { policy, files };
}

/**
 * Checkpoints: everything that a run needs to go on, as files. The first three alone are a policy.
 *
 *   config.json              the run's config
 *   tokenizer.json           the policy's tokenizer
 *   model.safetensors        the weights
 *   optimizer.safetensors    AdamW's moments, exp_avg.{weight} and exp_avg_sq.{weight}
 *   reference.safetensors    the reference policy, in the GRPO phase of a run with a KL penalty and without LoRA
 *   adapter_config.json, adapter_model.safetensors    with LoRA the adapters, in the GRPO phase, in PEFT's layout
 *   trainer_state.json       phase, step, the counts of updates and tokens, the curriculum's table
 *
 * The random streams need no state: each draw is fixed by the config's seed and the step.
 */
import { z } from 'zod';
import { parseJsonFile } from '../policy/json-file';
import { adapterFiles, readAdapterFiles } from '../policy/lora-files';
import { Tokenizer } from '../policy/tokenizer';
import { readSafetensors, type StoredTensors, writeSafetensors } from '../policy/safetensors';
import { loraOf, parseRunConfig, type RunConfig } from './config';
import { type CurriculumState, curriculumStateSchema } from './curriculum';
import type { RunPhase } from './report';

/** A policy: what answers, without what its training needs. */
export interface StoredPolicy {
  /** Of the run that made it. */
  readonly config: RunConfig;
  readonly tokenizer: Tokenizer;
  readonly weights: StoredTensors;
  /** LoRA's adapters, by the policy's names; null before GRPO and without LoRA. */
  readonly adapters: StoredTensors | null;
}

export interface Checkpoint extends StoredPolicy {
  readonly phase: RunPhase;
  /** Steps done in this phase. */
  readonly step: number;
  /** Tokens that the run has seen. */
  readonly tokens: number;
  readonly optimizer: { readonly tensors: StoredTensors; readonly updates: number };
  readonly reference: StoredTensors | null;
  /** Empty before GRPO. */
  readonly curriculum: CurriculumState;
}

/** Files of a checkpoint, by name. */
export type CheckpointFiles = Readonly<Record<string, Uint8Array>>;

const STATE = 'trainer_state.json';

const stateSchema = z.strictObject({
  phase: z.enum(['cold_start', 'grpo']),
  step: z.int().min(0),
  optimizer_updates: z.int().min(0),
  num_tokens: z.int().min(0).default(0),
  curriculum: curriculumStateSchema.default([]),
});

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

/** The files of a policy alone, which `readPolicy` reads. */
export function policyFiles({ config, tokenizer, weights, adapters }: StoredPolicy): CheckpointFiles {
  return {
    'config.json': json(config),
    'tokenizer.json': json(tokenizer.toJSON()),
    'model.safetensors': writeSafetensors(weights, { format: 'pt' }),
    ...(adapters === null ? {} : adapterFiles(config.lora, adapters)),
  };
}

/** The files of a checkpoint, those of its policy among them. */
export function checkpointFiles(checkpoint: Checkpoint): CheckpointFiles {
  const { phase, step, tokens, optimizer, reference, curriculum } = checkpoint;
  return {
    ...policyFiles(checkpoint),
    'optimizer.safetensors': writeSafetensors(optimizer.tensors),
    ...(reference === null ? {} : { 'reference.safetensors': writeSafetensors(reference) }),
    [STATE]: json({ phase, step, optimizer_updates: optimizer.updates, num_tokens: tokens, curriculum }),
  };
}

/** The files that a policy is read from, where they are there. */
export const POLICY_FILES = [
  'config.json',
  'tokenizer.json',
  'model.safetensors',
  'adapter_config.json',
  'adapter_model.safetensors',
] as const;

function requiredFile(files: CheckpointFiles, name: string, origin: string): Uint8Array {
  const bytes = files[name];
  if (!bytes) throw new Error(`${origin} holds no ${name}; is it a checkpoint?`);
  return bytes;
}

function readState(files: CheckpointFiles, origin: string): z.infer<typeof stateSchema> {
  const path = `${origin}/${STATE}`;
  const parsed = stateSchema.safeParse(parseJsonFile(requiredFile(files, STATE, origin), path));
  if (!parsed.success) throw new Error(`${path} is invalid: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/**
 * The policy among the files of a checkpoint, or of a folder that holds nothing else.
 * @param origin where the files are, for messages.
 * @throws Error naming the file that is missing, cut short or invalid.
 */
export function readPolicy(files: CheckpointFiles, origin: string): StoredPolicy {
  const json = (name: string) => parseJsonFile(requiredFile(files, name, origin), `${origin}/${name}`);
  const config = parseRunConfig(json('config.json'), `${origin}/config.json`);
  const lora = loraOf(config);
  const holdsAdapters = files['adapter_model.safetensors'] !== undefined;
  if (lora === null && holdsAdapters) {
    throw new Error(`${origin} holds adapters, but ${origin}/config.json asks for none; set lora.r to their rank`);
  }
  // In the GRPO phase of a run they must be there.
  const adapted = files[STATE] ? readState(files, origin).phase === 'grpo' : holdsAdapters;
  return {
    config,
    tokenizer: Tokenizer.fromJSON(json('tokenizer.json')),
    weights: readSafetensors(requiredFile(files, 'model.safetensors', origin), `${origin}/model.safetensors`),
    adapters: lora && adapted ? readAdapterFiles(files, lora, origin) : null,
  };
}

/**
 * @param origin where the files are, for messages.
 * @throws Error naming the file that is missing, cut short or invalid.
 */
export function readCheckpoint(files: CheckpointFiles, origin: string): Checkpoint {
  const { phase, step, num_tokens, optimizer_updates, curriculum } = readState(files, origin);
  const optimizer = requiredFile(files, 'optimizer.safetensors', origin);
  const reference = files['reference.safetensors'];
  return {
    ...readPolicy(files, origin),
    phase,
    step,
    tokens: num_tokens,
    optimizer: {
      tensors: readSafetensors(optimizer, `${origin}/optimizer.safetensors`),
      updates: optimizer_updates,
    },
    curriculum,
    reference: reference ? readSafetensors(reference, `${origin}/reference.safetensors`) : null,
  };
}

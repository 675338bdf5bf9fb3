/**
 * Checkpoints: everything that a run needs to go on, as files.
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

export interface Checkpoint {
  readonly config: RunConfig;
  readonly tokenizer: Tokenizer;
  readonly phase: RunPhase;
  /** Steps done in this phase. */
  readonly step: number;
  /** Tokens that the run has seen. */
  readonly tokens: number;
  readonly weights: StoredTensors;
  readonly optimizer: { readonly tensors: StoredTensors; readonly updates: number };
  readonly reference: StoredTensors | null;
  /** LoRA's adapters, by the policy's names; null before GRPO and without LoRA. */
  readonly adapters: StoredTensors | null;
  /** Empty before GRPO. */
  readonly curriculum: CurriculumState;
}

/** Files of a checkpoint, by name. */
export type CheckpointFiles = Readonly<Record<string, Uint8Array>>;

const stateSchema = z.strictObject({
  phase: z.enum(['cold_start', 'grpo']),
  step: z.int().min(0),
  optimizer_updates: z.int().min(0),
  num_tokens: z.int().min(0).default(0),
  curriculum: curriculumStateSchema.default([]),
});

export function checkpointFiles(checkpoint: Checkpoint): CheckpointFiles {
  const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  const { phase, step, tokens, optimizer, reference, adapters, curriculum } = checkpoint;
  return {
    'config.json': json(checkpoint.config),
    'tokenizer.json': json(checkpoint.tokenizer.toJSON()),
    'model.safetensors': writeSafetensors(checkpoint.weights, { format: 'pt' }),
    'optimizer.safetensors': writeSafetensors(optimizer.tensors),
    ...(reference === null ? {} : { 'reference.safetensors': writeSafetensors(reference) }),
    ...(adapters === null ? {} : adapterFiles(checkpoint.config.lora, adapters)),
    'trainer_state.json': json({ phase, step, optimizer_updates: optimizer.updates, num_tokens: tokens, curriculum }),
  };
}

/**
 * @param origin where the files are, for messages.
 * @throws Error naming the file that is missing, cut short or invalid.
 */
export function readCheckpoint(files: CheckpointFiles, origin: string): Checkpoint {
  const file = (name: string): Uint8Array => {
    const bytes = files[name];
    if (!bytes) throw new Error(`${origin} holds no ${name}; is it a checkpoint?`);
    return bytes;
  };
  const path = (name: string) => `${origin}/${name}`;
  const state = stateSchema.safeParse(parseJsonFile(file('trainer_state.json'), path('trainer_state.json')));
  if (!state.success) throw new Error(`${path('trainer_state.json')} is invalid: ${z.prettifyError(state.error)}`);
  const reference = files['reference.safetensors'];
  const config = parseRunConfig(parseJsonFile(file('config.json'), path('config.json')), path('config.json'));
  const lora = loraOf(config);
  if (lora === null && files['adapter_model.safetensors']) {
    throw new Error(`${origin} holds adapters, but ${path('config.json')} asks for none; set lora.r to their rank`);
  }
  return {
    config,
    tokenizer: Tokenizer.fromJSON(parseJsonFile(file('tokenizer.json'), path('tokenizer.json'))),
    phase: state.data.phase,
    step: state.data.step,
    tokens: state.data.num_tokens,
    weights: readSafetensors(file('model.safetensors'), path('model.safetensors')),
    optimizer: {
      tensors: readSafetensors(file('optimizer.safetensors'), path('optimizer.safetensors')),
      updates: state.data.optimizer_updates,
    },
    curriculum: state.data.curriculum,
    reference: reference ? readSafetensors(reference, path('reference.safetensors')) : null,
    adapters: lora && state.data.phase === 'grpo' ? readAdapterFiles(files, lora, origin) : null,
  };
}

/**
 * Adapters as files, in PEFT's layout:
 *
 *   adapter_config.json          LoraConfig's fields
 *   adapter_model.safetensors    base_model.model.{module}.lora_A.weight [r, in], …lora_B.weight [out, r]
 *
 * Source: "PEFT checkpoint format" in PEFT's developer guides. The matrices are torch.nn.Linear's, [out, in], and so the
 * transposes of the lab's.
 */
import { z } from 'zod';
import { parseJsonFile } from './json-file';
import type { LoraConfig } from './lora';
import { readSafetensors, type StoredTensors, writeSafetensors } from './safetensors';

const CONFIG = 'adapter_config.json';
const TENSORS = 'adapter_model.safetensors';
const PREFIX = 'base_model.model.';

/** Fields that decide what an adapter computes; others are let through. */
const configSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().min(1),
  lora_alpha: z.number(),
  target_modules: z.array(z.string()),
  use_rslora: z.boolean().default(false),
});

function transposed(tensors: StoredTensors, rename: (name: string) => string): StoredTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, values }]) => {
      const [rows, columns] = shape;
      const turned = Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
      return [rename(name), { shape: [columns, rows], values: turned }];
    }),
  );
}

/** The files of a policy's adapters, by name. */
export function adapterFiles(lora: LoraConfig, adapters: StoredTensors): Record<string, Uint8Array> {
  const { r, lora_alpha, target_modules, use_rslora } = lora;
  const config = {
    peft_type: 'LORA',
    task_type: null,
    base_model_name_or_path: null,
    revision: null,
    r,
    lora_alpha,
    target_modules,
    use_rslora,
    use_dora: false,
    lora_dropout: 0,
    bias: 'none',
    // The base's matrices, in model.safetensors, are stored [in, out].
    fan_in_fan_out: true,
    init_lora_weights: true,
    inference_mode: true,
    modules_to_save: null,
    rank_pattern: {},
    alpha_pattern: {},
  };
  const tensors = transposed(adapters, (name) => `${PREFIX}${name}`);
  return {
    [CONFIG]: new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`),
    [TENSORS]: writeSafetensors(tensors, { format: 'pt' }),
  };
}

/**
 * Adapters from their files.
 * @param lora what the run's config says of them.
 * @param origin where the files are, for messages.
 * @throws Error naming the file that is missing, cut short or invalid, and the field or tensor where there is one.
 */
export function readAdapterFiles(
  files: Readonly<Record<string, Uint8Array>>,
  lora: LoraConfig,
  origin: string,
): StoredTensors {
  for (const name of [CONFIG, TENSORS]) {
    if (!files[name]) throw new Error(`${origin} holds no ${name}, and its config asks for LoRA; is it a checkpoint?`);
  }
  const path = `${origin}/${CONFIG}`;
  const parsed = configSchema.safeParse(parseJsonFile(files[CONFIG], path));
  if (!parsed.success) throw new Error(`${path} is no LoRA adapter's: ${z.prettifyError(parsed.error)}`);
  for (const field of ['r', 'lora_alpha', 'target_modules', 'use_rslora'] as const) {
    const [saved, asked] = [parsed.data[field], lora[field]].map((value) => JSON.stringify(value));
    if (saved !== asked) throw new Error(`${path} says ${field} ${saved}, but the run's config lora.${field} ${asked}`);
  }
  const tensors = readSafetensors(files[TENSORS], `${origin}/${TENSORS}`);
  for (const [name, { shape }] of Object.entries(tensors)) {
    if (!name.startsWith(PREFIX) || shape.length !== 2) {
      throw new Error(`${origin}/${TENSORS}: "${name}" [${shape}] is no matrix of an adapter of ${PREFIX}{module}`);
    }
  }
  return transposed(tensors, (name) => name.slice(PREFIX.length));
}

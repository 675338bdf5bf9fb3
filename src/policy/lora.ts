/**
 * LoRA on the policy: which linear layers have adapters, how these begin, where they stand in the policy's graphs, and
 * the weights that they merge into. Fields and their meanings are those of PEFT's LoraConfig.
 *
 * A layer's adapter is A [in, r] and B [r, out], stored like the policy's own matrices; files have PEFT's layout
 * (lora-files.ts).
 */
import {
  adapterOf,
  isTarget,
  linearWeights,
  type LowRankAdapter,
  mergedWeight,
  withAdapters,
} from '../graph/low-rank-adapters';
import type { OnnxModel } from '../graph/model';
import { type Architecture, isInVisionTower, type ParameterSpec, parameterSpecs } from './parameters';
import type { StoredTensors } from './safetensors';

export interface LoraConfig {
  /** Rank. */
  readonly r: number;
  readonly lora_alpha: number;
  /** Layers that are adapted, by the last parts of their names. */
  readonly target_modules: readonly string[];
  /** Scale by lora_alpha / sqrt(r) (rank-stabilized, arXiv 2312.03732) in place of lora_alpha / r. */
  readonly use_rslora: boolean;
}

/** The policy's linear layers, by the last part of their names. */
export const LINEAR_MODULES = ['merge', 'patch_embed', 'qkv', 'out', 'up', 'down', 'head'] as const;

/** What the product of A and B is multiplied by. */
function scalingOf({ r, lora_alpha, use_rslora }: LoraConfig): number {
  return lora_alpha / (use_rslora ? Math.sqrt(r) : r);
}

/** The adapters of a policy, in the order of its weights; none without LoRA. */
function adaptersOf(a: Architecture): (LowRankAdapter & { readonly shape: readonly number[] })[] {
  const { lora } = a;
  if (!lora) return [];
  return parameterSpecs(a)
    .filter(({ name }) => !isFrozen(a, name) && lora.target_modules.some((target) => isTarget(name, target)))
    .map(({ name, shape }) => ({ ...adapterOf(name, lora.r, scalingOf(lora)), shape }));
}

/**
 * The tensors of the adapters, in the order in which they are stored. As in PEFT A begins as torch.nn.Linear's weights
 * do, uniform up to 1 / sqrt(in) (Kaiming's with a = sqrt(5)), and B at 0, so that the policy begins as it was.
 */
export function adapterSpecs(architecture: Architecture): ParameterSpec[] {
  return adaptersOf(architecture).flatMap(({ a, b, rank, shape: [from, to] }) => [
    { name: a, shape: [from, rank], init: { uniform: 1 / Math.sqrt(from) } },
    { name: b, shape: [rank, to], init: { constant: 0 } },
  ]);
}

function isFrozen({ freeze_vision_tower = false }: Architecture, name: string): boolean {
  return freeze_vision_tower && isInVisionTower(name);
}

/** What training changes: the adapters where there are some, else all weights that are not frozen. */
export function trainableSpecs(architecture: Architecture): ParameterSpec[] {
  if (architecture.lora) return adapterSpecs(architecture);
  return parameterSpecs(architecture).filter(({ name }) => !isFrozen(architecture, name));
}

/**
 * One of the policy's graphs with its adapters. All of them are inputs, as all weights are, those too whose layer the
 * graph lacks.
 */
export function adapted(model: OnnxModel, architecture: Architecture): OnnxModel {
  if (!architecture.lora) return model;
  const layers = new Set(linearWeights(model).map(({ name }) => name));
  const { graph, ...rest } = withAdapters(
    model,
    adaptersOf(architecture).filter(({ weight }) => layers.has(weight)),
  );
  const declared = new Set(graph.inputs.map(({ name }) => name));
  const idle = adapterSpecs(architecture).filter(({ name }) => !declared.has(name));
  const inputs = [...graph.inputs, ...idle.map(({ name, shape }) => ({ name, dataType: 'float32' as const, shape }))];
  return { ...rest, graph: { ...graph, inputs } };
}

/** The weights that a policy with these adapters has without them. */
export function mergedWeights(
  architecture: Architecture,
  weights: StoredTensors,
  adapters: StoredTensors,
): StoredTensors {
  const merged = adaptersOf(architecture).map(({ weight, a, b, rank, scaling, shape }) => {
    const [inputs, outputs] = shape;
    const values = mergedWeight(weights[weight].values, adapters[a].values, adapters[b].values, {
      inputs,
      outputs,
      transposed: false,
      rank,
      scaling,
    });
    return [weight, { shape, values: Float32Array.from(values) }] as const;
  });
  return { ...weights, ...Object.fromEntries(merged) };
}

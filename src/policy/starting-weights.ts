/**
 * The first weights of a run that starts from another policy: that policy's own, as far as the two are of one shape. Two
 * things may differ. Shorter texts leave the last positions unused, and their rows are cut off; longer ones have new rows,
 * drawn as fresh weights are. A policy of one frame may grow more, and the embedding of frames is new then: zeros for the first one, so that one frame is seen as before.
 */
import { stream } from '../random';
import {
  type Architecture,
  FRAME_EMBEDDING,
  frameCount,
  initialValues,
  parameterSpecs,
  textPositions,
} from './parameters';
import type { StoredTensors } from './safetensors';

const POSITIONS = 'language.position.weight';

/** Where a run starts. */
export interface StartingWeights {
  readonly weights: StoredTensors;
  /** What is new or cut off, a sentence each, for people. */
  readonly notes: readonly string[];
}

/**
 * The weights with which `architecture` starts from `policy`.
 * @param policy its weights are those of its architecture, adapters merged; both share a tokenizer.
 * @param seed fixes what is new.
 * @throws Error naming each setting by which the two do not go together, both values and the remedy.
 */
export function startingWeights(
  architecture: Architecture,
  policy: { readonly name: string; readonly architecture: Architecture; readonly weights: StoredTensors },
  seed: number,
): StartingWeights {
  const problems = mismatches(architecture, policy.architecture);
  if (problems.length > 0) {
    throw new Error(
      `the run cannot start from the policy ${policy.name}:\n${problems.map((problem) => `  ${problem}`).join('\n')}\n` +
        'Or leave model_name_or_path empty to start with fresh weights.',
    );
  }
  const notes: string[] = [];
  const [positions, frames] = [textPositions(architecture), frameCount(architecture)];
  const known = textPositions(policy.architecture);
  if (positions < known) {
    notes.push(`${POSITIONS} keeps its first ${positions} of ${known} positions: this run's texts are shorter`);
  }
  if (positions > known) {
    notes.push(`${POSITIONS} has ${positions - known} new positions behind its ${known}: this run's texts are longer`);
  }
  if (frames > frameCount(policy.architecture)) {
    notes.push(
      `${FRAME_EMBEDDING} is new, as ${policy.name} sees 1 frame and this run ${frames}: zeros for the first frame, drawn for the others`,
    );
  }
  const entries = parameterSpecs(architecture).map((spec) => {
    const { name, shape } = spec;
    const tensor = policy.weights[name];
    if (!tensor) {
      // Only the embedding of frames can be new.
      const drawn = initialValues(spec, stream(seed, 'weights', name)).fill(0, 0, architecture.dim);
      return [name, { shape, values: drawn }] as const;
    }
    if (name !== POSITIONS) return [name, tensor] as const;
    const values = initialValues(spec, stream(seed, 'weights', name));
    values.set(tensor.values.subarray(0, values.length));
    return [name, { shape, values }] as const;
  });
  return { weights: Object.fromEntries(entries), notes };
}

/** What of an architecture its config says; the rest follows from the tokenizer, which a run takes over. */
type ConfiguredArchitecture = Omit<Architecture, 'vocabulary' | 'lora'>;

/** How a run's architecture differs from that of the policy where it must not: a sentence a field of the config. */
export function mismatches(own: ConfiguredArchitecture, policy: ConfiguredArchitecture): string[] {
  const fields = [
    'frame_size',
    'patch_size',
    'stem_stages',
    'vision_layers',
    'dim',
    'layers',
    'heads',
    'mlp_ratio',
    'partial_rotary_factor',
  ] as const;
  const problems = fields
    .filter((field) => own[field] !== policy[field])
    .map((field) => `policy.${field} is ${own[field]}, and the policy's ${policy[field]}; set it to ${policy[field]}`);
  const [frames, known] = [own.frames ?? 1, policy.frames ?? 1];
  if (frames !== known && known > 1) {
    problems.push(`policy.frames is ${frames}, and the policy's ${known}; set it to ${known}`);
  }
  return problems;
}

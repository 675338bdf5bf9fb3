/**
 * The policy's weights: their names, shapes and first values. Matrices are stored [in, out], so that a linear layer is
 * one Gemm without transposition.
 */
import type { RandomStream } from '../random';
import type { LoraConfig } from './lora';

/** The shape of a policy: the architecture fields of a run's config, and what follows from the tokenizer and the run. */
export interface Architecture {
  /** Side of the square frame, pixels, and of a patch; the patch divides the frame. */
  readonly frame_size: number;
  /** Frames that the policy sees at once; left out: 1. */
  readonly frames?: number;
  readonly patch_size: number;
  /** Stages of the stem, each of which merges 2 x 2 places of a patch; left out: none. */
  readonly stem_stages?: number;
  /** Blocks that a frame's patches pass by themselves, before there is text; left out: none. */
  readonly vision_layers?: number;
  /** Width of the residual stream; heads divide it. */
  readonly dim: number;
  /** Blocks over frames and text. */
  readonly layers: number;
  readonly heads: number;
  readonly mlp_ratio: number;
  /** Share of a head's width that turns with the text position (rotary.ts); left out: none. */
  readonly partial_rotary_factor?: number;
  readonly vocabulary: number;
  /** Longest prompt and longest completion, tokens; their sum is the number of text positions. */
  readonly max_prompt_length: number;
  readonly max_completion_length: number;
  /** Text positions that there are weights for; left out: as many as the longest prompt and completion take. */
  readonly text_positions?: number;
  /** Whether training leaves the vision tower as it is. */
  readonly freeze_vision_tower?: boolean;
  /** Adapters beside the linear layers, which then are all that is trained; null or left out for none. */
  readonly lora?: LoraConfig | null;
}

/** The embeddings that tell visual tokens which frame of a prompt they are of. */
export const FRAME_EMBEDDING = 'visual.frame.weight';

/** The norm that a frame's tokens leave its vision blocks by. */
export const VISION_NORM = 'visual.final_norm';

/** The embeddings that tell visual tokens, after the vision blocks, which row and which column of the frame they are of. */
export const [ROW_EMBEDDING, COLUMN_EMBEDDING] = ['visual.row.weight', 'visual.column.weight'];

/** Values a patch holds: patch_size^2 pixels of three channels. */
export function patchLength(architecture: Architecture): number {
  return architecture.patch_size ** 2 * 3;
}

/** A stage of the stem, a linear layer and a GELU that are the same all over the frame. */
export interface StemStage {
  readonly name: string;
  /** Places along a side of a patch after it. */
  readonly side: number;
  /** Values of the 2 x 2 places that it merges, and of the one that it makes of them. */
  readonly from: number;
  readonly to: number;
}

/** The stages of the stem. The last one makes dim / 2 values of a place, each one before it half of that. */
export function stemStages({ stem_stages = 0, patch_size, dim }: Architecture): readonly StemStage[] {
  const widthAfter = (stage: number) => (stage < 0 ? 3 : dim / 2 ** (stem_stages - stage));
  return Array.from({ length: stem_stages }, (_, stage) => ({
    name: `visual.stem.${stage}.merge`,
    side: patch_size / 2 ** (stage + 1),
    from: 4 * widthAfter(stage - 1),
    to: widthAfter(stage),
  }));
}

/** Values of a patch that its embedding takes: those that the stem makes, or the pixels themselves. */
export function embeddedLength(architecture: Architecture): number {
  const last = stemStages(architecture).at(-1);
  return last ? last.side ** 2 * last.to : patchLength(architecture);
}

/** Blocks that see a frame by itself. */
export function visionLayers({ vision_layers = 0 }: Architecture): number {
  return vision_layers;
}

/** What the names of a vision block's weights begin with. */
export function visionBlock(layer: number): string {
  return `visual.layers.${layer}`;
}

/** Whether a weight is of what frames pass by themselves: stem, patch embedding, positions and vision blocks. */
export function isInVisionTower(name: string): boolean {
  return name.startsWith('visual.') && ![FRAME_EMBEDDING, ROW_EMBEDDING, COLUMN_EMBEDDING].includes(name);
}

/** What the names of a language block's weights begin with. */
export function languageBlock(layer: number): string {
  return `language.layers.${layer}`;
}

/** Patches along a side of a frame. */
export function patchesAlong({ frame_size, patch_size }: Architecture): number {
  return frame_size / patch_size;
}

/** Visual tokens of a frame. */
export function patchCount(architecture: Architecture): number {
  return patchesAlong(architecture) ** 2;
}

/** The most frames of a prompt. */
export function frameCount({ frames = 1 }: Architecture): number {
  return frames;
}

/** Visual tokens of a prompt with room for `slots` frames: those of the frames, one after the other. */
export function visualTokenCount(architecture: Architecture, slots: number): number {
  return slots * patchCount(architecture);
}

/** Text positions of prompt and completion that the policy has weights for. */
export function textPositions(architecture: Architecture): number {
  const { max_prompt_length, max_completion_length, text_positions } = architecture;
  return text_positions ?? max_prompt_length + max_completion_length;
}

/** A named weight: its shape, and how its first value is drawn. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Standard deviation of a normal, bound of a uniform distribution around 0, or a constant. */
  readonly init: { readonly normal: number } | { readonly uniform: number } | { readonly constant: number };
}

/**
 * All the weights of a policy, in the order in which they are stored.
 * Initial scales are GPT-2's: 0.02, and for the layers that write to the residual stream 0.02 / sqrt(2 layers), those of
 * vision or of language; the stem's are He's. What tells normed visual tokens their place is half as large as they are:
 * small beside them, it would be lost to the norms that follow.
 */
export function parameterSpecs(architecture: Architecture): ParameterSpec[] {
  const frames = frameCount(architecture);
  const { dim, layers, mlp_ratio, vocabulary } = architecture;
  const normal = { normal: 0.02 };
  const linear = (name: string, from: number, to: number, init: ParameterSpec['init'] = normal): ParameterSpec[] => [
    { name: `${name}.weight`, shape: [from, to], init },
    { name: `${name}.bias`, shape: [to], init: { constant: 0 } },
  ];
  const norm = (name: string): ParameterSpec[] => [
    { name: `${name}.weight`, shape: [dim], init: { constant: 1 } },
    { name: `${name}.bias`, shape: [dim], init: { constant: 0 } },
  ];
  const block = (name: string, depth: number): ParameterSpec[] => {
    const residual = { normal: 0.02 / Math.sqrt(2 * depth) };
    return [
      ...norm(`${name}.attention_norm`),
      ...linear(`${name}.attention.qkv`, dim, 3 * dim),
      ...linear(`${name}.attention.out`, dim, dim, residual),
      ...norm(`${name}.mlp_norm`),
      ...linear(`${name}.mlp.up`, dim, mlp_ratio * dim),
      ...linear(`${name}.mlp.down`, mlp_ratio * dim, dim, residual),
    ];
  };
  const seen = visionLayers(architecture) > 0;
  const told = (name: string, count: number): ParameterSpec => ({
    name,
    shape: [count, dim],
    init: seen ? { normal: 0.5 } : normal,
  });
  const blocks = (count: number, nameOf: (layer: number) => string) =>
    Array.from({ length: count }, (_, layer) => block(nameOf(layer), count)).flat();
  return [
    // He's scale keeps the size of what passes: no norm stands between the stages.
    ...stemStages(architecture).flatMap(({ name, from, to }) =>
      linear(name, from, to, { normal: Math.sqrt(2 / from) }),
    ),
    ...linear('visual.patch_embed', embeddedLength(architecture), dim),
    { name: 'visual.position.weight', shape: [patchCount(architecture), dim], init: normal },
    ...blocks(visionLayers(architecture), visionBlock),
    ...(seen ? norm(VISION_NORM) : []),
    // Which frame a visual token is of; a policy of one frame has no need of it.
    ...(frames > 1 ? [told(FRAME_EMBEDDING, frames)] : []),
    ...(seen ? [ROW_EMBEDDING, COLUMN_EMBEDDING].map((name) => told(name, patchesAlong(architecture))) : []),
    { name: 'language.token_embed.weight', shape: [vocabulary, dim], init: normal },
    { name: 'language.position.weight', shape: [textPositions(architecture), dim], init: normal },
    ...blocks(layers, languageBlock),
    ...norm('language.final_norm'),
    { name: 'language.head.weight', shape: [dim, vocabulary], init: normal },
  ];
}

/** Element count of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** First values of a weight, drawn from `random`. */
export function initialValues(spec: ParameterSpec, random: RandomStream): Float32Array {
  const values = new Float32Array(elementCount(spec.shape));
  const { init } = spec;
  if ('constant' in init) return values.fill(init.constant);
  if ('uniform' in init) return values.map(() => random.uniform(-init.uniform, init.uniform));
  return values.map(() => init.normal * random.normal());
}

/**
 * The policy: a small vision-language transformer, as pieces of ONNX graph.
 *
 * A sequence is [visual tokens | prompt | completion], the frames' tokens one frame after the other. Vision blocks see a
 * frame by itself; then, in the language blocks, visual tokens attend to each other, text attends causally, and nothing
 * attends to slots without a frame. What comes before the completion,
 * the prefix, depends on the frames and the prompt alone; so it is computed once a prompt and shared by all completions of
 * the group, in generation as in training. Prompts are padded on the left, so that every completion starts at the same
 * place.
 *
 * Sizes: N prompts of F frame slots, G completions a prompt, H heads of width D, P visual tokens, Tq prompt positions,
 * T = P + Tq prefix positions, C completion positions, S = C - 1 completion positions that are fed back. Activations are
 * kept flat, [positions, dim], so that linear layers are single Gemms.
 */
import type { GraphBuilder, Value } from '../graph/builder';
import {
  type BatchShape,
  completionCount,
  type CompletionInputs,
  type PromptInputs,
  type PromptMasks,
  slotCount,
} from './inputs';
import {
  type Architecture,
  COLUMN_EMBEDDING,
  FRAME_EMBEDDING,
  frameCount,
  languageBlock,
  patchCount,
  patchesAlong,
  ROW_EMBEDDING,
  VISION_NORM,
  visionBlock,
  visionLayers,
  visualTokenCount,
} from './parameters';
import { type Rotation, rotated, rotationAt } from './rotary';
import { stem } from './stem';

/** Added to the attention scores of masked positions; WGSL has no dependable infinity. */
export const MASKED = -1e9;
const NORM_EPSILON = 1e-5;

/** Keys and values of one attention layer: keys transposed, ready for the product with queries. */
export interface LayerCache {
  /** [N*H, D, positions] or, for completions, [N*H*G, D, positions]. */
  readonly key: Value;
  /** [N*H, positions, D] or [N*H*G, positions, D]. */
  readonly value: Value;
}

/** What completions go on from. */
interface Prefix {
  /** [N, dim]: the hidden state from which the first token of each completion is drawn. */
  readonly last: Value;
  readonly caches: readonly LayerCache[];
  /** [N, 1, 1, T]: 0 where a prefix position may be attended to, MASKED where not. */
  readonly bias: Value;
}

/** The sizes of a block's batch, and how its queries and keys turn. */
interface BlockShape {
  readonly batch: number;
  readonly length: number;
  readonly needed?: number;
  readonly rotation?: Rotation | null;
}

export class Transformer {
  private readonly g: GraphBuilder;
  private readonly a: Architecture;
  private readonly shape: BatchShape;
  private readonly headWidth: number;
  /** F: frames that a prompt has room for. */
  private readonly slots: number;
  /** P: visual tokens. */
  private readonly visualLength: number;
  /** T: positions of the prefix. */
  private readonly prefixLength: number;
  /** S: completion positions that are fed back; the last token of a completion never is. */
  private readonly fedLength: number;

  constructor(g: GraphBuilder, architecture: Architecture, shape: BatchShape) {
    this.g = g;
    this.a = architecture;
    this.shape = shape;
    this.headWidth = architecture.dim / architecture.heads;
    this.slots = slotCount(architecture, shape);
    this.visualLength = visualTokenCount(architecture, this.slots);
    this.prefixLength = this.visualLength + architecture.max_prompt_length;
    this.fedLength = architecture.max_completion_length - 1;
  }

  /**
   * Runs the frames and prompts through the transformer.
   * @returns the last prompt position's hidden state, [N, dim], and each layer's keys and values.
   */
  prefix(inputs: PromptInputs): { last: Value; caches: LayerCache[] } {
    const visual = this.g.scoped('prefix', () => this.visualStates(inputs.patches));
    // Of the last layer, completions read keys and values alone, and the first token the last position.
    const { states, caches } = this.throughPrefix(visual, inputs, this.a.layers, 1);
    return { last: states, caches };
  }

  /**
   * What the first language blocks make of a prompt's positions.
   * @param visual states of the frames' tokens, as `visualStates` gives them. @param blocks how many, 2 or more.
   * @returns states float32 [N*Tq, dim] after them, and looks float32 [N, H, Tq, P]: how the first block's heads attend to
   * visual tokens.
   */
  promptStates(visual: Value, inputs: PromptInputs, blocks: number): { states: Value; looks: Value } {
    const { a, prefixLength, visualLength } = this;
    const text = a.max_prompt_length;
    const { states, attention } = this.throughPrefix(visual, inputs, blocks, text);
    const ofText = this.last(attention[0], text, prefixLength, 1);
    const looks = this.slice(ofText, 0, visualLength, 2);
    return { states, looks: this.reshape(looks, [this.shape.prompts, a.heads, text, visualLength]) };
  }

  /**
   * The prefix through so many language blocks: states of the last `wanted` positions, each block's keys and values, and
   * its attention [N*H, positions, T], the last block's of the `wanted` positions alone.
   */
  private throughPrefix(
    visual: Value,
    inputs: PromptInputs,
    blocks: number,
    wanted: number,
  ): { states: Value; caches: LayerCache[]; attention: Value[] } {
    const { g, prefixLength } = this;
    const { prompts } = this.shape;
    const bias = g.scoped('prefix', () => this.prefixBias(inputs));
    const caches: LayerCache[] = [];
    const attention: Value[] = [];
    let x = g.scoped('prefix', () => this.embedPrefix(visual, inputs));
    const rotation = g.scoped('prefix', () => this.prefixRotation(inputs));
    for (let layer = 0; layer < blocks; layer++) {
      const needed = layer === blocks - 1 ? wanted : prefixLength;
      x = g.scoped(`prefix/layer${layer}`, () =>
        this.block(
          x,
          languageBlock(layer),
          { batch: prompts, length: prefixLength, needed, rotation },
          ({ query, key, value }) => {
            const cache = { key: g.node('Transpose', [key], { perm: [0, 2, 1] }), value };
            caches.push(cache);
            const scores = g.node('MatMul', [query, cache.key]);
            const weights = this.softmaxWithBias(
              scores,
              this.last(bias, needed, prefixLength, 2),
              needed,
              prefixLength,
            );
            attention.push(weights);
            return g.node('MatMul', [weights, value]);
          },
        ),
      );
    }
    return { states: x, caches, attention };
  }

  /**
   * Frames as visual tokens: embedded patches through the vision blocks and their norm, each frame by itself.
   * @param patches float32 [N*P, patchLength].
   * @returns float32 [N*P, dim], before they are told their place and which frame of the prompt they are of.
   */
  visualStates(patches: Value): Value {
    const { g, a } = this;
    const frames = this.shape.prompts * this.slots;
    const length = patchCount(a);
    const embedded = this.reshape(this.embedPatches(patches), [frames, length, a.dim]);
    let x = this.reshape(g.node('Add', [embedded, 'visual.position.weight']), [frames * length, a.dim]);
    for (let layer = 0; layer < visionLayers(a); layer++) {
      x = g.scoped(`vision${layer}`, () =>
        this.block(x, visionBlock(layer), { batch: frames, length }, ({ query, key, value }) => {
          const scores = g.node('MatMul', [query, g.node('Transpose', [key], { perm: [0, 2, 1] })]);
          return g.node('MatMul', [g.node('Softmax', [scores], { axis: -1 }), value]);
        }),
      );
    }
    return visionLayers(a) > 0 ? this.norm(x, VISION_NORM) : x;
  }

  /**
   * Logits of every completion token, given the whole completions (teacher forcing).
   * @returns float32 [N*G*C, vocabulary], packed [R*C, vocabulary]: row r*C + t holds the logits from which token t of
   * completion r is drawn.
   */
  sequenceLogits(inputs: PromptInputs, completions: CompletionInputs): Value {
    const { g, a, shape } = this;
    const prefix = { ...this.prefix(inputs), bias: g.scoped('completion', () => this.paddingBias(inputs)) };
    if (completions.textViews === null) return this.completionLogits(prefix, completions);
    const perText = new Transformer(g, a, { prompts: completionCount(shape), generations: 1, slots: shape.slots });
    return perText.completionLogits(this.perText(prefix, completions.textViews), completions);
  }

  /** The prefix of each text's view, in a packed batch: a product with ones and zeros, which has a gradient as it is. */
  private perText({ last, caches, bias }: Prefix, textViews: Value): Prefix {
    const { g, a, prefixLength, headWidth } = this;
    const texts = completionCount(this.shape);
    const { prompts } = this.shape;
    const spread = (x: Value, size: number, shape: readonly number[]) =>
      this.reshape(g.node('MatMul', [textViews, this.reshape(x, [prompts, size])]), shape);
    const cacheSize = a.dim * prefixLength;
    return g.scoped('views', () => ({
      last: spread(last, a.dim, [texts, a.dim]),
      bias: spread(bias, prefixLength, [texts, 1, 1, prefixLength]),
      caches: caches.map(({ key, value }) => ({
        key: spread(key, cacheSize, [texts * a.heads, headWidth, prefixLength]),
        value: spread(value, cacheSize, [texts * a.heads, prefixLength, headWidth]),
      })),
    }));
  }

  /** Logits of completions that follow each other by prompt. */
  private completionLogits(prefix: Prefix, { tokens, promptLengths }: CompletionInputs): Value {
    const { g, a, fedLength } = this;
    const { prompts, generations } = this.shape;
    const length = generations * fedLength;
    const { hidden, rotation } = g.scoped('completion', () => {
      // Cut after embedding: WebGPU slices floats only.
      const embedded = g.node('Gather', ['language.token_embed.weight', tokens], { axis: 0 });
      const fed = this.reshape(this.slice(embedded, 0, fedLength, 1), [prompts * length, a.dim]);
      const offsets = g.constant('int32', [1, length], this.repeated(range(fedLength)));
      const positions = this.reshape(g.node('Add', [promptLengths, offsets]), [prompts * length]);
      return { hidden: this.place(fed, positions), rotation: this.rotation(positions, length) };
    });
    const bias = g.scoped('completion', () => {
      const causal = range(length).flatMap((row) =>
        range(fedLength).map((column) => (column <= row % fedLength ? 0 : MASKED)),
      );
      const own = g.constant('float32', [1, 1, length, fedLength], causal);
      return this.completionBias(prefix.bias, own, length, fedLength);
    });
    let x = hidden;
    for (let layer = 0; layer < a.layers; layer++) {
      x = g.scoped(`completion/layer${layer}`, () =>
        this.block(x, languageBlock(layer), { batch: prompts, length, rotation }, ({ query, key, value }) => {
          const perCompletion = [prompts * a.heads * generations, fedLength, this.headWidth];
          const own = {
            key: g.node('Transpose', [this.reshape(key, perCompletion)], { perm: [0, 2, 1] }),
            value: this.reshape(value, perCompletion),
            length: fedLength,
          };
          return this.attendCompletion(query, prefix.caches[layer], [own], bias, fedLength);
        }),
      );
    }
    const first = g.node('Expand', [
      this.reshape(prefix.last, [prompts, 1, 1, a.dim]),
      g.int64s([prompts, generations, 1, a.dim]),
    ]);
    const rest = this.reshape(x, [prompts, generations, fedLength, a.dim]);
    const all = g.node('Concat', [first, rest], { axis: 2 });
    return this.head(this.reshape(all, [prompts * generations * a.max_completion_length, a.dim]));
  }

  /**
   * One step of generation: feeds token number `step` of each completion.
   * @param token int32 [N*G]. @param step int32 [1], from 0. @param promptLengths int32 [N, 1].
   * @param masks of the prompts.
   * @param completionCaches hold the steps before this one; whatever in their other places.
   * @returns logits [N*G, vocabulary] of the next token, and this step's keys and values, [N*H*G, D] each.
   */
  decode(
    token: Value,
    step: Value,
    promptLengths: Value,
    masks: PromptMasks,
    prefixCaches: readonly LayerCache[],
    completionCaches: readonly LayerCache[],
  ): { logits: Value; now: LayerCache[] } {
    const { g, a, fedLength, headWidth } = this;
    const { prompts, generations } = this.shape;
    // Place p is filled when step p is over, so from step p + 1 on; behind the places stands this step itself.
    const filledFrom = g.constant('int32', [fedLength + 1], [...range(fedLength).map((place) => place + 1), 0]);
    const unfilled = g.node('Cast', [g.node('Greater', [filledFrom, step])], { to: 1 });
    const own = this.reshape(g.node('Mul', [unfilled, g.float(MASKED)]), [1, 1, 1, fedLength + 1]);
    const bias = this.completionBias(this.paddingBias(masks), own, 1, fedLength + 1);
    const position = g.node('Expand', [g.node('Add', [promptLengths, step]), g.int64s([prompts, generations])]);
    const positions = this.reshape(position, [prompts * generations]);
    let x = this.embedText(token, positions);
    const rotation = this.rotation(positions, generations);
    const rows = prompts * a.heads * generations;
    const now: LayerCache[] = [];
    for (let layer = 0; layer < a.layers; layer++) {
      x = g.scoped(`layer${layer}`, () =>
        this.block(
          x,
          languageBlock(layer),
          { batch: prompts, length: generations, rotation },
          ({ query, key, value }) => {
            now.push({ key: this.reshape(key, [rows, headWidth]), value: this.reshape(value, [rows, headWidth]) });
            const before = { ...completionCaches[layer], length: fedLength };
            const own = {
              key: this.reshape(key, [rows, headWidth, 1]),
              value: this.reshape(value, [rows, 1, headWidth]),
              length: 1,
            };
            return this.attendCompletion(query, prefixCaches[layer], [before, own], bias, 1);
          },
        ),
      );
    }
    return { logits: this.head(x), now };
  }

  /** Final norm and the projection onto the vocabulary: [rows, dim] to [rows, vocabulary]. */
  head(x: Value): Value {
    return this.g.node('MatMul', [this.norm(x, 'language.final_norm'), 'language.head.weight']);
  }

  /** Logits of each completion's first token, [N*G, vocabulary], from the prefix's last hidden state. */
  firstLogits(last: Value): Value {
    const { prompts, generations } = this.shape;
    const { vocabulary } = this.a;
    const logits = this.reshape(this.head(last), [prompts, 1, vocabulary]);
    const expanded = this.g.node('Expand', [logits, this.g.int64s([prompts, generations, vocabulary])]);
    return this.reshape(expanded, [prompts * generations, vocabulary]);
  }

  /**
   * A pre-norm block on [batch*length, dim]; its result holds the last `needed` positions of each sequence alone.
   * @param name of its weights.
   * @param rotation of queries and keys, [batch, 1, length, D].
   * @param attend maps queries [batch*H, needed, D] with keys and values [batch*H, length, D] to the attended, in the
   * shape of the queries.
   */
  private block(
    x: Value,
    name: string,
    { batch, length, needed = length, rotation = null }: BlockShape,
    attend: (heads: { query: Value; key: Value; value: Value }) => Value,
  ): Value {
    const { g, a, headWidth } = this;
    const qkv = this.linear(this.norm(x, `${name}.attention_norm`), `${name}.attention.qkv`);
    const split = g.node('Transpose', [this.reshape(qkv, [batch, length, 3, a.heads, headWidth])], {
      perm: [2, 0, 3, 1, 4],
    });
    const heads = [batch * a.heads, length, headWidth];
    const parts = g.multi('Split', [split], { axis: 0, num_outputs: 3 }, 3);
    const turned = parts.map((part, index) => (index < 2 ? rotated(g, a, part, rotation) : part));
    const [q, k, v] = turned.map((part) => this.reshape(part, heads));
    // Scaling the queries is cheaper than scaling the scores.
    const query = g.node('Mul', [this.last(q, needed, length, 1), g.float(1 / Math.sqrt(headWidth))]);
    const attended = this.reshape(attend({ query, key: k, value: v }), [batch, a.heads, needed, headWidth]);
    const merged = this.reshape(g.node('Transpose', [attended], { perm: [0, 2, 1, 3] }), [batch * needed, a.dim]);
    const residual = this.last(this.reshape(x, [batch, length, a.dim]), needed, length, 1);
    const before = this.reshape(residual, [batch * needed, a.dim]);
    const afterAttention = g.node('Add', [before, this.linear(merged, `${name}.attention.out`)]);
    const up = this.linear(this.norm(afterAttention, `${name}.mlp_norm`), `${name}.mlp.up`);
    return g.node('Add', [afterAttention, this.linear(g.node('Gelu', [up]), `${name}.mlp.down`)]);
  }

  /**
   * Attention of completion positions over the group's shared prefix and their own completion.
   * @param query [N*H, G*length, D], `length` query positions a completion.
   * @param own the completions' keys and values, in parts of so many positions.
   * @param bias [N, 1, 1 or G*length, T + all the parts]
   */
  private attendCompletion(
    query: Value,
    prefix: LayerCache,
    own: readonly (LayerCache & { readonly length: number })[],
    bias: Value,
    length: number,
  ): Value {
    const { g, a, prefixLength, headWidth } = this;
    const { prompts, generations } = this.shape;
    const groups = prompts * a.heads;
    const toPrefix = g.node('MatMul', [query, prefix.key]);
    const perCompletion = this.reshape(query, [groups * generations, length, headWidth]);
    const toOwn = own.map(({ key, length: columns }) =>
      this.reshape(g.node('MatMul', [perCompletion, key]), [groups, generations * length, columns]),
    );
    const columns = [prefixLength, ...own.map((part) => part.length)];
    const scores = g.node('Concat', [toPrefix, ...toOwn], { axis: 2 });
    const weights = this.softmaxWithBias(
      scores,
      bias,
      generations * length,
      columns.reduce((sum, count) => sum + count, 0),
    );
    const [overPrefix, ...overOwn] = g.multi('Split', [weights, g.int64s(columns)], { axis: 2 }, columns.length);
    const fromOwn = own.map(({ value, length: count }, part) => {
      const over = this.reshape(overOwn[part], [groups * generations, length, count]);
      return this.reshape(g.node('MatMul', [over, value]), [groups, generations * length, headWidth]);
    });
    const fromPrefix = g.node('MatMul', [overPrefix, prefix.value]);
    return fromOwn.reduce((sum, part) => g.node('Add', [sum, part]), fromPrefix);
  }

  /** Softmax over the last axis of scores [N*H, rows, columns] after adding a bias that all heads share. */
  private softmaxWithBias(scores: Value, bias: Value, rows: number, columns: number): Value {
    const { prompts } = this.shape;
    const byHead = this.reshape(scores, [prompts, this.a.heads, rows, columns]);
    const weights = this.g.node('Softmax', [this.g.node('Add', [byHead, bias])], { axis: -1 });
    return this.reshape(weights, [prompts * this.a.heads, rows, columns]);
  }

  /** [N, 1, T, T]: visual tokens see each other, text sees what came before it, nobody sees padding or absent frames. */
  private prefixBias(masks: PromptMasks): Value {
    const { g, prefixLength, visualLength: visual } = this;
    const structure = range(prefixLength).flatMap((row) =>
      range(prefixLength).map((column) => (column <= row || (row < visual && column < visual) ? 0 : MASKED)),
    );
    const causal = g.constant('float32', [1, 1, prefixLength, prefixLength], structure);
    return g.node('Add', [causal, this.paddingBias(masks)]);
  }

  /** [N, 1, rows, T + columns]: padding of the prefix, then `own` [1, 1, rows, columns] over the completion. */
  private completionBias(padding: Value, own: Value, rows: number, columns: number): Value {
    const { g, prefixLength } = this;
    const { prompts } = this.shape;
    const overPrefix = g.node('Expand', [padding, g.int64s([prompts, 1, rows, prefixLength])]);
    const overOwn = g.node('Expand', [own, g.int64s([prompts, 1, rows, columns])]);
    return g.node('Concat', [overPrefix, overOwn], { axis: 3 });
  }

  /** [N, 1, 1, T]: 0 where a prefix position may be attended to, MASKED where it is padding or of no frame. */
  private paddingBias({ mask, frameMask }: PromptMasks): Value {
    const { g, visualLength } = this;
    const { prompts } = this.shape;
    const biasOf = (present: Value) => g.node('Mul', [g.node('Sub', [g.float(1), present]), g.float(MASKED)]);
    const text = biasOf(mask);
    const visual =
      frameMask === null
        ? g.constant('float32', [prompts, visualLength], Array(prompts * visualLength).fill(0))
        : this.perVisualToken(biasOf(frameMask));
    const all = g.node('Concat', [visual, text], { axis: 1 });
    return this.reshape(all, [prompts, 1, 1, this.prefixLength]);
  }

  /** The value of each visual token's frame: [N, F] to [N, P]. */
  private perVisualToken(ofFrames: Value): Value {
    const { g, slots, visualLength } = this;
    const { prompts } = this.shape;
    const apart = this.reshape(ofFrames, [prompts, slots, 1]);
    const repeated = g.node('Expand', [apart, g.int64s([prompts, slots, patchCount(this.a)])]);
    return this.reshape(repeated, [prompts, visualLength]);
  }

  private embedPrefix(visualStates: Value, inputs: PromptInputs): Value {
    const { g, a } = this;
    const { prompts } = this.shape;
    const visual = this.tellFrames(this.tellPlaces(visualStates));
    const text = this.embedText(
      this.reshape(inputs.tokens, [prompts * a.max_prompt_length]),
      this.reshape(inputs.positions, [prompts * a.max_prompt_length]),
    );
    const all = g.node('Concat', [visual, this.reshape(text, [prompts, a.max_prompt_length, a.dim])], { axis: 1 });
    return this.reshape(all, [prompts * this.prefixLength, a.dim]);
  }

  /** Patches through the stem to visual tokens: [N*P, patchLength] to [N*P, dim]. */
  private embedPatches(patches: Value): Value {
    const embedded = stem(this.g, this.a, patches, (x, name) => this.linear(x, name));
    return this.linear(embedded, 'visual.patch_embed');
  }

  /** Adds, to what comes out of vision blocks, the embeddings of its row and column to each visual token. */
  private tellPlaces(visual: Value): Value {
    const { g, a } = this;
    if (visionLayers(a) === 0) return visual;
    const side = patchesAlong(a);
    const byPlace = this.reshape(visual, [-1, side, side, a.dim]);
    const rows = this.reshape(ROW_EMBEDDING, [side, 1, a.dim]);
    const told = g.node('Add', [g.node('Add', [byPlace, rows]), COLUMN_EMBEDDING]);
    return this.reshape(told, [-1, a.dim]);
  }

  /** Adds, where there are several, the embedding of its frame to each visual token: [N*P, dim] to [N, P, dim]. */
  private tellFrames(visual: Value): Value {
    const { g, a, slots } = this;
    const { prompts } = this.shape;
    const frames = frameCount(a);
    if (frames === 1) return this.reshape(visual, [prompts, patchCount(a), a.dim]);
    const byFrame = this.reshape(visual, [prompts, slots, patchCount(a), a.dim]);
    const inSlots = slots < frames ? this.slice(FRAME_EMBEDDING, 0, slots, 0) : FRAME_EMBEDDING;
    const ordered = g.node('Add', [byFrame, this.reshape(inSlots, [slots, 1, a.dim])]);
    return this.reshape(ordered, [prompts, this.visualLength, a.dim]);
  }

  /** Of what is at flat int32 text positions, `length` of them a prompt: [N, 1, length, D]. */
  private rotation(positions: Value, length: number): Rotation | null {
    const rotation = rotationAt(this.g, this.a, positions);
    const shaped = (x: Value) => this.reshape(x, [this.shape.prompts, 1, length, this.headWidth]);
    return rotation && { cos: shaped(rotation.cos), sin: shaped(rotation.sin) };
  }

  /** Of the prefix: visual tokens do not turn. */
  private prefixRotation(inputs: PromptInputs): Rotation | null {
    const { g, a, visualLength, headWidth } = this;
    const { prompts } = this.shape;
    const text = this.rotation(this.reshape(inputs.positions, [prompts * a.max_prompt_length]), a.max_prompt_length);
    if (text === null) return null;
    const shape = [prompts, 1, visualLength, headWidth];
    const withVisual = (x: Value, value: number) =>
      g.node('Concat', [g.node('Expand', [g.float(value), g.int64s(shape)]), x], { axis: 2 });
    return { cos: withVisual(text.cos, 1), sin: withVisual(text.sin, 0) };
  }

  /** Embeds flat int32 tokens at flat int32 text positions: [count] to [count, dim]. */
  private embedText(tokens: Value, positions: Value): Value {
    return this.place(this.g.node('Gather', ['language.token_embed.weight', tokens], { axis: 0 }), positions);
  }

  /** Adds the embedding of flat text positions to embedded tokens [count, dim]. */
  private place(embedded: Value, positions: Value): Value {
    return this.g.node('Add', [embedded, this.g.node('Gather', ['language.position.weight', positions], { axis: 0 })]);
  }

  private linear(x: Value, name: string): Value {
    return this.g.node('Gemm', [x, `${name}.weight`, `${name}.bias`]);
  }

  private norm(x: Value, name: string): Value {
    const attributes = { axis: -1, epsilon: { float: NORM_EPSILON } };
    return this.g.node('LayerNormalization', [x, `${name}.weight`, `${name}.bias`], attributes);
  }

  private reshape(x: Value, shape: readonly number[]): Value {
    return this.g.node('Reshape', [x, this.g.int64s(shape)]);
  }

  private slice(x: Value, start: number, end: number, axis: number): Value {
    const { g } = this;
    return g.node('Slice', [x, g.int64s([start]), g.int64s([end]), g.int64s([axis])]);
  }

  /** The last `count` of `length` entries of `x` along `axis`. */
  private last(x: Value, count: number, length: number, axis: number): Value {
    return count === length ? x : this.slice(x, length - count, length, axis);
  }

  /** `values` once for each completion of a group. */
  private repeated(values: readonly number[]): number[] {
    return range(this.shape.generations).flatMap(() => [...values]);
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/**
 * The policy: a small vision-language transformer, as pieces of ONNX graph; its frames come through vision-tower.ts.
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
import { causalBias, completionBias, MASKED, paddingBias, prefixBias, type PrefixSizes } from './attention-bias';
import { block } from './block';
import {
  type BatchShape,
  completionCount,
  type CompletionInputs,
  type PromptInputs,
  type PromptMasks,
  slotCount,
} from './inputs';
import { lastOf, norm, range, reshape, slice } from './layers';
import { type Architecture, languageBlock, visualTokenCount } from './parameters';
import { type Rotation, rotationAt } from './rotary';
import { visualStates, visualTokens } from './vision-tower';

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

export class Transformer {
  private readonly g: GraphBuilder;
  private readonly a: Architecture;
  private readonly shape: BatchShape;
  private readonly headWidth: number;
  private readonly sizes: PrefixSizes;
  /** S: completion positions that are fed back; the last token of a completion never is. */
  private readonly fedLength: number;

  constructor(g: GraphBuilder, architecture: Architecture, shape: BatchShape) {
    this.g = g;
    this.a = architecture;
    this.shape = shape;
    this.headWidth = architecture.dim / architecture.heads;
    const slots = slotCount(architecture, shape);
    const visualLength = visualTokenCount(architecture, slots);
    const prefixLength = visualLength + architecture.max_prompt_length;
    this.sizes = { prompts: shape.prompts, slots, visualLength, prefixLength };
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

  /** Frames as visual tokens, [N*P, patchLength] to [N*P, dim], before they are told their place and frame. */
  visualStates(patches: Value): Value {
    return visualStates(this.g, this.a, this.sizes.prompts * this.sizes.slots, patches);
  }

  /**
   * What the first language blocks make of a prompt's positions.
   * @param visual states of the frames' tokens, as `visualStates` gives them. @param blocks how many, 2 or more.
   * @returns states float32 [N*Tq, dim] after them, and looks float32 [N, H, Tq, P]: how the first block's heads attend to
   * visual tokens.
   */
  promptStates(visual: Value, inputs: PromptInputs, blocks: number): { states: Value; looks: Value } {
    const { g, a } = this;
    const { prompts, visualLength, prefixLength } = this.sizes;
    const text = a.max_prompt_length;
    const { states, attention } = this.throughPrefix(visual, inputs, blocks, text);
    const ofText = lastOf(g, attention[0], text, prefixLength, 1);
    const looks = slice(g, ofText, 0, visualLength, 2);
    return { states, looks: reshape(g, looks, [prompts, a.heads, text, visualLength]) };
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
    const { g, a, sizes } = this;
    const { prompts, prefixLength } = sizes;
    const bias = g.scoped('prefix', () => prefixBias(g, a, sizes, inputs));
    const caches: LayerCache[] = [];
    const attention: Value[] = [];
    let x = g.scoped('prefix', () => this.embedPrefix(visual, inputs));
    const rotation = g.scoped('prefix', () => this.prefixRotation(inputs));
    for (let layer = 0; layer < blocks; layer++) {
      const needed = layer === blocks - 1 ? wanted : prefixLength;
      x = g.scoped(`prefix/layer${layer}`, () =>
        block(
          g,
          a,
          x,
          languageBlock(layer),
          { batch: prompts, length: prefixLength, needed, rotation },
          ({ query, key, value }) => {
            const cache = { key: g.node('Transpose', [key], { perm: [0, 2, 1] }), value };
            caches.push(cache);
            const scores = g.node('MatMul', [query, cache.key]);
            const weights = this.softmaxWithBias(
              scores,
              lastOf(g, bias, needed, prefixLength, 2),
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
   * Logits of every completion token, given the whole completions (teacher forcing).
   * @returns float32 [N*G*C, vocabulary], packed [R*C, vocabulary]: row r*C + t holds the logits from which token t of
   * completion r is drawn.
   */
  sequenceLogits(inputs: PromptInputs, completions: CompletionInputs): Value {
    const { g, a, shape, sizes } = this;
    const prefix = { ...this.prefix(inputs), bias: g.scoped('completion', () => paddingBias(g, a, sizes, inputs)) };
    if (completions.textViews === null) return this.completionLogits(prefix, completions);
    const perText = new Transformer(g, a, { prompts: completionCount(shape), generations: 1, slots: shape.slots });
    return perText.completionLogits(this.perText(prefix, completions.textViews), completions);
  }

  /** The prefix of each text's view, in a packed batch: a product with ones and zeros, which has a gradient as it is. */
  private perText({ last, caches, bias }: Prefix, textViews: Value): Prefix {
    const { g, a, headWidth } = this;
    const { prompts, prefixLength } = this.sizes;
    const texts = completionCount(this.shape);
    const spread = (x: Value, size: number, shape: readonly number[]) =>
      reshape(g, g.node('MatMul', [textViews, reshape(g, x, [prompts, size])]), shape);
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
      const fed = reshape(g, slice(g, embedded, 0, fedLength, 1), [prompts * length, a.dim]);
      const offsets = g.constant('int32', [1, length], this.repeated(range(fedLength)));
      const positions = reshape(g, g.node('Add', [promptLengths, offsets]), [prompts * length]);
      return { hidden: this.place(fed, positions), rotation: this.rotation(positions, length) };
    });
    const bias = g.scoped('completion', () =>
      completionBias(g, this.sizes, prefix.bias, causalBias(g, generations, fedLength), [length, fedLength]),
    );
    let x = hidden;
    for (let layer = 0; layer < a.layers; layer++) {
      x = g.scoped(`completion/layer${layer}`, () =>
        block(g, a, x, languageBlock(layer), { batch: prompts, length, rotation }, ({ query, key, value }) => {
          const perCompletion = [prompts * a.heads * generations, fedLength, this.headWidth];
          const own = {
            key: g.node('Transpose', [reshape(g, key, perCompletion)], { perm: [0, 2, 1] }),
            value: reshape(g, value, perCompletion),
            length: fedLength,
          };
          return this.attendCompletion(query, prefix.caches[layer], [own], bias, fedLength);
        }),
      );
    }
    const first = g.node('Expand', [
      reshape(g, prefix.last, [prompts, 1, 1, a.dim]),
      g.int64s([prompts, generations, 1, a.dim]),
    ]);
    const rest = reshape(g, x, [prompts, generations, fedLength, a.dim]);
    const all = g.node('Concat', [first, rest], { axis: 2 });
    return this.head(reshape(g, all, [prompts * generations * a.max_completion_length, a.dim]));
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
    const { g, a, sizes, fedLength, headWidth } = this;
    const { prompts, generations } = this.shape;
    // Place p is filled when step p is over, so from step p + 1 on; behind the places stands this step itself.
    const filledFrom = g.constant('int32', [fedLength + 1], [...range(fedLength).map((place) => place + 1), 0]);
    const unfilled = g.node('Cast', [g.node('Greater', [filledFrom, step])], { to: 1 });
    const own = reshape(g, g.node('Mul', [unfilled, g.float(MASKED)]), [1, 1, 1, fedLength + 1]);
    const bias = completionBias(g, sizes, paddingBias(g, a, sizes, masks), own, [1, fedLength + 1]);
    const position = g.node('Expand', [g.node('Add', [promptLengths, step]), g.int64s([prompts, generations])]);
    const positions = reshape(g, position, [prompts * generations]);
    let x = this.embedText(token, positions);
    const rotation = this.rotation(positions, generations);
    const rows = prompts * a.heads * generations;
    const now: LayerCache[] = [];
    for (let layer = 0; layer < a.layers; layer++) {
      x = g.scoped(`layer${layer}`, () =>
        block(
          g,
          a,
          x,
          languageBlock(layer),
          { batch: prompts, length: generations, rotation },
          ({ query, key, value }) => {
            now.push({ key: reshape(g, key, [rows, headWidth]), value: reshape(g, value, [rows, headWidth]) });
            const before = { ...completionCaches[layer], length: fedLength };
            const own = {
              key: reshape(g, key, [rows, headWidth, 1]),
              value: reshape(g, value, [rows, 1, headWidth]),
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
    const { g } = this;
    return g.node('MatMul', [norm(g, x, 'language.final_norm'), 'language.head.weight']);
  }

  /** Logits of each completion's first token, [N*G, vocabulary], from the prefix's last hidden state. */
  firstLogits(last: Value): Value {
    const { g } = this;
    const { prompts, generations } = this.shape;
    const { vocabulary } = this.a;
    const logits = reshape(g, this.head(last), [prompts, 1, vocabulary]);
    const expanded = g.node('Expand', [logits, g.int64s([prompts, generations, vocabulary])]);
    return reshape(g, expanded, [prompts * generations, vocabulary]);
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
    const { g, a, headWidth } = this;
    const { prompts, generations } = this.shape;
    const groups = prompts * a.heads;
    const toPrefix = g.node('MatMul', [query, prefix.key]);
    const perCompletion = reshape(g, query, [groups * generations, length, headWidth]);
    const toOwn = own.map(({ key, length: columns }) =>
      reshape(g, g.node('MatMul', [perCompletion, key]), [groups, generations * length, columns]),
    );
    const columns = [this.sizes.prefixLength, ...own.map((part) => part.length)];
    const scores = g.node('Concat', [toPrefix, ...toOwn], { axis: 2 });
    const weights = this.softmaxWithBias(
      scores,
      bias,
      generations * length,
      columns.reduce((sum, count) => sum + count, 0),
    );
    const [overPrefix, ...overOwn] = g.multi('Split', [weights, g.int64s(columns)], { axis: 2 }, columns.length);
    const fromOwn = own.map(({ value, length: count }, part) => {
      const over = reshape(g, overOwn[part], [groups * generations, length, count]);
      return reshape(g, g.node('MatMul', [over, value]), [groups, generations * length, headWidth]);
    });
    const fromPrefix = g.node('MatMul', [overPrefix, prefix.value]);
    return fromOwn.reduce((sum, part) => g.node('Add', [sum, part]), fromPrefix);
  }

  /** Softmax over the last axis of scores [N*H, rows, columns] after adding a bias that all heads share. */
  private softmaxWithBias(scores: Value, bias: Value, rows: number, columns: number): Value {
    const { g, a } = this;
    const { prompts } = this.shape;
    const byHead = reshape(g, scores, [prompts, a.heads, rows, columns]);
    const weights = g.node('Softmax', [g.node('Add', [byHead, bias])], { axis: -1 });
    return reshape(g, weights, [prompts * a.heads, rows, columns]);
  }

  private embedPrefix(states: Value, inputs: PromptInputs): Value {
    const { g, a } = this;
    const { prompts, slots, prefixLength } = this.sizes;
    const visual = visualTokens(g, a, prompts, slots, states);
    const text = this.embedText(
      reshape(g, inputs.tokens, [prompts * a.max_prompt_length]),
      reshape(g, inputs.positions, [prompts * a.max_prompt_length]),
    );
    const all = g.node('Concat', [visual, reshape(g, text, [prompts, a.max_prompt_length, a.dim])], { axis: 1 });
    return reshape(g, all, [prompts * prefixLength, a.dim]);
  }

  /** Of what is at flat int32 text positions, `length` of them a prompt: [N, 1, length, D]. */
  private rotation(positions: Value, length: number): Rotation | null {
    const { g, a } = this;
    const rotation = rotationAt(g, a, positions);
    const shaped = (x: Value) => reshape(g, x, [this.shape.prompts, 1, length, this.headWidth]);
    return rotation && { cos: shaped(rotation.cos), sin: shaped(rotation.sin) };
  }

  /** Of the prefix: visual tokens do not turn. */
  private prefixRotation(inputs: PromptInputs): Rotation | null {
    const { g, a, headWidth } = this;
    const { prompts, visualLength } = this.sizes;
    const text = this.rotation(reshape(g, inputs.positions, [prompts * a.max_prompt_length]), a.max_prompt_length);
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

  /** `values` once for each completion of a group. */
  private repeated(values: readonly number[]): number[] {
    return range(this.shape.generations).flatMap(() => [...values]);
  }
}

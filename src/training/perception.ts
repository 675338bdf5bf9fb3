/**
 * Teaches a policy to see before it learns to speak, from ground truth that questions and chains of thought tell of two
 * or three objects only; vision-language models begin with a vision encoder for the same reason.
 *
 * Patches: each visual token is to tell which category most of its patch shows and how far away that is. A category is
 * told in the policy's own words: the token is to point along the embedding of the category's name, of all names, as CLIP
 * aligns pictures and texts (arXiv 2103.00020).
 *
 * Names: a prompt names categories. The first language block is to attend from each name to the patches that show it, and
 * the states after LOOKING_BLOCKS of them are to tell how many of it there are and, of the only one, where it is, how large
 * and how much hidden: what chains of thought state behind names. Left to itself,
 * attention finds no object that words name: what it would read there has no use until it is found, and it is not
 * looked for until it has a use. (Attention is supervised so in visual question answering, arXiv 1709.06308.)
 *
 * All linear read-outs are no part of the policy.
 */
import type { Backend, DeviceTensor, Session } from '../backends/backend';
import { GraphBuilder, type Value } from '../graph/builder';
import { differentiate } from '../graph/differentiate';
import type { OnnxModel } from '../graph/model';
import { writeOnnx } from '../graph/onnx-file';
import { Transformer } from '../policy/architecture';
import { type BatchShape, declarePrompts, declareWeights } from '../policy/inputs';
import {
  type Architecture,
  initialValues,
  languageBlock,
  type ParameterSpec,
  parameterSpecs,
  patchCount,
  textPositions,
} from '../policy/parameters';
import { allocatePrompts, type PromptBatch } from '../policy/prompts';
import type { Weights } from '../policy/weights';
import { type RandomStream, stream } from '../random';
import { FrameBatch, softwareFrames } from './frames';
import { indicator } from './losses/surrogate';
import { AdamW, type OptimizerConfig } from './optimizer';
import { ALONE, type Peers, PeerSum } from './peers';
import { BEARINGS, COUNTS, DISTANCES, type LabelledView, NAMED, SHARES, SIZES } from './perception-labels';

/** Language blocks after which names tell what they name; those behind them are left to speech. */
const LOOKING_BLOCKS = 2;

/** What is told at a name, and in how many classes. */
const TOLD = {
  count: COUNTS,
  bearing: BEARINGS.classes,
  distance: DISTANCES.classes,
  size: SIZES.classes,
  across: SHARES,
  down: SHARES,
  visible: SHARES,
} as const;
type Told = keyof typeof TOLD;
const told = Object.keys(TOLD) as Told[];

const FIGURES = [
  'category_accuracy',
  'distance_accuracy',
  'named_attention',
  ...told.map((what) => `named_${what}_accuracy` as const),
] as const;

/**
 * What a batch measured: the loss, and the shares that are told right. category_accuracy is of the patches that show
 * objects, distance_accuracy of all, named_*_accuracy of the names of which it is known. named_attention is the share of
 * a name's attention, in the first block, that is on the patches that show it.
 */
export type PerceptionFigures = Readonly<Record<(typeof FIGURES)[number] | 'loss', number>>;

const WORDS = 'language.token_embed.weight';

function readOutSpecs({ dim }: Architecture): ParameterSpec[] {
  const spec = (name: string, classes: number): ParameterSpec => ({
    name: `readout.${name}`,
    shape: [dim, classes],
    init: { normal: 0.02 },
  });
  return [spec('distance', DISTANCES.classes), ...told.map((what) => spec(`named_${what}`, TOLD[what]))];
}

/** The policy's weights that are taught: all that frames pass, its words, and the blocks that look. */
function taughtSpecs(a: Architecture): ParameterSpec[] {
  const looking = Array.from({ length: LOOKING_BLOCKS }, (_, layer) => `${languageBlock(layer)}.`);
  const taught = ['visual.', WORDS, 'language.position.weight', ...looking];
  return parameterSpecs(a).filter(({ name }) => taught.some((prefix) => name.startsWith(prefix)));
}

/** The policy with room for a prompt of names; its weights are the same. */
function naming(a: Architecture): Architecture {
  return { ...a, max_prompt_length: NAMED, text_positions: textPositions(a) };
}

/** float32 [classes, vocabulary]: of each class's name, how often it has each token. */
function tokenCounts(names: readonly (readonly number[])[], vocabulary: number): number[] {
  const counts = Array<number>(names.length * vocabulary).fill(0);
  names.forEach((tokens, index) => tokens.forEach((token) => counts[index * vocabulary + token]++));
  return counts;
}

/**
 * The graph for N views of F frames: inputs the policy's weights, the read-outs, a batch of prompts that name categories,
 * `categories` and `distances` int32 [N*P] of the patches, `named_category` int32 [N*NAMED], and of what is told at names
 * `named_*` int32 [N*NAMED]; each with its weight in the mean `weight_*` float32 [N*NAMED]; outputs loss [], figures in the order of FIGURES, and the gradients.
 * @param names tokens that each class of category is told by.
 */
function perceptionModel(a: Architecture, shape: BatchShape, names: readonly (readonly number[])[]): OnnxModel {
  const { prompts, slots = 1 } = shape;
  const patches = prompts * slots * patchCount(a);
  const g = new GraphBuilder('perception');
  declareWeights(g, a);
  for (const { name, shape } of readOutSpecs(a)) g.input(name, 'float32', shape);
  const inputs = declarePrompts(g, naming(a), shape);
  const transformer = new Transformer(g, naming(a), shape);
  const visual = transformer.visualStates(inputs.patches);
  const { states, looks } = transformer.promptStates(visual, inputs, LOOKING_BLOCKS);

  const all = g.int64s([0, 1]);
  const sum = (x: Value) => g.node('ReduceSum', [x, all], { keepdims: 0 });
  /** Labels told by the rows of logits, each by its weight: the loss and the share that is right. */
  const read = (logits: Value, labels: Value, weights: Value) => {
    const logProbabilities = g.node('LogSoftmax', [logits], { axis: -1 });
    const chosen = g.node('GatherElements', [logProbabilities, labels], { axis: 1 });
    const largest = g.node('ReduceMax', [logProbabilities, g.int64s([-1])], { keepdims: 1 });
    const right = indicator(g, g.node('Equal', [chosen, largest]));
    return { loss: g.node('Neg', [sum(g.node('Mul', [chosen, weights]))]), right };
  };
  const column = (x: Value, rows: number) => g.node('Reshape', [x, g.int64s([rows, 1])]);

  const even = g.constant('float32', [patches, 1], Array(patches).fill(1 / patches));
  const counts = g.constant('float32', [names.length, a.vocabulary], tokenCounts(names, a.vocabulary));
  const words = g.node('Transpose', [g.node('MatMul', [counts, WORDS])], { perm: [1, 0] });
  const categories = column(g.input('categories', 'int32', [patches]), patches);
  const distances = column(g.input('distances', 'int32', [patches]), patches);
  const category = read(g.node('MatMul', [visual, words]), categories, even);
  const distance = read(g.node('MatMul', [visual, 'readout.distance']), distances, even);
  const objects = indicator(g, g.node('Greater', [g.node('Cast', [categories], { to: 1 }), g.float(0)]));
  const shares = [
    g.node('Div', [sum(g.node('Mul', [category.right, objects])), g.node('Max', [sum(objects), g.float(1)])]),
    sum(g.node('Mul', [distance.right, even])),
  ];

  const scale = g.constant('float32', [a.dim], Array(a.dim).fill(1));
  const normal = g.node('LayerNormalization', [states, scale], { axis: -1, epsilon: { float: 1e-5 } });
  const rows = prompts * NAMED;
  const named = g.node('Reshape', [g.input('named_category', 'int32', [rows]), g.int64s([prompts, 1, NAMED, 1])]);
  const shown = g.node('Reshape', [categories, g.int64s([prompts, 1, 1, slots * patchCount(a)])]);
  const there = indicator(g, g.node('Equal', [named, shown]));
  const onIt = g.node('ReduceSum', [g.node('Mul', [looks, there]), g.int64s([-1])], { keepdims: 0 });
  const lookWeights = g.node('Reshape', [g.input('weight_category', 'float32', [rows]), g.int64s([prompts, 1, NAMED])]);
  const meanOverHeads = (x: Value) =>
    g.node('ReduceSum', [g.node('Mul', [x, g.node('Div', [lookWeights, g.float(a.heads)])])], { keepdims: 0 });
  const looking = g.node('Neg', [meanOverHeads(g.node('Log', [g.node('Add', [onIt, g.float(1e-6)])]))]);
  const losses = [category.loss, distance.loss, looking];
  shares.push(meanOverHeads(onIt));
  for (const what of told) {
    const labels = column(g.input(`named_${what}`, 'int32', [rows]), rows);
    const weights = column(g.input(`weight_${what}`, 'float32', [rows]), rows);
    const { loss, right } = read(g.node('MatMul', [normal, `readout.named_${what}`]), labels, weights);
    losses.push(loss);
    shares.push(sum(g.node('Mul', [right, weights])));
  }
  g.output(g.node('Sum', losses, {}, 'loss'), 'float32', []);
  const figures = shares.map((share) => g.node('Reshape', [share, g.int64s([1])]));
  g.output(g.node('Concat', figures, { axis: 0 }, 'figures'), 'float32', [FIGURES.length]);
  return differentiate(g.build(), {
    loss: 'loss',
    wrt: [...taughtSpecs(a), ...readOutSpecs(a)].map(({ name }) => name),
    keepOutputs: ['figures'],
  });
}

/** A compiled batch of views with so many frames each. */
interface Lesson {
  readonly shape: Required<Pick<BatchShape, 'prompts' | 'slots'>>;
  readonly session: Session;
  readonly prompts: PromptBatch;
  readonly labels: Readonly<Record<string, DeviceTensor>>;
  readonly pictures: FrameBatch;
}

export class Perception {
  private readonly backend: Backend;
  private readonly a: Architecture;
  private readonly weights: Weights;
  private readonly names: readonly (readonly number[])[];
  private readonly lessons: readonly Lesson[];
  private readonly optimizer: AdamW;
  private readonly gradients: Weights;
  private readonly loss: DeviceTensor;
  private readonly figures: DeviceTensor;
  private readonly peers: Peers;
  private readonly peerSum: PeerSum | null;

  private constructor(
    backend: Backend,
    a: Architecture,
    weights: Weights,
    names: readonly (readonly number[])[],
    lessons: readonly Lesson[],
    config: OptimizerConfig,
    peers: Peers,
  ) {
    const specs = [...taughtSpecs(a), ...readOutSpecs(a)];
    this.backend = backend;
    this.a = a;
    this.weights = weights;
    this.names = names;
    this.lessons = lessons;
    this.optimizer = new AdamW(backend, a, config, specs);
    this.gradients = Object.fromEntries(
      specs.map(({ name, shape }) => [name, backend.allocate(`gradient of ${name}`, 'float32', shape)]),
    );
    this.loss = backend.allocate('loss', 'float32', []);
    this.figures = backend.allocate('figures', 'float32', [FIGURES.length]);
    this.peers = peers;
    this.peerSum = peers.size > 1 ? new PeerSum(backend, Object.values(this.gradients), peers) : null;
  }

  /**
   * Compiles the graphs. Updates `weights` in place.
   * @param options.frames of a batch, in views of as many as each of `options.slots`.
   * @param options.peers those who update the same weights from batches of their own.
   * @param options.names tokens of each category's name, by class; in prompts the first one stands for the category.
   * @throws RangeError where the policy has too few blocks, or its texts are too short for a prompt of names.
   */
  static async create(
    backend: Backend,
    a: Architecture,
    weights: Weights,
    options: {
      readonly frames: number;
      readonly slots: readonly number[];
      readonly names: readonly (readonly number[])[];
      readonly seed: number;
      readonly peers?: Peers;
    } & OptimizerConfig,
  ): Promise<Perception> {
    const { frames, names, seed } = options;
    if (a.layers < LOOKING_BLOCKS) {
      throw new RangeError(
        `pretraining teaches the first ${LOOKING_BLOCKS} language blocks, and the policy has ${a.layers}; raise policy.layers`,
      );
    }
    if (textPositions(a) < NAMED) {
      throw new RangeError(
        `prompts of pretraining have ${NAMED} tokens, and the policy's texts ${textPositions(a)}; raise policy.max_prompt_length`,
      );
    }
    const lessons: Lesson[] = [];
    for (const slots of options.slots) {
      const shape = { prompts: Math.floor(frames / slots), slots, generations: 1 };
      const patches = shape.prompts * slots * patchCount(a);
      const rows = shape.prompts * NAMED;
      const prompts = allocatePrompts(backend, naming(a), shape);
      backend.write(prompts.prompt_mask, new Float32Array(rows).fill(1));
      lessons.push({
        shape,
        session: await backend.compile(`perception of ${slots}`, writeOnnx(perceptionModel(a, shape, names))),
        prompts,
        labels: {
          categories: backend.allocate('categories', 'int32', [patches]),
          distances: backend.allocate('distances', 'int32', [patches]),
          ...Object.fromEntries(
            (['category', ...told] as const).flatMap((what) => [
              [`named_${what}`, backend.allocate(`named ${what}`, 'int32', [rows])],
              [`weight_${what}`, backend.allocate(`weight of ${what}`, 'float32', [rows])],
            ]),
          ),
        },
        pictures: new FrameBatch(backend, softwareFrames(backend, a.frame_size), a, shape),
      });
    }
    const readOuts = readOutSpecs(a).map((spec) => {
      const values = initialValues(spec, stream(seed, 'read-out', spec.name));
      return [spec.name, backend.allocate(spec.name, 'float32', spec.shape, values)];
    });
    return new Perception(
      backend,
      a,
      { ...weights, ...Object.fromEntries(readOuts) },
      names,
      lessons,
      options,
      options.peers ?? ALONE,
    );
  }

  /**
   * One update, from the mean of all processes' gradients; the figures are means as well.
   * @param batch views of equally many frames, as many frames as a batch has. @param random draws where prompts begin.
   */
  async step(batch: readonly LabelledView[], learningRate: number, random: RandomStream): Promise<PerceptionFigures> {
    let figures = await this.measure(batch, random);
    if (this.peerSum) {
      const [loss, ...shares] = await this.peerSum.update(Object.values(figures), 1 / this.peers.size);
      figures = namedFigures(loss, shares);
    }
    await this.optimizer.step(this.weights, this.gradients, learningRate);
    return figures;
  }

  /** The figures of a batch, without an update. */
  async measure(batch: readonly LabelledView[], random: RandomStream): Promise<PerceptionFigures> {
    const { backend, weights } = this;
    const slots = batch.at(0)?.pictures.length ?? 0;
    const lesson = this.lessons.find(({ shape }) => shape.slots === slots && shape.prompts === batch.length);
    if (!lesson) {
      const shapes = this.lessons.map(({ shape }) => `${shape.prompts} of ${shape.slots}`).join(' or ');
      throw new RangeError(`the graphs are compiled for views of frames ${shapes}, not ${batch.length} of ${slots}`);
    }
    this.writeLabels(lesson, batch);
    this.writePrompts(lesson, batch, random);
    await lesson.pictures.show(
      batch.map(({ pictures }) => pictures),
      lesson.prompts,
    );
    const gradients = Object.fromEntries(
      Object.entries(this.gradients).map(([name, tensor]) => [`grad_${name}`, tensor]),
    );
    const feeds = { ...weights, ...lesson.prompts, ...lesson.labels };
    const taken = Object.entries(feeds).filter(([name]) => lesson.session.inputs.includes(name));
    await backend.run(lesson.session, Object.fromEntries(taken), {
      loss: this.loss,
      figures: this.figures,
      ...gradients,
    });
    const [loss] = await backend.read(this.loss);
    const shares = await backend.read(this.figures);
    return namedFigures(loss, [...shares]);
  }

  private writeLabels({ labels }: Lesson, batch: readonly LabelledView[]): void {
    const { backend } = this;
    for (const target of ['categories', 'distances'] as const) {
      backend.write(labels[target], Int32Array.from(batch.flatMap((view) => [...view[target]])));
    }
    const write = (what: Told | 'category', classes: readonly number[], known: readonly boolean[]) => {
      const share = 1 / Math.max(1, known.filter(Boolean).length);
      backend.write(labels[`named_${what}`], Int32Array.from(classes));
      backend.write(
        labels[`weight_${what}`],
        Float32Array.from(known, (is) => (is ? share : 0)),
      );
    };
    for (const what of told) {
      const classes = batch.flatMap(({ named }) => named.map((each) => each[what]));
      write(
        what,
        classes.map((each) => each ?? 0),
        classes.map((each) => each !== null),
      );
    }
    write(
      'category',
      batch.flatMap(({ named }) => named.map(({ category }) => category)),
      batch.flatMap(({ named, categories }) => named.map(({ category }) => categories.includes(category))),
    );
  }

  /** Prompts of names that begin anywhere in a text: wherever a name is, it is to find what it names. */
  private writePrompts({ prompts }: Lesson, batch: readonly LabelledView[], random: RandomStream): void {
    const { backend, a, names } = this;
    const tokens = batch.flatMap(({ named }) => named.map(({ category }) => names[category][0]));
    const positions = batch.flatMap(({ named }) => {
      const first = random.integer(0, textPositions(a) - NAMED);
      return named.map((_, index) => first + index);
    });
    backend.write(prompts.prompt_tokens, Int32Array.from(tokens));
    backend.write(prompts.prompt_positions, Int32Array.from(positions));
  }
}

/** Figures in their order, the loss first. */
function namedFigures(loss: number, shares: readonly number[]): PerceptionFigures {
  return Object.fromEntries([['loss', loss], ...FIGURES.map((name, i) => [name, shares[i]])]) as PerceptionFigures;
}

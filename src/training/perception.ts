/**
 * Teaches a policy's visual tokens to see before it learns to speak: each patch is to tell which category most of it
 * shows and how far away that is. The ground truth knows both for every patch of every frame, where a question and its
 * chain of thought name two or three objects; vision-language models begin with a vision encoder for the same reason.
 *
 * The tokens are read as the language blocks get them. A category is told in the policy's own words: the normalized token
 * is to point along the embedding of the category's name, of all names, as CLIP aligns pictures and texts (arXiv
 * 2103.00020). So a name finds what it names from the beginning. The linear read-out of distance is no part of the policy.
 */
import type { Backend, DeviceTensor, Session } from '../backends/backend';
import { GraphBuilder, type Value } from '../graph/builder';
import { differentiate } from '../graph/differentiate';
import type { OnnxModel } from '../graph/model';
import { writeOnnx } from '../graph/onnx-file';
import { Transformer } from '../policy/architecture';
import { declareWeights } from '../policy/inputs';
import {
  type Architecture,
  elementCount,
  initialValues,
  isInVisionTower,
  type ParameterSpec,
  parameterSpecs,
  patchCount,
  patchLength,
} from '../policy/parameters';
import type { Weights } from '../policy/weights';
import { stream } from '../random';
import { FrameBatch, softwareFrames } from './frames';
import { indicator } from './losses/surrogate';
import { AdamW, type OptimizerConfig } from './optimizer';
import type { Picture } from './report';

/** Classes of distance: of equal ratio, from the nearest to the farthest that rooms have, metres. */
export const DISTANCES = { classes: 24, nearest: 0.4, farthest: 12 } as const;

/** Class of a distance in metres. */
export function distanceClass(metres: number): number {
  const { classes, nearest, farthest } = DISTANCES;
  const share = Math.log(metres / nearest) / Math.log(farthest / nearest);
  return Math.min(classes - 1, Math.max(0, Math.floor(share * classes)));
}

/** A frame with what its patches show, row by row. */
export interface LabelledFrame {
  readonly picture: Picture;
  /** Class of each patch's category; 0 is the room itself. */
  readonly categories: Int32Array;
  /** Class of each patch's distance. */
  readonly distances: Int32Array;
}

/** What a batch measured: shares of patches, but for the loss. */
export interface PerceptionFigures {
  readonly loss: number;
  /** Of the patches that show objects, those whose category is the likeliest. */
  readonly category_accuracy: number;
  /** Patches whose class of distance is the likeliest. */
  readonly distance_accuracy: number;
}

const WORDS = 'language.token_embed.weight';

function readOutSpec({ dim }: Architecture): ParameterSpec {
  return { name: 'readout.distance', shape: [dim, DISTANCES.classes], init: { normal: 0.02 } };
}

/** The policy's weights that frames pass by themselves, and its words. */
function seeingSpecs(a: Architecture): ParameterSpec[] {
  return parameterSpecs(a).filter(({ name }) => name === WORDS || isInVisionTower(name));
}

/** float32 [classes, vocabulary]: of each class's name, how often it has each token. */
function tokenCounts(names: readonly (readonly number[])[], vocabulary: number): number[] {
  const counts = Array<number>(names.length * vocabulary).fill(0);
  names.forEach((tokens, index) => tokens.forEach((token) => counts[index * vocabulary + token]++));
  return counts;
}

/**
 * The graph: inputs the policy's weights, the read-out, patches [N*P, patchLength], categories and distances int32 [N*P];
 * outputs loss [], figures [2] and the gradients.
 * @param frames N. @param names tokens of each category's name.
 */
function perceptionModel(a: Architecture, frames: number, names: readonly (readonly number[])[]): OnnxModel {
  const rows = frames * patchCount(a);
  const g = new GraphBuilder('perception');
  declareWeights(g, a);
  const readOut = readOutSpec(a);
  g.input(readOut.name, 'float32', readOut.shape);
  const patches = g.input('patches', 'float32', [rows, patchLength(a)]);
  const states = new Transformer(g, a, { prompts: frames, generations: 1, slots: 1 }).visualStates(patches);
  const scale = g.constant('float32', [a.dim], Array(a.dim).fill(1));
  const normal = g.node('LayerNormalization', [states, scale], { axis: -1, epsilon: { float: 1e-5 } });
  const all = g.int64s([0, 1]);
  const read = (target: 'categories' | 'distances', directions: Value) => {
    const labels = g.node('Reshape', [g.input(target, 'int32', [rows]), g.int64s([rows, 1])]);
    const logits = g.node('MatMul', [normal, directions]);
    const logProbabilities = g.node('LogSoftmax', [logits], { axis: -1 });
    const chosen = g.node('GatherElements', [logProbabilities, labels], { axis: 1 });
    const largest = g.node('ReduceMax', [logProbabilities, g.int64s([-1])], { keepdims: 1 });
    const right = indicator(g, g.node('Equal', [chosen, largest]));
    return { labels, right, nll: g.node('Neg', [g.node('ReduceMean', [chosen, all], { keepdims: 0 })]) };
  };
  const counts = g.constant('float32', [names.length, a.vocabulary], tokenCounts(names, a.vocabulary));
  const words = g.node('Transpose', [g.node('MatMul', [counts, WORDS])], { perm: [1, 0] });
  const [category, distance] = [read('categories', words), read('distances', readOut.name)];
  g.output(g.node('Add', [category.nll, distance.nll], {}, 'loss'), 'float32', []);
  const sum = (x: Value) => g.node('ReduceSum', [x, all], { keepdims: 0 });
  const objects = indicator(g, g.node('Greater', [g.node('Cast', [category.labels], { to: 1 }), g.float(0)]));
  const figures = [
    g.node('Div', [sum(g.node('Mul', [category.right, objects])), g.node('Max', [sum(objects), g.float(1)])]),
    g.node('ReduceMean', [distance.right, all], { keepdims: 0 }),
  ].map((figure) => g.node('Reshape', [figure, g.int64s([1])]));
  g.output(g.node('Concat', figures, { axis: 0 }, 'figures'), 'float32', [2]);
  return differentiate(g.build(), {
    loss: 'loss',
    wrt: [...seeingSpecs(a), readOut].map(({ name }) => name),
    keepOutputs: ['figures'],
  });
}

export class Perception {
  private readonly backend: Backend;
  private readonly a: Architecture;
  private readonly weights: Weights;
  private readonly session: Session;
  private readonly optimizer: AdamW;
  private readonly gradients: Weights;
  private readonly inputs: Readonly<Record<'patches' | 'categories' | 'distances', DeviceTensor>>;
  private readonly pictures: FrameBatch;
  private readonly loss: DeviceTensor;
  private readonly figures: DeviceTensor;
  private readonly frames: number;

  private constructor(
    backend: Backend,
    a: Architecture,
    weights: Weights,
    parts: { frames: number; specs: readonly ParameterSpec[]; session: Session },
    config: OptimizerConfig,
  ) {
    const { frames, specs, session } = parts;
    const rows = frames * patchCount(a);
    this.backend = backend;
    this.a = a;
    this.weights = weights;
    this.session = session;
    this.frames = frames;
    this.optimizer = new AdamW(backend, a, config, specs);
    this.gradients = Object.fromEntries(
      specs.map(({ name, shape }) => [name, backend.allocate(`gradient of ${name}`, 'float32', shape)]),
    );
    this.inputs = {
      patches: backend.allocate('patches', 'float32', [rows, patchLength(a)]),
      categories: backend.allocate('categories', 'int32', [rows]),
      distances: backend.allocate('distances', 'int32', [rows]),
    };
    const shape = { prompts: frames, generations: 1, slots: 1 };
    this.pictures = new FrameBatch(backend, softwareFrames(backend, a.frame_size), a, shape);
    this.loss = backend.allocate('loss', 'float32', []);
    this.figures = backend.allocate('figures', 'float32', [2]);
  }

  /**
   * Compiles the graph. Updates `weights` in place.
   * @param options.frames of a batch.
   * @param options.names tokens of each category's name, by class.
   */
  static async create(
    backend: Backend,
    a: Architecture,
    weights: Weights,
    options: {
      readonly frames: number;
      readonly names: readonly (readonly number[])[];
      readonly seed: number;
    } & OptimizerConfig,
  ): Promise<Perception> {
    const { frames, names, seed } = options;
    const session = await backend.compile('perception', writeOnnx(perceptionModel(a, frames, names)));
    const { name, shape, init } = readOutSpec(a);
    const values = initialValues({ name, shape, init }, stream(seed, 'read-out', name));
    const readOut = { [name]: backend.allocate(name, 'float32', shape, values) };
    const parts = { frames, specs: [...seeingSpecs(a), readOutSpec(a)], session };
    return new Perception(backend, a, { ...weights, ...readOut }, parts, options);
  }

  /**
   * One update.
   * @param batch as many frames as a batch has.
   */
  async step(batch: readonly LabelledFrame[], learningRate: number): Promise<PerceptionFigures> {
    const figures = await this.measure(batch);
    await this.optimizer.step(this.weights, this.gradients, learningRate);
    return figures;
  }

  /** The figures of a batch, without an update. */
  async measure(batch: readonly LabelledFrame[]): Promise<PerceptionFigures> {
    const { backend, a, inputs, session } = this;
    if (batch.length !== this.frames) {
      throw new RangeError(`the graph is compiled for ${this.frames} frames, not ${batch.length}`);
    }
    for (const target of ['categories', 'distances'] as const) {
      const labels = new Int32Array(elementCount(inputs[target].shape));
      batch.forEach((frame, index) => labels.set(frame[target], index * patchCount(a)));
      backend.write(inputs[target], labels);
    }
    await this.pictures.show(
      batch.map(({ picture }) => [picture]),
      inputs,
    );
    const { patches, categories, distances } = inputs;
    const gradients = Object.fromEntries(
      Object.entries(this.gradients).map(([name, tensor]) => [`grad_${name}`, tensor]),
    );
    const feeds = { ...this.weights, patches, categories, distances };
    const taken = Object.entries(feeds).filter(([name]) => session.inputs.includes(name));
    await backend.run(session, Object.fromEntries(taken), {
      loss: this.loss,
      figures: this.figures,
      ...gradients,
    });
    const [loss] = await backend.read(this.loss);
    const [category_accuracy, distance_accuracy] = await backend.read(this.figures);
    return { loss, category_accuracy, distance_accuracy };
  }
}

/**
 * Teaches a policy's visual tokens to see before it learns words: each patch is to tell which category most of it shows
 * and how far away that is. The ground truth knows both for every patch of every frame, where a question and its chain
 * of thought name two or three objects; vision-language models begin with a vision encoder for the same reason. The two
 * linear read-outs are no part of the policy: the tokens are read where the last block reads them.
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

const READ_OUTS = { category: 'readout.category', distance: 'readout.distance' } as const;

function readOutSpecs({ dim }: Architecture, categories: number): ParameterSpec[] {
  const classes = { category: categories, distance: DISTANCES.classes };
  return Object.entries(READ_OUTS).map(([target, name]) => ({
    name,
    shape: [dim, classes[target as keyof typeof classes]],
    init: { normal: 0.02 },
  }));
}

/** The policy's weights that its visual tokens pass before the last block. */
function seeingSpecs(a: Architecture): ParameterSpec[] {
  const last = `language.layers.${a.layers - 1}.`;
  return parameterSpecs(a).filter(
    ({ name }) => name.startsWith('visual.') || (name.startsWith('language.layers.') && !name.startsWith(last)),
  );
}

/**
 * The graph: inputs the policy's weights, the read-outs, patches [N*P, patchLength], categories and distances int32
 * [N*P]; outputs loss [], figures [2] and the gradients.
 * @param views N, each with `slots` frames.
 */
function perceptionModel(a: Architecture, views: number, slots: number, categories: number): OnnxModel {
  const rows = views * slots * patchCount(a);
  const g = new GraphBuilder('perception');
  declareWeights(g, a);
  for (const { name, shape } of readOutSpecs(a, categories)) g.input(name, 'float32', shape);
  const patches = g.input('patches', 'float32', [rows, patchLength(a)]);
  const states = new Transformer(g, a, { prompts: views, generations: 1, slots }).visualStates(patches);
  const scale = g.constant('float32', [a.dim], Array(a.dim).fill(1));
  const normal = g.node('LayerNormalization', [states, scale], { axis: -1, epsilon: { float: 1e-5 } });
  const all = g.int64s([0, 1]);
  const read = (target: keyof typeof READ_OUTS) => {
    const labels = g.node('Reshape', [
      g.input(target === 'category' ? 'categories' : 'distances', 'int32', [rows]),
      g.int64s([rows, 1]),
    ]);
    const logits = g.node('MatMul', [normal, READ_OUTS[target]]);
    const logProbabilities = g.node('LogSoftmax', [logits], { axis: -1 });
    const chosen = g.node('GatherElements', [logProbabilities, labels], { axis: 1 });
    const largest = g.node('ReduceMax', [logProbabilities, g.int64s([-1])], { keepdims: 1 });
    const right = indicator(g, g.node('Equal', [chosen, largest]));
    return { labels, right, nll: g.node('Neg', [g.node('ReduceMean', [chosen, all], { keepdims: 0 })]) };
  };
  const [category, distance] = [read('category'), read('distance')];
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
    wrt: [...seeingSpecs(a), ...readOutSpecs(a, categories)].map(({ name }) => name),
    keepOutputs: ['figures'],
  });
}

/** What batches with so many frames a view run on. */
interface Compiled {
  readonly session: Session;
  readonly views: number;
}

export class Perception {
  private readonly backend: Backend;
  private readonly a: Architecture;
  private readonly weights: Weights;
  private readonly compiled: ReadonlyMap<number, Compiled>;
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
    parts: { frames: number; specs: readonly ParameterSpec[]; compiled: ReadonlyMap<number, Compiled> },
    config: OptimizerConfig,
  ) {
    const { frames, specs, compiled } = parts;
    const rows = frames * patchCount(a);
    this.backend = backend;
    this.a = a;
    this.weights = weights;
    this.compiled = compiled;
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
    // Each frame by itself: which view it is of only the graph needs to know.
    const shape = { prompts: frames, generations: 1, slots: 1 };
    this.pictures = new FrameBatch(backend, softwareFrames(backend, a.frame_size), a, shape);
    this.loss = backend.allocate('loss', 'float32', []);
    this.figures = backend.allocate('figures', 'float32', [2]);
  }

  /**
   * Compiles the graphs. Updates `weights` in place.
   * @param options.frames of a batch; `slots` divides it.
   * @param options.slots the numbers of frames that views have, one or several, a graph for each.
   * @param options.categories classes of category, the room itself among them.
   */
  static async create(
    backend: Backend,
    a: Architecture,
    weights: Weights,
    options: {
      readonly frames: number;
      readonly slots: readonly number[];
      readonly categories: number;
      readonly seed: number;
    } & OptimizerConfig,
  ): Promise<Perception> {
    const { frames, slots, categories, seed } = options;
    const readOuts = readOutSpecs(a, categories);
    const compiled = new Map<number, Compiled>();
    for (const each of slots) {
      if (frames % each !== 0) throw new RangeError(`a batch of ${frames} frames cannot be views of ${each} frames`);
      const views = frames / each;
      const model = perceptionModel(a, views, each, categories);
      compiled.set(each, { views, session: await backend.compile('perception', writeOnnx(model)) });
    }
    const heads = Object.fromEntries(
      readOuts.map((spec) => {
        const values = initialValues(spec, stream(seed, 'read-out', spec.name));
        return [spec.name, backend.allocate(spec.name, 'float32', spec.shape, values)];
      }),
    );
    const parts = { frames, specs: [...seeingSpecs(a), ...readOuts], compiled };
    return new Perception(backend, a, { ...weights, ...heads }, parts, options);
  }

  /**
   * One update.
   * @param batch as many frames as a batch has; those of a view follow each other.
   * @param slots frames of a view.
   */
  async step(batch: readonly LabelledFrame[], slots: number, learningRate: number): Promise<PerceptionFigures> {
    const figures = await this.measure(batch, slots);
    await this.optimizer.step(this.weights, this.gradients, learningRate);
    return figures;
  }

  /** The figures of a batch, without an update. */
  async measure(batch: readonly LabelledFrame[], slots: number): Promise<PerceptionFigures> {
    const { backend, a, inputs, compiled } = this;
    const graph = compiled.get(slots);
    if (!graph || batch.length !== this.frames) {
      throw new RangeError(`no graph is compiled for ${batch.length} frames, ${slots} a view`);
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
    const taken = Object.entries(feeds).filter(([name]) => graph.session.inputs.includes(name));
    await backend.run(graph.session, Object.fromEntries(taken), {
      loss: this.loss,
      figures: this.figures,
      ...gradients,
    });
    const [loss] = await backend.read(this.loss);
    const [category_accuracy, distance_accuracy] = await backend.read(this.figures);
    return { loss, category_accuracy, distance_accuracy };
  }
}

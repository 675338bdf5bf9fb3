/**
 * Low-rank adapters (LoRA, arXiv 2106.09685, section 4.1) by graph surgery, on any ONNX model. Beside the weight W of a
 * linear layer, which stays as it is, run two thin matrices that are new inputs of the graph:
 *
 *   x W   becomes   x W + scaling (x A) B       A [in, r], B [r, out]
 *
 * With B = 0 the outputs are what they were; merging W + scaling A B into the weight gives a model of the old form again.
 *
 * A linear layer is a MatMul or a Gemm whose second operand is a matrix of the model, an initializer or an input, as it
 * stands or through Transpose and Identity. What is read inside subgraphs (If, Loop, Scan) is not seen.
 */
import { describe, floatAttribute, intAttribute, intsAttribute } from './attributes';
import { attribute, type AttributeValue } from './builder';
import type { DataType, OnnxModel, OnnxNode, OnnxTensor, ValueInfo } from './model';
import { withoutConstantNodes } from './preparation';
import { decodeTensorData, encodeTensorData } from './tensor-data';

/** The weight matrix of one or several linear layers. */
export interface LinearWeight {
  readonly name: string;
  readonly dataType: DataType;
  /** Width of what goes into the layer, and of what comes out of it. */
  readonly inputs: number;
  readonly outputs: number;
  /** Whether the matrix is stored [out, in], as torch.nn.Linear does, in place of [in, out]. */
  readonly transposed: boolean;
  /** What else reads the matrix, which a merged weight would change and an adapter does not; null for nothing. */
  readonly foreignUse: string | null;
}

/** An adapter of the layers whose weight is `weight`. */
export interface LowRankAdapter {
  readonly weight: string;
  /** Names of the graph inputs A [in, rank] and B [rank, out], in the weight's type. */
  readonly a: string;
  readonly b: string;
  readonly rank: number;
  readonly scaling: number;
}

/** The adapter of a weight, its matrices named as PEFT names them. */
export function adapterOf(weight: string, rank: number, scaling: number): LowRankAdapter {
  const module = moduleOf(weight);
  return { weight, a: `${module}.lora_A.weight`, b: `${module}.lora_B.weight`, rank, scaling };
}

/** The module that a weight is named after. */
function moduleOf(weight: string): string {
  return weight.replace(/\.weight$/, '');
}

/** Where MatMul and Gemm took the forms that are written here. */
const OLDEST_OPSET = 11;
const FLOATS: readonly DataType[] = ['float16', 'float32', 'float64'];

/** A named matrix as a value of the graph shows it. */
interface View {
  readonly weight: string;
  readonly transposed: boolean;
}

/** What a node multiplies by from the right, where it is a linear layer. */
function layerView(node: OnnxNode, views: ReadonlyMap<string, View>): View | null {
  if (node.domain !== '' || (node.opType !== 'MatMul' && node.opType !== 'Gemm')) return null;
  const view = views.get(node.inputs[1]);
  if (view === undefined) return null;
  const flipped = node.opType === 'Gemm' && intAttribute(node, 'transB', 0) !== 0;
  return { ...view, transposed: view.transposed !== flipped };
}

/** Matrices of the model, and what Transpose and Identity make of them, by value name. */
function matrixViews({ graph }: OnnxModel): { matrices: Map<string, ValueInfo>; views: Map<string, View> } {
  const declared = [
    ...graph.inputs,
    ...graph.initializers.map(({ name, dataType, dims }) => ({ name, dataType, shape: dims })),
  ];
  const matrices = new Map<string, ValueInfo>();
  for (const info of declared) {
    if (info.shape?.length === 2 && info.shape.every((size) => typeof size === 'number')) {
      if (FLOATS.includes(info.dataType)) matrices.set(info.name, info);
    }
  }
  const views = new Map<string, View>([...matrices.keys()].map((weight) => [weight, { weight, transposed: false }]));
  for (const node of graph.nodes) {
    const view = node.domain === '' ? views.get(node.inputs[0]) : undefined;
    if (view === undefined) continue;
    if (node.opType === 'Identity') views.set(node.outputs[0], view);
    if (node.opType === 'Transpose') {
      const flips = (intsAttribute(node, 'perm') ?? [1, 0])[0] === 1;
      views.set(node.outputs[0], { ...view, transposed: view.transposed !== flips });
    }
  }
  return { matrices, views };
}

function findWeights(model: OnnxModel): Map<string, LinearWeight> {
  const { matrices, views } = matrixViews(model);
  const orientations = new Map<string, boolean>();
  const foreign = new Map<string, string>();
  for (const node of model.graph.nodes) {
    const layer = layerView(node, views);
    if (layer !== null) {
      const known = orientations.get(layer.weight) ?? layer.transposed;
      if (known !== layer.transposed) foreign.set(layer.weight, `${describe(node)} the other way round`);
      orientations.set(layer.weight, known);
    }
    // A view's own reading of the matrix is accounted for where the view is read.
    if (views.has(node.outputs[0])) continue;
    node.inputs.forEach((input, index) => {
      const view = views.get(input);
      if (view && !(layer && index === 1)) foreign.set(view.weight, describe(node));
    });
  }
  for (const { name } of model.graph.outputs) {
    const view = views.get(name);
    if (view) foreign.set(view.weight, `the graph's output "${name}"`);
  }
  const found = new Map<string, LinearWeight>();
  for (const [name, transposed] of orientations) {
    const { dataType, shape } = matrices.get(name)!;
    const [rows, columns] = shape as readonly number[];
    const [inputs, outputs] = transposed ? [columns, rows] : [rows, columns];
    found.set(name, { name, dataType, inputs, outputs, transposed, foreignUse: foreign.get(name) ?? null });
  }
  return found;
}

/** The weights of a model's linear layers, in the order in which the graph uses them. */
export function linearWeights(model: OnnxModel): LinearWeight[] {
  return [...findWeights(withoutConstantNodes(model)).values()];
}

/** Whether `target` names a weight as PEFT's target_modules do: in full, or by the last parts of the module's name. */
export function isTarget(weight: string, target: string): boolean {
  const module = moduleOf(weight);
  return weight === target || module === target || module.endsWith(`.${target}`);
}

/**
 * The weights of a model's linear layers that `targets` name, as PEFT's target_modules do.
 * @throws Error for a target that names none, with the weights that there are.
 */
export function targetedWeights(model: OnnxModel, targets: readonly string[]): LinearWeight[] {
  const weights = linearWeights(model);
  for (const target of targets) {
    if (!weights.some(({ name }) => isTarget(name, target))) throw unknownWeight(target, weights);
  }
  return weights.filter(({ name }) => targets.some((target) => isTarget(name, target)));
}

function unknownWeight(name: string, weights: readonly LinearWeight[]): Error {
  const known = weights.map((weight) => `"${weight.name}"`).join(', ');
  return new Error(`no linear layer has a weight named "${name}"; those of the model have ${known || 'none'}`);
}

/** The weight of an adapter. Throws Error naming a weight that no adapter can stand in for. */
function weightOf(found: ReadonlyMap<string, LinearWeight>, { weight, rank }: LowRankAdapter): LinearWeight {
  const known = found.get(weight);
  if (known === undefined) throw unknownWeight(weight, [...found.values()]);
  if (known.foreignUse !== null) {
    throw new Error(
      `"${weight}" is read by ${known.foreignUse} too, which an adapter would leave as it is; adapt other weights`,
    );
  }
  if (!Number.isInteger(rank) || rank < 1) {
    throw new RangeError(`the rank of the adapter of "${weight}" must be a whole number from 1 on, not ${rank}`);
  }
  return known;
}

/**
 * The model with `adapters` beside the weights that they name: their A and B are further inputs, after those of the
 * model. Names of values that there were stay.
 * @throws Error for a weight that no linear layer has, with those that there are; for one that is read elsewhere too,
 * such as an embedding tied to the head; for one with two adapters; for a name that is taken; for operator sets before
 * 11.
 */
export function withAdapters(model: OnnxModel, adapters: readonly LowRankAdapter[]): OnnxModel {
  if (adapters.length === 0) return model;
  if ((model.opsets[''] ?? OLDEST_OPSET) < OLDEST_OPSET) {
    throw new Error(`the model uses operator set ${model.opsets['']}; export it again with ${OLDEST_OPSET} or newer`);
  }
  const prepared = withoutConstantNodes(model);
  const { graph } = prepared;
  const found = findWeights(prepared);
  const { views } = matrixViews(prepared);
  const byWeight = new Map(adapters.map((adapter) => [adapter.weight, adapter]));
  const twice = adapters.find((adapter) => byWeight.get(adapter.weight) !== adapter);
  if (twice) throw new Error(`"${twice.weight}" is given two adapters; one of twice the rank does the same`);
  const writer = new Writer(prepared);
  const added = adapters.flatMap((adapter): ValueInfo[] => {
    const { dataType, inputs, outputs } = weightOf(found, adapter);
    return [
      { name: writer.claim(adapter.a), dataType, shape: [inputs, adapter.rank] },
      { name: writer.claim(adapter.b), dataType, shape: [adapter.rank, outputs] },
    ];
  });
  for (const node of graph.nodes) {
    const adapter = byWeight.get(layerView(node, views)?.weight ?? '');
    if (adapter === undefined) writer.nodes.push(node);
    else writer.layer(node, adapter, found.get(adapter.weight)!.dataType);
  }
  return {
    ...prepared,
    graph: {
      ...graph,
      inputs: [...graph.inputs, ...added],
      initializers: [...graph.initializers, ...writer.constants.values()],
      nodes: writer.nodes,
    },
  };
}

/** Writes the nodes of an adapted model. */
class Writer {
  readonly nodes: OnnxNode[] = [];
  /** Scalings, by type and value. */
  readonly constants = new Map<string, OnnxTensor>();
  private readonly taken: Set<string>;

  constructor({ graph }: OnnxModel) {
    const values = [...graph.inputs, ...graph.initializers].map(({ name }) => name);
    this.taken = new Set([...values, ...graph.nodes.flatMap((node) => [node.name, ...node.outputs])]);
  }

  claim(name: string): string {
    if (this.taken.has(name))
      throw new Error(`the model already has a value named "${name}"; give the adapter another`);
    this.taken.add(name);
    return name;
  }

  /** A linear layer and its adapter, whose sum has the name that the layer's output had. */
  layer(node: OnnxNode, { a, b, scaling }: LowRankAdapter, dataType: DataType): void {
    const [x] = node.inputs;
    const [output] = node.outputs;
    const made = (part: string) => this.fresh(`${output}/${part}`);
    const base = made('base');
    this.nodes.push({ ...node, outputs: [base] });
    if (node.opType === 'Gemm') {
      // Gemm scales, and adds the frozen layer's output, by itself.
      const alpha = { float: floatAttribute(node, 'alpha', 1) * scaling };
      const low = this.node('Gemm', [x, a], { transA: intAttribute(node, 'transA', 0), alpha }, made('low'));
      this.node('Gemm', [low, b, base], {}, output);
      return;
    }
    const low = this.node('MatMul', [x, a], {}, made('low'));
    // Scaled where it is smallest.
    const scaled = this.node('Mul', [low, this.scalar(dataType, scaling)], {}, made('scaled'));
    const update = this.node('MatMul', [scaled, b], {}, made('update'));
    this.node('Add', [base, update], {}, output);
  }

  private node(opType: string, inputs: string[], attributes: Record<string, AttributeValue>, output: string): string {
    const encoded = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attribute(value)]));
    const name = this.fresh(`${output}/${opType}`);
    this.nodes.push({ name, opType, domain: '', inputs, outputs: [output], attributes: encoded });
    return output;
  }

  private scalar(dataType: DataType, value: number): string {
    const key = `${dataType}:${value}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known.name;
    const name = this.fresh('lora_scaling');
    this.constants.set(key, { name, dataType, dims: [], data: encodeTensorData(dataType, [value]) });
    return name;
  }

  private fresh(stem: string): string {
    let name = stem;
    for (let n = 1; this.taken.has(name); n++) name = `${stem}_${n}`;
    this.taken.add(name);
    return name;
  }
}

/** What is multiplied: a weight's shape, and the adapter's rank and scaling. */
type Factors = Pick<LinearWeight, 'inputs' | 'outputs' | 'transposed'> & Pick<LowRankAdapter, 'rank' | 'scaling'>;

/** W + scaling A B in doubles, in the order in which W is stored; A is [inputs, rank], B [rank, outputs]. */
export function mergedWeight(
  weight: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { inputs, outputs, transposed, rank, scaling }: Factors,
): number[] {
  const merged = Array.from(weight);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += a[i * rank + k] * b[k * outputs + o];
      merged[transposed ? o * inputs + i : i * outputs + o] += scaling * sum;
    }
  }
  return merged;
}

/**
 * The model with the adapters' products added to its weights, which computes what withAdapters' model does.
 * @param factors values of the adapters' A and B by name, in row-major order.
 * @throws Error as withAdapters does, and for a weight that is an input of the model, or a factor that is missing.
 */
export function mergeAdapters(
  model: OnnxModel,
  adapters: readonly LowRankAdapter[],
  factors: Readonly<Record<string, ArrayLike<number>>>,
): OnnxModel {
  const prepared = withoutConstantNodes(model);
  const found = findWeights(prepared);
  const tensors = new Map(prepared.graph.initializers.map((tensor) => [tensor.name, tensor]));
  for (const adapter of adapters) {
    const layer = weightOf(found, adapter);
    const tensor = tensors.get(adapter.weight);
    if (tensor === undefined) throw new Error(`"${adapter.weight}" is an input of the model; merge what is fed to it`);
    const [a, b] = [adapter.a, adapter.b].map((name, index) => {
      const count = adapter.rank * (index === 0 ? layer.inputs : layer.outputs);
      if (factors[name]?.length === count) return factors[name];
      throw new Error(`the adapter of "${adapter.weight}" needs ${count} values named "${name}"`);
    });
    const merged = mergedWeight(decodeTensorData(tensor), a, b, { ...layer, ...adapter });
    tensors.set(adapter.weight, { ...tensor, data: encodeTensorData(tensor.dataType, merged) });
  }
  return { ...prepared, graph: { ...prepared.graph, initializers: [...tensors.values()] } };
}

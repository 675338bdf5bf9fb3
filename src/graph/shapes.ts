/**
 * Shape inference: from what the graph declares of its inputs to the type and shape of every value. Contents of small
 * integer tensors are followed too, so that shapes computed by Shape, Gather and Concat nodes come out as numbers or
 * symbols. An operator that is not known gives values of which nothing is known, unless the model states their shapes.
 */
import { isSimpleSymbol, type Size } from './dimensions';
import { CONTRACTION_INFERENCE } from './inference/contraction';
import { ELEMENTWISE_INFERENCE } from './inference/elementwise';
import { INDEXING_INFERENCE } from './inference/indexing';
import { type Fact, type InferenceContext, type InferenceRule, UNKNOWN } from './inference/rule';
import { SHAPING_INFERENCE } from './inference/shaping';
import type { DataType, Dimension, OnnxModel, OnnxNode, OnnxTensor, ValueInfo } from './model';
import { decodeTensorData } from './tensor-data';

const RULES: Readonly<Record<string, InferenceRule>> = {
  ...ELEMENTWISE_INFERENCE,
  ...CONTRACTION_INFERENCE,
  ...SHAPING_INFERENCE,
  ...INDEXING_INFERENCE,
};

/** Contents of longer initializers are not followed. */
const LONGEST_CONTENTS = 4096;

/** What is known of the values of a graph, extended node by node. */
export class ShapeInference {
  private readonly facts = new Map<string, Fact>();
  private readonly stated = new Map<string, ValueInfo>();
  private readonly opsets: OnnxModel['opsets'];
  private symbols = 0;
  /** Declared symbols that are not plain identifiers, by their stand-ins. */
  private readonly standIns = new Map<string, string>();

  /** Infers all values of `model`, whose nodes must be in topological order. */
  constructor(model: OnnxModel) {
    const { graph } = model;
    this.opsets = model.opsets;
    for (const info of [...graph.valueInfo, ...graph.outputs]) this.stated.set(info.name, info);
    for (const info of graph.inputs) this.facts.set(info.name, this.fromInfo(info));
    for (const tensor of graph.initializers) this.addTensor(tensor);
    for (const node of graph.nodes) this.infer(node);
  }

  /** Adds a constant. */
  addTensor(tensor: OnnxTensor): void {
    const count = tensor.dims.reduce((product, size) => product * size, 1);
    this.facts.set(tensor.name, {
      dataType: tensor.dataType,
      shape: tensor.dims,
      ...(count <= LONGEST_CONTENTS && { elements: decodeTensorData(tensor) }),
    });
  }

  /** What is known of `value`. */
  fact(value: string): Fact {
    return this.facts.get(value) ?? UNKNOWN;
  }

  /** The view of `node` that rules take. */
  context(node: OnnxNode): InferenceContext {
    return {
      node,
      opset: this.opsets[node.domain] ?? 1,
      input: (index) => (node.inputs[index] ? this.fact(node.inputs[index]) : undefined),
      fresh: () => this.fresh(),
    };
  }

  /** Infers the outputs of a node whose inputs are known. */
  infer(node: OnnxNode): void {
    const known = node.domain === '' || node.domain === 'com.microsoft';
    const rule = known && Object.hasOwn(RULES, node.opType) ? RULES[node.opType] : undefined;
    const inferred = rule?.(this.context(node)) ?? [];
    node.outputs.forEach((name, index) => {
      if (name !== '') this.facts.set(name, this.merged(name, inferred[index] ?? UNKNOWN));
    });
  }

  private fresh(): string {
    return `?${this.symbols++}`;
  }

  private fromInfo(info: ValueInfo): Fact {
    return { dataType: info.dataType, shape: info.shape?.map((dimension) => this.toSize(dimension)) ?? null };
  }

  private toSize(dimension: Dimension): Size {
    if (dimension === null) return this.fresh();
    if (typeof dimension === 'number' || isSimpleSymbol(dimension)) return dimension;
    const known = this.standIns.get(dimension) ?? this.fresh();
    this.standIns.set(dimension, known);
    return known;
  }

  /** What was inferred, with gaps filled from what the model states. */
  private merged(name: string, inferred: Fact): Fact {
    const info = this.stated.get(name);
    if (info === undefined) return inferred;
    const stated = this.fromInfo(info);
    const shape = inferred.shape?.map((size, axis) => {
      const other = info.shape?.[axis];
      return typeof size === 'string' && size.includes('?') && typeof other === 'number' ? other : size;
    });
    return { ...inferred, dataType: inferred.dataType ?? stated.dataType, shape: shape ?? stated.shape };
  }
}

/** A dimension as it is declared: made-up symbols and products are left open. */
export function declared(size: Size): Dimension {
  return typeof size === 'number' || isSimpleSymbol(size) ? size : null;
}

/**
 * The type and shape of every value of `model` whose type is known. Sizes that are not known are null; a shape of
 * unknown rank is null as a whole.
 */
export function inferShapes(model: OnnxModel): Map<string, { dataType: DataType; shape: readonly Dimension[] | null }> {
  const inference = new ShapeInference(model);
  const { graph } = model;
  const names = [
    ...graph.inputs.map((info) => info.name),
    ...graph.initializers.map((tensor) => tensor.name),
    ...graph.nodes.flatMap((node) => node.outputs).filter((name) => name !== ''),
  ];
  const shapes = new Map<string, { dataType: DataType; shape: readonly Dimension[] | null }>();
  for (const name of names) {
    const { dataType, shape } = inference.fact(name);
    if (dataType !== null) shapes.set(name, { dataType, shape: shape?.map(declared) ?? null });
  }
  return shapes;
}

/**
 * The graph that a differentiated model becomes: the forward nodes and, behind them, whatever the gradient rules append.
 * Shapes are inferred as nodes are appended, so that a rule can ask for them; equal nodes are appended once; products
 * with 1, reshapes to the same shape and sums over nothing are left out.
 *
 * Sizes that are known become constants. A size that is only known when the graph runs is computed there from Shape,
 * which is correct everywhere but keeps those few nodes off the GPU.
 */
import { attribute, type AttributeValue, type Value } from './builder';
import type { Size } from './dimensions';
import { ShapeInference } from './shapes';
import { DATA_TYPES, type DataType, type OnnxModel, type OnnxNode, type OnnxTensor } from './model';
import { encodeTensorData } from './tensor-data';
import { numbers } from './inference/rule';

/** Says why a model cannot be differentiated; the message names the value or node and the remedy. */
export class DifferentiationError extends Error {
  override readonly name = 'DifferentiationError';
}

/** A size in the gradient graph: a number, or an int64 vector of one element that holds it at run time. */
export type Extent = number | { readonly runtime: Value };

export class GradientGraph {
  /** Forward nodes first; in topological order. */
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
  readonly inference: ShapeInference;
  readonly opset: number;
  private readonly taken: Set<string>;
  /** Initializers whose contents a caller may replace, because they are inputs too. */
  private readonly replaceable: ReadonlySet<Value>;
  private readonly known = new Map<string, readonly Value[]>();
  private readonly constants = new Map<string, Value>();
  /** Values all of whose elements are one known number. */
  private readonly uniform = new Map<Value, number>();
  private readonly extents = new Map<Size, Extent>();

  constructor(model: OnnxModel) {
    const { graph } = model;
    this.inference = new ShapeInference(model);
    this.nodes = [...graph.nodes];
    this.initializers = [...graph.initializers];
    this.opset = model.opsets[''] ?? 1;
    const inputs = new Set(graph.inputs.map((info) => info.name));
    // Before version 4 all initializers had to be listed as inputs.
    const optional = model.irVersion < 4 ? [] : graph.initializers.filter((tensor) => inputs.has(tensor.name));
    this.replaceable = new Set(optional.map((tensor) => tensor.name));
    this.taken = new Set([
      ...graph.inputs.map((info) => info.name),
      ...graph.initializers.map((tensor) => tensor.name),
      ...graph.nodes.flatMap((node) => [node.name, ...node.outputs]),
    ]);
  }

  /** Shape of `value`. Throws DifferentiationError when its rank is unknown. */
  shape(value: Value): readonly Size[] {
    const { shape } = this.inference.fact(value);
    if (shape === null) {
      throw new DifferentiationError(
        `the rank of "${value}" cannot be inferred; state its shape in the model (value_info) or fix the input shapes`,
      );
    }
    return shape;
  }

  rank(value: Value): number {
    return this.shape(value).length;
  }

  /** Element type of `value`. Throws DifferentiationError when it is unknown. */
  dataType(value: Value): DataType {
    const { dataType } = this.inference.fact(value);
    if (dataType === null) throw new DifferentiationError(`the element type of "${value}" cannot be inferred`);
    return dataType;
  }

  /** The contents of a small constant integer or float tensor; null when they are not known. */
  contents(value: Value): readonly number[] | null {
    return this.replaceable.has(value) ? null : numbers(this.inference.fact(value));
  }

  /** Appends an operator and returns its only output, or that of an equal node. */
  node(opType: string, inputs: readonly Value[], attributes: Record<string, AttributeValue> = {}): Value {
    return this.multi(opType, inputs, attributes, 1)[0];
  }

  /** Appends an operator with several outputs and returns them in order. */
  multi(
    opType: string,
    inputs: readonly Value[],
    attributes: Record<string, AttributeValue>,
    outputs: number,
  ): readonly Value[] {
    const key = JSON.stringify([opType, inputs, attributes, outputs]);
    const same = this.known.get(key);
    if (same !== undefined) return same;
    const results = this.append(opType, inputs, attributes, outputs);
    this.known.set(key, results);
    return results;
  }

  private append(
    opType: string,
    inputs: readonly Value[],
    attributes: Record<string, AttributeValue>,
    outputs: number,
  ): readonly Value[] {
    const name = this.fresh(`gradient/${opType}`);
    const encoded = Object.fromEntries(Object.entries(attributes).map(([field, value]) => [field, attribute(value)]));
    const results = Array.from({ length: outputs }, (_, index) => (index === 0 ? `${name}:0` : `${name}:${index}`));
    const node: OnnxNode = { name, opType, domain: '', inputs, outputs: results, attributes: encoded };
    this.nodes.push(node);
    this.inference.infer(node);
    return results;
  }

  /** Gives a forward node names for the first `count` outputs, so that a rule may use those the model left out. */
  outputsOf(node: OnnxNode, count: number): readonly Value[] {
    const at = this.nodes.findIndex((other) => other.outputs[0] === node.outputs[0]);
    const present = this.nodes[at];
    const outputs = Array.from({ length: count }, (_, i) => present.outputs[i] || this.fresh(`${present.opType}:${i}`));
    const whole = { ...present, outputs };
    this.nodes[at] = whole;
    this.inference.infer(whole);
    return outputs;
  }

  /** A value of its own that equals `value`. */
  copy(value: Value): Value {
    return this.append('Identity', [value], {}, 1)[0];
  }

  /** A constant; a scalar has shape []. */
  constant(dataType: DataType, dims: readonly number[], values: readonly number[]): Value {
    const key = `${dataType}:${dims.join(',')}:${values.join(',')}`;
    const same = this.constants.get(key);
    if (same !== undefined) return same;
    const tensor = { name: this.fresh('gradient/constant'), dataType, dims, data: encodeTensorData(dataType, values) };
    this.initializers.push(tensor);
    this.inference.addTensor(tensor);
    this.constants.set(key, tensor.name);
    if (values.length > 0 && values.every((value) => value === values[0])) this.uniform.set(tensor.name, values[0]);
    return tensor.name;
  }

  /** A scalar constant of the element type of `like`. */
  scalar(value: number, like: Value): Value {
    return this.constant(this.dataType(like), [], [value]);
  }

  int64s(values: readonly number[]): Value {
    return this.constant('int64', [values.length], values);
  }

  add(a: Value, b: Value): Value {
    return this.node('Add', [a, b]);
  }

  sub(a: Value, b: Value): Value {
    return this.node('Sub', [a, b]);
  }

  mul(a: Value, b: Value): Value {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ]) {
      const factor = this.uniform.get(one);
      if (factor === undefined || this.dataType(one) !== this.dataType(other) || !this.covers(other, one)) continue;
      return factor === 1 ? other : this.node('Mul', [other, this.scalar(factor, other)]);
    }
    return this.node('Mul', [a, b]);
  }

  div(a: Value, b: Value): Value {
    return this.uniform.get(b) === 1 && this.covers(a, b) ? a : this.node('Div', [a, b]);
  }

  neg(a: Value): Value {
    return this.node('Neg', [a]);
  }

  /** `value` times the number `factor`. */
  scale(value: Value, factor: number): Value {
    return factor === 1 ? value : this.mul(value, this.scalar(factor, value));
  }

  /** `value` plus the number `offset`. */
  shift(value: Value, offset: number): Value {
    return offset === 0 ? value : this.add(value, this.scalar(offset, value));
  }

  where(condition: Value, yes: Value, no: Value): Value {
    return this.node('Where', [condition, yes, no]);
  }

  cast(value: Value, dataType: DataType): Value {
    return this.dataType(value) === dataType ? value : this.node('Cast', [value], { to: DATA_TYPES[dataType] });
  }

  /** Size of `value` along `axis`. */
  extent(value: Value, axis: number): Extent {
    const size = this.shape(value)[axis];
    if (typeof size === 'number') return size;
    const same = this.extents.get(size);
    if (same !== undefined) return same;
    const shape = this.node('Shape', [value]);
    const extent = { runtime: this.node('Gather', [shape, this.int64s([axis])], { axis: 0 }) };
    this.extents.set(size, extent);
    return extent;
  }

  /** Sizes of `value` along all axes. */
  extentsOf(value: Value): Extent[] {
    return this.shape(value).map((_, axis) => this.extent(value, axis));
  }

  /** `a` combined with `b` by an integer operator: at once where both are known, else when the graph runs. */
  arithmetic(operator: 'Add' | 'Sub' | 'Mul' | 'Div', a: Extent, b: Extent): Extent {
    if (typeof a === 'number' && typeof b === 'number') {
      if (operator === 'Add') return a + b;
      if (operator === 'Sub') return a - b;
      return operator === 'Mul' ? a * b : Math.trunc(a / b);
    }
    if (a === 1 && operator === 'Mul') return b;
    if (b === 1 && (operator === 'Mul' || operator === 'Div')) return a;
    return { runtime: this.node(operator, [this.vector([a]), this.vector([b])]) };
  }

  /** The product of `extents`. */
  count(extents: readonly Extent[]): Extent {
    return extents.reduce((whole, extent) => this.arithmetic('Mul', whole, extent), 1);
  }

  /** An int64 vector of sizes. */
  vector(extents: readonly Extent[]): Value {
    if (extents.every((extent) => typeof extent === 'number')) return this.int64s(extents);
    const parts = extents.map((extent) => (typeof extent === 'number' ? this.int64s([extent]) : extent.runtime));
    return parts.length === 1 ? parts[0] : this.node('Concat', parts, { axis: 0 });
  }

  reshape(value: Value, extents: readonly Extent[]): Value {
    const shape = this.shape(value);
    const equal = shape.length === extents.length && shape.every((size, axis) => this.isExtent(size, extents[axis]));
    if (equal) return value;
    const open = extents.filter((extent) => typeof extent !== 'number');
    // One open size follows from the others, unless one of them is 0.
    const target =
      open.length === 1 && !extents.includes(0)
        ? this.int64s(extents.map((extent) => (typeof extent === 'number' ? extent : -1)))
        : this.vector(extents);
    const reshaped = this.node('Reshape', [value, target]);
    const factor = this.uniform.get(value);
    if (factor !== undefined) this.uniform.set(reshaped, factor);
    return reshaped;
  }

  /** `value` in the shape of `like`, which holds as many elements. */
  reshapeLike(value: Value, like: Value): Value {
    return this.sameShape(value, like) ? value : this.reshape(value, this.extentsOf(like));
  }

  /** `value` with axes of size 1 put in, so that they stand at `axes` of the result. */
  unsqueeze(value: Value, axes: readonly number[]): Value {
    if (axes.length === 0) return value;
    const rest = this.extentsOf(value);
    const rank = rest.length + axes.length;
    return this.reshape(
      value,
      Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1))),
    );
  }

  transpose(value: Value, order: readonly number[]): Value {
    return order.every((axis, at) => axis === at) ? value : this.node('Transpose', [value], { perm: order });
  }

  /** `value` broadcast to `extents`. */
  expand(value: Value, extents: readonly Extent[]): Value {
    const shape = this.shape(value);
    const equal = shape.length === extents.length && shape.every((size, axis) => this.isExtent(size, extents[axis]));
    if (equal) return value;
    const expanded = this.node('Expand', [value, this.vector(extents)]);
    const factor = this.uniform.get(value);
    if (factor !== undefined) this.uniform.set(expanded, factor);
    return expanded;
  }

  /** `value` broadcast to the shape of `like`. */
  expandLike(value: Value, like: Value): Value {
    return this.sameShape(value, like) ? value : this.expand(value, this.extentsOf(like));
  }

  /** A reduction over `axes`; over none it is `value` itself, for reductions of which that is true. */
  reduce(kind: 'Sum' | 'Mean' | 'Max' | 'Prod', value: Value, axes: readonly number[], keepDimensions: boolean): Value {
    if (axes.length === 0) return value;
    const keepdims = keepDimensions ? 1 : 0;
    const asInput = this.opset >= (kind === 'Sum' ? 13 : 18);
    return asInput
      ? this.node(`Reduce${kind}`, [value, this.int64s(axes)], { keepdims })
      : this.node(`Reduce${kind}`, [value], { axes, keepdims });
  }

  /** A value of `like`'s shape and type, full of zeros. */
  zerosLike(like: Value): Value {
    return this.expandLike(this.scalar(0, like), like);
  }

  /** The part of `value` from `start` of `size` along `axis`. */
  slice(value: Value, axis: number, start: Extent, size: Extent): Value {
    const end = this.arithmetic('Add', start, size);
    return this.node('Slice', [value, this.vector([start]), this.vector([end]), this.int64s([axis])]);
  }

  /** `value` with zeros before and behind each axis; amounts may not be negative. */
  pad(value: Value, before: readonly Extent[], behind: readonly Extent[]): Value {
    if ([...before, ...behind].every((amount) => amount === 0)) return value;
    return this.node('Pad', [value, this.vector([...before, ...behind])], { mode: 'constant' });
  }

  /**
   * `value` summed over the axes along which `like` was broadcast to `value`'s shape: the adjoint of broadcasting.
   */
  sumTo(value: Value, like: Value): Value {
    if (this.sameShape(value, like)) return value;
    const from = this.shape(value);
    const to = this.shape(like);
    const extra = from.length - to.length;
    const axes = from
      .map((_, axis) => axis)
      .filter((axis) => axis < extra || (to[axis - extra] === 1 && from[axis] !== 1));
    const summed = this.reshapeToRank(this.reduce('Sum', value, axes, true), extra, to.length);
    return this.sumUncertain(summed, like);
  }

  /** Drops `extra` leading axes, all of size 1. */
  private reshapeToRank(value: Value, extra: number, rank: number): Value {
    if (extra === 0) return value;
    const extents = this.extentsOf(value);
    return this.reshape(value, extents.slice(extents.length - rank));
  }

  /**
   * The axes of which only the run tells whether `like` is 1 there: with the axis split into (value / like, like), the
   * sum over the first part is right in both cases.
   */
  private sumUncertain(value: Value, like: Value): Value {
    const from = this.shape(value);
    const to = this.shape(like);
    const uncertain = (axis: number) => typeof to[axis] === 'string' && from[axis] !== to[axis] && from[axis] !== 1;
    if (!to.some((_, axis) => uncertain(axis))) return value;
    const split = to.flatMap((_, axis): Extent[] => {
      const target = this.extent(like, axis);
      const whole = this.extent(value, axis);
      return uncertain(axis) ? [this.arithmetic('Div', whole, target), target] : [whole];
    });
    let position = 0;
    const axes: number[] = [];
    to.forEach((_, axis) => {
      if (uncertain(axis)) axes.push(position++);
      position++;
    });
    return this.reduce('Sum', this.reshape(value, split), axes, false);
  }

  sameShape(a: Value, b: Value): boolean {
    const [left, right] = [this.shape(a), this.shape(b)];
    return left.length === right.length && left.every((size, axis) => size === right[axis]);
  }

  /** Whether `small` broadcasts into the shape of `large` without changing it. */
  private covers(large: Value, small: Value): boolean {
    const [whole, part] = [this.shape(large), this.shape(small)];
    const extra = whole.length - part.length;
    return extra >= 0 && part.every((size, axis) => size === 1 || size === whole[axis + extra]);
  }

  private isExtent(size: Size, extent: Extent): boolean {
    return typeof extent === 'number' ? size === extent : this.extents.get(size) === extent;
  }

  /** A name that no value or node has. */
  fresh(stem: string): string {
    let name = stem;
    for (let n = 1; this.taken.has(name); n++) name = `${stem}_${n}`;
    this.taken.add(name);
    return name;
  }
}

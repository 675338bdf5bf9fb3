/**
 * Builds ONNX graphs in code. A value is known by its name; `node` appends an operator and returns the names of its
 * outputs. Constants of equal content are stored once.
 */
import type { DataType, Dimension, OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, ValueInfo } from './model';
import { encodeTensorData } from './tensor-data';

/** The operator set that the lab writes. */
export const OPSET = 21;
const IR_VERSION = 10;

/** Name of a value in a graph. */
export type Value = string;

/** Attribute values by their natural TypeScript forms; a plain number is an int, `{ float }` a float. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number } | OnnxTensor;

/** The attribute that `value` stands for. */
export function attribute(value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (Array.isArray(value)) return { kind: 'ints', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  return { kind: 'tensor', value: value as OnnxTensor };
}

export class GraphBuilder {
  private readonly inputs: ValueInfo[] = [];
  private readonly outputs: ValueInfo[] = [];
  private readonly initializers: OnnxTensor[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly nodes: OnnxNode[] = [];
  private readonly taken = new Set<string>();
  private readonly scopes: string[] = [];

  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Declares a graph input. */
  input(name: string, dataType: DataType, shape: readonly Dimension[]): Value {
    this.claim(name);
    this.inputs.push({ name, dataType, shape });
    return name;
  }

  /** Declares `value` a graph output under its own name. */
  output(value: Value, dataType: DataType, shape: readonly Dimension[]): void {
    this.outputs.push({ name: value, dataType, shape });
  }

  /** A constant of the given type and shape; a scalar has shape []. */
  constant(dataType: DataType, dims: readonly number[], values: readonly number[]): Value {
    const key = `${dataType}:${dims.join(',')}:${values.join(',')}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const name = this.fresh('constant');
    this.initializers.push({ name, dataType, dims, data: encodeTensorData(dataType, values) });
    this.constants.set(key, name);
    return name;
  }

  /** A float32 scalar constant. */
  float(value: number): Value {
    return this.constant('float32', [], [value]);
  }

  /** An int64 vector constant, as shapes and axes are given. */
  int64s(values: readonly number[]): Value {
    return this.constant('int64', [values.length], values);
  }

  /** A named initializer, such as a weight of an exported model. */
  initializer(tensor: OnnxTensor): Value {
    this.claim(tensor.name);
    this.initializers.push(tensor);
    return tensor.name;
  }

  /**
   * Appends an operator and returns its only output.
   * @param outputName name of the output; by default one is made up from the operator's name and the current scope.
   */
  node(
    opType: string,
    inputs: readonly Value[],
    attributes: Record<string, AttributeValue> = {},
    outputName?: string,
  ): Value {
    return this.append(opType, inputs, attributes, 1, outputName)[0];
  }

  /** Appends an operator with several outputs and returns them in order. */
  multi(
    opType: string,
    inputs: readonly Value[],
    attributes: Record<string, AttributeValue>,
    outputs: number,
  ): Value[] {
    return this.append(opType, inputs, attributes, outputs);
  }

  /** Names made up inside `body` start with `scope/`, so that errors and profiles say where a node belongs. */
  scoped<T>(scope: string, body: () => T): T {
    this.scopes.push(scope);
    try {
      return body();
    } finally {
      this.scopes.pop();
    }
  }

  build(): OnnxModel {
    return {
      irVersion: IR_VERSION,
      producer: 'parallax',
      opsets: { '': OPSET },
      graph: {
        name: this.name,
        inputs: this.inputs,
        outputs: this.outputs,
        initializers: this.initializers,
        nodes: this.nodes,
        valueInfo: [],
      },
    };
  }

  private append(
    opType: string,
    inputs: readonly Value[],
    attributes: Record<string, AttributeValue>,
    count: number,
    outputName?: string,
  ): Value[] {
    const name = this.fresh(opType);
    if (outputName !== undefined) this.claim(outputName);
    const outputs = Array.from({ length: count }, (_, index) =>
      index === 0 ? (outputName ?? `${name}:0`) : `${name}:${index}`,
    );
    const encoded = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attribute(value)]));
    this.nodes.push({ name, opType, domain: '', inputs, outputs, attributes: encoded });
    return outputs;
  }

  private fresh(stem: string): string {
    const base = [...this.scopes, stem].join('/');
    let name = base;
    for (let n = 1; this.taken.has(name); n++) name = `${base}_${n}`;
    this.taken.add(name);
    return name;
  }

  private claim(name: string): void {
    if (this.taken.has(name)) throw new Error(`the graph already has a value named "${name}"`);
    this.taken.add(name);
  }
}

/** A form of an operator whose gradient is checked, and the model that it makes. */
import { GraphBuilder, OPSET, type Value } from '../../src/graph/builder';
import type { OnnxModel } from '../../src/graph/model';

export type Precision = 'float64' | 'float32';

/** An operand of a case: drawn uniformly from [low, high], or given. */
export interface Operand {
  readonly dims: readonly number[];
  readonly low?: number;
  readonly high?: number;
  readonly values?: readonly number[];
  /** Declared sizes, where they differ from `dims`: symbols. */
  readonly declared?: readonly (number | string)[];
}

/** A function of operands in one graph, to be differentiated with respect to all of them. */
export interface GradientCase {
  /** Operator whose rule the case is for. */
  readonly opType: string;
  readonly domain?: string;
  readonly what: string;
  readonly operands: Readonly<Record<string, Operand>>;
  readonly precision?: Precision;
  readonly opset?: number;
  /** Builds the function; its result may have any shape. */
  build(g: GraphBuilder, precision: Precision): Value;
}

/** The case's model: a value `loss`, the sum of the result's elements with fixed weights. */
export function modelOf(test: GradientCase, precision: Precision): OnnxModel {
  const g = new GraphBuilder(test.what);
  for (const [name, { dims, declared }] of Object.entries(test.operands)) g.input(name, precision, declared ?? dims);
  const result = test.build(g, precision);
  const weights = g.input('weights', precision, ['count']);
  const flat = g.node('Reshape', [result, g.int64s([-1])]);
  g.output(g.node('MatMul', [flat, weights], {}, 'loss'), precision, []);
  g.output(result, precision, []);
  const built = g.build();
  const model: OnnxModel = {
    ...built,
    opsets: { '': test.opset ?? OPSET, 'com.microsoft': 1 },
    graph: {
      ...built.graph,
      outputs: [built.graph.outputs[0], { ...built.graph.outputs[1], shape: null }],
      nodes: built.graph.nodes.map((node) => ({
        ...node,
        domain: node.opType === test.opType ? (test.domain ?? '') : '',
      })),
    },
  };
  return model;
}

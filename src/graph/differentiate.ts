/**
 * Reverse-mode differentiation of an ONNX graph. Nodes are visited from the loss backwards; each turns the gradients of
 * its outputs into those of its inputs by the rule of its operator (rules/), and a value that is used several times
 * adds up what its uses send back. Only nodes between the named values and the loss are visited.
 */
import { describe } from './attributes';
import type { Value } from './builder';
import { DifferentiationError, GradientGraph } from './gradient-graph';
import type { DataType, OnnxModel, OnnxNode, ValueInfo } from './model';
import { liveNodes, withFreeNames, withInputs, withoutConstantNodes } from './preparation';
import { ruleFor } from './rules/registry';
import type { GradientRule } from './rules/rule';
import { declared } from './shapes';

/** What to differentiate. */
export interface DifferentiateOptions {
  /** A value of one float element: the declared output or any other value of the graph. */
  readonly loss: string;
  /** Float initializers or graph inputs with respect to which to differentiate. */
  readonly wrt: readonly string[];
  /** Further values to give out, such as metrics of the same run. */
  readonly keepOutputs?: readonly string[];
  /** Values to treat as constants, such as a maximum that is subtracted for range alone. */
  readonly constants?: readonly string[];
}

/** Name of the output that holds the gradient of the loss with respect to `name`. */
export function gradientName(name: string): string {
  return `grad_${name}`;
}

/** Where operators took the forms that the rules are written for. */
const OLDEST_OPSET = 11;
const FLOATS: readonly (DataType | null)[] = ['float16', 'float32', 'float64'];

/**
 * A model with the inputs of `model`, the initializers named in `wrt` turned into inputs, whose outputs are the loss,
 * `grad_<name>` for each of `wrt` (in its type and shape; zeros where the loss does not depend on it), and
 * `keepOutputs`. Everything that these do not need is removed.
 * @throws DifferentiationError for an unknown name, a loss that is not one float, an operator without a rule on the way
 * from `wrt` to the loss, and what the lab does not differentiate (subgraphs, operator sets before 11).
 */
export function differentiate(model: OnnxModel, options: DifferentiateOptions): OnnxModel {
  const { loss, keepOutputs = [], constants = [] } = options;
  const wrt = [...new Set(options.wrt)];
  checkNames(model, loss, wrt, keepOutputs);
  const named = withFreeNames(withoutConstantNodes(model), wrt.map(gradientName), [loss, ...keepOutputs]);
  const prepared = withInputs(named, wrt);
  const live = liveNodes(prepared.graph.nodes, [loss, ...keepOutputs]);
  checkOperators(model, live);

  const graph = new GradientGraph({ ...prepared, graph: { ...prepared.graph, nodes: live } });
  const path = pathNodes(graph, live, loss, wrt, constants);
  checkTypes(graph, loss, wrt);
  const gradients = backpropagate(graph, path, loss);
  const taken = new Map<Value, string>();
  for (const name of wrt) nameGradient(graph, live, gradients.get(name) ?? graph.zerosLike(name), name, taken);
  return assemble(prepared, graph, taken, { loss, wrt, keepOutputs });
}

function checkNames(model: OnnxModel, loss: string, wrt: readonly string[], keepOutputs: readonly string[]): void {
  const { inputs, initializers, nodes, outputs } = model.graph;
  const computed = new Set(nodes.flatMap((node) => node.outputs).filter((name) => name !== ''));
  const given = new Set([...inputs, ...initializers].map(({ name }) => name));
  const constants = new Set(nodes.filter((node) => node.opType === 'Constant').flatMap((node) => node.outputs));
  for (const [role, name] of [['loss', loss], ...keepOutputs.map((name) => ['output', name])]) {
    if (computed.has(name) || given.has(name)) continue;
    const known = outputs.map((info) => `"${info.name}"`).join(', ');
    throw new DifferentiationError(`the model has no value named "${name}" for the ${role}; its outputs are ${known}`);
  }
  if (wrt.length === 0) throw new DifferentiationError('nothing to differentiate with respect to: name at least one');
  for (const name of wrt) {
    if (given.has(name) || constants.has(name)) continue;
    const known = [...given].slice(0, 20).map((other) => `"${other}"`);
    const more = given.size > known.length ? `, and ${given.size - known.length} more` : '';
    throw new DifferentiationError(
      computed.has(name)
        ? `"${name}" is computed by the graph; differentiate with respect to an initializer or a graph input`
        : `the model has no initializer or input named "${name}"; it has ${known.join(', ')}${more}`,
    );
  }
}

function checkOperators(model: OnnxModel, live: readonly OnnxNode[]): void {
  const opset = model.opsets[''];
  if (opset !== undefined && opset < OLDEST_OPSET) {
    throw new DifferentiationError(
      `the model uses operator set ${opset}; export it again with operator set ${OLDEST_OPSET} or newer`,
    );
  }
  for (const node of live) {
    if (Object.values(node.attributes).some((attribute) => attribute.kind === 'graph')) {
      throw new DifferentiationError(
        `${describe(node)} holds a subgraph, which is not differentiated; export without it`,
      );
    }
  }
}

function checkTypes(graph: GradientGraph, loss: string, wrt: readonly string[]): void {
  for (const [role, name] of [['loss', loss], ...wrt.map((name) => ['value', name])]) {
    const { dataType } = graph.inference.fact(name);
    if (FLOATS.includes(dataType)) continue;
    throw new DifferentiationError(
      `the ${role} "${name}" is ${dataType ?? 'of unknown type'}; only float16, float32 and float64 have gradients`,
    );
  }
  const { shape } = graph.inference.fact(loss);
  if (shape === null || shape.some((size) => size !== 1)) {
    const known = shape === null ? 'a shape that cannot be inferred' : `shape [${shape.map(declared).join(', ')}]`;
    throw new DifferentiationError(
      `the loss "${loss}" has ${known}; it must have exactly one element: reduce it (ReduceSum, ReduceMean) first`,
    );
  }
}

/** Nodes through which the loss depends on `wrt`, each with its rule. */
interface Path {
  readonly nodes: readonly { readonly node: OnnxNode; readonly rule: GradientRule }[];
  /** Values that depend on `wrt`, `wrt` included. */
  readonly dependent: ReadonlySet<Value>;
}

/**
 * The nodes between `wrt` and the loss along values that can carry gradients: floats, or what an operator without a
 * known type makes.
 * @throws DifferentiationError for a node without a rule.
 */
function pathNodes(
  graph: GradientGraph,
  nodes: readonly OnnxNode[],
  loss: string,
  wrt: readonly string[],
  constants: readonly string[],
): Path {
  const dependent = new Set<Value>(wrt);
  for (const node of nodes) {
    if (!node.inputs.some((input) => dependent.has(input))) continue;
    for (const output of node.outputs) {
      const { dataType } = graph.inference.fact(output);
      if (output === '' || constants.includes(output)) continue;
      if (dataType === null || FLOATS.includes(dataType)) dependent.add(output);
    }
  }
  const reached = new Set<Value>([loss]);
  const path = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => dependent.has(output) && reached.has(output))) return false;
    for (const input of node.inputs) if (dependent.has(input)) reached.add(input);
    return true;
  });
  const withRules = path.map((node) => {
    const rule = ruleFor(node);
    if (rule !== undefined) return { node, rule };
    throw new DifferentiationError(
      `no gradient rule for ${describe(node)}, which lies between the loss and what to differentiate by; ` +
        'replace the operator, or add a rule in src/graph/rules',
    );
  });
  return { nodes: withRules.reverse(), dependent };
}

/** Gradients of the loss with respect to those of `wrt` on which it depends. */
function backpropagate(graph: GradientGraph, { nodes, dependent }: Path, loss: string): Map<Value, Value> {
  const gradients = new Map<Value, Value>();
  if (!dependent.has(loss)) return gradients;
  const send = (to: Value, gradient: Value) => {
    const others = gradients.get(to);
    gradients.set(to, others === undefined ? gradient : graph.add(others, gradient));
  };
  const ones = graph.shape(loss).map(() => 1);
  send(loss, graph.constant(graph.dataType(loss), ones, [1]));
  for (const { node, rule } of nodes.toReversed()) {
    const received = node.outputs.map((output) => gradients.get(output) ?? null);
    if (received.every((gradient) => gradient === null)) continue;
    const needs = (index: number) => dependent.has(node.inputs[index] ?? '');
    const sent = rule.gradient({ node, graph, gradients: received, needs });
    node.inputs.forEach((input, index) => {
      const gradient = sent[index] ?? null;
      if (gradient !== null && needs(index)) send(input, gradient);
    });
  }
  return gradients;
}

/**
 * Gives `gradient` its name. A value of the forward graph, a constant or another's gradient is copied; what the rules
 * computed is renamed when the model is assembled.
 */
function nameGradient(
  graph: GradientGraph,
  forward: readonly OnnxNode[],
  gradient: Value,
  name: string,
  taken: Map<Value, string>,
): void {
  const made = graph.nodes.slice(forward.length).some((node) => node.outputs.includes(gradient));
  if (made && !taken.has(gradient)) taken.set(gradient, gradientName(name));
  else taken.set(graph.copy(gradient), gradientName(name));
}

function assemble(
  prepared: OnnxModel,
  graph: GradientGraph,
  names: ReadonlyMap<Value, string>,
  { loss, wrt, keepOutputs }: Required<Omit<DifferentiateOptions, 'constants'>>,
): OnnxModel {
  const renamed = (value: Value) => names.get(value) ?? value;
  const info = (value: Value, name: string): ValueInfo => ({
    name,
    dataType: graph.dataType(value),
    shape: graph.inference.fact(value).shape?.map(declared) ?? null,
  });
  const outputs = [
    info(loss, loss),
    ...wrt.map((name) => info(name, gradientName(name))),
    ...keepOutputs.filter((name) => name !== loss).map((name) => info(name, name)),
  ];
  const nodes = liveNodes(
    graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed), outputs: node.outputs.map(renamed) })),
    outputs.map((output) => output.name),
  );
  const used = new Set([...nodes.flatMap((node) => node.inputs), ...outputs.map((output) => output.name)]);
  const inputs = new Set(prepared.graph.inputs.map((input) => input.name));
  return {
    ...prepared,
    // Before version 4 every constant had to be an input too.
    irVersion: Math.max(prepared.irVersion, 4),
    producer: 'parallax',
    graph: {
      name: `${prepared.graph.name} with gradients`,
      inputs: prepared.graph.inputs,
      outputs,
      initializers: graph.initializers.filter((tensor) => used.has(tensor.name) || inputs.has(tensor.name)),
      nodes,
      valueInfo: prepared.graph.valueInfo.filter((value) => used.has(value.name)),
    },
  };
}

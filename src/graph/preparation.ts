/** What is done to a model's graph before it is differentiated. Each step returns a new model. */
import { DifferentiationError } from './gradient-graph';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from './model';
import { encodeTensorData } from './tensor-data';

/** The nodes that `wanted` values need, in order. */
export function liveNodes(nodes: readonly OnnxNode[], wanted: readonly string[]): OnnxNode[] {
  const needed = new Set(wanted);
  const live = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => output !== '' && needed.has(output))) return false;
    for (const input of node.inputs) needed.add(input);
    return true;
  });
  return live.reverse();
}

function constantTensor(node: OnnxNode): OnnxTensor | null {
  if (node.opType !== 'Constant' || node.domain !== '') return null;
  const [name] = node.outputs;
  const [[kind, attribute] = []] = Object.entries(node.attributes);
  if (attribute === undefined) return null;
  if (attribute.kind === 'tensor' && kind === 'value') return { ...attribute.value, name };
  const typed = (dataType: 'float32' | 'int64', dims: number[], values: readonly number[]): OnnxTensor => ({
    name,
    dataType,
    dims,
    data: encodeTensorData(dataType, values),
  });
  if (attribute.kind === 'float') return typed('float32', [], [attribute.value]);
  if (attribute.kind === 'int') return typed('int64', [], [attribute.value]);
  if (attribute.kind === 'floats') return typed('float32', [attribute.value.length], attribute.value);
  if (attribute.kind === 'ints') return typed('int64', [attribute.value.length], attribute.value);
  return null;
}

/** Constant nodes become initializers. */
export function withoutConstantNodes(model: OnnxModel): OnnxModel {
  const constants: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  for (const node of model.graph.nodes) {
    const tensor = constantTensor(node);
    if (tensor === null) nodes.push(node);
    else constants.push(tensor);
  }
  return withGraph(model, { initializers: [...model.graph.initializers, ...constants], nodes });
}

/** Initializers named in `wrt` become inputs of their type and shape. */
export function withInputs(model: OnnxModel, wrt: readonly string[]): OnnxModel {
  const { inputs, initializers } = model.graph;
  const declared = new Set(inputs.map((info) => info.name));
  const turned = initializers.filter((tensor) => wrt.includes(tensor.name));
  const added = turned.filter((tensor) => !declared.has(tensor.name));
  return withGraph(model, {
    inputs: [...inputs, ...added.map(({ name, dataType, dims }) => ({ name, dataType, shape: dims }))],
    initializers: initializers.filter((tensor) => !wrt.includes(tensor.name)),
  });
}

/**
 * Computed values called like one of `reserved`, as in a model that was differentiated before, get other names.
 * @throws DifferentiationError when an input, an initializer or one of `kept` has a reserved name.
 */
export function withFreeNames(model: OnnxModel, reserved: readonly string[], kept: readonly string[]): OnnxModel {
  const { graph } = model;
  const fixed = new Set([...[...graph.inputs, ...graph.initializers].map(({ name }) => name), ...kept]);
  for (const name of reserved) {
    if (fixed.has(name)) {
      throw new DifferentiationError(
        `the model has a value named "${name}" already, so no gradient can have that name`,
      );
    }
  }
  const used = new Set([...fixed, ...reserved, ...graph.nodes.flatMap((node) => node.outputs)]);
  const names = new Map<string, string>();
  for (const name of reserved) {
    let free = name;
    while (used.has(free)) free = `forward_${free}`;
    used.add(free);
    names.set(name, free);
  }
  const renamed = (name: string) => names.get(name) ?? name;
  return withGraph(model, {
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    })),
    outputs: graph.outputs.map((info) => ({ ...info, name: renamed(info.name) })),
    valueInfo: graph.valueInfo.map((info) => ({ ...info, name: renamed(info.name) })),
  });
}

function withGraph(model: OnnxModel, changes: Partial<OnnxGraph>): OnnxModel {
  return { ...model, graph: { ...model.graph, ...changes } };
}

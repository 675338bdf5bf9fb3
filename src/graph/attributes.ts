/** Reads a node's attributes in the form that the operator documents. Each throws TypeError on another form. */
import type { OnnxAttribute, OnnxNode, OnnxTensor } from './model';

type Kind = OnnxAttribute['kind'];

function read<K extends Kind>(node: OnnxNode, name: string, kind: K): Extract<OnnxAttribute, { kind: K }> | undefined {
  const attribute = node.attributes[name];
  if (attribute === undefined) return undefined;
  if (attribute.kind !== kind) {
    throw new TypeError(`attribute "${name}" of ${describe(node)} is ${attribute.kind}, not ${kind}`);
  }
  return attribute as Extract<OnnxAttribute, { kind: K }>;
}

/** `operator "Conv" (node "conv1")`: how messages name a node. */
export function describe(node: OnnxNode): string {
  const operator = node.domain === '' ? node.opType : `${node.domain}.${node.opType}`;
  const where = node.name === '' ? `unnamed node that makes "${node.outputs[0]}"` : `node "${node.name}"`;
  return `operator "${operator}" (${where})`;
}

export function intAttribute(node: OnnxNode, name: string, otherwise: number): number {
  return read(node, name, 'int')?.value ?? otherwise;
}

export function floatAttribute(node: OnnxNode, name: string, otherwise: number): number {
  return read(node, name, 'float')?.value ?? otherwise;
}

export function stringAttribute(node: OnnxNode, name: string, otherwise: string): string {
  return read(node, name, 'string')?.value ?? otherwise;
}

export function intsAttribute(node: OnnxNode, name: string): readonly number[] | undefined {
  return read(node, name, 'ints')?.value;
}

export function tensorAttribute(node: OnnxNode, name: string): OnnxTensor | undefined {
  return read(node, name, 'tensor')?.value;
}

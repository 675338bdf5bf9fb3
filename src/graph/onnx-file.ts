/**
 * ONNX files: reads and writes the part of onnx.proto that model.ts describes. Field numbers are those of onnx.proto
 * (ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto). Fields that the lab has no use for
 * (documentation, metadata, quantization annotations) are skipped when read.
 */
import {
  DATA_TYPES,
  type DataType,
  type Dimension,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type ValueInfo,
} from './model';
import { packedVarints, readFields, WireError, type WireField, WireWriter } from './protobuf';
import { elementBytes, encodeTensorData } from './tensor-data';

/** Says that bytes are not an ONNX model that the lab reads; the message names the part and the remedy. */
export class OnnxFileError extends Error {
  override readonly name = 'OnnxFileError';
}

const TYPE_NAMES = new Map<number, DataType>(
  (Object.keys(DATA_TYPES) as DataType[]).map((name) => [DATA_TYPES[name], name]),
);

/**
 * Reads a model from the bytes of an .onnx file.
 * @throws OnnxFileError on truncated or foreign bytes, external data, and element types that the lab does not know.
 */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  try {
    return readModel(bytes);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new OnnxFileError(
      `not a complete ONNX file (${bytes.length} bytes): ${error.message}; export or download the file again`,
    );
  }
}

/** Bytes of an .onnx file that holds `model`. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const writer = new WireWriter();
  writer.integer(1, model.irVersion).string(2, model.producer).message(7, graphMessage(model.graph));
  for (const [domain, version] of Object.entries(model.opsets)) {
    writer.message(8, new WireWriter().string(1, domain).integer(2, version));
  }
  for (const encoded of model.functions ?? []) writer.bytes(25, encoded);
  return writer.finish();
}

function text(field: WireField): string {
  return new TextDecoder().decode(field.bytes);
}

function fields(field: WireField): Generator<WireField> {
  return readFields(field.bytes, field.offset);
}

function readModel(bytes: Uint8Array): OnnxModel {
  let irVersion = 0;
  let producer = '';
  let graph: OnnxGraph | undefined;
  const opsets: Record<string, number> = {};
  const functions: Uint8Array[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) irVersion = Number(field.integer);
    else if (field.number === 2) producer = text(field);
    else if (field.number === 7) graph = readGraph(field);
    else if (field.number === 8) {
      let domain = '';
      let version = 0;
      for (const part of fields(field)) {
        if (part.number === 1) domain = text(part);
        else if (part.number === 2) version = Number(part.integer);
      }
      // 'ai.onnx' is a spelling of the default domain.
      opsets[domain === 'ai.onnx' ? '' : domain] = version;
    } else if (field.number === 25) functions.push(field.bytes.slice());
  }
  if (graph === undefined) {
    throw new OnnxFileError(`not an ONNX model: ${bytes.length} bytes without a graph; give the path of an .onnx file`);
  }
  if (Object.keys(opsets).length === 0) {
    throw new OnnxFileError('the ONNX file names no operator set (opset_import); it is cut off: export it again');
  }
  return { irVersion, producer, opsets, graph, ...(functions.length > 0 && { functions }) };
}

function readGraph(graphField: WireField): OnnxGraph {
  let name = '';
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  const valueInfo: ValueInfo[] = [];
  for (const field of fields(graphField)) {
    if (field.number === 1) nodes.push(readNode(field));
    else if (field.number === 2) name = text(field);
    else if (field.number === 5) initializers.push(readTensor(field, 'initializer'));
    else if (field.number === 11) inputs.push(readDeclaration(field, 'input'));
    else if (field.number === 12) outputs.push(readDeclaration(field, 'output'));
    else if (field.number === 13) {
      const info = readValueInfo(field);
      if (info.type !== null) valueInfo.push(info.type);
    } else if (field.number === 15) {
      throw new OnnxFileError('the graph has a sparse initializer, which the lab does not read; make it dense');
    }
  }
  return { name, inputs, outputs, initializers, nodes, valueInfo };
}

function readDeclaration(field: WireField, role: string): ValueInfo {
  const { name, type } = readValueInfo(field);
  if (type === null) {
    throw new OnnxFileError(`graph ${role} "${name}" is not a tensor of a type that the lab reads; cast or drop it`);
  }
  return type;
}

/** `type` is null for sequences, maps and unknown element types. */
function readValueInfo(infoField: WireField): { name: string; type: ValueInfo | null } {
  let name = '';
  let dataType: DataType | undefined;
  let shape: Dimension[] | null = null;
  for (const field of fields(infoField)) {
    if (field.number === 1) name = text(field);
    if (field.number !== 2) continue;
    for (const type of fields(field)) {
      if (type.number !== 1) continue;
      for (const part of fields(type)) {
        if (part.number === 1) dataType = TYPE_NAMES.get(Number(part.integer));
        else if (part.number === 2) {
          shape = [...fields(part)].filter((dimension) => dimension.number === 1).map(readDimension);
        }
      }
    }
  }
  return { name, type: dataType === undefined ? null : { name, dataType, shape } };
}

function readDimension(field: WireField): Dimension {
  for (const part of fields(field)) {
    // Some exporters write unknown sizes as -1.
    if (part.number === 1) return part.integer < 0n ? null : Number(part.integer);
    if (part.number === 2) return text(part) === '' ? null : text(part);
  }
  return null;
}

function readNode(nodeField: WireField): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const encoded: WireField[] = [];
  let name = '';
  let opType = '';
  let domain = '';
  for (const field of fields(nodeField)) {
    if (field.number === 1) inputs.push(text(field));
    else if (field.number === 2) outputs.push(text(field));
    else if (field.number === 3) name = text(field);
    else if (field.number === 4) opType = text(field);
    else if (field.number === 5) encoded.push(field);
    else if (field.number === 7) domain = text(field) === 'ai.onnx' ? '' : text(field);
  }
  const attributes = Object.fromEntries(encoded.map((field) => readAttribute(field, `${opType} node "${name}"`)));
  return { name, opType, domain, inputs, outputs, attributes };
}

const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const;

function readAttribute(attributeField: WireField, owner: string): [string, OnnxAttribute] {
  let name = '';
  let type = 0;
  let float = 0;
  let int = 0;
  let string = '';
  let tensor: OnnxTensor | undefined;
  let graph: Uint8Array | undefined;
  const floats: number[] = [];
  const ints: number[] = [];
  const strings: string[] = [];
  for (const field of fields(attributeField)) {
    if (field.number === 1) name = text(field);
    else if (field.number === 2) float = floatsOf(field.bytes)[0];
    else if (field.number === 3) int = Number(field.integer);
    else if (field.number === 4) string = text(field);
    else if (field.number === 5) tensor = readTensor(field, `constant in ${owner}`);
    else if (field.number === 6) graph = field.bytes.slice();
    else if (field.number === 7) for (const value of floatsOf(field.bytes)) floats.push(value);
    else if (field.number === 8) for (const value of packedVarints(field)) ints.push(Number(value));
    else if (field.number === 9) strings.push(text(field));
    else if (field.number === 20) type = Number(field.integer);
  }
  switch (type) {
    case ATTRIBUTE_TYPES.float:
      return [name, { kind: 'float', value: float }];
    case ATTRIBUTE_TYPES.int:
      return [name, { kind: 'int', value: int }];
    case ATTRIBUTE_TYPES.string:
      return [name, { kind: 'string', value: string }];
    case ATTRIBUTE_TYPES.floats:
      return [name, { kind: 'floats', value: floats }];
    case ATTRIBUTE_TYPES.ints:
      return [name, { kind: 'ints', value: ints }];
    case ATTRIBUTE_TYPES.strings:
      return [name, { kind: 'strings', value: strings }];
    case ATTRIBUTE_TYPES.tensor:
      if (tensor !== undefined) return [name, { kind: 'tensor', value: tensor }];
      break;
    case ATTRIBUTE_TYPES.graph:
      if (graph !== undefined) return [name, { kind: 'graph', encoded: graph }];
      break;
  }
  throw new OnnxFileError(`attribute "${name}" of ${owner} has type ${type}, which the lab does not read`);
}

function floatsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
}

function readTensor(tensorField: WireField, role: string): OnnxTensor {
  let name = '';
  let typeNumber = 0;
  let raw: Uint8Array | undefined;
  let external = false;
  const dims: number[] = [];
  /** Contents of float_data and double_data, which are little-endian already. */
  const chunks: Uint8Array[] = [];
  const integers: bigint[] = [];
  for (const field of fields(tensorField)) {
    if (field.number === 1) for (const value of packedVarints(field)) dims.push(Number(value));
    else if (field.number === 2) typeNumber = Number(field.integer);
    else if (field.number === 4 || field.number === 10) chunks.push(field.bytes);
    else if (field.number === 5 || field.number === 7 || field.number === 11) {
      for (const value of packedVarints(field)) integers.push(value);
    } else if (field.number === 8) name = text(field);
    else if (field.number === 9) raw = field.bytes.slice();
    else if (field.number === 13 || (field.number === 14 && field.integer === 1n)) external = true;
  }
  if (external) {
    throw new OnnxFileError(`${role} "${name}" is stored outside the file; save the model without external data`);
  }
  const dataType = TYPE_NAMES.get(typeNumber);
  if (dataType === undefined) {
    throw new OnnxFileError(
      `${role} "${name}" has element type ${typeNumber}, which the lab does not read; convert it`,
    );
  }
  const data = raw ?? typedData(dataType, chunks, integers);
  const expected = dims.reduce((product, size) => product * size, 1) * elementBytes(dataType);
  if (data.length !== expected) {
    const shape = `${dataType}[${dims.join(', ')}]`;
    throw new OnnxFileError(`${role} "${name}" (${shape}) should hold ${expected} bytes, but holds ${data.length}`);
  }
  return { name, dataType, dims, data };
}

/** Bytes of a tensor whose values were given in a typed field rather than in raw_data. */
function typedData(dataType: DataType, chunks: readonly Uint8Array[], integers: readonly bigint[]): Uint8Array {
  if (dataType === 'float32' || dataType === 'float64') {
    const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }
  const width = elementBytes(dataType);
  const data = new Uint8Array(integers.length * width);
  const view = new DataView(data.buffer);
  integers.forEach((value, i) => {
    // Narrow types, float16 bits among them, take the low bytes.
    for (let byte = 0; byte < width; byte++) {
      view.setUint8(i * width + byte, Number((value >> BigInt(8 * byte)) & 0xffn));
    }
  });
  return data;
}

function graphMessage(graph: OnnxGraph): WireWriter {
  const writer = new WireWriter();
  for (const node of graph.nodes) writer.message(1, nodeMessage(node));
  writer.string(2, graph.name);
  for (const tensor of graph.initializers) writer.message(5, tensorMessage(tensor));
  for (const info of graph.inputs) writer.message(11, valueInfoMessage(info));
  for (const info of graph.outputs) writer.message(12, valueInfoMessage(info));
  for (const info of graph.valueInfo) writer.message(13, valueInfoMessage(info));
  return writer;
}

function nodeMessage(node: OnnxNode): WireWriter {
  const writer = new WireWriter();
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  writer.string(3, node.name).string(4, node.opType);
  for (const [name, value] of Object.entries(node.attributes)) writer.message(5, attributeMessage(name, value));
  return node.domain === '' ? writer : writer.string(7, node.domain);
}

/** The nearest signed 64-bit integer: 2^63 - 1, which exporters use for "to the end", is not a double. */
function int64(value: number): bigint {
  const limit = 2n ** 63n;
  const exact = BigInt(value);
  return exact >= limit ? limit - 1n : exact < -limit ? -limit : exact;
}

function attributeMessage(name: string, attribute: OnnxAttribute): WireWriter {
  const writer = new WireWriter().string(1, name);
  switch (attribute.kind) {
    case 'float':
      writer.float(2, attribute.value);
      break;
    case 'int':
      writer.integer(3, int64(attribute.value));
      break;
    case 'string':
      writer.string(4, attribute.value);
      break;
    case 'tensor':
      writer.message(5, tensorMessage(attribute.value));
      break;
    case 'graph':
      writer.bytes(6, attribute.encoded);
      break;
    case 'floats':
      writer.bytes(7, encodeTensorData('float32', attribute.value));
      break;
    case 'ints':
      for (const value of attribute.value) writer.integer(8, int64(value));
      break;
    case 'strings':
      for (const value of attribute.value) writer.string(9, value);
      break;
  }
  return writer.integer(20, ATTRIBUTE_TYPES[attribute.kind]);
}

function tensorMessage(tensor: OnnxTensor): WireWriter {
  const writer = new WireWriter();
  for (const size of tensor.dims) writer.integer(1, size);
  return writer.integer(2, DATA_TYPES[tensor.dataType]).string(8, tensor.name).bytes(9, tensor.data);
}

function valueInfoMessage(info: ValueInfo): WireWriter {
  const type = new WireWriter().integer(1, DATA_TYPES[info.dataType]);
  if (info.shape !== null) {
    const shape = new WireWriter();
    for (const dimension of info.shape) {
      const part = new WireWriter();
      if (typeof dimension === 'number') part.integer(1, dimension);
      else if (dimension !== null) part.string(2, dimension);
      shape.message(1, part);
    }
    type.message(2, shape);
  }
  return new WireWriter().string(1, info.name).message(2, new WireWriter().message(1, type));
}

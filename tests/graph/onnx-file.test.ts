import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder';
import { DATA_TYPES, type DataType, type OnnxAttribute, type OnnxModel } from '../../src/graph/model';
import { OnnxFileError, readOnnx, writeOnnx } from '../../src/graph/onnx-file';
import { decodeTensorData, elementBytes, encodeTensorData } from '../../src/graph/tensor-data';

/** The part of onnx.proto (version 1.17, from its documentation) that the tests write with another implementation. */
const SCHEMA = protobuf.parse(
  `
  syntax = "proto2"; package onnx;
  message AttributeProto { optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4;
    optional TensorProto t = 5; optional GraphProto g = 6; repeated float floats = 7; repeated int64 ints = 8;
    repeated bytes strings = 9; optional string doc_string = 13; optional int32 type = 20; }
  message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; optional string doc_string = 3; }
  message NodeProto { repeated string input = 1; repeated string output = 2; optional string name = 3;
    optional string op_type = 4; optional string domain = 7; repeated AttributeProto attribute = 5;
    optional string doc_string = 6; }
  message ModelProto { optional int64 ir_version = 1; repeated OperatorSetIdProto opset_import = 8;
    optional string producer_name = 2; optional string producer_version = 3; optional string doc_string = 6;
    optional GraphProto graph = 7; repeated StringStringEntryProto metadata_props = 14; }
  message StringStringEntryProto { optional string key = 1; optional string value = 2; }
  message GraphProto { repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
    optional string doc_string = 10; repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
    repeated ValueInfoProto value_info = 13; }
  message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; repeated float float_data = 4 [packed = true];
    repeated int32 int32_data = 5 [packed = true]; repeated int64 int64_data = 7 [packed = true]; optional string name = 8;
    optional bytes raw_data = 9; repeated double double_data = 10 [packed = true];
    repeated StringStringEntryProto external_data = 13; optional int32 data_location = 14; }
  message TensorShapeProto { message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
    repeated Dimension dim = 1; }
  message TypeProto { message Tensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
    optional Tensor tensor_type = 1; }
  message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
`,
  { keepCase: true },
).root;
const MODEL = SCHEMA.lookupType('onnx.ModelProto');

const encode = (content: object): Uint8Array => MODEL.encode(MODEL.fromObject(content)).finish();
const decode = (bytes: Uint8Array) => MODEL.toObject(MODEL.decode(bytes), { longs: Number, arrays: true });

/** A model that protobufjs wrote, around the given initializers. */
const foreign = (initializer: object[], more: object = {}) =>
  encode({ ir_version: 8, opset_import: [{ version: 17 }], graph: { name: 'g', initializer, ...more } });

test('reads what another implementation wrote, unknown fields aside', () => {
  const type = (elem_type: number, dim: object[]) => ({ tensor_type: { elem_type, shape: { dim } } });
  const model = readOnnx(
    encode({
      ir_version: 8,
      producer_name: 'pytorch',
      producer_version: '2.9',
      doc_string: 'skipped',
      metadata_props: [{ key: 'a', value: 'b' }],
      opset_import: [
        { domain: '', version: 17 },
        { domain: 'com.microsoft', version: 1 },
      ],
      graph: {
        name: 'main',
        node: [
          {
            input: ['x', '', 'w'],
            output: ['y'],
            name: 'n',
            op_type: 'Foo',
            domain: 'com.microsoft',
            attribute: [
              { name: 'f', type: 1, f: 0.5 },
              { name: 'i', type: 2, i: -3 },
              { name: 's', type: 3, s: Buffer.from('text') },
              { name: 'fs', type: 6, floats: [1, 2] },
              { name: 'is', type: 7, ints: [1, -2, 300] },
              { name: 'ss', type: 8, strings: [Buffer.from('a'), Buffer.from('b')] },
              { name: 't', type: 4, t: { dims: [2], data_type: 7, int64_data: [5, -6], name: 'c' } },
            ],
          },
        ],
        input: [{ name: 'x', type: type(1, [{ dim_param: 'batch' }, { dim_value: 3 }, {}]) }],
        output: [{ name: 'y', type: { tensor_type: { elem_type: 11 } } }],
        value_info: [{ name: 'z', type: type(9, []) }],
      },
    }),
  );
  expect(model.opsets).toEqual({ '': 17, 'com.microsoft': 1 });
  expect(model.producer).toBe('pytorch');
  const { graph } = model;
  expect(graph.inputs).toEqual([{ name: 'x', dataType: 'float32', shape: ['batch', 3, null] }]);
  expect(graph.outputs).toEqual([{ name: 'y', dataType: 'float64', shape: null }]);
  expect(graph.valueInfo).toEqual([{ name: 'z', dataType: 'bool', shape: [] }]);
  expect(graph.nodes[0]).toMatchObject({ name: 'n', opType: 'Foo', domain: 'com.microsoft', inputs: ['x', '', 'w'] });
  expect(graph.nodes[0].attributes).toEqual({
    f: { kind: 'float', value: 0.5 },
    i: { kind: 'int', value: -3 },
    s: { kind: 'string', value: 'text' },
    fs: { kind: 'floats', value: [1, 2] },
    is: { kind: 'ints', value: [1, -2, 300] },
    ss: { kind: 'strings', value: ['a', 'b'] },
    t: { kind: 'tensor', value: { name: 'c', dataType: 'int64', dims: [2], data: encodeTensorData('int64', [5, -6]) } },
  });
});

test('typed data fields hold what raw data holds', () => {
  const values: Record<string, [DataType, object, number[]]> = {
    a: ['float32', { float_data: [1.5, -2] }, [1.5, -2]],
    b: ['float64', { double_data: [1e300, 3] }, [1e300, 3]],
    c: ['int32', { int32_data: [-1, 7] }, [-1, 7]],
    d: ['bool', { int32_data: [1, 0] }, [1, 0]],
    e: ['int8', { int32_data: [-5, 5] }, [-5, 5]],
    f: ['float16', { int32_data: [0x3c00, 0xc000] }, [1, -2]],
    g: ['uint8', { int32_data: [200, 3] }, [200, 3]],
    h: ['int64', { raw_data: Buffer.from(encodeTensorData('int64', [2 ** 40, -1])) }, [2 ** 40, -1]],
  };
  const { initializers } = readOnnx(
    foreign(
      Object.entries(values).map(([name, [type, data]]) => ({ name, dims: [2], data_type: DATA_TYPES[type], ...data })),
    ),
  ).graph;
  for (const tensor of initializers) expect(decodeTensorData(tensor), tensor.name).toEqual(values[tensor.name][2]);
});

const name = fc.string({ minLength: 1, maxLength: 8 });
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const integer = fc.integer();
const dataType = fc.constantFrom(...(Object.keys(DATA_TYPES) as DataType[]));
const tensor = fc.record({ name, dataType, dims: fc.array(fc.nat(3), { maxLength: 3 }) }).chain((head) => {
  const size = head.dims.reduce((product, dim) => product * dim, 1) * elementBytes(head.dataType);
  return fc.uint8Array({ minLength: size, maxLength: size }).map((data) => ({ ...head, data }));
});
const attribute: fc.Arbitrary<OnnxAttribute> = fc.oneof(
  fc.record({ kind: fc.constant('int' as const), value: fc.maxSafeInteger() }),
  fc.record({ kind: fc.constant('float' as const), value: float }),
  fc.record({ kind: fc.constant('string' as const), value: fc.string() }),
  fc.record({ kind: fc.constant('ints' as const), value: fc.array(integer) }),
  fc.record({ kind: fc.constant('floats' as const), value: fc.array(float) }),
  fc.record({ kind: fc.constant('strings' as const), value: fc.array(fc.string()) }),
  fc.record({ kind: fc.constant('tensor' as const), value: tensor }),
  fc.record({
    kind: fc.constant('graph' as const),
    encoded: fc.constantFrom(new Uint8Array(), Uint8Array.of(0x12, 1, 0x67)),
  }),
);
const info = fc.record({
  name,
  dataType,
  shape: fc.option(fc.array(fc.oneof(fc.nat(), fc.stringMatching(/^[a-z]{1,5}$/), fc.constant(null)))),
});
const node = fc.record({
  name: fc.string(),
  opType: name,
  domain: fc.constantFrom('', 'com.microsoft'),
  inputs: fc.array(fc.string()),
  outputs: fc.array(name),
  attributes: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), attribute, { noNullPrototype: true }),
});
const model: fc.Arbitrary<OnnxModel> = fc.record({
  irVersion: fc.integer({ min: 3, max: 12 }),
  producer: fc.string(),
  opsets: fc.constant({ '': 17 }),
  graph: fc.record({
    name: fc.string(),
    inputs: fc.array(info),
    outputs: fc.array(info),
    initializers: fc.array(tensor),
    nodes: fc.array(node),
    valueInfo: fc.array(info),
  }),
});

test('what is written is read back, and another implementation finds as many parts', () => {
  fc.assert(
    fc.property(model, (whole) => {
      const bytes = writeOnnx(whole);
      expect(readOnnx(bytes)).toEqual(whole);
      const { graph } = decode(bytes) as { graph: { node: { op_type: string }[]; initializer: { name: string }[] } };
      expect(graph.node.map((one) => one.op_type)).toEqual(whole.graph.nodes.map((one) => one.opType));
      expect(graph.initializer.map((one) => one.name)).toEqual(whole.graph.initializers.map((one) => one.name));
    }),
    { numRuns: 60 },
  );
});

function affine(): OnnxModel {
  const graph = new GraphBuilder('affine');
  const x = graph.input('x', 'float32', ['n', 2]);
  const w = graph.constant('float32', [2, 1], [2, 3]);
  graph.output(graph.node('Add', [graph.node('MatMul', [x, w]), graph.float(0.5)], {}, 'y'), 'float32', ['n', 1]);
  return graph.build();
}

test('onnxruntime runs what is written', async () => {
  const session = await ort.InferenceSession.create(writeOnnx(affine()));
  const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, 3, 4], [2, 2]) });
  expect([...(y.data as Float32Array)]).toEqual([8.5, 18.5]);
});

test('a file cut anywhere is refused, never misread', () => {
  const bytes = writeOnnx(affine());
  for (let length = 0; length < bytes.length; length++) {
    expect(() => readOnnx(bytes.subarray(0, length)), `cut to ${length}`).toThrow(OnnxFileError);
  }
  expect(() => readOnnx(bytes.subarray(0, 100))).toThrow(/not a complete ONNX file \(100 bytes\): .*byte/);
});

test('random bytes are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(() => readOnnx(bytes)).toThrow(OnnxFileError);
    }),
  );
});

test('what the lab does not read is named', () => {
  const one = (tensor: object) => () => readOnnx(foreign([{ name: 'w', dims: [2], data_type: 1, ...tensor }]));
  expect(one({ data_location: 1, external_data: [{ key: 'location', value: 'w.bin' }] })).toThrow(
    'initializer "w" is stored outside the file; save the model without external data',
  );
  expect(one({ data_type: 8 })).toThrow('initializer "w" has element type 8');
  expect(one({ float_data: [1] })).toThrow('initializer "w" (float32[2]) should hold 8 bytes, but holds 4');
});

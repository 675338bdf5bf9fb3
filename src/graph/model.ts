/**
 * ONNX models as plain data: what is read from a file, built in code, differentiated, and written again.
 * Field names follow onnx.proto, in camel case; parts of the format that the lab never uses are left out.
 */

/** Element types, by their numbers in onnx.proto's TensorProto.DataType. */
export const DATA_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
} as const;
export type DataType = keyof typeof DATA_TYPES;

/** A dimension: a size, a symbol ('batch'), or null when nothing is known. */
export type Dimension = number | string | null;

/** A constant. `data` is little-endian bytes in row-major order. */
export interface OnnxTensor {
  readonly name: string;
  readonly dataType: DataType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  /** A subgraph (If, Loop, Scan), carried along as its GraphProto's bytes. */
  | { readonly kind: 'graph'; readonly encoded: Uint8Array };

/** An operator applied to named values; '' stands for an optional input or output that is absent. */
export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  /** '' is ai.onnx. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Type and shape of a value; `shape` is null when the rank is unknown. */
export interface ValueInfo {
  readonly name: string;
  readonly dataType: DataType;
  readonly shape: readonly Dimension[] | null;
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly initializers: readonly OnnxTensor[];
  /** In topological order. */
  readonly nodes: readonly OnnxNode[];
  /** Shapes of intermediate values, where they were stated. */
  readonly valueInfo: readonly ValueInfo[];
}

export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Operator set versions by domain; '' is ai.onnx. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly graph: OnnxGraph;
  /** Model-local functions, carried along as their FunctionProtos' bytes. */
  readonly functions?: readonly Uint8Array[];
}

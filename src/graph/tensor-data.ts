/** Numbers to the little-endian bytes of an ONNX tensor, and back. */
import type { DataType, OnnxTensor } from './model';

const ELEMENT_BYTES: Record<DataType, number> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  float64: 8,
  uint32: 4,
  uint64: 8,
};

/** Size of one element in bytes. */
export function elementBytes(dataType: DataType): number {
  return ELEMENT_BYTES[dataType];
}

/** The bits of the half-precision number nearest to `value`, ties to even (IEEE 754 binary16). */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size === 0 ? 2 ** -14 : size)));
  const scaled = size / 2 ** (exponent - 10);
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const mantissa = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  // A normal number's leading bit (1024) adds one to the exponent field; a subnormal has none to add.
  return sign | (((exponent + 14) << 10) + mantissa);
}

function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const size =
    exponent === 31
      ? mantissa === 0
        ? Infinity
        : NaN
      : exponent === 0
        ? mantissa * 2 ** -24
        : (1024 + mantissa) * 2 ** (exponent - 25);
  return (bits & 0x8000) === 0 ? size : -size;
}

/** Bytes of a tensor of `dataType` with the given values in row-major order. */
export function encodeTensorData(dataType: DataType, values: readonly number[]): Uint8Array {
  const width = ELEMENT_BYTES[dataType];
  const data = new Uint8Array(values.length * width);
  const view = new DataView(data.buffer);
  values.forEach((value, i) => {
    const at = i * width;
    if (dataType === 'float32') view.setFloat32(at, value, true);
    else if (dataType === 'float64') view.setFloat64(at, value, true);
    else if (dataType === 'float16') view.setUint16(at, halfBits(value), true);
    else if (width === 8) view.setBigInt64(at, BigInt(value), true);
    else if (width === 4) view.setInt32(at, value, true);
    else if (width === 2) view.setInt16(at, value, true);
    else view.setInt8(at, value);
  });
  return data;
}

/** The values of `tensor` in row-major order; booleans are 0 and 1, 64-bit integers the nearest doubles. */
export function decodeTensorData(tensor: OnnxTensor): number[] {
  const { dataType, data } = tensor;
  const width = ELEMENT_BYTES[dataType];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = (at: number): number => {
    switch (dataType) {
      case 'float32':
        return view.getFloat32(at, true);
      case 'float64':
        return view.getFloat64(at, true);
      case 'float16':
        return halfValue(view.getUint16(at, true));
      case 'int64':
        return Number(view.getBigInt64(at, true));
      case 'uint64':
        return Number(view.getBigUint64(at, true));
      case 'int32':
        return view.getInt32(at, true);
      case 'uint32':
        return view.getUint32(at, true);
      case 'int16':
        return view.getInt16(at, true);
      case 'uint16':
        return view.getUint16(at, true);
      case 'int8':
        return view.getInt8(at);
      case 'uint8':
      case 'bool':
        return view.getUint8(at);
    }
  };
  return Array.from({ length: data.length / width }, (_, i) => read(i * width));
}

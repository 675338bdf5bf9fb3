/**
 * The protobuf wire format: fields of a message as (number, wire type, payload), read from and written to bytes.
 * Which field means what is the caller's business (onnx-file.ts).
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** One field of a message. Of its values, the one that fits the wire type is set. */
export interface WireField {
  readonly number: number;
  /** A varint as a signed 64-bit integer, or the raw bits of a fixed32 or fixed64 field. */
  readonly integer: bigint;
  /** The payload of a length-delimited field; the bits of a fixed-width field; empty for a varint. */
  readonly bytes: Uint8Array;
  readonly wireType: number;
  /** Where the field starts in the file, for error messages. */
  readonly offset: number;
}

/** Says that bytes are not the message that they should be: truncated, or not protobuf at all. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** A varint at `start`: its value as a signed 64-bit integer and the offset behind it. Throws WireError. */
function varint(bytes: Uint8Array, start: number, base: number): [value: bigint, end: number] {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) throw new WireError(`the data ends inside a number at byte ${base + start + i}`);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return [BigInt.asIntN(64, value), start + i + 1];
  }
  throw new WireError(`a number at byte ${base + start} is longer than 64 bits`);
}

/**
 * The fields of the message in `bytes`, in file order.
 * @param base offset of `bytes` in the file, for error messages.
 * @throws WireError where the bytes end inside a field or are not protobuf.
 */
export function* readFields(bytes: Uint8Array, base = 0): Generator<WireField> {
  const none = new Uint8Array();
  let at = 0;
  while (at < bytes.length) {
    const offset = base + at;
    const [tag, afterTag] = varint(bytes, at, base);
    const number = Number(BigInt.asUintN(64, tag) >> 3n);
    const wireType = Number(tag & 7n);
    at = afterTag;
    if (number === 0) throw new WireError(`byte ${offset} starts a field with number 0, which protobuf does not have`);
    if (wireType === VARINT) {
      const [integer, end] = varint(bytes, at, base);
      at = end;
      yield { number, wireType, integer, bytes: none, offset };
      continue;
    }
    let length: number;
    if (wireType === FIXED64) length = 8;
    else if (wireType === FIXED32) length = 4;
    else if (wireType === BYTES) {
      const [declared, end] = varint(bytes, at, base);
      at = end;
      length = Number(declared);
    } else throw new WireError(`byte ${offset} starts a field of wire type ${wireType}, which is not in use`);
    const left = bytes.length - at;
    if (length < 0 || length > left) {
      throw new WireError(`field ${number} at byte ${offset} should hold ${length} bytes, but ${left} are left`);
    }
    const payload = bytes.subarray(at, at + length);
    let integer = 0n;
    if (wireType !== BYTES) {
      for (let i = length - 1; i >= 0; i--) integer = (integer << 8n) | BigInt(payload[i]);
      integer = BigInt.asIntN(64, integer);
    }
    at += length;
    yield { number, wireType, integer, bytes: payload, offset: base + at - length };
  }
}

/** The numbers of a packed field of varints, as signed 64-bit integers; a field that is not packed holds one. */
export function packedVarints(field: WireField): bigint[] {
  if (field.wireType === VARINT) return [field.integer];
  const values: bigint[] = [];
  for (let at = 0; at < field.bytes.length;) {
    const [value, end] = varint(field.bytes, at, field.offset);
    values.push(value);
    at = end;
  }
  return values;
}

/** Writes one message. Methods append a field each and return the writer. */
export class WireWriter {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** A varint field; negative numbers take ten bytes, as in protobuf's int64. */
  integer(field: number, value: number | bigint): this {
    this.varint((BigInt(field) << 3n) | BigInt(VARINT));
    this.varint(BigInt(value));
    return this;
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    this.varint((BigInt(field) << 3n) | BigInt(FIXED32));
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.append(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.varint((BigInt(field) << 3n) | BigInt(BYTES));
    this.varint(BigInt(value.length));
    this.append(value);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: WireWriter): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private append(bytes: Uint8Array): void {
    this.parts.push(bytes);
    this.length += bytes.length;
  }

  private varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.append(Uint8Array.from(bytes));
  }
}

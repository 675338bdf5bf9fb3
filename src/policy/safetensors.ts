/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, then the tensors' bytes.
 * Source: the format section of the safetensors README. Only F32 and I32, which is what the lab stores.
 */

type StoredTensor = { readonly shape: readonly number[]; readonly values: Float32Array };
export type StoredTensors = Readonly<Record<string, StoredTensor>>;

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Writes float32 tensors, in the given order, with string metadata. */
export function writeSafetensors(tensors: StoredTensors, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  let offset = 0;
  const entries = Object.entries(tensors).map(([name, { shape, values }]) => {
    const start = offset;
    offset += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, offset] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  // The data must start at a multiple of 8; readers accept trailing spaces in the header.
  const headerLength = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(text, 8);
  let position = 8 + headerLength;
  for (const { values } of Object.values(tensors)) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position);
    position += values.byteLength;
  }
  return file;
}

function isHeaderEntry(value: unknown): value is HeaderEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<HeaderEntry>;
  const sizes = (list: unknown, length?: number) =>
    Array.isArray(list) &&
    (length === undefined || list.length === length) &&
    list.every((item) => Number.isSafeInteger(item) && item >= 0);
  return typeof entry.dtype === 'string' && sizes(entry.shape) && sizes(entry.data_offsets, 2);
}

/**
 * Reads float32 tensors.
 * @param origin name of the file, for messages.
 * @throws Error naming the file, and the tensor where there is one, when the file is cut short or malformed.
 */
export function readSafetensors(file: Uint8Array, origin: string): StoredTensors {
  const bad = (why: string) => new Error(`${origin} is not a readable safetensors file: ${why}`);
  if (file.length < 8) throw bad(`it has ${file.length} bytes and ends before its header`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > file.length - 8) {
    throw bad(
      `its header should take ${headerLength} bytes, but only ${file.length - 8} follow; the file was cut short`,
    );
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, 8 + headerLength)));
  } catch (error) {
    throw bad(`its header is not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw bad('its header is not an object');
  const data = file.subarray(8 + headerLength);
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (!isHeaderEntry(entry)) throw bad(`the entry of tensor "${name}" lacks dtype, shape or data_offsets`);
    if (entry.dtype !== 'F32') throw bad(`tensor "${name}" is ${entry.dtype}; the lab reads F32`);
    const [start, end] = entry.data_offsets;
    const count = entry.shape.reduce((product, size) => product * size, 1);
    if (end - start !== 4 * count)
      throw bad(`tensor "${name}" has ${end - start} bytes for the shape [${entry.shape}]`);
    if (end > data.length) {
      throw bad(`tensor "${name}" ends at byte ${end} of ${data.length} bytes of data; the file was cut short`);
    }
    // slice() copies, which also gives the alignment that a Float32Array needs.
    tensors[name] = { shape: entry.shape, values: new Float32Array(data.slice(start, end).buffer) };
  }
  return tensors;
}

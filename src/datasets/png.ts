/**
 * A PNG encoder for rendered channels (PNG third edition, W3C; zlib and deflate, RFC 1950 and 1951). Renderings are
 * smooth surfaces: the Paeth filter leaves small numbers and long runs of the same pixel, so that runs and one Huffman
 * code shrink them as far as a search for repetitions does, in a tenth of the time. All in one file of integers: the
 * same pixels give the same bytes in every browser and in Node.
 */

/** Pixels row by row. 8 bits a sample in a Uint8Array, 16 bits in a Uint16Array. */
interface Raster {
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green, blue. 16 bits come with 1. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint16Array;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const COLOR_TYPES = { 1: 0, 3: 2 } as const;
const PAETH = 4;
const [SHORTEST_RUN, LONGEST_RUN] = [3, 258];
/** Deflate's symbols: 256 literals, the end of the block, and 29 classes of lengths. */
const END = 256;
const SYMBOLS = 286;
const LONGEST_CODE = 15;
/** Bytes of a block: codes follow the image, and readers that hold 128 KiB of a block (fflate) can read it. */
const BLOCK = 1 << 16;

/** The PNG file of an image. Throws RangeError when `data` does not have width * height * channels samples. */
export function encodePng({ width, height, channels, data }: Raster): Uint8Array {
  if (data.length !== width * height * channels) {
    throw new RangeError(`encodePng: ${data.length} samples for ${width} x ${height} pixels of ${channels} channels`);
  }
  const sampleBytes = data.BYTES_PER_ELEMENT;
  const filtered = filter(samplesOf(data), width * channels * sampleBytes, height, channels * sampleBytes);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8 * sampleBytes;
  header[9] = COLOR_TYPES[channels];
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', compress(filtered, channels * sampleBytes)),
    chunk('IEND', new Uint8Array(0)),
  ];
  const file = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, SIGNATURE.length));
  file.set(SIGNATURE);
  let offset = SIGNATURE.length;
  for (const part of chunks) {
    file.set(part, offset);
    offset += part.length;
  }
  return file;
}

/** The samples as bytes, the higher one of 16 bits first. */
function samplesOf(data: Uint8Array | Uint16Array): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const bytes = new Uint8Array(2 * data.length);
  for (let k = 0; k < data.length; k++) {
    bytes[2 * k] = data[k] >> 8;
    bytes[2 * k + 1] = data[k] & 255;
  }
  return bytes;
}

/** Every row after its filter type: each byte less what its neighbours to the left, above and above left foretell. */
function filter(bytes: Uint8Array, stride: number, rows: number, pixelBytes: number): Uint8Array {
  const filtered = new Uint8Array(rows * (stride + 1));
  // Rows with a pixel of zeros before them, as the filter sees the border.
  let above = new Uint8Array(pixelBytes + stride);
  let line = new Uint8Array(pixelBytes + stride);
  for (let row = 0, to = 0; row < rows; row++) {
    filtered[to++] = PAETH;
    line.set(bytes.subarray(row * stride, (row + 1) * stride), pixelBytes);
    for (let x = pixelBytes; x < line.length; x++) {
      const a = line[x - pixelBytes];
      const b = above[x];
      const c = above[x - pixelBytes];
      const toA = Math.abs(b - c);
      const toB = Math.abs(a - c);
      const toC = Math.abs(a + b - 2 * c);
      filtered[to++] = line[x] - (toA <= toB && toA <= toC ? a : toB <= toC ? b : c);
    }
    [above, line] = [line, above];
  }
  return filtered;
}

/** A zlib stream of literals and runs that repeat the pixel before them. */
function compress(bytes: Uint8Array, pixelBytes: number): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / BLOCK));
  const out = new BitWriter(bytes.length + 256 * (blocks + 1));
  out.write(0x0178, 16); // zlib: deflate with a window of 32 KiB.
  for (let block = 0; block < blocks; block++) {
    out.write(block + 1 < blocks ? 0 : 1, 1);
    writeBlock(out, bytes, block * BLOCK, Math.min(bytes.length, (block + 1) * BLOCK), pixelBytes);
  }
  return out.end(adler32(bytes));
}

/** The bytes from `start` to `end` as a block with a code of its own. */
function writeBlock(out: BitWriter, bytes: Uint8Array, start: number, end: number, pixelBytes: number): void {
  // A literal byte, or 256 + the length of a run.
  const tokens = new Uint16Array(end - start);
  const counts = new Uint32Array(SYMBOLS);
  let count = 0;
  for (let at = start; at < end;) {
    let run = 0;
    if (at >= pixelBytes) {
      const most = Math.min(LONGEST_RUN, end - at);
      while (run < most && bytes[at + run] === bytes[at + run - pixelBytes]) run++;
    }
    if (run < SHORTEST_RUN) {
      counts[bytes[at]]++;
      tokens[count++] = bytes[at++];
    } else {
      counts[LENGTH_SYMBOL[run]]++;
      tokens[count++] = 256 + run;
      at += run;
    }
  }
  counts[END] = 1;
  const lengths = codeLengths(counts);
  const codes = canonicalCodes(lengths);
  writeTables(out, lengths, pixelBytes);
  for (let k = 0; k < count; k++) {
    const token = tokens[k];
    if (token < 256) {
      out.write(codes[token], lengths[token]);
      continue;
    }
    const symbol = LENGTH_SYMBOL[token - 256];
    out.write(codes[symbol], lengths[symbol]);
    out.write(token - 256 - LENGTH_BASE[symbol], LENGTH_EXTRA[symbol]);
    out.write(0, 1); // The one distance there is.
  }
  out.write(codes[END], lengths[END]);
}

/** Symbol of each length, and the first length and the extra bits of each symbol (RFC 1951, section 3.2.5). */
const LENGTH_SYMBOL = new Uint16Array(LONGEST_RUN + 1);
const LENGTH_BASE = new Uint16Array(SYMBOLS);
const LENGTH_EXTRA = new Uint8Array(SYMBOLS);
for (let symbol = 257, length = SHORTEST_RUN; symbol < SYMBOLS; symbol++) {
  const extra = symbol < 265 || symbol === 285 ? 0 : (symbol - 261) >> 2;
  // The last symbol is the longest run alone, which its neighbour could say too.
  if (symbol === 285) length = LONGEST_RUN;
  LENGTH_BASE[symbol] = length;
  LENGTH_EXTRA[symbol] = extra;
  LENGTH_SYMBOL.fill(symbol, length, length + (1 << extra));
  length += 1 << extra;
}

/** The block's code, each length in four bits, which spares a code for the codes. */
function writeTables(out: BitWriter, lengths: Uint8Array, pixelBytes: number): void {
  out.write(2, 2); // A code of the block's own:
  out.write(SYMBOLS - 257, 5);
  out.write(pixelBytes - 1, 5); // distances up to a pixel's, whose symbol is one less (they are 4 at most),
  out.write(19 - 4, 4);
  // lengths 16 to 18, which repeat others and come first, are not used; 0 to 15 take four bits each.
  for (let k = 0; k < 19; k++) out.write(k < 3 ? 0 : 4, 3);
  for (const length of lengths) out.write(REVERSED[length], 4);
  for (let distance = 1; distance <= pixelBytes; distance++) out.write(REVERSED[distance === pixelBytes ? 1 : 0], 4);
}

/** Four bits in the order in which codes are written: the highest first. */
const REVERSED = Uint8Array.from({ length: 16 }, (_, k) => reversed(k, 4));

function reversed(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((value >> bit) & 1) << (bits - 1 - bit);
  return result;
}

/** Lengths of a Huffman code for symbols that occur so often, 15 bits at most; 0 for those that do not occur. */
function codeLengths(counts: Uint32Array): Uint8Array {
  const weights = Uint32Array.from(counts);
  for (;;) {
    const lengths = huffmanLengths(weights);
    if (lengths.every((length) => length <= LONGEST_CODE)) return lengths;
    // Rarer symbols than a code of 15 bits tells apart: make them less rare.
    for (let symbol = 0; symbol < weights.length; symbol++) weights[symbol] = (weights[symbol] + 1) >> 1;
  }
}

/** Huffman's algorithm with two queues: leaves by weight, and inner nodes, which come about in the order of theirs. */
function huffmanLengths(weights: Uint32Array): Uint8Array {
  const leaves = [...weights.keys()].filter((symbol) => weights[symbol] > 0);
  leaves.sort((a, b) => weights[a] - weights[b] || a - b);
  const total = 2 * leaves.length - 1;
  const weight = Float64Array.from({ length: total }, (_, node) => (node < leaves.length ? weights[leaves[node]] : 0));
  const parent = new Uint16Array(total);
  let [leaf, inner] = [0, leaves.length];
  for (let node = leaves.length; node < total; node++) {
    for (let child = 0; child < 2; child++) {
      const takeLeaf = leaf < leaves.length && (inner >= node || weight[leaf] <= weight[inner]);
      const taken = takeLeaf ? leaf++ : inner++;
      weight[node] += weight[taken];
      parent[taken] = node;
    }
  }
  const depth = new Uint8Array(total);
  for (let node = total - 2; node >= 0; node--) depth[node] = depth[parent[node]] + 1;
  const lengths = new Uint8Array(weights.length);
  leaves.forEach((symbol, node) => (lengths[symbol] = depth[node]));
  return lengths;
}

/** The code of each symbol that its length fixes (RFC 1951, section 3.2.2), the first bit in the lowest place. */
function canonicalCodes(lengths: Uint8Array): Uint16Array {
  const codes = new Uint16Array(lengths.length);
  let code = 0;
  for (let bits = 1; bits <= LONGEST_CODE; bits++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === bits) codes[symbol] = reversed(code++, bits);
    }
    code <<= 1;
  }
  return codes;
}

/** Bits, the lowest first. */
class BitWriter {
  private readonly bytes: Uint8Array;
  private length = 0;
  private pending = 0;
  private pendingBits = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** At most 16 bits. */
  write(value: number, bits: number): void {
    this.pending |= value << this.pendingBits;
    this.pendingBits += bits;
    while (this.pendingBits >= 8) {
      this.bytes[this.length++] = this.pending & 255;
      this.pending >>>= 8;
      this.pendingBits -= 8;
    }
  }

  /** The bytes so far, the last one filled up, and the checksum after them. */
  end(checksum: number): Uint8Array {
    this.write(0, 7);
    for (let shift = 24; shift >= 0; shift -= 8) this.bytes[this.length++] = checksum >>> shift;
    return this.bytes.subarray(0, this.length);
  }
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let start = 0; start < bytes.length; start += 3800) {
    // So many sums fit 32 bits before the remainder has to be taken.
    const end = Math.min(bytes.length, start + 3800);
    for (let k = start; k < end; k++) {
      a += bytes[k];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** Length, name, content and checksum. */
function chunk(name: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let k = 0; k < 4; k++) bytes[4 + k] = name.charCodeAt(k);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let k = 0; k < bytes.length; k++) value = CRC[(value ^ bytes[k]) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}

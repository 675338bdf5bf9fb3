/** The PNG encoder against two readers that are not ours: fast-png for the pixels, Node's zlib for the stream. */
import fc from 'fast-check';
import { decode } from 'fast-png';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../src/datasets/png';
import { stream } from '../../src/random';

/** The content of the IDAT chunk: it is the second one. */
function imageData(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset);
  const first = 8 + 12 + view.getUint32(8);
  expect(new TextDecoder().decode(file.subarray(first + 4, first + 8))).toBe('IDAT');
  return file.subarray(first + 8, first + 8 + view.getUint32(first));
}

describe('encodePng', () => {
  const kinds = [
    { channels: 1, bits: 8 },
    { channels: 3, bits: 8 },
    { channels: 1, bits: 16 },
  ] as const;

  it.each(kinds)('keeps every sample: $channels channels of $bits bits', ({ channels, bits }) => {
    // Smooth ramps, flat areas and noise, in any size: what runs and codes of all lengths come from.
    const image = fc.record({
      width: fc.integer({ min: 1, max: 90 }),
      height: fc.integer({ min: 1, max: 40 }),
      seed: fc.integer(),
      noise: fc.constantFrom(0, 0.01, 0.3, 1),
      slope: fc.constantFrom(0, 1, 7, 300),
    });
    fc.assert(
      fc.property(image, ({ width, height, seed, noise, slope }) => {
        const random = stream(seed, 'png');
        const length = width * height * channels;
        const sample = (k: number) =>
          random.next() < noise ? random.integer(0, 2 ** bits - 1) : (k * slope) % 2 ** bits;
        const data =
          bits === 8
            ? Uint8Array.from({ length }, (_, k) => sample(k))
            : Uint16Array.from({ length }, (_, k) => sample(k));
        const file = encodePng({ width, height, channels, data });
        const read = decode(file, { checkCrc: true });
        expect([read.width, read.height, read.channels, read.depth]).toEqual([width, height, channels, bits]);
        expect(read.data).toEqual(data);
        // zlib checks the stream's own checksum, and that nothing is missing.
        expect(inflateSync(imageData(file)).length).toBe(height * (1 + (width * channels * bits) / 8));
      }),
      { numRuns: 60 },
    );
  });

  it('limits codes to 15 bits where Huffman would take more', () => {
    // Counts like Fibonacci numbers make the deepest of all trees; the first column's filter leaves bytes as they are.
    const data: number[] = [];
    for (let value = 0, a = 1, b = 1; value < 22; value++, [a, b] = [b, a + b]) {
      for (let k = 0; k < a; k++) data.push(value);
    }
    const shuffled = Uint8Array.from(
      stream(1, 'png')
        .shuffle(data)
        .flatMap((value) => [value, 0]),
    );
    // Rows of one pixel are filtered by the one above: add up, so that the differences are the values.
    let sum = 0;
    const column = shuffled.map((value) => (sum = (sum + value) & 255));
    const file = encodePng({ width: 1, height: column.length, channels: 1, data: column });
    expect(decode(file).data).toEqual(column);
  });

  it('is read whole by readers with small buffers, noise included', () => {
    const random = stream(2, 'png');
    const data = Uint8Array.from({ length: 3 * 300 * 300 }, () => random.integer(0, 255));
    expect(decode(encodePng({ width: 300, height: 300, channels: 3, data })).data).toEqual(data);
  });

  it('writes one colour in hardly any bytes', () => {
    const data = new Uint8Array(3 * 256 * 256).fill(90);
    expect(encodePng({ width: 256, height: 256, channels: 3, data }).length).toBeLessThan(1400);
  });

  it('refuses data of another size', () => {
    expect(() => encodePng({ width: 2, height: 2, channels: 3, data: new Uint8Array(11) })).toThrow(
      /11 samples for 2 x 2 pixels of 3 channels/,
    );
  });
});

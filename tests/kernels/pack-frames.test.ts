import { describe, expect, test } from 'vitest';
import { packedWords, packFrames } from '../../src/kernels/pack-frames';
import { stream } from '../../src/random';
import { DEVICES } from './support';

describe.each(DEVICES)('pack-frames on $name', ({ run }) => {
  test('bytes of the chosen frames in order, without padding and alpha', async () => {
    // 3 x 27 bytes: the last word is not full.
    const [frames, height, width, row_stride] = [5, 3, 3, 16];
    const random = stream(1, 'pixels');
    const pixels = Uint32Array.from({ length: frames * height * row_stride }, () => random.next() * 2 ** 32);
    const chosen = Uint32Array.of(3, 0, 4);
    const { packed } = await run(
      packFrames,
      { pixels, chosen, packed: new Uint32Array(packedWords(3, height, width)) },
      { count: 3, height, width, row_stride },
    );
    // The oracle gathers: where each byte of the result comes from.
    const bytes = new Uint8Array((packed as Uint32Array<ArrayBuffer>).buffer);
    expect(bytes).toHaveLength(84);
    const expected = Array.from({ length: 81 }, (_, byte) => {
      const [pixel, channel] = [Math.floor(byte / 3), byte % 3];
      const [row, column] = [Math.floor(pixel / width), pixel % width];
      const frame = chosen[Math.floor(row / height)];
      return Math.floor(pixels[(frame * height + (row % height)) * row_stride + column] / 256 ** channel) % 256;
    });
    expect([...bytes]).toEqual([...expected, 0, 0, 0]);
  });

  test('refuses buffers that do not fit', async () => {
    const sizes = { count: 1, height: 4, width: 4, row_stride: 4 };
    const buffers = { pixels: new Uint32Array(32), chosen: new Uint32Array(1), packed: new Uint32Array(12) };
    await expect(run(packFrames, buffers, { ...sizes, count: 2 })).rejects.toThrow(/"chosen" has 1/);
    await expect(run(packFrames, buffers, { ...sizes, row_stride: 3 })).rejects.toThrow(/row_stride \(3\) is below/);
    await expect(run(packFrames, { ...buffers, packed: new Uint32Array(11) }, sizes)).rejects.toThrow(
      /"packed" has 11/,
    );
    await expect(run(packFrames, buffers, { ...sizes, row_stride: 5 })).rejects.toThrow(/no multiple of a frame's 20/);
  });
});

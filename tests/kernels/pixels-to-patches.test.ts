import { describe, expect, test } from 'vitest';
import { pixelsToPatches } from '../../src/kernels/pixels-to-patches';
import { stream } from '../../src/random';
import { DEVICES, worstError } from './support';

describe.each(DEVICES)('pixels-to-patches on $name', ({ run }) => {
  test('a hand-made image of two patches', async () => {
    // Two pixels a patch side; the last two words of each row are padding.
    const pixel = (r: number, g: number, b: number) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    const rows = [
      [pixel(0, 51, 102), pixel(255, 0, 0), pixel(0, 255, 0), pixel(0, 0, 255), 7, 7],
      [pixel(1, 2, 3), pixel(4, 5, 6), pixel(7, 8, 9), pixel(10, 11, 12), 7, 7],
    ];
    const pixels = Uint32Array.from(rows.flat());
    const { patches } = await run(
      pixelsToPatches,
      { pixels, patches: new Float32Array(24) },
      { frames: 1, height: 2, width: 4, row_stride: 6, patch: 2 },
    );
    const bytes = [...patches].map((value) => Math.round((value / 2 + 0.5) * 255));
    expect(bytes.slice(0, 12)).toEqual([0, 51, 102, 255, 0, 0, 1, 2, 3, 4, 5, 6]);
    expect(bytes.slice(12)).toEqual([0, 255, 0, 0, 0, 255, 7, 8, 9, 10, 11, 12]);
    expect(patches[0]).toBe(-1);
    expect(patches[3]).toBe(1);
  });

  test('several frames, each value where the definition puts it', async () => {
    const [frames, height, width, row_stride, patch] = [3, 12, 8, 64, 4];
    const random = stream(1, 'pixels');
    const pixels = Uint32Array.from({ length: frames * height * row_stride }, () => random.next() * 2 ** 32);
    const result = await run(
      pixelsToPatches,
      { pixels, patches: new Float32Array(frames * height * width * 3) },
      { frames, height, width, row_stride, patch },
    );
    // The oracle scatters: from each pixel to its place.
    const expected = new Float32Array(result.patches.length);
    const perPatch = patch * patch * 3;
    for (let f = 0; f < frames; f++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          for (let c = 0; c < 3; c++) {
            const byte = Math.floor(pixels[(f * height + y) * row_stride + x] / 256 ** c) % 256;
            const index = f * 6 + Math.floor(y / patch) * 2 + Math.floor(x / patch);
            expected[index * perPatch + ((y % patch) * patch + (x % patch)) * 3 + c] = byte / 127.5 - 1;
          }
    expect(worstError(result.patches, expected)).toBeLessThan(1e-6);
  });

  test('refuses a patch that does not divide the frame, and a buffer that does not fit', async () => {
    const sizes = { frames: 1, height: 4, width: 6, row_stride: 6, patch: 4 };
    const buffers = { pixels: new Uint32Array(24), patches: new Float32Array(72) };
    await expect(run(pixelsToPatches, buffers, sizes)).rejects.toThrow(/patch \(4\) must divide/);
    await expect(run(pixelsToPatches, buffers, { ...sizes, patch: 2, row_stride: 8 })).rejects.toThrow(
      /"pixels" has 24/,
    );
  });
});

/**
 * Frames for people to look at: some of those on the device, without padding and alpha, so that few bytes are read back.
 */
import wgsl from '../../shaders/pack-frames.wgsl?raw';
import { defineKernel } from './kernel';
import { invocationGrid, requireLength, requireThat } from './sizes';

/** Words that `count` frames take. */
export function packedWords(count: number, height: number, width: number): number {
  return Math.ceil((count * height * width * 3) / 4);
}

/**
 * `pixels`: [frames, height, row_stride], as pixels-to-patches reads them. `chosen`: [count], frames by index; one that is
 * not there gives pixels of no meaning.
 * `packed`: [ceil(count * height * width * 3 / 4)], the chosen frames' R, G and B, four bytes a word, the first in the low
 * byte; bytes that are left over in the last word are 0.
 */
export const packFrames = defineKernel({
  name: 'pack-frames',
  wgsl,
  bindings: [
    { name: 'pixels', dtype: 'uint32', access: 'read' },
    { name: 'chosen', dtype: 'uint32', access: 'read' },
    { name: 'packed', dtype: 'uint32', access: 'read_write' },
  ],
  parameters: [
    { name: 'count', dtype: 'uint32' },
    { name: 'height', dtype: 'uint32' },
    { name: 'width', dtype: 'uint32' },
    { name: 'row_stride', dtype: 'uint32' },
  ],
  check(lengths, { count, height, width, row_stride }) {
    requireThat(this.name, row_stride >= width, `row_stride (${row_stride}) is below width (${width})`);
    requireThat(
      this.name,
      lengths.pixels % (height * row_stride) === 0,
      `"pixels" has ${lengths.pixels} elements, which is no multiple of a frame's ${height * row_stride}`,
    );
    requireLength(this.name, 'chosen', lengths.chosen, count);
    requireLength(this.name, 'packed', lengths.packed, packedWords(count, height, width));
  },
  dispatches: ({ count, height, width }) => [invocationGrid('main', packedWords(count, height, width))],
  reference({ pixels, chosen, packed }, { count, height, width, row_stride }) {
    const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
    let out = 0;
    for (let frame = 0; frame < count; frame++) {
      for (let row = 0; row < height; row++) {
        const start = (chosen[frame] * height + row) * row_stride;
        for (const pixel of pixels.subarray(start, start + width)) {
          for (const shift of [0, 8, 16]) bytes[out++] = pixel >>> shift;
        }
      }
    }
  },
});

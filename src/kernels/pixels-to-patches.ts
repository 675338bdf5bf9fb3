/**
 * From a render target to the policy's input: RGBA8 pixels become normalized patches without leaving the device.
 */
import wgsl from '../../shaders/pixels-to-patches.wgsl?raw';
import { defineKernel } from './kernel';
import { invocationGrid, requireLength, requireThat } from './sizes';

/**
 * `pixels`: [frames, height, row_stride], a pixel a word with red in the low byte; the row_stride - width words at the end of
 * a row are padding, as texture copies leave it.
 * `patches`: [frames, height / patch * width / patch, patch * patch * 3], patches in row-major order, each
 * (row, column, channel); a byte b becomes 2 (b / 255 - 0.5), in [-1, 1]. Alpha is dropped.
 */
export const pixelsToPatches = defineKernel({
  name: 'pixels-to-patches',
  wgsl,
  bindings: [
    { name: 'pixels', dtype: 'uint32', access: 'read' },
    { name: 'patches', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'frames', dtype: 'uint32' },
    { name: 'height', dtype: 'uint32' },
    { name: 'width', dtype: 'uint32' },
    { name: 'row_stride', dtype: 'uint32' },
    { name: 'patch', dtype: 'uint32' },
  ],
  check(lengths, { frames, height, width, row_stride, patch }) {
    requireThat(this.name, patch > 0, 'patch must be above 0');
    requireThat(
      this.name,
      height % patch === 0 && width % patch === 0,
      `patch (${patch}) must divide height (${height}) and width (${width})`,
    );
    requireThat(this.name, row_stride >= width, `row_stride (${row_stride}) is below width (${width})`);
    requireLength(this.name, 'pixels', lengths.pixels, frames * height * row_stride);
    requireLength(this.name, 'patches', lengths.patches, frames * height * width * 3);
  },
  dispatches: ({ frames, height, width }) => [invocationGrid('main', frames * height * width)],
  reference({ pixels, patches }, { frames, height, width, row_stride, patch }) {
    let out = 0;
    for (let frame = 0; frame < frames; frame++) {
      for (let top = 0; top < height; top += patch) {
        for (let left = 0; left < width; left += patch) {
          for (let row = top; row < top + patch; row++) {
            for (let column = left; column < left + patch; column++) {
              const pixel = pixels[(frame * height + row) * row_stride + column];
              for (const shift of [0, 8, 16]) patches[out++] = 2 * (((pixel >>> shift) & 0xff) / 255 - 0.5);
            }
          }
        }
      }
    }
  },
});

/** Image files as a policy sees them: a square of its own size. */
import { decode, encode } from 'fast-png';

/** An image file that cannot be read. */
export class ImageError extends Error {}

/** Pixels packed as R | G << 8 | B << 16, row by row. */
export type PackedFrame = Uint32Array;

/**
 * A PNG file as a `size` x `size` frame. Each pixel is the image's at its centre, as where a renderer takes one sample a
 * pixel: the frames that policies train on are not smoothed. Images of another shape are squeezed, not cut.
 * @throws ImageError when the file is no PNG of 8 bits.
 */
export function packedFrame(file: Uint8Array, size: number): PackedFrame {
  const { width, height, channels, data, depth, palette } = decoded(file);
  if (depth !== 8) throw new ImageError(`the image has ${depth} bits a channel; policies read 8`);
  const packed = new Uint32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const y = Math.floor(((row + 0.5) * height) / size);
      const x = Math.floor(((column + 0.5) * width) / size);
      const at = (y * width + x) * channels;
      const grey = [data[at], data[at], data[at]];
      const [r, g, b] = palette ? palette[data[at]] : channels < 3 ? grey : [data[at], data[at + 1], data[at + 2]];
      packed[row * size + column] = r | (g << 8) | (b << 16);
    }
  }
  return packed;
}

function decoded(file: Uint8Array) {
  try {
    return decode(file);
  } catch (error) {
    throw new ImageError('the image is no whole PNG file; policies read PNG', { cause: error });
  }
}

/** A grey PNG file: what the blank-image baseline shows in place of each frame. */
export function blankImage(size: number): Uint8Array {
  return encode({ width: size, height: size, channels: 3, depth: 8, data: new Uint8Array(3 * size * size).fill(128) });
}

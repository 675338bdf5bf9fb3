/** Image files as a policy sees them: a square of its own size. */
import { decode, encode } from 'fast-png';
import type { Picture } from '../../training/report';

/** An image file that cannot be read. */
export class ImageError extends Error {}

/**
 * A PNG file as a `size` x `size` frame. Each pixel is the image's at its centre, as where a renderer takes one sample a
 * pixel: the frames that policies train on are not smoothed. Images of another shape are squeezed, not cut.
 * @throws ImageError when the file is no PNG of 8 bits.
 */
export function framePicture(file: Uint8Array, size: number): Picture {
  const { width, height, channels, data, depth, palette } = decoded(file);
  if (depth !== 8) throw new ImageError(`the image has ${depth} bits a channel; policies read 8`);
  const rgba = new Uint8Array(size * size * 4);
  sampledAt({ width, height }, size).forEach((pixel, index) => {
    const at = pixel * channels;
    const grey = [data[at], data[at], data[at]];
    const color = palette ? palette[data[at]] : channels < 3 ? grey : [data[at], data[at + 1], data[at + 2]];
    rgba.set([color[0], color[1], color[2], 255], index * 4);
  });
  return { width: size, height: size, rgba };
}

/** Which of an image's pixels a `size` x `size` frame has, row by row: those at the centres of its own. */
export function sampledAt({ width, height }: { width: number; height: number }, size: number): Uint32Array {
  return Uint32Array.from({ length: size * size }, (_, index) => {
    const y = Math.floor(((Math.floor(index / size) + 0.5) * height) / size);
    const x = Math.floor((((index % size) + 0.5) * width) / size);
    return y * width + x;
  });
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

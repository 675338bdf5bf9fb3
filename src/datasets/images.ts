/** A frame's channels as PNG files. Lossless, and the same bytes for the same frame everywhere. */
import type { Frame } from '../rendering/frame';
import { encodePng } from './png';

const LARGEST = 0xffff;

/** Colour, 8 bit, 3 channels. */
export function encodeColor({ width, height, color }: Pick<Frame, 'width' | 'height' | 'color'>): Uint8Array {
  const data = new Uint8Array(3 * width * height);
  for (let from = 0, to = 0; from < color.length; from += 4) {
    data[to++] = color[from];
    data[to++] = color[from + 1];
    data[to++] = color[from + 2];
  }
  return encodePng({ width, height, data, channels: 3 });
}

/** Distance to the image plane in millimetres, 16 bit: 0 where nothing is hit, 65535 for 65.535 m and beyond. */
export function encodeDepth({ width, height, depth }: Pick<Frame, 'width' | 'height' | 'depth'>): Uint8Array {
  const data = new Uint16Array(depth.length);
  for (let pixel = 0; pixel < depth.length; pixel++) {
    data[pixel] = depth[pixel] === Infinity ? 0 : Math.min(LARGEST, Math.round(1000 * depth[pixel]));
  }
  return encodePng({ width, height, data, channels: 1 });
}

/** Instance ids, 16 bit. Throws RangeError on an id that does not fit. */
export function encodeInstances({
  width,
  height,
  instances,
}: Pick<Frame, 'width' | 'height' | 'instances'>): Uint8Array {
  const data = new Uint16Array(instances.length);
  for (let pixel = 0; pixel < instances.length; pixel++) {
    const id = instances[pixel];
    if (id > LARGEST) throw new RangeError(`encodeInstances: instance ${id} does not fit 16 bits`);
    data[pixel] = id;
  }
  return encodePng({ width, height, data, channels: 1 });
}

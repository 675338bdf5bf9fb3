/** How much of each object a frame shows, counted from its instance ids. */
import type { Frame, Visibility } from './frame';

/** Pixels and 2D box of every instance in view, by ascending id; the shell (id 0) is left out. */
export function visibilityOf(frame: Pick<Frame, 'width' | 'height' | 'instances'>): Visibility[] {
  const { width, height, instances } = frame;
  const seen = new Map<number, { pixels: number; left: number; top: number; right: number; bottom: number }>();
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const object = instances[pixel];
      if (object === 0) continue;
      const extent = seen.get(object);
      if (!extent) {
        seen.set(object, { pixels: 1, left: x, top: y, right: x, bottom: y });
        continue;
      }
      extent.pixels++;
      extent.left = Math.min(extent.left, x);
      extent.right = Math.max(extent.right, x);
      extent.bottom = y;
    }
  }
  return [...seen]
    .sort(([a], [b]) => a - b)
    .map(([object, { pixels, left, top, right, bottom }]) => ({
      object,
      pixels,
      bbox: [left, top, right - left + 1, bottom - top + 1],
    }));
}

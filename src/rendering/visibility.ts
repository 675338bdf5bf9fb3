/**
 * How much of each object a frame shows: what is seen, counted from the instance ids, and what would be seen if nothing
 * stood in front, from the object drawn alone.
 */
import type { Camera, SceneObject } from '../scenes/scene';
import type { AmodalVisibility, Frame, Visibility } from './frame';
import { Raster } from './raster';

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

/**
 * As `visibilityOf`, with each object's whole silhouette and the fraction of it that is seen. One entry for every object
 * whose silhouette has a pixel in the frame, wholly hidden ones included (0 pixels seen), in the order of `objects`.
 * `frame` must be `camera`'s view of a room that holds `objects`; object ids are those of its instances.
 */
export function amodalVisibilityOf(
  frame: Pick<Frame, 'width' | 'height' | 'instances'>,
  camera: Camera,
  objects: readonly Pick<SceneObject, 'id' | 'mesh'>[],
): AmodalVisibility[] {
  const seen = new Map(visibilityOf(frame).map((entry) => [entry.object, entry]));
  const alone = new Raster(camera);
  return objects.flatMap(({ id, mesh }): AmodalVisibility[] => {
    const { pixels, bbox } = seen.get(id) ?? { pixels: 0, bbox: [0, 0, 0, 0] as const };
    alone.clear();
    alone.draw(mesh);
    const silhouette = extentOf(alone);
    if (silhouette === null) return [];
    return [
      {
        object: id,
        pixels,
        bbox,
        silhouettePixels: silhouette.pixels,
        silhouetteBox: silhouette.bbox,
        visibleFraction: pixels / silhouette.pixels,
      },
    ];
  });
}

/**
 * The object's whole silhouette as if nothing stood before it, cut at the frame: 1 where `camera` sees it, else 0, row
 * by row. The mask of its visible part is where the frame's instances are its id.
 */
export function amodalMask({ mesh }: Pick<SceneObject, 'mesh'>, camera: Camera): Uint8Array {
  const alone = new Raster(camera);
  alone.draw(mesh);
  return Uint8Array.from(alone.triangles, (triangle) => (triangle >= 0 ? 1 : 0));
}

/** Pixels and box of what was drawn, or null where that is nothing. */
function extentOf(raster: Raster): Pick<Visibility, 'pixels' | 'bbox'> | null {
  const { triangles, width } = raster;
  let pixels = 0;
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (let y = raster.top; y <= raster.bottom; y++) {
    for (let x = raster.left; x <= raster.right; x++) {
      if (triangles[y * width + x] < 0) continue;
      pixels++;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return pixels === 0 ? null : { pixels, bbox: [left, top, right - left + 1, bottom - top + 1] };
}

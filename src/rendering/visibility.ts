/**
 * How much of each object a frame shows: what is seen, counted from the instance ids, and what would be seen if nothing
 * stood in front, from the object drawn alone.
 */
import { projectPoint } from '../scenes/camera';
import { boxCorners } from '../scenes/geometry';
import type { Camera, OrientedBox, SceneObject } from '../scenes/scene';
import type { AmodalVisibility, Frame, PixelBox, Visibility } from './frame';
import { NEAR, renderInstances } from './software';

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
  objects: readonly Pick<SceneObject, 'id' | 'box' | 'mesh'>[],
): AmodalVisibility[] {
  const seen = new Map(visibilityOf(frame).map((entry) => [entry.object, entry]));
  return objects.flatMap(({ id, box, mesh }): AmodalVisibility[] => {
    const { pixels, bbox } = seen.get(id) ?? { pixels: 0, bbox: [0, 0, 0, 0] as const };
    const silhouette = silhouetteOf({ id, box, mesh }, camera);
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

/** Pixels and box of `object` drawn alone, or null where no pixel of the frame shows it. */
function silhouetteOf({ id, box, mesh }: Pick<SceneObject, 'id' | 'box' | 'mesh'>, camera: Camera): Visibility | null {
  const [left, top, width, height] = windowOf(box, camera);
  if (width <= 0 || height <= 0) return null;
  // The same rays through a smaller image: what is drawn costs what it covers.
  const K = camera.K.map((value, entry) => value - (entry === 2 ? left : entry === 5 ? top : 0));
  const instances = new Uint32Array(mesh.positions.length / 3).fill(id);
  const alone = renderInstances({ ...mesh, instances }, { ...camera, K, width, height });
  const [silhouette] = visibilityOf(alone);
  if (!silhouette) return null;
  const [x, y, w, h] = silhouette.bbox;
  return { ...silhouette, bbox: [x + left, y + top, w, h] };
}

/** The part of the frame that `box` can cover, from its projected corners; all of it when the box reaches behind the eye. */
function windowOf(box: OrientedBox, camera: Camera): PixelBox {
  const corners = boxCorners(box).map((corner) => projectPoint(camera, corner));
  const inFront = corners.filter((corner) => corner !== null && corner[2] >= NEAR);
  if (inFront.length === 0) return [0, 0, 0, 0];
  if (inFront.length < corners.length) return [0, 0, camera.width, camera.height];
  const columns = inFront.map((corner) => corner![0]);
  const rows = inFront.map((corner) => corner![1]);
  // A pixel to spare on each side: the box is tight around the mesh only up to float32.
  const left = Math.max(0, Math.floor(Math.min(...columns)) - 1);
  const top = Math.max(0, Math.floor(Math.min(...rows)) - 1);
  const right = Math.min(camera.width, Math.ceil(Math.max(...columns)) + 1);
  const bottom = Math.min(camera.height, Math.ceil(Math.max(...rows)) + 1);
  return [left, top, right - left, bottom - top];
}

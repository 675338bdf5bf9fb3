/**
 * Channels that follow from others pixel by pixel: they are worked out where they are wanted, and neither drawn nor
 * stored. Names are those of Omniverse Replicator's annotators.
 */
import type { Camera, SceneObject } from '../scenes/scene';
import type { Frame } from './frame';

/**
 * `distance_to_camera` from `distance_to_image_plane`: along the ray through each pixel's centre to the camera's centre,
 * metres, row by row; Infinity where nothing is hit. `K` is the 3x3 matrix of the camera that drew `frame`.
 */
export function distanceToCamera(
  { width, height, depth }: Pick<Frame, 'width' | 'height' | 'depth'>,
  { K }: Pick<Camera, 'K'>,
): Float32Array {
  const [fx, , cx, , fy, cy] = K;
  const distance = new Float32Array(depth.length);
  for (let row = 0, pixel = 0; row < height; row++) {
    const y = (row + 0.5 - cy) / fy;
    for (let column = 0; column < width; column++, pixel++) {
      const x = (column + 0.5 - cx) / fx;
      distance[pixel] = depth[pixel] * Math.sqrt(x * x + y * y + 1);
    }
  }
  return distance;
}

/**
 * Category ids from instance ids: k + 1 for an object of `categories[k]`, 0 for the room's shell, row by row.
 * @throws RangeError on an instance that is none of `objects`, and on a category that is none of `categories`.
 */
export function categoryIds(
  instances: Uint32Array,
  objects: readonly Pick<SceneObject, 'id' | 'category'>[],
  categories: readonly string[],
): Uint16Array {
  const ids = new Map([[0, 0]]);
  for (const { id, category } of objects) {
    const place = categories.indexOf(category);
    if (place < 0) throw new RangeError(`categoryIds: '${category}' is not among the ${categories.length} categories`);
    ids.set(id, place + 1);
  }
  return Uint16Array.from(instances, (instance) => {
    const id = ids.get(instance);
    if (id === undefined) throw new RangeError(`categoryIds: instance ${instance} is none of the room's objects`);
    return id;
  });
}

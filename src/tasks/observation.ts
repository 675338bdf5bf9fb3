/**
 * A room observed by a camera or along a video: what each frame shows of the objects, counted on the processor at a small
 * fixed size, so that the questions of a view depend neither on an adapter nor on the size of the frame that a policy
 * gets.
 */
import { renderInstances } from '../rendering/software';
import { amodalVisibilityOf } from '../rendering/visibility';
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera, Room } from '../scenes/scene';
import type { Observation } from './family';

/** Longer side of the frame that visibility is counted in, pixels. */
const VISIBILITY_SIZE = 64;

/** A camera and when it looks, seconds from the first frame. */
interface TimedCamera {
  readonly camera: Camera;
  readonly time: number;
}

/**
 * What may be asked about `room` as `camera` sees it. `mesh` is the room's own. The observation's camera is the same
 * view at `size` pixels along its longer side; its pixel counts are those of that frame.
 */
export function observe(room: Room, mesh: RoomMesh, camera: Camera, size = VISIBILITY_SIZE): Observation {
  return observeVideo(room, mesh, [{ camera, time: 0 }], size);
}

/** As `observe`, for the frames of a video, in order of time. */
export function observeVideo(
  room: Room,
  mesh: RoomMesh,
  cameras: readonly TimedCamera[],
  size = VISIBILITY_SIZE,
): Observation {
  const frames = cameras.map(({ camera, time }) => {
    const small = resized(camera, size);
    const image = renderInstances(mesh, small);
    const visible = amodalVisibilityOf(image, small, room.objects).filter(({ pixels }) => pixels > 0);
    return { camera: small, time, visible, instances: image.instances, depth: image.depth };
  });
  return { room, frames };
}

/** The same view with a longer side of `size` pixels. Throws RangeError on a size that is not a positive integer. */
function resized(camera: Camera, size: number): Camera {
  if (!(Number.isInteger(size) && size > 0)) {
    throw new RangeError(`observe: a visibility size of ${size}; give a positive whole number of pixels`);
  }
  const longer = Math.max(camera.width, camera.height);
  const width = Math.max(1, Math.round((camera.width * size) / longer));
  const height = Math.max(1, Math.round((camera.height * size) / longer));
  const scales = [width / camera.width, height / camera.height, 1];
  const K = camera.K.map((value, index) => value * scales[Math.floor(index / 3)]);
  return { width, height, K, cameraToWorld: camera.cameraToWorld };
}

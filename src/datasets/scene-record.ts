/** A room and its views as a canonical scene record. */
import type { AmodalVisibility } from '../rendering/frame';
import { pointToBoxDistance } from '../scenes/geometry';
import { cameraPosition } from '../scenes/camera';
import type { Camera, Room } from '../scenes/scene';
import type { Validation } from '../scenes/validation';
import type { SceneRecord } from './canonical';

/** A camera of a scene, when it looked, and what it saw. */
export interface View {
  readonly camera: Camera;
  /** Seconds from the first frame. */
  readonly time: number;
  readonly visible: readonly AmodalVisibility[];
}

/**
 * The record of `room` seen by `views`, in the order of the frames. Numbers are kept whole: answers are recomputed
 * from them, and a rounded length could round an answer the other way.
 */
export function sceneRecord(room: Room, views: readonly View[], validation: Validation): SceneRecord {
  const objects = new Map(room.objects.map((object) => [object.id, object]));
  return {
    seed: room.seed,
    room: {
      type: room.type,
      polygon: room.polygon,
      height: room.height,
      area: room.area,
    },
    objects: room.objects.map(({ id, category, box, support }) => ({
      id,
      category,
      centroid: box.centroid,
      axes_lengths: box.axesLengths,
      axes: box.axes,
      support,
    })),
    cameras: views.map(({ camera, time }, frame) => ({
      frame,
      time,
      width: camera.width,
      height: camera.height,
      K: camera.K,
      camera_to_world: camera.cameraToWorld,
    })),
    visibility: views.flatMap(({ camera, visible }, frame) =>
      visible.map((seen) => ({
        frame,
        object: seen.object,
        bbox_obj: seen.silhouetteBox,
        bbox_visib: seen.bbox,
        px_count_all: seen.silhouettePixels,
        px_count_visib: seen.pixels,
        visib_fract: seen.visibleFraction,
        distance_to_camera: pointToBoxDistance(cameraPosition(camera), objects.get(seen.object)!.box),
      })),
    ),
    validation: { ok: validation.ok, problems: validation.problems },
  };
}

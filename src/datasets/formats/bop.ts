/**
 * BOP (benchmark for 6D object pose): {split}/{scene}/ with rgb/, depth/, mask_visib/ and the three scene files.
 * Millimetres, OpenCV axes. There are no shared CAD models: obj_id is the category's place in models.json, and an
 * object's model axes are those of its box.
 */
import { decode, encode } from 'fast-png';
import type { CameraRecord, ObjectRecord, SceneRecord } from '../canonical';
import { type Format, framePath, text, writeFile } from '../store';
import { categoriesOf } from './categories';

const MILLIMETRES = 1000;
/** BOP's box of what cannot be seen. */
const NOWHERE = [-1, -1, -1, -1];

/** Rotation (row-major) and translation in mm from world to camera axes: the inverse of the pose. */
function worldToCamera({ camera_to_world: m }: CameraRecord) {
  const R = [m[0], m[4], m[8], m[1], m[5], m[9], m[2], m[6], m[10]];
  const position = [m[3], m[7], m[11]];
  return { R, t: [0, 1, 2].map((i) => -MILLIMETRES * dotRow(R, i, position)) };
}

function dotRow(R: readonly number[], row: number, v: readonly number[]): number {
  return R[3 * row] * v[0] + R[3 * row + 1] * v[1] + R[3 * row + 2] * v[2];
}

/** Pose of the object's box in camera axes. */
function modelToCamera(object: ObjectRecord, camera: CameraRecord) {
  const { R, t } = worldToCamera(camera);
  // The box's axes are the columns of its rotation.
  const rotation = [0, 1, 2].flatMap((i) => [0, 1, 2].map((k) => dotRow(R, i, object.axes.slice(3 * k, 3 * k + 3))));
  return {
    cam_R_m2c: rotation,
    cam_t_m2c: [0, 1, 2].map((i) => MILLIMETRES * dotRow(R, i, object.centroid) + t[i]),
  };
}

/** scene_camera, scene_gt and scene_gt_info of a scene, by frame. */
function sceneFiles(scene: SceneRecord, ids: ReadonlyMap<string, number>) {
  const cameras: Record<string, unknown> = {};
  const poses: Record<string, unknown[]> = {};
  const infos: Record<string, unknown[]> = {};
  for (const camera of scene.cameras) {
    const { R, t } = worldToCamera(camera);
    cameras[camera.frame] = { cam_K: camera.K, depth_scale: 1, cam_R_w2c: R, cam_t_w2c: t };
    const seen = scene.visibility.filter(({ frame }) => frame === camera.frame);
    const objects = seen.map((entry) => scene.objects.find(({ id }) => id === entry.object)!);
    poses[camera.frame] = objects.map((object) => ({
      obj_id: ids.get(object.category),
      ...modelToCamera(object, camera),
    }));
    infos[camera.frame] = seen.map((entry) => ({
      bbox_obj: entry.bbox_obj,
      bbox_visib: entry.px_count_visib > 0 ? entry.bbox_visib : NOWHERE,
      px_count_all: entry.px_count_all,
      // Where the silhouette is, there is the object or something before it: the depth is known.
      px_count_valid: entry.px_count_all,
      px_count_visib: entry.px_count_visib,
      visib_fract: entry.visib_fract,
    }));
  }
  return { 'scene_camera.json': cameras, 'scene_gt.json': poses, 'scene_gt_info.json': infos };
}

/** The visible mask of `object`, 8 bit, 255 where it is seen. */
function maskOf(
  image: { readonly width: number; readonly height: number; readonly data: ArrayLike<number> },
  object: number,
) {
  const data = Uint8Array.from(image.data, (id) => (id === object ? 255 : 0));
  return encode({ width: image.width, height: image.height, data, channels: 1, depth: 8 });
}

function sixDigits(index: number): string {
  return String(index).padStart(6, '0');
}

export const bop: Format = {
  name: 'bop',
  summary: 'BOP: {split}/{scene}/ with rgb, depth, mask_visib, scene_camera, scene_gt, scene_gt_info',
  async convert(source, sink) {
    const categories = await categoriesOf(source);
    const ids = new Map(categories.map((category, index) => [category, index + 1]));
    await writeFile(sink, 'models.json', text(`${JSON.stringify(Object.fromEntries(ids), null, 2)}\n`));
    for await (const { name, split, record } of source.scenes()) {
      const folder = `${split}/${name}`;
      for (const [file, content] of Object.entries(sceneFiles(record, ids))) {
        await writeFile(sink, `${folder}/${file}`, text(`${JSON.stringify(content)}\n`));
      }
      for (const { frame } of record.cameras) {
        await writeFile(sink, `${folder}/rgb/${sixDigits(frame)}.png`, await source.file(framePath(name, frame)));
        await writeFile(
          sink,
          `${folder}/depth/${sixDigits(frame)}.png`,
          await source.file(`depth/${name}/${frame}.png`),
        );
        const instances = decode(await source.file(`instances/${name}/${frame}.png`));
        const seen = record.visibility.filter((entry) => entry.frame === frame);
        for (const [place, { object }] of seen.entries()) {
          const path = `${folder}/mask_visib/${sixDigits(frame)}_${sixDigits(place)}.png`;
          await writeFile(sink, path, maskOf(instances, object));
        }
      }
    }
  },
};

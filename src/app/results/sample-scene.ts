/** The scene of a sample as proofs are drawn on it, from the files of its data set. */
import { decode } from 'fast-png';
import type { SampleRecord, SceneRecord } from '../../datasets/canonical';
import type { EvaluatedScene } from '../../lab/evaluation-protocol';
import type { FrameSummary, Picture } from '../../lab/protocol';
import type { Vec3 } from '../../scenes/scene';
import type { ProofRoom } from '../proof/proof';

export interface SampleScene {
  readonly room: ProofRoom;
  /** The sample's frames, in its order. */
  readonly frames: readonly FrameSummary[];
}

/**
 * The room and frames of `sample`, or null where its data set does not hold them all.
 * @throws Error where a file is damaged.
 */
export async function sampleScene(
  sample: Pick<SampleRecord, 'frames'>,
  { record, frames: files }: EvaluatedScene,
): Promise<SampleScene | null> {
  if (!record || sample.frames.length === 0) return null;
  const frames: FrameSummary[] = [];
  for (const number of sample.frames) {
    const file = files[number];
    const view = record.cameras.find(({ frame }) => frame === number);
    if (!file || !view) return null;
    frames.push({
      picture: pictureOf(new Uint8Array(await file.arrayBuffer())),
      camera: { width: view.width, height: view.height, K: view.K, cameraToWorld: view.camera_to_world },
      time: view.time,
      visible: record.visibility
        .filter(({ frame, px_count_visib }) => frame === number && px_count_visib > 0)
        .map(({ object, px_count_visib, bbox_visib: [x, y, width, height] }) => ({
          object,
          pixels: px_count_visib,
          bbox: [x, y, width, height],
        })),
    });
  }
  return { room: roomOf(record), frames };
}

function roomOf({ room, objects }: SceneRecord): ProofRoom {
  return {
    area: room.area,
    polygon: room.polygon.map(([x, y]) => [x, y]),
    objects: objects.map(({ id, category, centroid, axes_lengths, axes }) => ({
      id,
      category,
      box: { centroid: vector(centroid), axesLengths: vector(axes_lengths), axes },
    })),
  };
}

function vector([x, y, z]: readonly number[]): Vec3 {
  return [x, y, z];
}

function pictureOf(file: Uint8Array): Picture {
  const { width, height, channels, data } = decode(file);
  const rgba = new Uint8Array(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[4 * pixel + channel] = data[channels * pixel + (channels < 3 ? 0 : channel)];
    }
  }
  return { width, height, rgba };
}

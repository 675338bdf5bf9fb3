/**
 * VSI-Bench: {split}.jsonl of its eight tasks' questions, and scene_metadata.json. The benchmark shows videos, as
 * {dataset}/{scene_name}.mp4; where no encoder is at hand, the frames are those in frames/{scene_name}.
 */
import type { ObjectRecord, SampleRecord, SceneRecord } from '../canonical';
import { letteredOptions } from '../prompt';
import { type Format, perSplit, text } from '../store';
import { JsonStream } from './json-array';

const DATASET = 'parallax';

/** The benchmark's question types. */
export const VSI_TASKS = [
  'object_counting',
  'object_abs_distance',
  'object_size_estimation',
  'room_size_estimation',
  'object_rel_distance',
  'object_rel_direction_easy',
  'object_rel_direction_medium',
  'object_rel_direction_hard',
  'obj_appearance_order',
  'route_planning',
];

function question(sample: SampleRecord, id: number) {
  return {
    id,
    dataset: DATASET,
    scene_name: sample.scene,
    question_type: sample.task,
    question: sample.question,
    ground_truth: sample.answer,
    options: letteredOptions(sample.options),
  };
}

function boundingBox({ centroid, axes_lengths, axes }: ObjectRecord) {
  const reach = [0, 1, 2].map((i) =>
    [0, 1, 2].reduce((sum, k) => sum + (Math.abs(axes[3 * k + i]) * axes_lengths[k]) / 2, 0),
  );
  return {
    centroid,
    axesLengths: axes_lengths,
    normalizedAxes: axes,
    min: centroid.map((value, i) => value - reach[i]),
    max: centroid.map((value, i) => value + reach[i]),
  };
}

function sceneMetadata({ room, objects }: SceneRecord) {
  const categories = [...new Set(objects.map(({ category }) => category))].sort();
  const of = (category: string) => objects.filter((object) => object.category === category);
  const middle = (i: number) => {
    const values = room.polygon.map((corner) => corner[i]);
    return (Math.min(...values) + Math.max(...values)) / 2;
  };
  return {
    room_size: room.area,
    room_center: [middle(0), middle(1), room.height / 2],
    object_counts: Object.fromEntries(categories.map((category) => [category, of(category).length])),
    object_bbox: Object.fromEntries(categories.map((category) => [category, of(category).map(boundingBox)])),
  };
}

export const vsiBench: Format = {
  name: 'vsi',
  summary: 'VSI-Bench: {split}.jsonl of its question types, and scene_metadata.json',
  async convert(source, sink) {
    const files = perSplit(
      (split) => sink.create(`${split}.jsonl`),
      (file) => file.close(),
    );
    let id = 0;
    for await (const sample of source.samples()) {
      if (!VSI_TASKS.includes(sample.task)) continue;
      await (await files.of(sample.split)).write(text(`${JSON.stringify(question(sample, id++))}\n`));
    }
    await files.finish();
    const metadata = await (await JsonStream.create(sink, 'scene_metadata.json')).open('{');
    for await (const { name, record } of source.scenes()) await metadata.add(sceneMetadata(record), name);
    await metadata.close('}');
  },
};

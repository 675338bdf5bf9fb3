/** CV-Bench: {split}.parquet of its four tasks, an image a row. */
import type { SampleRecord, SceneRecord } from '../canonical';
import { letterOf } from '../../tasks/contract';
import { type Format, framePath, perSplit } from '../store';
import {
  type Cell,
  doubleColumn,
  imageCell,
  imageColumn,
  int32Column,
  listColumn,
  type Row,
  stringColumn,
  Table,
} from './parquet';

/** Families that ask as the benchmark's tasks do: its dimension and its name for each. */
export const CV_TASKS: Readonly<Record<string, readonly [type: '2D' | '3D', task: string]>> = {
  count_2d: ['2D', 'Count'],
  relation_2d: ['2D', 'Relation'],
  depth_3d: ['3D', 'Depth'],
  distance_3d: ['3D', 'Distance'],
};

const COLUMNS = [
  int32Column('idx'),
  stringColumn('type'),
  stringColumn('task'),
  imageColumn('image'),
  stringColumn('question'),
  listColumn('choices', stringColumn('choice')),
  stringColumn('answer'),
  stringColumn('prompt'),
  stringColumn('filename'),
  stringColumn('source'),
  stringColumn('source_dataset'),
  stringColumn('source_filename'),
  stringColumn('target_class'),
  listColumn('target_size', int32Column('side')),
  listColumn('bbox', listColumn('box', doubleColumn('side'))),
];

function cvRow(sample: SampleRecord, scene: SceneRecord, idx: number, image: Cell): Row {
  const [type, task] = CV_TASKS[sample.task];
  const [frame] = sample.frames;
  const choices = sample.options ?? [];
  const listed = choices.map((choice, index) => `(${letterOf(index)}) ${choice}`).join('\n');
  const path = framePath(sample.scene, frame);
  const named = sample.evidence.objects.flatMap((id) => scene.objects.filter((object) => object.id === id));
  const boxes = named.flatMap(({ id }) =>
    scene.visibility.filter((seen) => seen.object === id && seen.frame === frame).map(({ bbox_visib }) => bbox_visib),
  );
  const { width, height } = scene.cameras[frame];
  return {
    idx,
    type,
    task,
    image,
    question: sample.question,
    choices,
    answer: `(${sample.answer})`,
    prompt: `${sample.question} Select from the following choices.\n${listed}`,
    filename: path,
    source: 'Parallax',
    source_dataset: 'Parallax',
    source_filename: path,
    target_class: [...new Set(named.map(({ category }) => category))].join(', '),
    target_size: [height, width],
    bbox: boxes,
  };
}

export const cvBench: Format = {
  name: 'cvbench',
  summary: 'CV-Bench: {split}.parquet of its tasks (Count, Relation, Depth, Distance)',
  async convert(source, sink) {
    const tables = perSplit(
      (split) => Table.create(sink, `${split}.parquet`, COLUMNS),
      (table) => table.close(),
    );
    let idx = 0;
    for await (const { sample, scene } of withScenes(source)) {
      if (!(sample.task in CV_TASKS)) continue;
      const image = await imageCell(source, sample.scene, sample.frames[0]);
      await (await tables.of(sample.split)).add(cvRow(sample, scene, idx++, image));
    }
    await tables.finish();
  },
};

/** Samples with their scenes. Both are in the order of the scenes; a scene may have no sample. */
async function* withScenes(source: Parameters<Format['convert']>[0]) {
  const scenes = source.scenes()[Symbol.asyncIterator]();
  let current = await scenes.next();
  for await (const sample of source.samples()) {
    while (!current.done && current.value.name !== sample.scene) current = await scenes.next();
    if (current.done) throw new Error(`samples.jsonl names scene ${sample.scene} out of order, or it has no record`);
    yield { sample, scene: current.value.record };
  }
}

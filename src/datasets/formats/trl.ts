/** TRL's GRPO dataset: a parquet file a split; the further columns reach the reward functions. */
import type { SampleRecord } from '../canonical';
import { benchmarkPrompt } from '../prompt';
import { type Format, perSplit } from '../store';
import {
  type Cell,
  doubleColumn,
  imageCells,
  imageColumn,
  listColumn,
  type Row,
  stringColumn,
  structColumn,
  Table,
} from './parquet';

const COLUMNS = [
  listColumn('prompt', structColumn('message', [stringColumn('role'), stringColumn('content')])),
  listColumn('images', imageColumn('image')),
  stringColumn('id'),
  stringColumn('scene'),
  stringColumn('task'),
  stringColumn('kind'),
  stringColumn('answer'),
  doubleColumn('answer_value'),
  doubleColumn('difficulty'),
];

/** TRL puts the image placeholders before the text itself. */
function trlRow(sample: SampleRecord, images: readonly Cell[]): Row {
  const { id, scene, task, kind, answer, answer_value, difficulty } = sample;
  const prompt = [{ role: 'user', content: benchmarkPrompt(sample) }];
  return { prompt, images, id, scene, task, kind, answer, answer_value, difficulty: difficulty.value };
}

export const trl: Format = {
  name: 'trl',
  summary: 'TRL (GRPOTrainer): {split}.parquet',
  async convert(source, sink) {
    const tables = perSplit(
      (split) => Table.create(sink, `${split}.parquet`, COLUMNS),
      (table) => table.close(),
    );
    for await (const sample of source.samples()) {
      await (await tables.of(sample.split)).add(trlRow(sample, await imageCells(source, sample)));
    }
    await tables.finish();
  },
};

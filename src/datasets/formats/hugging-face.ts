/**
 * The Hugging Face `datasets` library: data/{split}-00000-of-00001.parquet with an Image feature. A data set of single frames has a column
 * `image`; one with several frames a sample has `images`.
 */
import type { SampleRecord } from '../canonical';
import { type Format, perSplit } from '../store';
import { type Cell, doubleColumn, imageCells, imageColumn, listColumn, type Row, stringColumn, Table } from './parquet';

const FACTS = [
  stringColumn('id'),
  stringColumn('scene'),
  stringColumn('task'),
  stringColumn('kind'),
  stringColumn('question'),
  listColumn('options', stringColumn('option')),
  stringColumn('answer'),
  doubleColumn('answer_value'),
  stringColumn('unit'),
  stringColumn('reasoning'),
  doubleColumn('difficulty'),
];

function facts(sample: SampleRecord): Record<string, Cell> {
  const { id, scene, task, kind, question, options, answer, answer_value, unit, reasoning, difficulty } = sample;
  const value = difficulty.value;
  return { id, scene, task, kind, question, options, answer, answer_value, unit, reasoning, difficulty: value };
}

export const huggingFace: Format = {
  name: 'hf',
  summary: 'Hugging Face datasets: data/{split}-00000-of-00001.parquet with images inside',
  async convert(source, sink) {
    let single = true;
    for await (const { frames } of source.samples()) single &&= frames.length === 1;
    const image = single ? imageColumn('image') : listColumn('images', imageColumn('image'));
    const tables = perSplit(
      (split) => Table.create(sink, `data/${split}-00000-of-00001.parquet`, [image, ...FACTS]),
      (table) => table.close(),
    );
    for await (const sample of source.samples()) {
      const cells = await imageCells(source, sample);
      const row: Row = { [image.name]: single ? cells[0] : cells, ...facts(sample) };
      await (await tables.of(sample.split)).add(row);
    }
    await tables.finish();
  },
};

/** verl's RL dataset: a parquet file a split, and the reward function that goes with it. */
import type { SampleRecord } from '../canonical';
import { benchmarkPrompt, promptWithImages } from '../prompt';
import { type DatasetSource, type Format, perSplit, text, writeFile } from '../store';
import {
  type Cell,
  imageCells,
  imageColumn,
  int32Column,
  listColumn,
  type Row,
  stringColumn,
  structColumn,
  Table,
} from './parquet';

const COLUMNS = [
  stringColumn('data_source'),
  listColumn('prompt', structColumn('message', [stringColumn('role'), stringColumn('content')])),
  listColumn('images', imageColumn('image')),
  stringColumn('ability'),
  structColumn('reward_model', [stringColumn('style'), stringColumn('ground_truth')]),
  structColumn('extra_info', [
    stringColumn('split'),
    int32Column('index'),
    stringColumn('answer'),
    stringColumn('question'),
  ]),
];

/** What the reward function of a data set must know: VSI-Bench's metrics on the text after the last thought. */
const REWARD = `"""Reward for verl: accuracy of choices, mean relative accuracy of numbers (VSI-Bench)."""
import re

TOLERANCES = [1 - (0.5 + 0.05 * i) for i in range(10)]


def compute_score(data_source, solution_str, ground_truth, extra_info=None):
    answer = re.findall(r"<answer>(.*?)</answer>", solution_str, re.S)
    text = (answer[-1] if answer else solution_str).strip().split(" ")[0].rstrip(".")
    if not re.fullmatch(r"-?\\d+(\\.\\d+)?", ground_truth):
        return float(text.lower() == ground_truth.lower())
    try:
        error = abs(float(text) - float(ground_truth)) / abs(float(ground_truth))
    except (ValueError, ZeroDivisionError):
        return float(text == ground_truth)
    return sum(error <= tolerance + 1e-12 for tolerance in TOLERANCES) / len(TOLERANCES)
`;

function verlRow(sample: SampleRecord, index: number, images: readonly Cell[]): Row {
  return {
    data_source: `parallax/${sample.task}`,
    prompt: [{ role: 'user', content: promptWithImages(sample) }],
    images,
    ability: sample.domain,
    reward_model: { style: 'rule', ground_truth: sample.answer },
    extra_info: { split: sample.split, index, answer: sample.answer, question: benchmarkPrompt(sample) },
  };
}

export const verl: Format = {
  name: 'verl',
  summary: 'verl: {split}.parquet and reward.py',
  async convert(source: DatasetSource, sink) {
    const tables = perSplit(
      async (split) => ({ table: await Table.create(sink, `${split}.parquet`, COLUMNS), rows: 0 }),
      ({ table }) => table.close(),
    );
    for await (const sample of source.samples()) {
      const split = await tables.of(sample.split);
      await split.table.add(verlRow(sample, split.rows++, await imageCells(source, sample)));
    }
    await tables.finish();
    await writeFile(sink, 'reward.py', text(REWARD));
  },
};

/** Small files with the columns that the benchmarks' owners publish, read and scored by the right metric. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { evaluateCommand } from '../../src/cli/evaluate';
import type { PictureOptions } from '../../src/cli/pictures';
import { parseColumns, readRealSuite } from '../../src/cli/real-suite';
import { imageColumn, int32Column, listColumn, stringColumn, Table } from '../../src/datasets/formats/parquet';
import type { FileSink } from '../../src/datasets/store';
import type { EvaluationResults } from '../../src/evaluation/evaluation';
import { blankImage } from '../../src/evaluation/models/frame';
import { promptOf } from '../../src/evaluation/suites/question';
import { temporaryFolder } from './lab';

const folder = temporaryFolder();
const vsiFile = join(folder, 'test.jsonl');
const cvFile = join(folder, 'test_2d.parquet');
const png = blankImage(8);
const FOUR: PictureOptions = {
  frames: 4,
  cutFolder: join(folder, 'cut'),
  decoder: { videoFrames: () => Promise.reject(new Error('there are no video files here')) },
};

beforeAll(async () => {
  const frames = join(folder, 'scannet', 'scene0');
  mkdirSync(frames, { recursive: true });
  for (let frame = 1; frame <= 11; frame++) writeFileSync(join(frames, `${frame}.png`), png);
  const base = { dataset: 'scannet', scene_name: 'scene0' };
  const rows = [
    { ...base, id: 0, question_type: 'object_counting', question: 'How many?', ground_truth: '4', options: null },
    {
      ...base,
      id: 1,
      question_type: 'object_rel_direction_hard',
      question: 'Where?',
      ground_truth: 'B',
      options: ['A. left', 'B. right'],
    },
  ];
  writeFileSync(vsiFile, rows.map((row) => JSON.stringify(row)).join('\n'));

  const table = await Table.create(folderSink, cvFile, [
    int32Column('idx'),
    ...['type', 'task', 'question', 'answer', 'filename', 'source'].map((name) => stringColumn(name)),
    listColumn('choices', stringColumn('choice')),
    imageColumn('image'),
  ]);
  const cvRows = [
    ['2D', 'Count', 'How many?', '(B)', 'img/1.png', 'ADE20K'],
    ['2D', 'Relation', 'Where?', '(A)', 'img/2.png', 'COCO'],
    ['3D', 'Depth', 'Which?', '(A)', 'img/3.png', 'Omni3D'],
  ];
  for (const [idx, [type, task, question, answer, filename, source]] of cvRows.entries()) {
    const image = { bytes: png, path: null };
    await table.add({ idx, type, task, question, answer, filename, source, choices: ['x', 'y'], image });
  }
  await table.close();
});
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined));

/** Files at their paths. */
const folderSink: FileSink = {
  async create(path) {
    writeFileSync(path, '');
    return { write: async (bytes) => appendFileSync(path, bytes), close: async () => undefined };
  },
};

async function evaluated(name: string, suite: string, predictions: Readonly<Record<string, string>>) {
  const file = join(folder, `${name}-answers.jsonl`);
  const lines = Object.entries(predictions).map(([id, prediction]) => JSON.stringify({ id, prediction }));
  writeFileSync(file, lines.join('\n'));
  const out = join(folder, name);
  await evaluateCommand.run(['--policy', file, '--suite', suite, '--out', out]);
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as EvaluationResults;
}

describe('real benchmark files', () => {
  test("VSI-Bench's: a video is a folder of frames, evenly shown", async () => {
    const { questions } = await readRealSuite(vsiFile, {}, null, FOUR);
    expect(questions.map(({ sample }) => sample.frames.length)).toEqual([4, 4]);
    expect(await questions[0].images()).toHaveLength(4);
    expect(promptOf(questions[1])).toBe(
      "These are frames of a video.\nWhere?\nOptions:\nA. left\nB. right\nAnswer with the option's letter from the given choices directly.",
    );
    const { origin, benchmarks } = await evaluated('vsi', vsiFile, { 0: '5', 1: 'B. right' });
    expect(origin).toBe('real');
    expect(benchmarks[0].benchmark).toBe('vsi');
    expect(benchmarks[0].model.by_task).toMatchObject({ object_counting: 0.6, object_rel_direction: 1 });
    expect(benchmarks[0]).toMatchObject({ blind: { overall: 1 }, blind_fitted: true });
    const report = readFileSync(join(folder, 'vsi', 'report.md'), 'utf8');
    expect(report).not.toContain('synthetic');
    expect(report).toContain('| Best constant, answers known | baseline | 100.0 |');
  });

  test("CV-Bench's: pictures from the rows, the official score", async () => {
    const { questions } = await readRealSuite(cvFile, {}, null, FOUR);
    expect(Buffer.from((await questions[0].images())[0])).toEqual(Buffer.from(png));
    expect(promptOf(questions[0])).toBe('How many? Select from the following choices.\n(A) x\n(B) y');
    const { benchmarks } = await evaluated('cv', cvFile, { 0: '(B)', 1: 'B', 2: 'A' });
    expect(benchmarks[0].model.others).toEqual({ official: ((1 + 0) / 2 + 1) / 2, micro: 2 / 3 });
  });

  test('others by a map of their columns, by exact match', async () => {
    const file = join(folder, 'math.jsonl');
    const rows = [
      { pid: 'p1', question: 'Half of 3?', label: '1.5', choices: [] },
      { pid: 'p2', question: 'Which?', label: 'B', choices: '["A. one","B. two"]' },
      { pid: 'p3', question: 'Which?', label: 'b; c', choices: 'A. a; B. b; c; C. d' },
    ];
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    const columns = parseColumns('id=pid, answer=label,options=choices');
    const { questions } = await readRealSuite(file, columns, null, FOUR);
    expect(questions.map(({ sample }) => [sample.kind, sample.options])).toEqual([
      ['number', null],
      ['choice', ['one', 'two']],
      ['choice', ['a', 'b; c', 'd']],
    ]);
    expect(questions[0].benchmark.name).toBe('general');
    expect(questions[0].task).toBe('math');
    expect(() => parseColumns('answer:label')).toThrow('"answer:label" is not FIELD=COLUMN');
  });

  test('several general benchmarks stand in the columns that are published', async () => {
    const suites = ['MathVista', 'logicvista'].map((name) => {
      const file = join(folder, `${name}.jsonl`);
      const rows = ['1', '2', '3'].map((answer, id) => ({ id, question: 'How many?', answer }));
      // One question more in the first.
      writeFileSync(
        file,
        rows
          .slice(name === 'MathVista' ? 0 : 1)
          .map((row) => JSON.stringify(row))
          .join('\n'),
      );
      return file;
    });
    const predictions = {
      'mathvista:0': '1',
      'mathvista:1': '2',
      'mathvista:2': 'x',
      'logicvista:1': '2',
      'logicvista:2': 'x',
    };
    const { benchmarks, questions } = await evaluated('general', suites.join(), predictions);
    expect([questions, benchmarks.length]).toEqual([5, 1]);
    expect(benchmarks[0].model).toMatchObject({
      overall: 3 / 5,
      by_task: { mathvista: 2 / 3, logicvista: 1 / 2 },
      others: { macro: (2 / 3 + 1 / 2) / 2 },
    });
    expect(readFileSync(join(folder, 'general', 'report.md'), 'utf8')).toContain(
      '| overall | mathvista | logicvista |',
    );
  });

  test('rows that are no questions, and frames that are not there, are named', async () => {
    const file = join(folder, 'bad.jsonl');
    const row = { id: 0, dataset: 'd', scene_name: 's', question: 'How many?', options: null };
    writeFileSync(
      file,
      [
        { ...row, question_type: 'object_counting', ground_truth: '4' },
        { ...row, question_type: 'object_counting' },
      ]
        .map((each) => JSON.stringify(each))
        .join('\n'),
    );
    const reading = readRealSuite(file, {}, null, FOUR);
    await expect(reading).rejects.toThrow('2 rows are no questions');
    await expect(reading).rejects.toThrow(/row 1: there is no video .*d\/s\.mp4, nor a folder/);
    await expect(reading).rejects.toThrow('row 2: ground_truth');
  });
});

/** The results view's data: tables, bars, distributions, comparisons, files that are opened, and files that are written. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluationOf, SAMPLES } from './evaluations';
import { filterSamples } from '../../src/app/results/browse';
import { compareSamples, comparisonProblem } from '../../src/app/results/compare';
import { errorPoints, numericTasks, rewardHistogram } from '../../src/app/results/distributions';
import { samplesOf } from '../../src/app/results/evaluation';
import { benchmarksOf, figureTables, taskBars } from '../../src/app/results/figures';
import { openEvaluations } from '../../src/app/results/open-files';
import { csv, figuresCsv, markdown, predictionsJsonl, resultsJson, samplesCsv } from '../../src/app/results/writers';
import { published } from '../../src/evaluation/published';
import { sampleOf } from '../evaluation/samples';

// Counts right and off by an eighth; distances off by the whole and by nothing; choices right, and not answered.
const first = evaluationOf('early', ['9', '7', '4.0', '1.0', 'B', null]);
const second = evaluationOf('late', ['9', '8', '2.0', '3.0', 'B', 'A']);

describe('samples', () => {
  test('join score, completion and question', async () => {
    const samples = samplesOf(await first);
    expect(samples.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['0_0', 'right'],
      ['1_0', 'partly'],
      ['0_1', 'wrong'],
      ['2_0', 'right'],
      ['1_1', 'right'],
      ['2_1', 'wrong'],
    ]);
    expect(samples[0].sample?.question).toContain('chair');
    expect(samples[0].completion).toBe('<think>I look.</think><answer>9</answer>');
    expect(samples[5]).toMatchObject({ prediction: null, completion: null, error: 'the prompt is too long' });
    expect(samples[4]).toMatchObject({ truthNumber: null, answerNumber: null, ednm: null });
    // exp(-2 * 0.125) and exp(-2 * 1), by hand.
    expect(samples[1].ednm).toBeCloseTo(0.7788, 4);
    expect(samples[2].ednm).toBeCloseTo(0.1353, 4);
  });

  test('know which of their frames the model saw', async () => {
    const video = sampleOf('v', { frames: [0, 1, 2, 3] });
    const files = await evaluationOf('early', ['3'], [video]);
    expect(samplesOf(files)[0].seen).toEqual([0, 1, 2, 3]);
    const two = { ...files.results, frames: [{ of: 4, shown: [1, 3], questions: 1 }] };
    expect(samplesOf({ ...files, results: two })[0].seen).toEqual([0, 2]);
    // Results that do not say, and questions that are not there.
    expect(samplesOf({ ...files, results: { ...two, frames: [] } })[0].seen).toEqual([0, 1, 2, 3]);
    expect(samplesOf({ ...files, samples: [] })[0].seen).toEqual([]);
  });

  test('filter by task, by verdict and by change', async () => {
    const [a, b] = [samplesOf(await second), samplesOf(await first)];
    const ids = (filter: Parameters<typeof filterSamples>[1]) =>
      filterSamples(a, filter, compareSamples(a, b)).map(({ id }) => id);
    expect(ids({ task: 'object_counting', verdict: null, change: null })).toEqual(['0_0', '1_0']);
    expect(ids({ task: null, verdict: 'wrong', change: null })).toEqual(['2_0']);
    expect(ids({ task: null, verdict: null, change: 'worse' })).toEqual(['2_0']);
    expect(ids({ task: 'object_counting', verdict: 'right', change: 'better' })).toEqual(['1_0']);
  });
});

describe('figures', () => {
  test('synthetic figures have a table of their own; published rows stand apart', async () => {
    const { results } = await first;
    const [measured, apart, ...more] = figureTables('vsi', [results]);
    expect(more).toEqual([]);
    expect(measured.title).toBe('VSI-Bench, synthetic questions');
    expect(measured.rows.every(({ mark }) => mark === 'measured here')).toBe(true);
    expect(measured.columns.map(({ task }) => task)).toEqual([
      'object_counting',
      'object_abs_distance',
      'object_rel_distance',
    ]);
    const [policy, blank, constant, chance] = measured.rows;
    const names = [policy, blank, constant, chance].map(({ name }) => name);
    expect(names).toEqual(['early', 'early, blank images', 'Best constant, answers known', 'Chance']);
    // Counting: 1 and 0.8 (an error of 0.125 passes 8 of 10 thresholds); distance: 0 and 1; choice: 1 and 0.
    expect(policy.figures.map((figure) => figure?.value)).toEqual([90, 50, 50]);
    expect(policy.overall?.value).toBeCloseTo(190 / 3, 10);
    expect(policy.overall!.interval![0]).toBeLessThanOrEqual(policy.overall!.value);
    expect(chance.figures[2]).toEqual({ value: 25, interval: null });
    expect(apart.title).toBe('Published on the real VSI-Bench');
    expect(apart.rows.map(({ mark }) => mark)).toEqual(published.vsi!.rows.map(() => 'published'));
  });

  test('real figures share the published table, column by column', async () => {
    const results = { ...(await first).results, origin: 'real' as const };
    const [table, ...more] = figureTables('vsi', [results]);
    expect(more).toEqual([]);
    expect(table.columns.map(({ title }) => title)).toEqual(published.vsi!.columns.map(({ title }) => title));
    const row = (name: string) => table.rows.find((candidate) => candidate.name === name)!;
    expect(row('early').figures[1]?.value).toBe(50);
    expect(row('early').figures[6]).toBeNull();
    expect([row('GPT-4o').mark, row('GPT-4o').figures[1]?.value, row('GPT-4o').overall?.value]).toEqual([
      'published',
      5.3,
      34,
    ]);
  });

  test('real and synthetic figures are never in one table', async () => {
    const real = { ...(await first).results, origin: 'real' as const };
    const tables = figureTables('vsi', [real, (await second).results]);
    expect(
      tables.map(({ rows }) => new Set(rows.map(({ name }) => name).filter((name) => /^(early|late)$/.test(name)))),
    ).toEqual([new Set(['early']), new Set(['late'])]);
    expect(tables[1].rows.some(({ mark }) => mark === 'published')).toBe(false);
  });

  test('two evaluations of the same questions share their baselines', async () => {
    const [{ rows }] = figureTables('vsi', [(await second).results, (await first).results]);
    const models = ['late', 'late, blank images', 'early', 'early, blank images'];
    expect(rows.map(({ name }) => name)).toEqual([...models, 'Best constant, answers known', 'Chance']);
  });

  test('bars hold a figure an evaluation, and chance', async () => {
    const results = [(await first).results, (await second).results];
    expect(benchmarksOf(results)).toEqual(['vsi']);
    const counting = taskBars('vsi', results).find(({ task }) => task === 'object_counting')!;
    expect(counting.title).toBe('Object count');
    expect(counting.figures.map((figure) => figure?.value)).toEqual([90, 100]);
    // Each count is guessed by the other's truth: 8 for 9 is off by a ninth, 9 for 8 by an eighth; both pass 8 thresholds.
    expect(counting.chance).toBeCloseTo(80, 10);
  });
});

test('errors and rewards', async () => {
  const samples = samplesOf(await first);
  expect(numericTasks(samples)).toEqual(['object_counting', 'object_abs_distance']);
  expect(errorPoints(samples, 'object_abs_distance')).toEqual([
    { id: '0_1', truth: 2, error: 2 },
    { id: '2_0', truth: 1, error: 0 },
  ]);
  // Rewards 1, 0.78, 0.14, 1: bins 9, 7, 1, 9.
  expect(rewardHistogram(samples).map(({ count }) => count)).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 0, 2]);
  const unread = samplesOf(await evaluationOf('mute', ['many', null, '-', '', 'B', 'A']));
  expect(errorPoints(unread, 'object_counting')).toEqual([]);
  expect(rewardHistogram(unread)[0].count).toBe(4);
});

test('two evaluations: what got better, worse, was worded differently, stayed', async () => {
  const [early, late] = [await first, await second];
  const comparison = compareSamples(samplesOf(late), samplesOf(early));
  expect(comparison.better.map(({ id }) => id)).toEqual(['0_1', '2_1', '1_0']);
  expect(comparison.worse.map(({ id }) => id)).toEqual(['2_0']);
  expect([comparison.reworded, comparison.same, comparison.unmatched]).toEqual([0, 2, 0]);
  expect(comparisonProblem(early.results, late.results)).toBeNull();
  const other = await evaluationOf('late', ['3'], SAMPLES.slice(0, 1));
  expect(comparisonProblem(early.results, other.results)).toContain('same suite');
  expect(comparisonProblem(early.results, { ...late.results, mode: 'lmms-eval' })).toContain('mode');
  expect(compareSamples(samplesOf(other), samplesOf(early)).unmatched).toBe(5);
});

describe('opened files', () => {
  const file = (path: string, content: string | Blob) => ({ path, content: new Blob([content]) });
  const folder = async () => {
    const files = await first;
    return [
      file('out/results.json', resultsJson(files)),
      file('out/predictions.jsonl', predictionsJsonl(files)),
      file('out/blank.jsonl', ''),
      file('out/suite/samples.jsonl', SAMPLES.map((sample) => `${JSON.stringify(sample)}\n`).join('')),
      file('out/suite/frames/1/0.png', files.scenes[1].frames[0]),
      file('out/suite/frames/other/0.png', 'not asked about'),
    ];
  };

  test('what was written is read again, question and frame included', async () => {
    const [opened, ...more] = await openEvaluations(await folder());
    expect(more).toEqual([]);
    const { results, predictions, samples } = await first;
    expect(opened.results).toEqual(results);
    expect(opened.predictions).toEqual(predictions);
    expect(opened.samples).toEqual(samples);
    expect(Object.keys(opened.scenes)).toEqual(['1']);
    expect(opened.scenes[1].frames[0].size).toBeGreaterThan(50);
  });

  test('frames that were cut out of a video belong to its scene, wherever the folder lies', async () => {
    const video = sampleOf('v', { scene: 'scannet/scene0', frames: [0, 12] });
    const { results } = await evaluationOf('early', ['3'], [video]);
    // As the first releases wrote them.
    const { frames: _, ...former } = results;
    const benchmarks = former.benchmarks.map(({ text_only: _text, blind_fitted: _fitted, ...rest }) => rest);
    const [opened] = await openEvaluations([
      file('frames/out/results.json', JSON.stringify({ ...former, benchmarks })),
      file('frames/out/samples.jsonl', JSON.stringify(video)),
      file('frames/out/frames/scannet/scene0/000012.png', 'picture'),
    ]);
    expect(opened.scenes['scannet/scene0'].frames[12].size).toBe('picture'.length);
    expect(opened.results).toMatchObject({ frames: [], benchmarks: [{ text_only: null, blind_fitted: false }] });
  });

  test('results alone will do; a folder of folders opens each', async () => {
    const [results] = await folder();
    expect((await openEvaluations([results]))[0].predictions).toEqual([]);
    const two = (await folder()).flatMap(({ path, content }) => [
      { path: `a/${path}`, content },
      { path: `b/${path}`, content },
    ]);
    expect(await openEvaluations(two)).toHaveLength(2);
  });

  test.each<[string, string, string, RegExp]>([
    ['no results', 'notes.json', '{}', /no results\.json among notes\.json: open the folder/],
    ['no JSON', 'results.json', '{', /^results\.json is not JSON: open the file as it was written/],
    [
      'another file',
      'results.json',
      '{"policy": 3}',
      /^results\.json is not what `lab evaluate` writes \(policy: .*evaluate again/,
    ],
  ])('%s is refused with the remedy', async (_, path, content, message) => {
    await expect(openEvaluations([file(path, content)])).rejects.toThrow(message);
  });

  test('a bad line and a stranger are named', async () => {
    const [results] = await folder();
    const lines = predictionsJsonl(await first);
    const open = (content: string) => openEvaluations([results, file('out/predictions.jsonl', content)]);
    await expect(open(`${lines}{"id": 7}\n`)).rejects.toThrow(/predictions\.jsonl, line 7 is not a reply/);
    await expect(open(lines.replace('"0_0"', '"9_9"'))).rejects.toThrow(/such as 9_9: open the two files of one/);
  });
});

describe('written files', () => {
  test('CSV quotes what must be quoted, and no text is a formula', () => {
    expect(
      csv([
        ['a', 1.5, null],
        ['say "no", please', '=1+1', '-2.5'],
      ]),
    ).toBe('a,1.5,\r\n"say ""no"", please",\'=1+1,-2.5\r\n');
    expect(csv([['+SUM(A1)', '@x', '-cmd', 'two\nlines']])).toBe("'+SUM(A1),'@x,'-cmd,\"two\nlines\"\r\n");
  });

  test('any texts survive, but for the apostrophe before a formula', () => {
    const rows = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, (texts) => {
        const read = readCsv(csv(texts));
        expect(read.map((row) => row.length)).toEqual(texts.map((row) => row.length));
        read.flat().forEach((cell, index) => {
          const text = texts.flat()[index];
          expect([text, `'${text}`]).toContain(cell);
          if (/^[=@+-]/.test(cell)) expect(Number.isFinite(Number(cell))).toBe(true);
        });
      }),
    );
  });

  test('tables and samples as CSV', async () => {
    const files = await first;
    const figures = readCsv(figuresCsv(figureTables('vsi', [files.results])));
    expect(figures[0]).toEqual(['table', 'row', 'origin', 'baseline', 'task', 'percent', 'low', 'high']);
    expect(figures.find(([, row, , , task]) => row === 'GPT-4o' && task === 'room_size_estimation')?.[5]).toBe('38.2');
    const samples = readCsv(samplesCsv([{ name: 'x', samples: samplesOf(files) }]));
    expect(samples).toHaveLength(7);
    expect(samples[6].slice(0, 4)).toEqual(['x', 'vsi', '2_1', 'object_rel_distance']);
    expect(samples[2].slice(5, 8)).toEqual(['8', '7', '0.8']);
  });

  test('Markdown holds the report, and what changed without breaking its tables', async () => {
    const shown = await evaluationOf('late | *bold*', ['9', '8', '2.0', '3.0', 'B', 'a|b']);
    expect(markdown(await first, null)).toContain('# early on vsi-small');
    const comparison = compareSamples(samplesOf(shown), samplesOf(await first));
    const text = markdown(shown, { other: await first, comparison });
    expect(text).toContain('## From early on vsi-small to late \\| \\*bold\\* on vsi-small');
    expect(text).toContain('| 0\\_1 | object\\_abs\\_distance | 2.0 | 4.0 | 2.0 | 0.00 | 1.00 |');
  });
});

/** Reads RFC 4180, character by character. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === ',' || text.startsWith('\r\n', at)) {
      row.push(cell);
      cell = '';
      if (character === ',') continue;
      rows.push(row);
      row = [];
      at++;
    } else cell += character;
  }
  return rows;
}

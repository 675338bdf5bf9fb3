/** The command from outside: what it writes, and what it refuses. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vsiBenchmark } from '../../src/evaluation/metrics/vsi-bench';
import { parsePredictions } from '../../src/evaluation/predictions';
import type { ScoreReport } from '../../src/evaluation/scoring';
import { lab, temporaryFolder } from './lab';

const folder = temporaryFolder();

function file(name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return path;
}

describe('score', () => {
  test('writes figures and the score of each sample', () => {
    const predictions = file('vsi.jsonl', [
      { id: 1, question_type: 'object_counting', ground_truth: 4, prediction: 'five', scene: 'a' },
      { id: 'b', question_type: 'object_rel_distance', ground_truth: 'C', prediction: 'C. sofa', options: ['C. sofa'] },
    ]);
    const out = join(folder, 'vsi.json');
    const flags = ['--suite', 'vsi', '--predictions', predictions, '--out', out, '--mode', 'lmms-eval'];
    const { status, stderr } = lab('score', ...flags);
    expect([status, stderr]).toEqual([0, '']);
    const report = JSON.parse(readFileSync(out, 'utf8')) as ScoreReport;
    expect(report).toMatchObject({
      suite: 'vsi',
      mode: 'lmms-eval',
      n: 2,
      overall: 0.8,
      by_task: { object_counting: 0.6, object_rel_distance: 1 },
      samples: [
        { id: 1, score: 0.6 },
        { id: 'b', score: 1 },
      ],
    });
  });

  test('names every bad line and writes nothing', () => {
    const good = { id: 1, task: 'object_counting', ground_truth: '4', prediction: '4' };
    const predictions = file('bad.jsonl', [
      good,
      '{"id": 2,',
      { ...good, id: 3, task: 'counting' },
      { ...good, id: 4, ground_truth: 'many' },
      '',
      { id: 5, task: 'object_counting', ground_truth: '4' },
      good,
    ]);
    const out = join(folder, 'bad.json');
    const { status, stderr } = lab('score', '--suite', 'vsi', '--predictions', predictions, '--out', out);
    expect(status).toBe(1);
    expect(stderr).toContain(`${predictions}: 5 lines cannot be scored`);
    for (const problem of [
      'line 2: is not JSON',
      'line 3: question_type "counting" is none of VSI-Bench',
      'line 4: ground_truth "many" is not a number',
      'line 6: prediction',
      'line 7: id 1 is on line 1 already',
    ]) {
      expect(stderr).toContain(problem);
    }
    expect(existsSync(out)).toBe(false);
  });

  test('refuses an unknown suite and an empty file', () => {
    expect(lab('score', '--suite', 'mmmu').stderr).toContain(
      '--suite must be one of vsi, cvbench, general, spatial, not "mmmu"',
    );
    expect(() => parsePredictions('\n', vsiBenchmark, 'empty.jsonl')).toThrow('empty.jsonl holds no predictions');
  });
});

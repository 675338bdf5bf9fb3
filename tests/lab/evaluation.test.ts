/** The page's evaluation: the suite is the one that a data set's files hold, and every reply is scored once. */
import { expect, test } from 'vitest';
import { questionNamed } from '../evaluation/questions';
import type { DatasetPlan } from '../../src/datasets/plan';
import type { Model } from '../../src/evaluation/models/model';
import { sampleSuite } from '../../src/evaluation/suites/source';
import { makeDataset } from '../../src/lab/dataset/make-dataset';
import type { EvaluationProgress } from '../../src/lab/evaluation-protocol';
import { evaluateModel } from '../../src/lab/evaluation-run';
import { makeSceneSuite, makeSuite } from '../../src/lab/evaluation-suite';
import { imageTaskNames } from '../../src/tasks/registry';
import { MemoryStore } from './memory-store';

const plan: DatasetPlan = {
  seed: 3,
  scenes: 2,
  frames: 1,
  width: 64,
  height: 64,
  tasks: imageTaskNames,
  split: { train: 0.5, test: 0.5 },
};

test('asks what the files of the same plan hold, with the same frames', async () => {
  const files = new MemoryStore();
  await makeDataset(plan, [], files, async () => undefined);
  const text = async (path: string) => (await files.read(path))!.text();
  const lines = (await text('samples.jsonl')).trim().split('\n');
  const samples = lines.map((line) => JSON.parse(line)).filter(({ split }) => split === 'test');
  expect(samples.length).toBeGreaterThan(2);

  const scenesDone: number[] = [];
  const made = await makeSceneSuite('tiny', plan, async (done) => void scenesDone.push(done));
  expect(scenesDone).toEqual([1, 2]);
  expect(JSON.parse(JSON.stringify(made.samples))).toEqual(samples);
  expect(made.source.questions.map(({ sample }) => sample.id)).toEqual(samples.map(({ id }) => id));
  // The scene that nobody is asked about is left out.
  expect(Object.keys(made.scenes)).toEqual([samples[0].scene]);
  const { scene } = samples[0];
  const png = new Uint8Array(await (await files.read(`frames/${scene}/0.png`))!.arrayBuffer());
  expect(new Uint8Array(await made.scenes[scene].frames[0].arrayBuffer())).toEqual(png);
  expect(await made.source.questions[0].images()).toEqual([png]);
  expect(made.source.blindSamples.some(({ split }) => split === 'train')).toBe(true);
});

test('the general suite has no scenes', async () => {
  const made = await makeSuite('general', async () => undefined);
  expect(made.source.name).toBe('general-small');
  expect(made.scenes).toEqual({});
  expect(made.samples.every(({ split }) => split === 'test')).toBe(true);
  expect(made.source.fingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test('asks with true frames and with blank ones, and keeps every reply', async () => {
  const samples = [
    questionNamed('a').sample,
    questionNamed('b', { answer: '4', answer_value: 4 }).sample,
    questionNamed('c', { split: 'train' }).sample,
  ];
  const png = new Uint8Array([1]);
  const source = await sampleSuite('three', samples, async ({ frames }) => frames.map(() => png));
  // Sees the frame's first byte: 3 for true frames, and what no truth is for blank ones.
  const model: Model = {
    name: 'seer',
    frames: null,
    async answer(questions, onReply) {
      for (const question of questions) {
        const [frame] = await question.images();
        if (question.sample.id === 'b') onReply({ question, completion: null, error: 'too long' });
        else onReply({ question, completion: `<answer>${frame === png ? 3 : 100}</answer>`, error: null });
      }
      return null;
    },
  };
  const progress: EvaluationProgress[] = [];
  const { results, predictions } = await evaluateModel(model, { source, samples, scenes: {} }, (at) =>
    progress.push(at),
  );
  expect(results).toMatchObject({ policy: 'seer', suite: 'three', origin: 'synthetic', questions: 2, not_asked: 0 });
  expect(results.failures).toEqual([{ id: 'b', error: 'too long' }]);
  expect(results.benchmarks[0].model.overall).toBe(0.5);
  expect(results.benchmarks[0].blank?.overall).toBe(0);
  expect(predictions.map(({ id, prediction, error }) => [id, prediction, error])).toEqual([
    ['a', '3', null],
    ['b', null, 'too long'],
  ]);
  expect(progress.map(({ stage, done }) => `${stage} ${done}`)).toEqual([
    'true images 0',
    'true images 1',
    'true images 2',
    'blank images 0',
    'blank images 1',
    'blank images 2',
    'scoring 0',
  ]);
});

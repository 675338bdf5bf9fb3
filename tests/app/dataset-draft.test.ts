/** What is typed becomes a plan or a message that names the field; the command says the same. */
import { expect, test } from 'vitest';
import { commandOf, type DatasetDraft, initialDraft, planOf } from '../../src/app/dataset/draft';
import { families } from '../../src/tasks/registry';

const problemOf = (change: Partial<DatasetDraft>) => planOf({ ...initialDraft, ...change }).problem;

test('the first draft is a plan of all tasks, split as on the command line', () => {
  const { plan } = planOf(initialDraft);
  expect(plan).toMatchObject({ seed: 1, scenes: 20, frames: 16, width: 256, height: 256 });
  expect(plan?.split).toEqual({ train: 0.9, test: 0.1 });
  expect(plan?.tasks).toEqual(families.map(({ name }) => name));
});

test('shares are those that a person would write, and none for test makes no test split', () => {
  for (const [typed, train] of [
    ['0.3', 0.7],
    ['0.07', 0.93],
    ['0.9', 0.1],
  ] as const) {
    expect(planOf({ ...initialDraft, testShare: typed }).plan?.split).toEqual({ train, test: Number(typed) });
  }
  expect(planOf({ ...initialDraft, testShare: '0' }).plan?.split).toEqual({ train: 1 });
});

test.each([
  ['seed', '-1', '"-1"'],
  ['seed', '4294967296', '4294967295'],
  ['scenes', '1.5', '"1.5"'],
  ['frames', '', '""'],
  ['testShare', '1', '"1"'],
  ['testShare', 'half', '"half"'],
  ['testShare', '', '""'],
] as const)('%s of %j is refused by its field', (field, typed, said) => {
  const problem = problemOf({ [field]: typed });
  expect(problem?.field).toBe(field);
  expect(problem?.message).toContain(said);
});

test('what the data set itself refuses is told in its words', () => {
  expect(problemOf({ width: '8' })?.message).toContain('8x256');
  expect(problemOf({ tasks: [] })?.message).toContain('no tasks');
  expect(problemOf({ scenes: '0' })?.message).toContain('scenes is 0');
});

test('more files than the archive can hold are refused before hours are spent', () => {
  expect(problemOf({ scenes: '1337', frames: '16' })).toBeNull();
  expect(problemOf({ scenes: '1338', frames: '16' })?.message).toContain('65,562 files');
});

test('the command names what differs from its defaults', () => {
  const { plan } = planOf({ ...initialDraft, seed: '7', tasks: ['count_2d', 'depth_3d'] });
  expect(commandOf(plan!, ['verl', 'coco'])).toBe(
    'npm run -s lab -- synthesize --seed 7 --scenes 20 --frames 16 --size 256x256 --tasks count_2d,depth_3d ' +
      '--split train=0.9,test=0.1 --format canonical,verl,coco --out DIR',
  );
});

test('randomization is typed as values and ranges, and told to the command as JSON', () => {
  const randomization = { shape: 'L-shape', maxObjects: '9', light: '0.5 to 1', warmth: '-1, .5', texture: ' 0 ' };
  const { plan, problem } = planOf({ ...initialDraft, randomization });
  expect(problem).toBeNull();
  const meant = { shape: 'L-shape', maxObjects: 9, light: [0.5, 1], warmth: [-1, 0.5], texture: [0, 0] };
  expect(plan?.randomization).toEqual(meant);
  const [, json] = /--randomization '(.*)' --out DIR$/.exec(commandOf(plan!, [])) ?? [];
  expect(JSON.parse(json)).toEqual(meant);
  expect(planOf({ ...initialDraft, randomization: { light: ' ' } }).plan).toEqual(planOf(initialDraft).plan);
});

test.each([
  [{ light: 'bright' }, 'light: "bright" is no range; give two numbers, like 0.5 to 1'],
  [{ light: '1 to 0.5' }, 'light is [1, 0.5]; give [lowest, highest] within 0.1 to 1.5'],
  [{ maxObjects: '2.5' }, 'maxObjects: "2.5" is no whole number'],
  [{ maxObjects: '0' }, 'maxObjects is 0; give a whole number from 1 on'],
])('randomization %j is refused by its field', (randomization, said) => {
  expect(problemOf({ randomization })?.message).toContain(said);
});

test('videos count as files of the archive', () => {
  expect(problemOf({ scenes: '1337', frames: '16', videos: true })?.message).toContain('66,850 files');
});

/** Samples for the places of a step: those that a slot asks for, as near as a few draws allow. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import type { RunContext } from '../../src/training/context';
import { levelOf, type Slot } from '../../src/training/curriculum';
import { drawForPlace } from '../../src/training/drawing';
import { chainConfig, chainRun } from './chain-policy';

let backend: Backend;
let context: RunContext;

beforeAll(async () => {
  backend = await createNodeBackend();
  const data = { tasks: ['object_size_estimation', 'grid_walk'], general_share: 0.5, general_difficulty: 0.8 };
  ({ context } = chainRun(backend, chainConfig({ data })));
});
afterAll(() => backend.dispose());

const draw = (slot: Slot | undefined, index: number, round = 0) =>
  drawForPlace(context, { phase: 'grpo', step: 1, index, round, fitCompletion: false }, slot).drawn.sample;
const LEVELS = 4;

test('a slot gets its task, and mostly its level', () => {
  for (const [task, level] of [
    ['object_size_estimation', 1],
    ['grid_walk', 2],
  ] as const) {
    const samples = Array.from({ length: 12 }, (_, index) => draw({ task, level }, index));
    expect(new Set(samples.map(({ question }) => question.task))).toEqual(new Set([task]));
    const hits = samples.filter(({ question }) => levelOf(question.difficulty.value, LEVELS) === level);
    expect(hits.length, task).toBeGreaterThan(8);
  }
});

test('a level beyond the hardest general problems gives the hardest', () => {
  const samples = Array.from({ length: 6 }, (_, index) => draw({ task: 'grid_walk', level: 3 }, index));
  for (const { question } of samples) expect(question.difficulty.value).toBeCloseTo(0.8, 1);
});

test('without a slot both domains come in their shares; a place and a round fix the draw', () => {
  const samples = Array.from({ length: 24 }, (_, index) => draw(undefined, index));
  const general = samples.filter(({ question }) => question.task === 'grid_walk').length;
  expect(general).toBeGreaterThan(5);
  expect(general).toBeLessThan(19);
  expect(draw(undefined, 3).id).toBe(samples[3].id);
  expect(draw(undefined, 3, 1).id).not.toBe(samples[3].id);
});

test('prompts that never fit are an error that says which settings to raise', () => {
  const narrow = { ...context, architecture: { ...context.architecture, max_prompt_length: 2 } };
  const place = { phase: 'cold_start', step: 1, index: 0, round: 0, fitCompletion: true } as const;
  expect(() => drawForPlace(narrow, place, { task: 'grid_walk', level: null })).toThrow(
    /max_prompt_length \(2\).*max_completion_length \(8\)/,
  );
});

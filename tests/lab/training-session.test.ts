/** What a run in the worker tells the page when it goes on from a checkpoint. */
import { expect, test } from 'vitest';
import { createNodeBackend } from '../../src/backends/node';
import type { LabEvent } from '../../src/lab/protocol';
import { TrainingSession } from '../../src/lab/training-session';
import { parseRunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { TrainingRun } from '../../src/training/run';

test('the table of task by difficulty is there before the next step', async () => {
  const config = parseRunConfig(
    {
      ...presets.tiny,
      cold_start: { ...presets.tiny.cold_start, steps: 0 },
      dynamic_optimization: { curriculum: true, sample_weights: true },
    },
    'the test',
  );
  const backend = await createNodeBackend();
  const frames = softwareFrames(backend, config.policy.frame_size);
  const run = new TrainingRun(backend, config, frames);
  const { metrics, curriculum } = await run.next();
  const stored = { checkpoint: await run.checkpoint(), metrics: [{ phase: 'grpo', step: 1, metrics } as const] };
  await run.dispose();

  const events: LabEvent[] = [];
  const session = new TrainingSession('a', backend, config, frames, { stored, policy: null }, true, (event) =>
    events.push(event),
  );
  expect(events.map(({ type }) => type)).toEqual(['metrics', 'curriculum']);
  expect(events[1]).toEqual({ type: 'curriculum', run: 'a', step: 1, cells: curriculum });
  expect(curriculum.some(({ groups }) => groups > 0)).toBe(true);
  await session.dispose();
  await backend.dispose();
});

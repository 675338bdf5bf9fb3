/**
 * A GRPO step's time by phase, on whichever backend. The weights are fresh, so that completions run to their longest:
 * the most that a step of this size costs.
 */
import type { Backend } from '../../src/backends/backend';
import type { RunConfig } from '../../src/training/config';
import type { FrameSource } from '../../src/training/frames';
import { TrainingRun } from '../../src/training/run';
import { median } from './table';

/** The phases of a step, in order, by the names of their metrics. */
export const PHASES = ['time/render', 'time/generate', 'time/reward', 'time/update', 'step_time'] as const;

/** Medians over the timed steps. */
export interface StepTimes {
  readonly runtime: string;
  readonly adapter: string;
  readonly frames: string;
  readonly seconds: Readonly<Record<(typeof PHASES)[number], number>>;
  /** Completion tokens a second while generating. */
  readonly tokensPerSecond: number;
  readonly bytesReadBack: number;
}

/** Times `steps` GRPO steps after one that warms up (and compiles). `config` has no cold start, and steps enough. */
export async function timeSteps(
  backend: Backend,
  frames: FrameSource,
  config: RunConfig,
  steps: number,
): Promise<StepTimes> {
  const run = new TrainingRun(backend, config, frames);
  await run.next();
  const metrics: Readonly<Record<string, number>>[] = [];
  for (let step = 0; step < steps; step++) metrics.push((await run.next()).metrics);
  await run.dispose();
  const completions = config.grpo.prompts_per_step * config.grpo.num_generations;
  const { runtime, adapter } = backend.description;
  return {
    runtime,
    adapter,
    frames: frames.description,
    seconds: Object.fromEntries(
      PHASES.map((phase) => [phase, median(metrics.map((of) => of[phase]))]),
    ) as StepTimes['seconds'],
    tokensPerSecond: median(metrics.map((of) => (of['completions/mean_length'] * completions) / of['time/generate'])),
    bytesReadBack: median(metrics.map((of) => of['device/bytes_read_back'])),
  };
}

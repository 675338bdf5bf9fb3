/**
 * The first cold-start step of a tiny run and gradients of its GRPO objective by the loss types, on whichever backend: what
 * must agree between them. Between them the objectives, of a policy of two frames, one of which a prompt lacks, hold every
 * operator that a config can ask for. Frames come from the software rasterizer, so that every backend sees the same pixels.
 */
import type { Backend, DeviceTensor } from '../../src/backends/backend';
import { ColdStart } from '../../src/training/cold-start';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { TrainingRun } from '../../src/training/run';
import { Updater } from '../../src/training/update';
import { allocatePrompts, writeFrameMask, writePrompts } from '../../src/policy/prompts';
import { elementCount } from '../../src/policy/parameters';
import type { RunConfig } from '../../src/training/config';
import { stream } from '../../src/random';

const OBJECTIVES: Readonly<Record<string, Partial<RunConfig['grpo']>>> = {
  'clipped tokens': {},
  'sequences clipped from two sides, by entropy': {
    loss_type: 'grpo',
    importance_sampling_level: 'sequence',
    delta: 1.5,
    top_entropy_quantile: 0.5,
  },
  cispo: { loss_type: 'cispo', epsilon_high: 1.2 },
  sapo: { loss_type: 'sapo' },
};

export interface FirstStep {
  readonly losses: Record<string, number>;
  /** By phase and weight name. */
  readonly gradients: Record<string, number[]>;
}

async function readAll(backend: Backend, phase: string, tensors: Readonly<Record<string, DeviceTensor>>) {
  const entries: [string, number[]][] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    entries.push([`${phase}: ${name}`, Array.from(await backend.read(tensor))]);
  }
  return Object.fromEntries(entries);
}

export async function firstStep(backend: Backend): Promise<FirstStep> {
  const { tiny } = presets;
  const cold_start = { ...tiny.cold_start, eval_steps: 1, eval_samples: 4 };
  const config = { ...tiny, cold_start, policy: { ...tiny.policy, frames: 2 } };
  const { context, weights } = new TrainingRun(backend, config, softwareFrames(backend, config.policy.frame_size));
  const coldStart = new ColdStart(context, weights);
  const { metrics } = await coldStart.step(1);
  const supervised = await readAll(backend, 'cold start', coldStart.gradients);

  // A rollout of random tokens with random advantages, some of them clipped.
  const { architecture: a } = context;
  const shape = { prompts: 2, generations: 3 };
  const rows = shape.prompts * shape.generations;
  const random = stream(3, 'first step');
  const columns = [rows, a.max_completion_length];
  const count = elementCount(columns);
  const floats = (draw: () => number, length: number) => Float32Array.from({ length }, draw);
  const prompts = allocatePrompts(backend, a, shape);
  const words = Array.from({ length: shape.prompts }, () =>
    Array.from({ length: 9 }, () => random.integer(0, a.vocabulary - 1)),
  );
  writePrompts(backend, a, prompts, words, 0);
  writeFrameMask(backend, prompts, [2, 1]);
  backend.write(
    prompts.patches,
    floats(() => random.uniform(-1, 1), elementCount(prompts.patches.shape)),
  );
  const near = -Math.log(a.vocabulary);
  const batch = {
    completion_tokens: backend.allocate(
      'tokens',
      'int32',
      columns,
      Int32Array.from({ length: count }, () => random.integer(0, a.vocabulary - 1)),
    ),
    token_weights: backend.allocate(
      'weights',
      'float32',
      columns,
      floats(() => random.next() / count, count),
    ),
    advantages: backend.allocate('advantages', 'float32', [rows], floats(random.normal, rows)),
    old_log_probabilities: backend.allocate(
      'old',
      'float32',
      columns,
      floats(() => near + 0.3 * random.normal(), count),
    ),
    reference_log_probabilities: backend.allocate(
      'reference',
      'float32',
      columns,
      floats(() => near + 0.3 * random.normal(), count),
    ),
  };
  const losses: Record<string, number> = { 'cold start': metrics.loss, evaluation: metrics.eval_loss };
  let gradients = supervised;
  for (const [name, changes] of Object.entries(OBJECTIVES)) {
    const grpo = { ...config.grpo, ...changes };
    const updater = await Updater.create(backend, a, shape, grpo);
    await updater.differentiate(weights, prompts, batch, {
      ...grpo,
      temperature: 0.8,
      beta: 0.05,
      policy_weight: 1,
      supervised_weight: 0,
    });
    losses[name] = (await updater.results()).loss;
    gradients = { ...gradients, ...(await readAll(backend, name, updater.gradients)) };
  }
  return { losses, gradients };
}
